import * as path from 'node:path';
import { fileSystemProblem, LOCK_FILE, lockText, type LockFile, type Problem } from '../model';
import { writeWhole } from './write-whole';

/** Writes `platform.lock.yaml` whole or not at all. @returns what kept it from being written */
export function writeLock(directory: string, lock: LockFile): Problem | undefined {
  const root = path.resolve(directory);
  try {
    writeWhole(path.join(root, LOCK_FILE), lockText(lock));
    return undefined;
  } catch (error) {
    const problem = fileSystemProblem(error, root);
    if (problem === undefined) throw error;
    return problem;
  }
}
