import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileSystemProblem, type Problem } from '../../src/model';
import { writeFiles } from './write-files';
import { type WritePlan } from './write-plan';

/**
 * Writes what the plan says, all or nothing, after removing what an interrupted run left.
 *
 * @param root platform folder
 * @returns what kept it from writing
 */
export function applyPlan(root: string, { changes, leftovers }: WritePlan): readonly Problem[] {
  try {
    for (const leftover of leftovers) fs.rmSync(path.join(root, leftover), { force: true });
  } catch (error) {
    const problem = fileSystemProblem(error, root);
    if (problem === undefined) throw error;
    return [problem];
  }
  return writeFiles(root, changes);
}
