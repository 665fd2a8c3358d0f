import { type Problem, sortProblems } from '../model';
import { type AzureCliFailure, type AzureCliOptions } from './azure-cli';
import { describePatience, retry, type Patience } from './patience';
import { about, AzureSession } from './state/azure-session';
import { pulumiLines, type PulumiLines } from './state/pulumi-lines';
import { lookWhoIsSignedIn, type SignedIn } from './state/signed-in';
import { checkStateRequest, type StateRequest } from './state/state-request';
import { stateSteps, type Finding, type Step } from './state/state-steps';

export { PRINCIPAL_TYPES, type PrincipalType, type StateRequest } from './state/state-request';
export { type PulumiLines } from './state/pulumi-lines';

/** How the state backend is made. */
export interface BootstrapOptions {
  /** Environment variables, of which PATH says where `az` is. */
  readonly environment: AzureCliOptions['environment'];
  /** Names of the stacks that will use it. */
  readonly stacks: readonly string[];
  /** Looks, and says what would be made. @default false */
  readonly dryRun?: boolean;
  /** Stops it early. @default - nothing does */
  readonly signal?: AbortSignal;
  /** How long to wait until a new role lets its holder in. @default - 5 min, every 10 s */
  readonly patience?: Patience;
  /** Learns what is being done. @default - nobody does */
  readonly tell?: (what: string) => void;
}

/** One thing that the state backend consists of, and what became of it. */
export interface BootstrappedPart {
  /** What it is, such as `storage account`. */
  readonly what: string;
  readonly resource: string;
  /** `weaker` is there and not as it should be; `planned` would be made; `not reached` would be, had nothing failed before. */
  readonly state: 'present' | 'made' | 'planned' | 'weaker' | 'failed' | 'not reached';
  /** The command that makes it. @default - it is there */
  readonly command?: string;
}

/** What became of the state backend. */
export interface Bootstrap {
  readonly parts: readonly BootstrappedPart[];
  readonly problems: readonly Problem[];
  /** What comes next. @default - there are problems */
  readonly next?: PulumiLines;
}

/** Makes the storage account and the key in which Pulumi keeps state and secrets; what is there already is left as it is. */
export async function bootstrapState(request: StateRequest, options: BootstrapOptions): Promise<Bootstrap> {
  const wrong = checkStateRequest(request);
  if (wrong.length > 0) return { parts: [], problems: wrong };
  const { environment, signal, stacks, dryRun = false } = options;
  const { subscription } = request;
  const session = new AzureSession({ environment, subscription, ...(signal === undefined ? {} : { signal }) });
  const signedIn = await lookWhoIsSignedIn(session, request);
  if ('message' in signedIn) return { parts: [], problems: [signedIn] };

  const plan = await lookAtAll(stateSteps(session, request, signedIn.principals), options);
  const found = plan.flatMap(({ finding }) => problemsOf(finding));
  // Nothing is built on what is weaker than it should be.
  if (found.length > 0 || dryRun) {
    const parts = plan.map(({ step, finding }) => partOf(session, step, planned(finding)));
    const problems = sortProblems(found);
    return { parts, problems, ...(problems.length === 0 ? { next: pulumiLines(request, signedIn, stacks) } : {}) };
  }
  const made = await makeAll(session, plan, options);
  const problem = made.problem ?? (await checkAccess(session, request, signedIn, options));
  if (problem !== undefined) return { parts: made.parts, problems: [problem] };
  return { parts: made.parts, problems: [], next: pulumiLines(request, signedIn, stacks) };
}

interface Planned {
  readonly step: Step;
  readonly finding: Finding;
}

async function lookAtAll(steps: readonly Step[], { tell, signal }: BootstrapOptions): Promise<readonly Planned[]> {
  const findings = new Map<Step, Finding>();
  for (const step of steps) {
    const whole = step.partOf === undefined ? undefined : findings.get(step.partOf)?.state;
    tell?.(`looking for ${step.what} ${step.resource}`);
    // What is wrong with the whole is told there, and once.
    findings.set(step, whole === undefined || whole === 'present' ? await step.look() : { state: 'absent' });
    if (signal?.aborted === true) break;
  }
  return [...findings].map(([step, finding]) => ({ step, finding }));
}

