import * as fs from 'node:fs';
import * as path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { fileSystemProblem, makeFolder, readTextFile, type Problem } from '../model';
import { writeWhole } from '../tools';
import { MAX_BYTES } from './record-source';

/**
 * The recorded file as it is.
 *
 * @param file path relative to the platform folder
 */
export function readRecorded(
  directory: string,
  file: string,
): { /** @default - there is no such file yet */ readonly text?: string } | { readonly problems: readonly Problem[] } {
  if (fs.lstatSync(path.join(directory, file), { throwIfNoEntry: false }) === undefined) return {};
  const checked = readTextFile(directory, file, MAX_BYTES);
  // Every byte counts, also those that no reader sees.
  return typeof checked === 'string' ? { text: fs.readFileSync(path.join(directory, file), 'utf8') } : { problems: [checked] };
}

/** Writes the file, or nothing. @returns why it cannot be written */
export function writeRecorded(directory: string, file: string, text: string): Problem | undefined {
  const root = path.resolve(directory);
  try {
    makeFolder(path.join(root, path.dirname(file)));
    writeWhole(path.join(root, file), text);
    return undefined;
  } catch (error) {
    const problem = fileSystemProblem(error, root);
    if (problem === undefined) throw error;
    // The temporary file or the folder that could not be made is not what anybody asked for.
    return { ...problem, location: { file }, message: problem.message.replace('cannot be read or written', 'cannot be written') };
  }
}

/** The change as a unified diff. */
export const diffOf = (file: string, before: string | undefined, after: string): string =>
  createTwoFilesPatch(before === undefined ? '/dev/null' : `a/${file}`, `b/${file}`, before ?? '', after, undefined, undefined, {
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });
