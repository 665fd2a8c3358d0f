import { type Problem } from '../model';

/** What a check has to say: problems, which fail it, and notes, which do not. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** What the reader should know although nothing is wrong: what is pending, what could not be checked. */
  readonly notes: readonly Problem[];
}

export function mergeFindings(findings: readonly Findings[]): Findings {
  return { problems: findings.flatMap(({ problems }) => problems), notes: findings.flatMap(({ notes }) => notes) };
}