function problemsOf(finding: Finding): readonly Problem[] {
  if (finding.state === 'failed') return [finding.problem];
  return finding.state === 'present' ? finding.problems : [];
}

function planned(finding: Finding): BootstrappedPart['state'] {
  if (finding.state === 'absent') return 'planned';
  if (finding.state === 'failed') return 'failed';
  return finding.problems.length > 0 ? 'weaker' : 'present';
}

const partOf = (session: AzureSession, { what, resource, make }: Step, state: BootstrappedPart['state']): BootstrappedPart => ({
  what,
  resource,
  state,
  ...(state === 'present' || state === 'weaker' ? {} : { command: session.commandLine(make) }),
});

async function makeAll(
  session: AzureSession,
  plan: readonly Planned[],
  { tell }: BootstrapOptions,
): Promise<{ readonly parts: readonly BootstrappedPart[]; readonly problem?: Problem }> {
  const parts: BootstrappedPart[] = [];
  let problem: Problem | undefined;
  for (const { step, finding } of plan) {
    if (finding.state === 'present') {
      parts.push(partOf(session, step, 'present'));
    } else if (problem !== undefined) {
      parts.push(partOf(session, step, 'not reached'));
    } else {
      tell?.(`making ${step.what} ${step.resource}`);
      const failure = await session.run(step.make);
      parts.push(partOf(session, step, failure === undefined ? 'made' : 'failed'));
      if (failure !== undefined) problem = notMade(step, failure);
    }
  }
  return { parts, ...(problem === undefined ? {} : { problem }) };
}

/** Errors of Azure of which more can be said than `az` says. */
const REMEDIES: readonly (readonly [said: RegExp, remedy: string])[] = [
  [
    /deleted state|VaultAlreadyExists|SoftDeleted/i,
    'The name is taken: name another vault with --vault, or have a deleted one back with `az keyvault recover`.',
  ],
  [/StorageAccountAlreadyTaken|already taken/i, 'The name is taken: name another one with --storage-account.'],
  [
    /roleAssignments\/write|locks\/write/i,
    'Owner, or Contributor with User Access Administrator, on the resource group may give roles and set locks. Have somebody run it who is.',
  ],
  [/RequestDisallowedByPolicy/i, 'A policy of the company forbids it. Ask its owner for an exemption, or to make it for you.'],
  [
    /LocationNotAvailable|SkuNotAvailable|not supported in (?:this )?(?:location|region)|zone.?redundan/i,
    'Choose another region with --location: one with availability zones.',
  ],
];

function notMade({ what, resource }: Step, { problem, reason }: AzureCliFailure): Problem {
  const remedy = reason === 'interrupted' ? undefined : REMEDIES.find(([said]) => said.test(problem.message))?.[1];
  return about(`${what} ${resource}`, { ...problem, ...(remedy === undefined ? {} : { remedy }) });
}

/** Waits until the container lets in who is signed in: a role that was just given takes some minutes. */
async function checkAccess(
  session: AzureSession,
  { storageAccount, container }: StateRequest,
  { includesSelf }: SignedIn,
  { patience = {}, tell }: BootstrapOptions,
): Promise<Problem | undefined> {
  if (!includesSelf) return undefined;
  const list = [
    ...['storage', 'blob', 'list', '--account-name', storageAccount, '--container-name', container],
    ...['--num-results', '1', '--auth-mode', 'login'],
  ];
  const failure = await retry(
    patience,
    session.signal,
    () => {
      tell?.(`reading container ${storageAccount}/${container}`);
      return session.run(list);
    },
    (outcome) => outcome?.reason === 'denied',
  );
  if (failure === undefined) return undefined;
  const what = `container ${storageAccount}/${container}`;
  if (failure.reason !== 'denied') return about(what, failure.problem);
  return about(what, {
    ...failure.problem,
    message: `everything is made, but the role did not let you in within ${describePatience(patience)}: ${failure.problem.message}`,
    remedy: 'Run it again in some minutes: it changes nothing that is there.',
  });
}
