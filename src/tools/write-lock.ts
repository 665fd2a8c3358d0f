import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileSystemProblem, LOCK_FILE, lockText, type LockFile, type Problem } from '../model';
import { temporaryName } from './temporary-name';

/** Writes `platform.lock.yaml` whole or not at all. @returns what kept it from being written */
export function writeLock(directory: string, lock: LockFile): Problem | undefined {
  const file = path.join(path.resolve(directory), LOCK_FILE);
  const temporary = temporaryName(file);
  try {
    fs.writeFileSync(temporary, lockText(lock), { flush: true });
    fs.renameSync(temporary, file);
    return undefined;
  } catch (error) {
    if (fs.existsSync(temporary)) fs.rmSync(temporary);
    const problem = fileSystemProblem(error, path.resolve(directory));
    if (problem === undefined) throw error;
    return problem;
  }
}
