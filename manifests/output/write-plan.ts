import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileSystemProblem, type Platform, type Problem } from '../../src/model';
import { CLUSTERS_FOLDER } from '../environment-files';
import { isGenerated } from '../generated-file';
import { type SynthesizedEnvironment } from '../synthesize';
import { readCommittedFiles } from './committed-files';
import { JOURNAL_FILE } from './journal';

/** What synthesis would do to one file. */
export type FileChange =
  | { readonly kind: 'create'; readonly path: string; readonly after: string }
  | { readonly kind: 'update'; readonly path: string; readonly before: string; readonly after: string }
  | { readonly kind: 'remove'; readonly path: string; readonly before: string }
  | { readonly kind: 'unchanged'; readonly path: string };

/** What synthesis would do to the committed files. */
export interface WritePlan {
  /** In the order of paths. */
  readonly changes: readonly FileChange[];
  /** Temporary files of an interrupted run, to be removed. */
  readonly leftovers: readonly string[];
  /** What forbids writing: a hand-written file in the way, a symbolic link. */
  readonly problems: readonly Problem[];
}

/**
 * Compares the synthesized files with the committed ones, in memory.
 *
 * Where all environments were synthesized, files of environments that no longer exist are removed too. A file without the generated
 * marker is left alone, or a problem where a generated file has to go.
 */
export function planWrite(platform: Platform, synthesized: readonly SynthesizedEnvironment[]): WritePlan {
  try {
    return compare(platform, synthesized);
  } catch (error) {
    const problem = fileSystemProblem(error, platform.directory);
    if (problem === undefined) throw error;
    return { changes: [], leftovers: [], problems: [problem] };
  }
}

function compare(platform: Platform, synthesized: readonly SynthesizedEnvironment[]): WritePlan {
  const all = synthesized.length === platform.environments.length;
  const folders = all ? [CLUSTERS_FOLDER] : synthesized.map(({ environment }) => `${CLUSTERS_FOLDER}/${environment.name}`);
  if (fs.existsSync(path.join(platform.directory, JOURNAL_FILE))) return { changes: [], leftovers: [], problems: [INTERRUPTED] };
  const committed = readCommittedFiles(platform.directory, folders);
  if (committed.problems.length > 0) return { changes: [], leftovers: [], problems: committed.problems };
  const problems: Problem[] = [];
  const changes: FileChange[] = [];
  const wanted = new Set<string>();

  for (const file of synthesized.flatMap(({ files }) => files)) {
    wanted.add(file.path);
    const before = committed.contents.get(file.path);
    if (before === undefined) {
      const stat = fs.lstatSync(path.join(platform.directory, file.path), { throwIfNoEntry: false });
      if (stat?.isDirectory() === true) problems.push(inTheWay(file.path, 'a folder'));
      changes.push({ kind: 'create', path: file.path, after: file.content });
    } else if (before === file.content) {
      changes.push({ kind: 'unchanged', path: file.path });
    } else {
      if (!isGenerated(before)) problems.push(inTheWay(file.path, 'a file without the generated marker, so written by hand'));
      changes.push({ kind: 'update', path: file.path, before, after: file.content });
    }
  }
  for (const [file, before] of committed.contents) {
    if (!wanted.has(file) && isGenerated(before)) changes.push({ kind: 'remove', path: file, before });
  }
  changes.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { changes, leftovers: committed.leftovers, problems };
}

/** Its temporary files are what the files can be put back from. */
const INTERRUPTED: Problem = {
  location: { file: JOURNAL_FILE },
  message: 'says that an upgrade is writing files, or was killed while it did',
  remedy: 'Wait for it, or run `npx k8s-gitops upgrade`, which first puts everything back.',
};

function inTheWay(file: string, what: string): Problem {
  return {
    location: { file },
    message: `is ${what}, and stands where a generated file has to go`,
    remedy: 'Move it to another name, or delete it, then run `npm start` again.',
  };
}
