import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Platform, type System } from '../model';

/** Folder of the platform in which systems' repositories are looked for unless another one is named. */
export const EXAMPLES_FOLDER = 'examples';

/** A folder that holds systems' repositories, each under the name of its system or of the repository. */
export class Repositories {
  /** Path from the platform folder, with forward slashes. */
  public readonly folder: string;

  /** @param folder path from the working folder. @default - `examples` of the platform */
  public constructor(
    private readonly platform: Platform,
    folder?: string,
  ) {
    const absolute = folder === undefined ? path.join(platform.directory, EXAMPLES_FOLDER) : path.resolve(folder);
    this.folder = path.relative(platform.directory, absolute).split(path.sep).join('/');
  }

  /** Whether there is such a folder. */
  public exists(): boolean {
    return isFolder(path.join(this.platform.directory, this.folder));
  }

  /** The repository of a system, as a path from the platform folder; `undefined` when it is not here. */
  public find({ name, names }: System): string | undefined {
    return [name, names.repository]
      .map((candidate) => path.posix.join(this.folder, candidate))
      .find((candidate) => isFolder(path.join(this.platform.directory, candidate)));
  }
}

const isFolder = (folder: string): boolean => fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
