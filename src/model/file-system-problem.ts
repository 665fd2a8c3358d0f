import * as path from 'node:path';
import { type Problem } from './problem';

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'Check the permissions of the file and its folders.',
  EPERM: 'Check the permissions of the file and its folders.',
  ENOTDIR: 'A file stands where a folder has to be; move it away.',
  EROFS: 'The file system is read-only; run it where the platform folder can be written.',
  ENOSPC: 'The disk is full; make room and run it again.',
};

/** An error of the file system as a problem; `undefined` for any other error. */
export function fileSystemProblem(error: unknown, root: string): Problem | undefined {
  const { code, path: file, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || file === undefined || syscall === undefined) return undefined;
  return {
    location: { file: path.relative(root, file).split(path.sep).join('/') || file },
    message: `cannot be read or written (${code} on ${syscall})`,
    remedy: REMEDIES[code] ?? 'Mend the cause and run it again.',
  };
}
