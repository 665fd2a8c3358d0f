import * as fs from 'node:fs';
import * as path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { fileSystemProblem, makeFolder, type Problem } from '../model';
import { writeWhole } from '../tools';

/** A change of one input file. */
export interface InputChange {
  /** Path relative to the platform folder, with forward slashes. */
  readonly file: string;
  /** @default - it is new */
  readonly before?: string;
  /** @default - it is deleted */
  readonly after?: string;
}

/** The text of an input file, every byte of it. */
export function readInput(directory: string, file: string): string {
  return fs.readFileSync(path.join(directory, file), 'utf8');
}

/**
 * Makes the change, whole or not at all; what somebody else changed meanwhile stays.
 *
 * @returns what kept it from that
 */
export function writeInput(directory: string, { file, before, after }: InputChange): readonly Problem[] {
  const root = path.resolve(directory);
  const target = path.join(root, file);
  const folder = path.dirname(target);
  const hadFolder = fs.existsSync(folder);
  try {
    const current = fs.lstatSync(target, { throwIfNoEntry: false }) === undefined ? undefined : readInput(root, file);
    if (current !== before) {
      return [{ location: { file }, message: 'was changed meanwhile', remedy: 'Look at it, and run the command again.' }];
    }
    if (after === undefined) {
      fs.rmSync(target);
      return [];
    }
    makeFolder(folder);
    writeWhole(target, after);
    return [];
  } catch (error) {
    if (!hadFolder && fs.existsSync(folder) && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
    const problem = fileSystemProblem(error, root);
    if (problem === undefined) throw error;
    return [{ ...problem, location: { file }, message: problem.message.replace('read or written', 'written') }];
  }
}

/** The change as a unified diff. */
export const diffOf = ({ file, before, after }: InputChange): string =>
  createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${file}`,
    after === undefined ? '/dev/null' : `b/${file}`,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true } },
  );
