import { openPromise, type Entry } from 'yauzl';
import { installedPath, safePath, unusable, UnpackedSize, type MemberWork, type WantedMembers } from './member-path';

/** The bits of a Unix mode that say what kind of file it is; 0 where the archive was not made on Unix. */
const KIND = 0o170000;
const REGULAR_FILE = 0o100000;
const FOLDER = 0o040000;

/** Reads the wanted members of a .zip. */
export async function readZip({ archive, members, maxBytes, signal }: WantedMembers, work: MemberWork): Promise<void> {
  const size = new UnpackedSize(maxBytes);
  try {
    const zip = await openPromise(archive, { strictFileNames: true });
    for await (const entry of zip.eachEntry()) {
      signal?.throwIfAborted();
      const file = installedPath(safePath(entry.fileName), members);
      if (file === undefined || file.endsWith('/')) continue;
      refuseUnlessFile(entry);
      // The library sees to it that a member has the size that it says.
      size.add(entry.uncompressedSize);
      await work(file, await zip.openReadStreamPromise(entry));
    }
  } catch (error) {
    // What the library finds are plain errors.
    throw (error as Error).constructor === Error && !('code' in (error as Error))
      ? unusable(`it is damaged (${(error as Error).message})`)
      : error;
  }
}

function refuseUnlessFile(entry: Entry): void {
  const kind = (entry.externalFileAttributes >>> 16) & KIND;
  if (entry.isEncrypted()) throw unusable(`its member '${entry.fileName}' is encrypted`);
  if (kind !== 0 && kind !== REGULAR_FILE)
    throw unusable(`its member '${entry.fileName}' is no file but a ${kind === FOLDER ? 'folder' : 'link or device'}`);
}
