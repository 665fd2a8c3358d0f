/** A place in an input file; `line` and `column` count from 1. */
export interface Location {
  /** Path relative to the platform folder, with forward slashes. */
  readonly file: string;
  /** @default - the problem concerns the file as a whole */
  readonly line?: number;
  /** @default - the problem concerns the file or line as a whole */
  readonly column?: number;
}

/** Something wrong with the input, told so that it can be mended without reading the code. */
export interface Problem {
  /** Where it is. */
  readonly location: Location;
  /** What is wrong, with the values that contradict each other or the rule that is broken. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** The form in which editors and terminals make a place clickable: `file:line:column`. */
export function formatLocation({ file, line, column }: Location): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

const byLocation = (a: Problem, b: Problem): number =>
  compare(a.location.file, b.location.file) ||
  (a.location.line ?? 0) - (b.location.line ?? 0) ||
  (a.location.column ?? 0) - (b.location.column ?? 0) ||
  compare(a.message, b.message);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** In the order of files and lines, each told once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const told = new Set<string>();
  return [...problems].sort(byLocation).filter((problem) => {
    const key = `${formatLocation(problem.location)} ${problem.message}`;
    return !told.has(key) && told.add(key);
  });
}

/** A problem as plain text: the place and what is wrong on one line, the remedy below. */
export function formatProblem(problem: Problem): string {
  return `${formatLocation(problem.location)} ${problem.message}\n  → ${problem.remedy}`;
}
