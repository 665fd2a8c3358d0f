import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Problem } from '../../src/model';
import { TEMPORARY_SUFFIX } from './committed-files';
import { type WritePlan } from './write-plan';

/**
 * Writes what the plan says: first every new content into a temporary file beside its target, then one rename each, so that no reader
 * and no crash sees half a file. When a temporary file cannot be written, nothing is changed.
 *
 * @param root platform folder
 * @returns what kept it from writing
 */
export function applyPlan(root: string, plan: WritePlan): readonly Problem[] {
  const staged: { readonly temporary: string; readonly target: string }[] = [];
  let file = '';
  try {
    for (const leftover of plan.leftovers) fs.rmSync(path.join(root, leftover), { force: true });
    for (const change of plan.changes) {
      if (!('after' in change)) continue;
      file = change.path;
      const target = path.join(root, change.path);
      const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}${TEMPORARY_SUFFIX}`);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      staged.push({ temporary, target });
      writeDurably(temporary, change.after);
    }
    for (const { temporary, target } of staged) {
      file = path.relative(root, target);
      fs.renameSync(temporary, target);
    }
    for (const change of plan.changes) {
      if (change.kind !== 'remove') continue;
      file = change.path;
      fs.rmSync(path.join(root, change.path), { force: true });
      removeEmptyFolders(root, path.posix.dirname(change.path));
    }
    return [];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    for (const { temporary } of staged) {
      // A folder of that name was not made by this run.
      if (fs.lstatSync(temporary, { throwIfNoEntry: false })?.isFile() === true) fs.rmSync(temporary);
    }
    return [
      {
        location: { file },
        message: `cannot be written (${code})`,
        remedy: REMEDIES[code] ?? 'Mend the cause and run it again.',
      },
    ];
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Check the permissions of the file and its folders.',
  EPERM: 'Check the permissions of the file and its folders.',
  EROFS: 'The file system is read-only; run it where clusters/ can be written.',
  ENOSPC: 'The disk is full; make room and run it again.',
};

function writeDurably(file: string, content: string): void {
  const descriptor = fs.openSync(file, 'w');
  try {
    fs.writeFileSync(descriptor, content);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Git knows no empty folders, so neither should the working tree after an environment is gone. */
function removeEmptyFolders(root: string, folder: string): void {
  for (let current = folder; current.includes('/'); current = path.posix.dirname(current)) {
    const absolute = path.join(root, current);
    if (!fs.existsSync(absolute) || fs.readdirSync(absolute).length > 0) return;
    fs.rmdirSync(absolute);
  }
}
