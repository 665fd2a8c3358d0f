import * as path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import {
  formatProblem,
  load,
  ORGANIZATION_STACK,
  organizationConfigFile,
  organizationSettings,
  stackConfigFile,
  stackFile,
  stackSettings,
  suggestion,
  type Environment,
  type Platform,
  type Problem,
} from '../src/model';
import { engineConfig } from './engine-config';
import { environmentStack } from './environment-stack';
import { liveEffects, LOGGED_EFFECTS } from './live-effects';
import { organizationStack } from './organization-stack';
import { whatStopsUp } from './what-stops-up';
import { refusal } from './azure/refusal';

/** The folder that holds `platform.yaml`, wherever Pulumi starts the program. */
const PLATFORM_FOLDER = path.join(__dirname, '..');

/**
 * The program of every stack: the name of the stack selects the environment.
 *
 * @returns the outputs of the stack
 * @throws pulumi.RunError with every problem of the model or of the configuration
 */
export async function main(): Promise<Record<string, unknown>> {
  try {
    return await runStack();
  } catch (error) {
    // A defect keeps its stack, as text; see `refusal` for why it is no stack any more.
    throw pulumi.RunError.isInstance(error) ? error : refusal(String((error as Error).stack ?? error));
  }
}

async function runStack(): Promise<Record<string, unknown>> {
  const platform = loadPlatform();
  if (pulumi.getStack() === ORGANIZATION_STACK) return runOrganization(platform);
  const environment = environmentOf(platform, pulumi.getStack());
  const config = engineConfig(stackConfigFile, pulumi.runtime.allConfig(), environment.name);
  if ('problems' in config) throw failure(config.problems);
  const settings = stackSettings(config.config, environment);
  const blockers = whatStopsUp(platform, environment);
  if (blockers.length > 0) {
    // A preview shows everything else, and says that it would stop.
    if (!pulumi.runtime.isDryRun()) throw failure(blockers);
    for (const blocker of blockers) await pulumi.log.warn(`pulumi up would stop: ${formatProblem(blocker)}`);
  }
  return environmentStack({ platform, environment, settings, effects: liveEffects(PLATFORM_FOLDER, environment, settings) });
}

async function runOrganization(platform: Platform): Promise<Record<string, unknown>> {
  const { organization } = platform;
  if (organization === undefined) {
    throw refusal(
      `There is no ${stackFile(ORGANIZATION_STACK)}, which says what the stack '${ORGANIZATION_STACK}' makes.\n→ Make it (docs/organization.md).`,
    );
  }
  const config = engineConfig(organizationConfigFile, pulumi.runtime.allConfig(), ORGANIZATION_STACK);
  if ('problems' in config) throw failure(config.problems);
  const settings = organizationSettings(config.config, platform.environments);
  return organizationStack({ platform, organization: { ...organization, settings }, effects: LOGGED_EFFECTS });
}

function loadPlatform(): Platform {
  const result = load(PLATFORM_FOLDER);
  if ('platform' in result) return result.platform;
  throw failure(result.problems);
}

function environmentOf({ environments }: Platform, stack: string): Environment {
  const environment = environments.find(({ name }) => name === stack);
  if (environment !== undefined) return environment;
  const names = [...environments.map(({ name }) => name), ORGANIZATION_STACK];
  throw refusal(
    `The stack '${stack}' is no environment of platform.yaml.\n→ ${suggestion(stack, names, 'stacks')} Choose one with \`--stack\`.`,
  );
}

function failure(problems: readonly Problem[]): Error {
  return refusal(problems.map(formatProblem).join('\n'));
}
