import * as path from 'node:path';
import { type ToolName } from '../model';
import { TOOLS_FOLDER } from './locate-tool';
import { type PinnedTool } from './locked-tools';
import { PUBLISHED_TOOLS } from './published-tools';

/** The folder that tools are installed into. */
export class ToolsFolder {
  /** Absolute path. */
  public readonly root: string;
  /** Path as the user knows it. */
  public readonly shown: string;

  /**
   * @param directory platform folder
   * @param to folder as the user gave it, relative to the folder of this process. Default: `.tools` of the platform folder
   */
  public constructor(directory: string, to?: string) {
    this.shown = to ?? path.join(directory, TOOLS_FOLDER);
    this.root = path.resolve(this.shown);
  }

  /** The folder of links that belongs on PATH. */
  public get bin(): string {
    return path.join(this.root, 'bin');
  }

  public get archives(): string {
    return path.join(this.root, 'archives');
  }

  /** The archive that is kept of a tool. */
  public archive({ name, version, platform }: PinnedTool): string {
    const kind = PUBLISHED_TOOLS[name].archive;
    return path.join(this.archives, `${name}-${version}-${platform.replace('/', '-')}.${kind === 'binary' ? 'bin' : kind}`);
  }

  /** The folder of all versions of a tool. */
  public versions(name: ToolName): string {
    return path.join(this.root, name);
  }

  /** The folder of the executables of a version. */
  public files({ name, version }: Pick<PinnedTool, 'name' | 'version'>): string {
    return path.join(this.versions(name), version);
  }

  /** A path below the folder as the user knows it, with forward slashes. */
  public show(file: string): string {
    return path.join(this.shown, path.relative(this.root, file)).split(path.sep).join('/');
  }
}
