import { formatProblem, load, type Platform } from '../../src/model';

/** The model of a folder that must have no problems. */
export function loadPlatform(folder: string): Platform {
  const result = load(folder);
  if ('problems' in result) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.platform;
}
