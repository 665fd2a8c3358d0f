import * as fs from 'node:fs';
import * as path from 'node:path';
import { LOCK_FILE, PLATFORM_FILE, SYSTEMS_FOLDER, YamlFile, type Location, type PathSegment } from '../model';

/** Where things stand in the input files, for problems. */
export class InputLocations {
  private readonly files = new Map<string, YamlFile | undefined>();

  /**
   * @param directory platform folder
   */
  public constructor(private readonly directory: string) {}

  /** Where something stands in the lock. */
  public inLock(at: readonly PathSegment[]): Location {
    return this.file(LOCK_FILE)?.locate(at) ?? { file: LOCK_FILE };
  }

  /** Where something stands in `platform.yaml`. */
  public inPlatform(at: readonly PathSegment[]): Location {
    return this.file(PLATFORM_FILE)?.locate(at) ?? { file: PLATFORM_FILE };
  }

  /** Where the first system declares a reference. */
  public ofMirror(reference: string): Location {
    for (const name of fs.readdirSync(path.join(this.directory, SYSTEMS_FOLDER)).sort()) {
      if (!name.endsWith('.yaml')) continue;
      const file = this.file(`${SYSTEMS_FOLDER}/${name}`);
      const mirror = (file?.content as { readonly mirror?: unknown } | undefined)?.mirror;
      const index = Array.isArray(mirror) ? mirror.indexOf(reference) : -1;
      if (index >= 0) return file!.locate(['mirror', index]);
    }
    return { file: SYSTEMS_FOLDER };
  }

  private file(name: string): YamlFile | undefined {
    if (!this.files.has(name)) {
      const read = YamlFile.read(this.directory, name);
      this.files.set(name, read instanceof YamlFile ? read : undefined);
    }
    return this.files.get(name);
  }
}
