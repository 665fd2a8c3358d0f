import * as fs from 'node:fs';
import * as path from 'node:path';
import { stackFile, YamlFile, type Platform, type Problem } from '../../src/model';
import { type Plan } from './plan';
import { planStack } from './plan-stack';

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
 * @param stacks names of environments
 * @param onStep is told the stack whose turn it is
 */
export async function planStacks(platform: Platform, stacks: readonly string[], onStep: (stack: string) => void): Promise<Plans> {
  const project = projectName(platform.directory);
  const plans: Plan[] = [];
  const problems: Problem[] = [];
  const unconfigured: Problem[] = [];
  for (const environment of platform.environments.filter(({ name }) => stacks.includes(name))) {
    const { name, stack: settings } = environment;
    const location = { file: stackFile(name) };
    if (settings === undefined) {
      unconfigured.push({
        location,
        message: `does not exist, so nobody knows where on Azure '${name}' is`,
        remedy: "Make it with 'config' and, in it, 'azure-native:location' and 'azure-native:subscriptionId' (docs/azure.md).",
      });
      continue;
    }
    onStep(name);
    const result = await planStack({ platform, environment, settings, project });
    if ('refusal' in result) problems.push({ location, message: result.refusal, remedy: 'Correct what the message names.' });
    else plans.push(result);
  }
  return { plans, problems, unconfigured };
}

/** Name of the Pulumi project, which is part of every URN. */
function projectName(directory: string): string | undefined {
  const yaml = fs.existsSync(path.join(directory, PROJECT_FILE)) ? YamlFile.read(directory, PROJECT_FILE) : undefined;
  const name = yaml instanceof YamlFile ? (yaml.content as { readonly name?: unknown } | null)?.name : undefined;
  return typeof name === 'string' ? name : undefined;
}
