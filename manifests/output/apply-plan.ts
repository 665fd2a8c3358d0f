import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileSystemProblem, type Problem } from '../../src/model';
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
  try {
    for (const leftover of plan.leftovers) fs.rmSync(path.join(root, leftover), { force: true });
    for (const change of plan.changes) {
      const target = path.join(root, change.path);
      if ('after' in change) {
        const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}${TEMPORARY_SUFFIX}`);
        fs.mkdirSync(path.dirname(target), { recursive: true });
        staged.push({ temporary, target });
        writeDurably(temporary, change.after);
      } else if (change.kind === 'remove') {
        // Found out now, while nothing is changed yet.
        fs.accessSync(path.dirname(target), fs.constants.W_OK);
      }
    }
    for (const { temporary, target } of staged) fs.renameSync(temporary, target);
    for (const change of plan.changes) {
      if (change.kind !== 'remove') continue;
      fs.rmSync(path.join(root, change.path), { force: true });
      removeEmptyFolders(root, path.posix.dirname(change.path));
    }
    return [];
  } catch (error) {
    const problem = fileSystemProblem(error, root);
    if (problem === undefined) throw error;
    for (const { temporary } of staged) {
      // A folder of that name was not made by this run.
      if (fs.lstatSync(temporary, { throwIfNoEntry: false })?.isFile() === true) fs.rmSync(temporary);
    }
    return [problem];
  }
}

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
