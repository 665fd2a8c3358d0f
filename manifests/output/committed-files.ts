import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Problem } from '../../src/model';

/** Ends of the names of temporary files that an interrupted run may have left. */
export const TEMPORARY_SUFFIX = '.k8s-gitops.tmp';

/** What stands in a folder of generated files. */
export interface CommittedFiles {
  /** Content of every YAML file by path, with `\n` as line end. */
  readonly contents: ReadonlyMap<string, string>;
  /** Temporary files that an interrupted run left. */
  readonly leftovers: readonly string[];
  /** What keeps the folder from being read or written safely. */
  readonly problems: readonly Problem[];
}

/**
 * Reads a folder of generated files, all the way down.
 *
 * @param root platform folder
 * @param folders folders below it, with forward slashes; one that does not exist is empty
 */
export function readCommittedFiles(root: string, folders: readonly string[]): CommittedFiles {
  const contents = new Map<string, string>();
  const leftovers: string[] = [];
  const problems: Problem[] = [];
  for (const folder of folders) {
    if (isRealFolder(root, folder, problems)) readFolder(folder);
  }
  return { contents, leftovers, problems };

  function readFolder(folder: string): void {
    for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) problems.push(symbolicLink(file));
      else if (entry.isDirectory()) readFolder(file);
      else if (entry.name.endsWith(TEMPORARY_SUFFIX)) leftovers.push(file);
      else if (!entry.isFile()) problems.push({ location: { file }, message: 'is not a regular file', remedy: 'Remove it.' });
      else if (/\.ya?ml$/.test(entry.name))
        contents.set(file, fs.readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n'));
    }
  }
}

/** Every part of the path is a folder of its own: a symbolic link could lead out of the platform folder. */
function isRealFolder(root: string, folder: string, problems: Problem[]): boolean {
  const parts = folder.split('/');
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join('/');
    const stat = fs.lstatSync(path.join(root, part), { throwIfNoEntry: false });
    if (stat === undefined) return false;
    if (stat.isDirectory()) continue;
    problems.push(
      stat.isSymbolicLink()
        ? symbolicLink(part)
        : { location: { file: part }, message: 'is not a folder', remedy: 'Move the file away: generated files belong there.' },
    );
    return false;
  }
  return true;
}

function symbolicLink(file: string): Problem {
  return {
    location: { file },
    message: 'is a symbolic link, so writing below it could leave the platform folder',
    remedy: 'Replace it with what it points to.',
  };
}
