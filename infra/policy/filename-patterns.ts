import { type PlanValue } from '../plan/plan-value';
import { isKnownText, listAt, valueAt } from './known-value';
import { type StackResource } from './rule';

/** Whether build validations see every file: one sees all of them, but for those that another one sees without exception. */
export function everythingIsSeen(validations: readonly StackResource[]): boolean {
  const patterns = validations.map(patternsOf);
  return patterns.some((own, index) => {
    const [first] = own ?? [];
    if (own === undefined || first === undefined || !isEverything(first)) return false;
    const includes = patterns.filter((_, at) => at !== index).flatMap(includesOf);
    return own.filter(isExclusion).every((exclusion) => includes.some((include) => covers(include, exclusion.slice(1))));
  });
}

/** Patterns of the files that it sees; none at all are all files. @returns `undefined` when they are not known */
function patternsOf({ props }: StackResource): readonly string[] | undefined {
  const patterns: PlanValue = valueAt(props, 'settings', 'filenamePatterns') ?? [];
  const list = listAt({ patterns }, 'patterns');
  if (!Array.isArray(patterns) || !list.every(isKnownText)) return undefined;
  return list.length === 0 ? ['*'] : list;
}

/** What has an exclusion covers nothing for another. */
const includesOf = (patterns: readonly string[] | undefined): readonly string[] =>
  patterns === undefined || patterns.some(isExclusion) ? [] : patterns;

const isExclusion = (pattern: string): boolean => pattern.startsWith('!');

const isEverything = (pattern: string): boolean => pattern === '*' || pattern === '/*';

/** Whether all that a pattern may name is named by another one. */
const covers = (include: string, pattern: string): boolean =>
  isEverything(include) || include === pattern || (include.endsWith('/*') && pattern.startsWith(include.slice(0, -1)));
