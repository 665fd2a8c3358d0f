import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Location, type Problem } from './problem';

/**
 * Reads a UTF-8 text file.
 *
 * @param root platform folder
 * @param file path relative to it, with forward slashes
 * @param maxBytes larger files are refused before they are read
 * @returns the text, or what is wrong with the file: absent, a symbolic link, too large, not UTF-8, ...
 */
export function readTextFile(root: string, file: string, maxBytes: number): string | Problem {
  const bytes = readBytes(root, file, maxBytes);
  return Buffer.isBuffer(bytes) ? decode(bytes, file) : bytes;
}

const problem = (location: Location, message: string, remedy: string): Problem => ({ location, message, remedy });

function readBytes(root: string, file: string, maxBytes: number): Buffer | Problem {
  const absolute = path.join(root, file);
  let stat: fs.Stats;
  try {
    stat = fs.lstatSync(absolute);
    if (stat.isSymbolicLink()) {
      return problem({ file }, 'is a symbolic link', 'Put the file itself here: what a link points to is not part of a review.');
    }
    if (!stat.isFile()) return problem({ file }, 'is not a regular file', 'Put a YAML file here.');
    if (stat.size > maxBytes) {
      return problem(
        { file },
        `has ${stat.size} bytes, more than ${maxBytes}`,
        'Check that this is the file you meant, and shorten it.',
      );
    }
    return fs.readFileSync(absolute);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return code === 'ENOENT'
      ? problem({ file }, 'does not exist', `Create it, or name the platform folder with --dir.`)
      : problem({ file }, `cannot be read (${code})`, 'Check the permissions of the file and its folders.');
  }
}

function decode(bytes: Buffer, file: string): string | Problem {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return problem({ file }, 'is encoded as UTF-16', 'Save it as UTF-8.');
  }
  try {
    const source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const control = source.indexOf('\0');
    if (control === -1) return source;
    const before = source.slice(0, control).split('\n');
    return problem(
      { file, line: before.length, column: before.at(-1)!.length + 1 },
      'contains a NUL character',
      'Save it as UTF-8 text without control characters.',
    );
  } catch {
    return problem({ file }, 'is not valid UTF-8', 'Save it as UTF-8; editors call other encodings Latin-1 or Windows-1252.');
  }
}
