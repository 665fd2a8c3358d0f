import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileSystemProblem, type Problem } from '../../src/model';
import { TEMPORARY_SUFFIX } from './committed-files';
import { anotherRun, contentSum, JOURNAL_FILE, rollBack, type Journal, type JournalEntry } from './journal';
import { type FileChange } from './write-plan';

/** How several files are written. */
export interface WriteFilesOptions {
  /** Whether a hard kill in the middle is undone by the next run, from {@link JOURNAL_FILE}. @default false */
  readonly journal?: boolean;
}

/** A change with the files that it takes. */
interface StagedChange {
  readonly change: Exclude<FileChange, { kind: 'unchanged' }>;
  readonly entry: JournalEntry;
}

/**
 * Writes several files, all or none: first every new content into a temporary file beside its target and a link to every old one, then
 * one rename each, so that no reader sees half a file. When something fails, all that was renamed is put back.
 *
 * @param root platform folder, to which the paths of the changes are relative
 * @returns what kept it from writing
 */
export function writeFiles(
  root: string,
  changes: readonly FileChange[],
  { journal = false }: WriteFilesOptions = {},
): readonly Problem[] {
  const writing = changes.filter((change) => change.kind !== 'unchanged');
  if (writing.length === 0) return [];
  const file = path.join(root, JOURNAL_FILE);
  let undo: Journal | undefined;
  let hasJournal = false;
  let staged: readonly StagedChange[];
  const goBack = (): void => {
    if (undo !== undefined) rollBack(root, undo);
    if (hasJournal) fs.rmSync(file);
  };
  try {
    staged = writing.map((change) => ({ change, entry: entryOf(root, change) }));
    const plan = {
      pid: process.pid,
      done: false,
      files: staged.map(({ entry }) => entry),
      folders: missingFolders(root, staged),
    };
    if (journal && !createJournal(root, plan)) return [anotherRun(undefined)];
    hasJournal = journal;
    undo = plan;
    const problems = staged.flatMap((one) => stage(root, one));
    if (problems.length > 0) {
      goBack();
      return problems;
    }
    for (const { change, entry } of staged) {
      const target = path.join(root, entry.path);
      if (change.kind === 'remove') fs.rmSync(target);
      else fs.renameSync(path.join(root, entry.temporary!), target);
    }
    if (journal) {
      for (const folder of new Set(staged.map(({ entry }) => path.dirname(entry.path)))) syncFolder(path.join(root, folder));
      // From here on a kill leaves nothing to put back, only something to remove.
      replaceJournal(root, { ...undo, done: true });
    }
  } catch (error) {
    goBack();
    const problem = fileSystemProblem(error, root);
    if (problem === undefined) throw error;
    return [problem];
  }
  // It is done: from here on nothing may be put back.
  tidyUp(root, staged);
  if (journal) fs.rmSync(file, { force: true });
  return [];
}

/** Made whole or not at all. @returns whether it was made; false when another run has one */
function createJournal(root: string, content: Journal): boolean {
  const temporary = writeJournal(root, content);
  try {
    fs.linkSync(temporary, path.join(root, JOURNAL_FILE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(temporary);
  }
  syncFolder(root);
  return true;
}

function replaceJournal(root: string, content: Journal): void {
  fs.renameSync(writeJournal(root, content), path.join(root, JOURNAL_FILE));
  syncFolder(root);
}

function writeJournal(root: string, content: Journal): string {
  const temporary = path.join(root, `${JOURNAL_FILE}.${process.pid}${TEMPORARY_SUFFIX}`);
  writeDurably(temporary, `${JSON.stringify(content, undefined, 1)}\n`);
  return temporary;
}

function entryOf(root: string, change: StagedChange['change']): JournalEntry {
  const beside = (kind: string): string =>
    path.posix.join(
      path.posix.dirname(change.path),
      `.${path.posix.basename(change.path)}.${process.pid}${kind}${TEMPORARY_SUFFIX}`,
    );
  const before = contentSum(path.join(root, change.path));
  return {
    path: change.path,
    ...('after' in change ? { temporary: beside(''), after: createHash('sha256').update(change.after).digest('hex') } : {}),
    ...(before === undefined ? {} : { backup: beside('.before'), before }),
  };
}

/** Makes ready what the change takes, and looks whether the target is still what the change was planned for. */
function stage(root: string, { change, entry: { temporary, backup } }: StagedChange): readonly Problem[] {
  const target = path.join(root, change.path);
  const stat = fs.lstatSync(target, { throwIfNoEntry: false });
  const planned = 'before' in change ? withoutCarriageReturns(change.before) : undefined;
  const found = stat?.isFile() === true ? withoutCarriageReturns(fs.readFileSync(target, 'utf8')) : undefined;
  // Whatever else stands there makes the rename fail.
  if ((stat === undefined || stat.isFile()) && found !== planned) {
    return [
      {
        location: { file: change.path },
        message: 'was changed by something else while this ran',
        remedy: 'Nothing was written. Run it again.',
      },
    ];
  }
  if (backup !== undefined) keep(target, path.join(root, backup));
  if ('after' in change) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    writeDurably(path.join(root, temporary!), change.after, stat?.mode);
  } else {
    // Found out now, while nothing is changed yet.
    fs.accessSync(path.dirname(target), fs.constants.W_OK);
  }
  return [];
}

const withoutCarriageReturns = (content: string): string => content.replaceAll('\r\n', '\n');

/** A second name for the file costs nothing; where there are no second names, a copy. */
function keep(file: string, backup: string): void {
  fs.rmSync(backup, { force: true });
  try {
    fs.linkSync(file, backup);
  } catch {
    fs.copyFileSync(file, backup);
    const descriptor = fs.openSync(backup, 'r+');
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
  }
}

/** @param mode permissions of the file that it will replace. Default: as files are made */
function writeDurably(file: string, content: string, mode?: number): void {
  const descriptor = fs.openSync(file, 'w');
  try {
    if (mode !== undefined) fs.fchmodSync(descriptor, mode & 0o7777);
    fs.writeFileSync(descriptor, content);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** What was renamed is on disk before the journal is gone; some systems cannot do that for folders. */
function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(folder, 'r');
    fs.fsyncSync(descriptor);
  } catch {
    // Then the operating system decides when.
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** The folders that have to be made, outermost first. */
function missingFolders(root: string, staged: readonly StagedChange[]): string[] {
  const missing = new Set<string>();
  for (const { change } of staged) {
    if (change.kind !== 'create') continue;
    const folders: string[] = [];
    for (
      let folder = path.posix.dirname(change.path);
      folder !== '.' && fs.lstatSync(path.join(root, folder), { throwIfNoEntry: false }) === undefined;
      folder = path.posix.dirname(folder)
    ) {
      folders.unshift(folder);
    }
    for (const folder of folders) missing.add(folder);
  }
  return [...missing];
}

function tidyUp(root: string, staged: readonly StagedChange[]): void {
  for (const { change, entry } of staged) {
    if (entry.backup !== undefined) fs.rmSync(path.join(root, entry.backup), { force: true });
    if (change.kind === 'remove') removeEmptyFolders(root, path.posix.dirname(change.path));
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
