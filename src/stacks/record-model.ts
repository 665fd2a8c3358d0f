import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { load, makeFolder, OUTPUTS_FOLDER, SYSTEMS_FOLDER, type Platform, type Problem } from '../model';

/** A model whose recorded outputs can be tried out before they are written. */
export interface OutputsTrial {
  /** The model without any recorded outputs: those of the others may be waiting to be recorded again too. */
  readonly platform: Platform;
  /** What would be wrong with the outputs of an environment. */
  readonly problemsOf: (environment: string, text: string) => readonly Problem[];
}

/** Copies the input files aside, loads the model from there, and does work with it. */
export async function withOutputsTrial<Result>(
  directory: string,
  work: (trial: OutputsTrial) => Promise<Result>,
): Promise<Result | { readonly problems: readonly Problem[] }> {
  if (fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return { problems: problemsIn(directory) };
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'k8s-gitops-record-'));
  try {
    copyInput(directory, copy);
    const result = load(copy);
    if ('problems' in result) return result;
    return await work({ platform: result.platform, problemsOf: (environment, text) => problemsOf(copy, environment, text) });
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

function copyInput(from: string, to: string): void {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const isInput = entry.isDirectory() ? entry.name === SYSTEMS_FOLDER : entry.name.endsWith('.yaml');
    // A file or link where a folder of input belongs is found wrong in the copy as well.
    const isInTheWay = !entry.isDirectory() && [SYSTEMS_FOLDER, OUTPUTS_FOLDER].includes(entry.name);
    if (!isInput && !isInTheWay) continue;
    fs.cpSync(path.join(from, entry.name), path.join(to, entry.name), { recursive: true, verbatimSymlinks: true });
  }
}

function problemsOf(copy: string, environment: string, text: string): readonly Problem[] {
  const file = path.join(copy, OUTPUTS_FOLDER, `${environment}.yaml`);
  makeFolder(path.dirname(file));
  fs.writeFileSync(file, text);
  return problemsIn(copy);
}

function problemsIn(folder: string): readonly Problem[] {
  const result = load(folder);
  return 'problems' in result ? result.problems : [];
}
