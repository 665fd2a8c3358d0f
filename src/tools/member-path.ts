import { type Readable } from 'node:stream';
import { type ArchiveKind } from './published-tools';
import { ToolFailure } from './tool-failure';

/** An archive, and what of it is wanted. */
export interface WantedMembers {
  /** Absolute path of the archive. */
  readonly archive: string;
  readonly kind: ArchiveKind;
  /** Paths in the archive; one that ends in '/' stands for every file below it. */
  readonly members: readonly string[];
  /** Most bytes that the archive may have unpacked. @default 2 GiB */
  readonly maxBytes?: number;
  /** Stops the work early. @default - nothing does */
  readonly signal?: AbortSignal;
}

/** Works on one member. @param file its path below the folder that it is installed to */
export type MemberWork = (file: string, content: Readable) => Promise<void>;

const MAX_BYTES = 2 * 1024 ** 3;

/** An archive that must not be unpacked. */
export function unusable(message: string): ToolFailure {
  return new ToolFailure(
    message,
    'Do not use it. Check that its address in platform.lock.yaml is the one of this tool; if it is, report how the publisher changed it.',
  );
}

/** Where a member is installed: by its name alone, or by its path below a folder that is wanted whole; `undefined` when it is not wanted. */
export function installedPath(member: string, wanted: readonly string[]): string | undefined {
  for (const path of wanted) {
    if (path === member) return path.slice(path.lastIndexOf('/') + 1);
    if (path.endsWith('/') && member.startsWith(path) && member !== path) return member.slice(path.length);
  }
  return undefined;
}

/**
 * The path of a member of an archive.
 *
 * @throws ToolFailure when it leads out of the folder: that spoils the archive, whether the member is wanted or not
 */
export function safePath(member: string): string {
  const path = member.replace(/^(?:\.\/)+/, '');
  if (/^(?:[/\\]|[a-z]:)/i.test(path) || path.split(/[/\\]/).includes('..'))
    throw unusable(`it has the member '${member}', which leads out of the folder`);
  return path;
}

/** Counts what an archive unpacks to. */
export class UnpackedSize {
  private bytes = 0;

  /** @throws ToolFailure when it is too much */
  public constructor(private readonly most: number = MAX_BYTES) {}

  /** @throws ToolFailure when it becomes too much */
  public add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.most) throw unusable(`it unpacks to more than the ${this.most} bytes that are allowed`);
  }
}
