import * as fs from 'node:fs';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type FileChange } from '../../manifests';
import { LOCK_FILE, lockText, PLATFORM_FILE, type LockFile } from '../model';
import { editScalars } from './edit-scalars';
import { Refusal } from './refusal';

/**
 * The changes of `platform.yaml` and the lock.
 *
 * @throws Refusal
 */
export function findInputChanges(directory: string, before: LockFile | undefined, lock: LockFile): readonly FileChange[] {
  const platform = fs.readFileSync(path.join(directory, PLATFORM_FILE), 'utf8');
  const edited = editScalars(
    platform,
    [
      { path: ['flux', 'version'], value: lock.flux.version },
      { path: ['flux', 'operator'], value: lock.flux.operator },
    ],
    PLATFORM_FILE,
  );
  if (typeof edited !== 'string') throw new Refusal([edited]);
  const changes: FileChange[] = [];
  if (edited !== platform) changes.push({ kind: 'update', path: PLATFORM_FILE, before: platform, after: edited });
  // The order and comments of a lock that says the same are nobody's business.
  if (isDeepStrictEqual(before, lock)) return changes;
  const after = lockText(lock);
  const file = path.join(directory, LOCK_FILE);
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  changes.push(
    text === undefined ? { kind: 'create', path: LOCK_FILE, after } : { kind: 'update', path: LOCK_FILE, before: text, after },
  );
  return changes;
}
