import { type Problem } from '../model';

/** Problems that forbid the upgrade; thrown where they are found, so that nothing is written. */
export class Refusal extends Error {
  public constructor(
    public readonly problems: readonly Problem[],
    /** What was noticed until then. */
    public readonly notes: readonly Problem[] = [],
  ) {
    super(problems.map(({ message }) => message).join('\n'));
  }
}

/** @throws Refusal when there are problems */
export function refuseIfAny(problems: readonly Problem[], notes?: readonly Problem[]): void {
  if (problems.length > 0) throw new Refusal(problems, notes);
}
