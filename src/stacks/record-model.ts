import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import {
  fileSystemProblem,
  load,
  makeFolder,
  OUTPUTS_FOLDER,
  outputsPath,
  SYSTEMS_FOLDER,
  type Platform,
  type Problem,
} from '../model';

/** A model whose recorded outputs can be tried out before they are written. */
export interface OutputsTrial {
  /** The model without any recorded outputs: those of the others may be waiting to be recorded again too. */
  readonly platform: Platform;
  /** What would be wrong with the outputs of a stack. */
  readonly problemsOf: (stack: string, text: string) => readonly Problem[];
}

/** Copies the input files aside, loads the model from there, and does work with it. */
export async function withOutputsTrial<Result>(
  directory: string,
  work: (trial: OutputsTrial) => Promise<Result>,
): Promise<Result | { readonly problems: readonly Problem[] }> {
  if (fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return { problems: problemsIn(directory) };
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'k8s-gitops-record-'));
  try {
    const unreadable = copyInput(path.resolve(directory), copy);
    if (unreadable !== undefined) return { problems: [unreadable] };
    const result = load(copy);
    if ('problems' in result) return result;
    return await work({ platform: result.platform, problemsOf: (stack, text) => problemsOf(directory, copy, stack, text) });
  } finally {
    remove(copy);
  }
}

/** What was found or recorded counts, whether or not the copy can be removed from the folder of temporary files. */
function remove(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** @returns what cannot be read */
function copyInput(from: string, to: string): Problem | undefined {
  try {
    for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
      const isInput = entry.isDirectory() ? entry.name === SYSTEMS_FOLDER : /\.ya?ml$/.test(entry.name);
      // A file or link where a folder of input belongs is found wrong in the copy as well.
      const isInTheWay = !entry.isDirectory() && [SYSTEMS_FOLDER, OUTPUTS_FOLDER].includes(entry.name);
      if (isInput || isInTheWay) copyEntry(entry, from, to);
    }
    return undefined;
  } catch (error) {
    const problem = fileSystemProblem(error, from);
    if (problem === undefined) throw error;
    return problem;
  }
}

/** Permissions are not copied: a read-only folder could neither be filled nor removed. */
function copyEntry(entry: fs.Dirent, from: string, to: string): void {
  const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
  if (entry.isDirectory()) {
    fs.mkdirSync(target);
    for (const inside of fs.readdirSync(source, { withFileTypes: true })) copyEntry(inside, source, target);
  } else if (entry.isSymbolicLink()) {
    fs.symlinkSync(fs.readlinkSync(source), target);
  } else if (entry.isFile()) {
    fs.copyFileSync(source, target);
    fs.chmodSync(target, 0o600);
  } else {
    // A pipe would never end; whatever is no file is refused by the model, as this is.
    fs.mkdirSync(target);
  }
}

/** What is wrong by itself, and then what is wrong beside what the other stacks recorded. */
function problemsOf(directory: string, copy: string, stack: string, text: string): readonly Problem[] {
  const file = path.join(copy, outputsPath(stack));
  makeFolder(path.dirname(file));
  fs.writeFileSync(file, text);
  const alone = problemsIn(copy);
  if (alone.length > 0 || !copyOthers(path.resolve(directory, OUTPUTS_FOLDER), path.dirname(file), path.basename(file)))
    return alone;
  // The others may have to be recorded again themselves: only what is wrong here counts.
  return problemsIn(copy).filter(({ location }) => location.file === outputsPath(stack));
}

/** @returns whether there is anything beside it that can be read */
function copyOthers(from: string, to: string, name: string): boolean {
  if (fs.lstatSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  try {
    const others = fs.readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== name);
    for (const entry of others) copyEntry(entry, from, to);
    return others.length > 0;
  } catch (error) {
    if (fileSystemProblem(error, from) === undefined) throw error;
    return false;
  }
}

function problemsIn(folder: string): readonly Problem[] {
  const result = load(folder);
  return 'problems' in result ? result.problems : [];
}
