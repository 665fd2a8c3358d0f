import * as pulumi from '@pulumi/pulumi';
import {
  ORGANIZATION_STACK,
  type Environment,
  type Organization,
  type Platform,
  type Problem,
  type StackSettings,
} from '../../src/model';
import { type OrganizationContext } from '../azure-devops/organization-context';
import { checkPlan, policyFacts } from '../policy/index';
import { pathFromProgram } from '../registry-config';
import { type Effects, type StackContext, type StackProgram } from '../stack-program';
import { whatStopsUp } from '../what-stops-up';
import { recordedAnswers } from './answers';
import { evaluate } from './evaluate';
import { organizationAnswers } from './organization-answers';
import { type Plan } from './plan';
import { PlanMonitor, type Answers } from './plan-monitor';

/** Name of the Pulumi project in the URNs of a plan; a fork may call its own differently. */
const DEFAULT_PROJECT = 'k8s-gitops';

/** An environment whose stack is configured. */
export interface PlannedStack {
  readonly platform: Platform;
  readonly environment: Environment;
  readonly settings: StackSettings;
  /** Name of the Pulumi project. @default k8s-gitops */
  readonly project?: string | undefined;
}

/** The stack `organization`, which is configured. */
export interface PlannedOrganization {
  readonly platform: Platform;
  readonly organization: Organization;
  /** Name of the Pulumi project. @default k8s-gitops */
  readonly project?: string | undefined;
}

/** Why a program refuses to go on. */
interface Refused {
  readonly refusal: string;
}

/**
 * What `pulumi preview` of an environment's stack would show, without a cloud, an engine or a plugin.
 *
 * The real program runs in this process, so plans are made one after another. What providers check and name by themselves is not seen.
 *
 * @returns the plan, or why the program refuses to go on
 */
export function planStack({ platform, environment, settings, project }: PlannedStack): Promise<Plan | Refused> {
  return planProgram({
    platform,
    stack: environment.name,
    project,
    answers: recordedAnswers({ platform, environment, settings }),
    recorded: environment.outputs !== undefined,
    stops: whatStopsUp(platform, environment),
    program: (effects) => environmentStack()({ platform, environment, settings, effects }),
  });
}

/** The same of the stack `organization`. */
export function planOrganization({ platform, organization, project }: PlannedOrganization): Promise<Plan | Refused> {
  return planProgram({
    platform,
    stack: ORGANIZATION_STACK,
    project,
    answers: organizationAnswers(organization),
    recorded: platform.environments.every(({ pipelines }) => pipelines !== undefined),
    stops: [],
    program: (effects) => organizationStack()({ platform, organization, effects }),
  });
}

interface Planned {
  readonly platform: Platform;
  readonly stack: string;
  readonly project?: string | undefined;
  readonly answers: Answers;
  readonly recorded: boolean;
  readonly stops: readonly Problem[];
  readonly program: (effects: Effects) => ReturnType<StackProgram>;
}

async function planProgram(planned: Planned): Promise<Plan | Refused> {
  const { platform, stack, project = DEFAULT_PROJECT, answers, recorded, stops, program } = planned;
  const warnings: string[] = [];
  const notes: string[] = [];
  const observer = new PlanMonitor(project, stack, answers);
  const monitor = await evaluate(() => program(offlineEffects(warnings, notes)), observer).catch((error: unknown) => {
    if (pulumi.RunError.isInstance(error)) return { refusal: error.message };
    throw error;
  });
  if ('refusal' in monitor) return monitor;
  const resources = [...monitor.resources.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return {
    stack,
    recorded,
    resources,
    lookUps: monitor.lookUps,
    outputs: monitor.outputs,
    warnings,
    notes,
    stops,
    violations: await checkPlan({ stack, resources }, policyFacts(platform)),
  };
}

/** Nothing outside is touched; what would be signed in to is only named. */
function offlineEffects(warnings: string[], notes: string[]): Effects {
  return {
    signInToRegistry: () => Promise.resolve(),
    kubeconfigFile: pathFromProgram,
    info: (message) => notes.push(message),
    // What there is to request stands in the outputs.
    request: () => undefined,
    warn: (message) => warnings.push(message),
  };
}

/** Loaded when it is needed, and by its interface: the types of the cloud's resources are checked apart (infra/tsconfig.json). */
function environmentStack(): StackProgram {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
  return (require('../environment-stack') as { readonly environmentStack: (context: StackContext) => ReturnType<StackProgram> })
    .environmentStack;
}

/** Likewise. */
function organizationStack(): (context: OrganizationContext) => ReturnType<StackProgram> {
  const loaded: unknown = require('../organization-stack'); // eslint-disable-line @typescript-eslint/no-require-imports -- see above
  return (loaded as { readonly organizationStack: (context: OrganizationContext) => ReturnType<StackProgram> }).organizationStack;
}
