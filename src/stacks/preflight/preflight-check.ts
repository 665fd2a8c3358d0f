import { sortProblems, type Location, type Problem } from '../../model';

/** What is looked at, in the order in which it is told. */
export const PREFLIGHT_CHECKS = ['branch', 'path', 'reader', 'writer', 'secret'] as const;
export type PreflightCheckName = (typeof PREFLIGHT_CHECKS)[number];

/** Whether it is there, is not there, or could not be looked at. */
export type PreflightResult = 'ok' | 'missing' | 'unknown';

/** One thing that has to be true before a FluxInstance can become Ready. */
export interface PreflightCheck {
  readonly name: PreflightCheckName;
  readonly result: PreflightResult;
  /** What was found, what is missing, or why it could not be looked at. */
  readonly detail: string;
  /** Where what was looked for is said. */
  readonly location: Location;
  /** What to do, or what to look at. @default - nothing, or it follows from another check that says it */
  readonly remedy?: string;
}

/** What is missing, as problems. */
export function missingProblems(checks: readonly PreflightCheck[]): readonly Problem[] {
  return sortProblems(checks.flatMap((check) => (check.result === 'missing' ? told(check, check.detail) : [])));
}

/** What could not be looked at, as notes; what only follows from another check is not told again. */
export function notChecked(checks: readonly PreflightCheck[]): readonly Problem[] {
  return sortProblems(checks.flatMap((check) => (check.result === 'unknown' ? told(check, `not checked: ${check.detail}`) : [])));
}

const told = ({ location, remedy }: PreflightCheck, message: string): readonly Problem[] =>
  remedy === undefined ? [] : [{ location, message, remedy }];
