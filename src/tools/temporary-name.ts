import * as path from 'node:path';

/** End of the names of temporary files and folders; Git ignores it. */
export const TEMPORARY_SUFFIX = '.tmp';

let counter = 0;

/** A name beside a file or folder that neither this process nor another one uses, from which it is renamed into place. */
export function temporaryName(target: string): string {
  counter += 1;
  return path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.${counter}${TEMPORARY_SUFFIX}`);
}
