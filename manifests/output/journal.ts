import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { fileSystemProblem, readTextFile, type Problem } from '../../src/model';

/** Lists what an upgrade is writing, so that the next run can go back after a hard kill; Git ignores it. */
export const JOURNAL_FILE = '.k8s-gitops-journal.json';

/** A journal of all files of a large platform is far smaller. */
const MAX_BYTES = 16 * 1024 * 1024;

const sha256 = z.string().regex(/^[a-f0-9]{64}$/);

const journal = z.strictObject({
  /** Process that writes. Absent: it is known to have ended. */
  pid: z.number().int().positive().optional(),
  /** Whether all is renamed, so that only the kept originals are left to remove. */
  done: z.boolean().default(false),
  files: z.array(
    z.strictObject({
      path: z.string().min(1),
      temporary: z.string().min(1).optional(),
      backup: z.string().min(1).optional(),
      before: sha256.optional(),
      after: sha256.optional(),
    }),
  ),
  folders: z.array(z.string().min(1)),
});

/** What is written, and how it is undone. */
export type Journal = z.output<typeof journal>;

/** One file of it. Paths are relative to the platform folder; `before` and `after` are SHA-256 sums, absent where there is no file. */
export type JournalEntry = Journal['files'][number];

/** The folder of this program, whose schemas an upgrade writes. */
const PROGRAM = path.join(__dirname, '..', '..');

/** Whether a process is still there; its number may be that of another one by now. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Told to whoever comes while another run writes. */
export const anotherRun = (pid: number | undefined): Problem => ({
  location: { file: JOURNAL_FILE },
  message: `another upgrade is writing${pid === undefined ? '' : ` (process ${pid})`}`,
  remedy: `Wait until it has ended. If that process is no upgrade, the upgrade was killed: delete the line with "pid" from ${JOURNAL_FILE} and run it again.`,
});

/** What was put back after an interruption. */
export interface Repair {
  /** Files that are again as they were before. */
  readonly restored: readonly string[];
  /** Files that somebody changed since, which are left as they are. */
  readonly notes: readonly Problem[];
  /** What kept it from being repaired. */
  readonly problems: readonly Problem[];
}

/**
 * Puts everything back that a killed run left half written.
 *
 * @param directory platform folder
 * @param program folder of the program, below whose `schemas/` files may be put back too
 * @returns `undefined` when no run was killed
 */
export function repairInterruptedWrite(directory: string, program = PROGRAM): Repair | undefined {
  const root = path.resolve(directory);
  if (!fs.existsSync(path.join(root, JOURNAL_FILE))) return undefined;
  try {
    const read = readJournal(root, program);
    if ('location' in read) return { restored: [], notes: [], problems: [read] };
    if (read.pid !== undefined && isRunning(read.pid)) return { restored: [], notes: [], problems: [anotherRun(read.pid)] };
    if (read.done) {
      removeKept(root, read);
      fs.rmSync(path.join(root, JOURNAL_FILE), { force: true });
      return undefined;
    }
    const { restored, notes } = rollBack(root, read);
    fs.rmSync(path.join(root, JOURNAL_FILE), { force: true });
    return { restored, notes, problems: [] };
  } catch (error) {
    const problem = fileSystemProblem(error, root);
    if (problem === undefined) throw error;
    return { restored: [], notes: [], problems: [problem] };
  }
}

/** SHA-256 of a file's content, `undefined` where there is no file. */
export function contentSum(file: string): string | undefined {
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/** Puts back each file that has its new content; one that has neither the new nor the old content was changed by somebody since. */
export function rollBack(root: string, { files, folders }: Journal): Pick<Repair, 'restored' | 'notes'> {
  const restored: string[] = [];
  const notes: Problem[] = [];
  for (const entry of [...files].reverse()) {
    const target = path.join(root, entry.path);
    const now = contentSum(target);
    if (now === entry.after && now !== entry.before) {
      if (putBack(root, target, entry)) restored.push(entry.path);
    } else if (now !== entry.before) {
      notes.push(changedSince(entry));
      if (entry.temporary !== undefined) removeFile(path.join(root, entry.temporary));
      continue;
    }
    for (const leftover of [entry.temporary, entry.backup]) {
      if (leftover !== undefined) removeFile(path.join(root, leftover));
    }
  }
  for (const folder of [...folders].reverse()) removeIfEmpty(path.join(root, folder));
  return { restored: restored.reverse(), notes: notes.reverse() };
}

/** Removes the originals that were kept. */
export function removeKept(root: string, { files }: Journal): void {
  for (const { backup } of files) {
    if (backup !== undefined) removeFile(path.join(root, backup));
  }
}

function putBack(root: string, target: string, { backup }: JournalEntry): boolean {
  if (backup === undefined) {
    fs.rmSync(target);
    return true;
  }
  const kept = path.join(root, backup);
  if (contentSum(kept) === undefined) return false;
  fs.renameSync(kept, target);
  return true;
}

/** A folder of that name was not made by a run. */
function removeFile(file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() === true) fs.rmSync(file);
}

function removeIfEmpty(folder: string): void {
  if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}

function changedSince({ path: file, backup }: JournalEntry): Problem {
  return {
    location: { file },
    message: `was changed after the interruption, and is left as it is`,
    remedy: backup === undefined ? 'Read `git diff`.' : `Read \`git diff\`; what it was before stands in ${backup}.`,
  };
}

function readJournal(root: string, program: string): Journal | Problem {
  const text = readTextFile(root, JOURNAL_FILE, MAX_BYTES);
  if (typeof text !== 'string') return text;
  const remedy = `Restore the files with Git, then delete ${JOURNAL_FILE}.`;
  const unusable = (message: string): Problem => ({ location: { file: JOURNAL_FILE }, message, remedy });
  let content: Journal;
  try {
    content = journal.parse(JSON.parse(text));
  } catch {
    return unusable('is not a journal of this program');
  }
  const allowed = [root, path.join(program, 'schemas')];
  const named = [...content.files.flatMap(({ path: file, temporary, backup }) => [file, temporary, backup]), ...content.folders];
  const outside = named.find((file) => file !== undefined && !allowed.some((folder) => isInside(folder, path.join(root, file))));
  return outside === undefined ? content : unusable(`names '${outside}', which is not in the platform folder`);
}

/** Whether the folder of a file is really below another: a symbolic link could lead elsewhere. */
function isInside(folder: string, file: string): boolean {
  const below = (parent: string, child: string): boolean => child === parent || child.startsWith(parent + path.sep);
  if (!below(folder, path.dirname(file))) return false;
  let existing = path.dirname(file);
  while (!fs.existsSync(existing)) existing = path.dirname(existing);
  // A folder of which nothing is there yet is as good as its path.
  return !fs.existsSync(folder) || !below(folder, existing) || below(fs.realpathSync(folder), fs.realpathSync(existing));
}
