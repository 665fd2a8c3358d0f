import * as fs from 'node:fs';
import * as path from 'node:path';
import { ORGANIZATION_STACK, stackFile, stackNames, YamlFile, type Platform, type Problem } from '../../src/model';
import { type Violation } from '../policy/index';
import { type Plan } from './plan';
import { planOrganization, planStack } from './plan-stack';

const PROJECT_FILE = 'Pulumi.yaml';

/** The plans of stacks, and why one could not be made. */
export interface Plans {
  readonly plans: readonly Plan[];
  readonly problems: readonly Problem[];
  /** Stacks that have no settings, which cannot be planned. */
  readonly unconfigured: readonly Problem[];
}

/**
 * Plans stacks one after another.
 *
 * @param stacks names of stacks
 * @param onStep is told the stack whose turn it is
 */
export async function planStacks(platform: Platform, stacks: readonly string[], onStep: (stack: string) => void): Promise<Plans> {
  const project = projectName(platform.directory);
  const plans: Plan[] = [];
  const problems: Problem[] = [];
  const unconfigured: Problem[] = [];
  for (const stack of stackNames(platform).filter((name) => stacks.includes(name))) {
    const location = { file: stackFile(stack) };
    const planned = plannedStack(platform, stack, project);
    if (planned === undefined) {
      unconfigured.push({
        location,
        message: `does not exist, so nobody knows where on Azure '${stack}' is`,
        remedy: "Make it with 'config' and, in it, 'azure-native:location' and 'azure-native:subscriptionId' (docs/azure.md).",
      });
      continue;
    }
    onStep(stack);
    const result = await planned();
    if ('refusal' in result) problems.push({ location, message: result.refusal, remedy: 'Correct what the message names.' });
    else {
      plans.push(result);
      problems.push(...result.violations.map((violation) => ({ location, ...toldAs(violation) })));
    }
  }
  return { plans, problems, unconfigured };
}

function plannedStack(
  platform: Platform,
  stack: string,
  project: string | undefined,
): (() => ReturnType<typeof planStack>) | undefined {
  const { organization, environments } = platform;
  if (stack === ORGANIZATION_STACK) {
    return organization === undefined ? undefined : () => planOrganization({ platform, organization, project });
  }
  const environment = environments.find(({ name }) => name === stack)!;
  const settings = environment.stack;
  return settings === undefined ? undefined : () => planStack({ platform, environment, settings, project });
}

/** A rule that is broken, as a problem: the plan is shown, and the run fails. */
const toldAs = ({ policy, resource, message, remedy }: Violation): { readonly message: string; readonly remedy: string } => ({
  message: `breaks the policy ${policy}: ${resource === undefined ? '' : `${resource}: `}${message}`,
  remedy,
});

/** Name of the Pulumi project, which is part of every URN. */
function projectName(directory: string): string | undefined {
  const yaml = fs.existsSync(path.join(directory, PROJECT_FILE)) ? YamlFile.read(directory, PROJECT_FILE) : undefined;
  const name = yaml instanceof YamlFile ? (yaml.content as { readonly name?: unknown } | null)?.name : undefined;
  return typeof name === 'string' ? name : undefined;
}
