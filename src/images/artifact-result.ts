import { type Artifact, type Problem } from '../model';
import { type ScanVerdict } from './judge-scan';

/** The steps of the chain, in their order. */
export const STEPS = ['upstream', 'scan', 'mirror', 'sbom', 'sign', 'verify'] as const;
export type Step = (typeof STEPS)[number];

/** How a step ended. */
export type StepState =
  /** It was done in this run. */
  | 'done'
  /** Everything was there already. */
  | 'present'
  /** It does not apply, for the reason in the detail. */
  | 'not applicable'
  /** It would be done; this run only looks. */
  | 'planned'
  /** It failed; the problems say why. */
  | 'failed'
  /** A step before it failed. */
  | 'not reached';

export interface StepResult {
  readonly state: StepState;
  /** A word or two for the table, such as who signed, or how many findings. @default - the state says it all */
  readonly detail?: string;
}

/** How the chain ended for one image or chart. */
export interface ArtifactResult {
  readonly artifact: Artifact;
  readonly steps: Readonly<Record<Step, StepResult>>;
  /** What the scan found. @default - it was not scanned in this run */
  readonly scan?: ScanVerdict;
  /** Command lines that would run. @default - this run does what it says */
  readonly commands?: readonly string[];
  /** What went wrong. */
  readonly problems: readonly Problem[];
  /** What deserves a look but stops nothing. */
  readonly notes: readonly Problem[];
}

/** Collects how the steps of one artifact end. */
export class ArtifactProgress {
  private readonly steps: Partial<Record<Step, StepResult>> = {};
  private readonly problems: Problem[] = [];
  private readonly notes: Problem[] = [];
  private readonly commands: string[] = [];
  private verdict: ScanVerdict | undefined;

  public constructor(
    public readonly artifact: Artifact,
    private readonly tell: (line: string) => void,
  ) {}

  /** Says what begins now. */
  public begin(what: string): void {
    this.tell(`${this.artifact.name}: ${what}`);
  }

  public end(step: Step, state: StepState, detail?: string): void {
    this.steps[step] = detail === undefined ? { state } : { state, detail };
  }

  /** Ends the chain of this artifact at a step. */
  public fail(step: Step, ...problems: readonly Problem[]): void {
    this.end(step, 'failed');
    this.problems.push(...problems);
  }

  /** Ends the chain of this artifact before its first step. */
  public stop(problem: Problem): void {
    this.problems.push(problem);
  }

  public note(note: Problem): void {
    this.notes.push(note);
  }

  public plan(command: string): void {
    this.commands.push(command);
  }

  public scanned(verdict: ScanVerdict): void {
    this.verdict = verdict;
  }

  /** The result, with every step that did not end before as `rest`. */
  public result(rest: StepResult = { state: 'not reached' }): ArtifactResult {
    return {
      artifact: this.artifact,
      steps: Object.fromEntries(STEPS.map((step) => [step, this.steps[step] ?? rest])) as Record<Step, StepResult>,
      problems: this.problems,
      notes: this.notes,
      ...(this.verdict === undefined ? {} : { scan: this.verdict }),
      ...(this.commands.length === 0 ? {} : { commands: this.commands }),
    };
  }
}
