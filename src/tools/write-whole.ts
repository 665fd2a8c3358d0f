import * as fs from 'node:fs';
import { temporaryName } from './temporary-name';

/**
 * Writes a file whole or not at all.
 *
 * @throws NodeJS.ErrnoException
 */
export function writeWhole(file: string, content: string): void {
  const temporary = temporaryName(file);
  try {
    fs.writeFileSync(temporary, content, { flush: true });
    fs.renameSync(temporary, file);
  } catch (error) {
    if (fs.existsSync(temporary)) fs.rmSync(temporary);
    throw error;
  }
}
