import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder, type Platform, type Problem } from '../../model';
import { type ScaffoldFile } from './scaffold-file';

/** Folders of the platform that hold something else; files there would be taken for it. */
const OF_THE_PLATFORM = ['.git', 'charts', 'ci-cd-templates', 'clusters', 'crds', 'outputs', 'schemas', 'systems'];

/**
 * Why a folder cannot become the repository.
 *
 * @returns `undefined` when it can: it is absent, or holds nothing but `.git`
 * @throws NodeJS.ErrnoException about the folder as it was asked for
 */
export function occupied(platform: Platform, folder: string): Problem | undefined {
  return askedFor(folder, () => whyOccupied(platform, folder));
}

function whyOccupied({ directory }: Platform, folder: string): Problem | undefined {
  const location = { file: folder };
  const target = path.resolve(folder);
  const real = realPath(target);
  const holder = OF_THE_PLATFORM.find((name) => isIn(realPath(path.join(path.resolve(directory), name)), real));
  if (holder !== undefined) {
    return {
      location,
      message: `is in '${holder}', which holds something else of the platform`,
      remedy: 'Name a folder beside the platform, or one in examples/.',
    };
  }
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  if (stat === undefined) {
    // A link to nothing is there, but not for `stat`.
    if (fs.lstatSync(target, { throwIfNoEntry: false }) === undefined) return undefined;
    return { location, message: 'is a symbolic link to nothing', remedy: 'Remove it, or name another folder.' };
  }
  if (!stat.isDirectory()) return { location, message: 'is a file', remedy: 'Name a folder.' };
  const there = fs.readdirSync(target).filter((name) => name !== '.git');
  if (there.length === 0) return undefined;
  const shown = there.sort().slice(0, 3).join(', ');
  return {
    location,
    message: `is not empty: it holds ${shown}${there.length > 3 ? ` and ${there.length - 3} more` : ''}`,
    remedy: 'Name a new folder, or a fresh clone that holds nothing but .git; nothing is ever overwritten.',
  };
}

/** Where a path leads, whatever links are on the way; what is not there yet is below the nearest folder that is. */
function realPath(target: string): string {
  const parent = path.dirname(target);
  if (fs.existsSync(target)) return fs.realpathSync(target);
  return parent === target ? target : path.join(realPath(parent), path.basename(target));
}

function isIn(folder: string, target: string): boolean {
  const [first] = path.relative(folder, target).split(path.sep);
  return first !== '..';
}

/** The name of what was asked for, in the errors about anything that was made for it. */
function askedFor<Result>(folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw Object.assign(new Error(message, { cause: error }), { code, syscall, path: path.resolve(folder) });
  }
}

/**
 * Writes a repository whole or not at all, into a folder that is not {@link occupied}; of a failure no folder is left either.
 *
 * @throws NodeJS.ErrnoException about the folder as it was asked for
 */
export function writeRepository(folder: string, files: readonly ScaffoldFile[]): void {
  const target = path.resolve(folder);
  const missing = missingAbove(target);
  try {
    askedFor(folder, () => {
      writeInto(target, files);
    });
  } catch (error) {
    removeEmpty(missing);
    throw error;
  }
}

/** The folders above one that are not there, the deepest first. */
function missingAbove(target: string): readonly string[] {
  const parent = path.dirname(target);
  return parent === target || fs.existsSync(parent) ? [] : [parent, ...missingAbove(parent)];
}

/** Removes folders as long as nobody put anything into them. */
function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      fs.rmdirSync(folder);
    } catch {
      // Why it failed before is what has to be told.
      return;
    }
  }
}

function writeInto(target: string, files: readonly ScaffoldFile[]): void {
  const isThere = fs.existsSync(target);
  makeFolder(isThere ? target : path.dirname(target));
  // In the folder itself where it is there: it may be a mount, over which nothing can be renamed.
  const staged = path.join(isThere ? target : path.dirname(target), `.scaffold-${randomUUID()}.tmp`);
  fs.mkdirSync(staged);
  try {
    for (const { path: file, content } of files) {
      const absolute = path.join(staged, file);
      fs.mkdirSync(path.dirname(absolute), { recursive: true });
      fs.writeFileSync(absolute, content);
    }
    if (isThere) moveInto(target, staged);
    else fs.renameSync(staged, target);
  } finally {
    fs.rmSync(staged, { recursive: true, force: true });
  }
}

/** Moves everything or, when one of the moves fails, nothing. */
function moveInto(target: string, staged: string): void {
  const moved: string[] = [];
  try {
    for (const name of fs.readdirSync(staged)) {
      const destination = path.join(target, name);
      if (fs.existsSync(destination))
        throw Object.assign(new Error('is there already'), { code: 'EEXIST', syscall: 'rename', path: destination });
      fs.renameSync(path.join(staged, name), destination);
      moved.push(destination);
    }
  } catch (error) {
    for (const destination of moved) fs.rmSync(destination, { recursive: true, force: true });
    throw error;
  }
}
