import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * Makes a folder and those above it that are missing. Node's own way of doing that never ends where the system knows the parent but makes
 * no folders in it, as below `/proc`.
 *
 * @throws NodeJS.ErrnoException
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let current = path.resolve(folder);
  while (fs.statSync(current, { throwIfNoEntry: false }) === undefined && path.dirname(current) !== current) {
    missing.push(current);
    current = path.dirname(current);
  }
  for (const next of missing.reverse()) {
    try {
      fs.mkdirSync(next);
    } catch (error) {
      // Somebody else was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (!fs.statSync(path.resolve(folder)).isDirectory()) {
    throw Object.assign(new Error('a file is in the way'), { code: 'ENOTDIR', syscall: 'mkdir', path: folder });
  }
}
