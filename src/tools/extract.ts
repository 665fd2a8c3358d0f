import * as fs from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../model';
import { readMembers } from './archive-members';
import { type WantedMembers } from './member-path';

/**
 * Extracts the wanted members of an archive as executables. When that fails, the folder is gone again.
 *
 * @param folder absolute path of a folder that does not exist yet
 * @returns the extracted files, as paths below the folder
 * @throws ToolFailure when the archive is damaged, lacks a member, or has what it must not have
 */
export async function extract(wanted: WantedMembers, folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  makeFolder(path.dirname(folder));
  fs.mkdirSync(folder);
  try {
    await readMembers(wanted, async (file, content) => {
      const target = path.join(folder, file);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      // Nothing that stands there is followed or overwritten.
      await pipeline(content, fs.createWriteStream(target, { flags: 'wx', mode: 0o755 }), {
        ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
      });
      // Whatever the umask says.
      fs.chmodSync(target, 0o755);
      files.push(file);
    });
    return files.sort();
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
