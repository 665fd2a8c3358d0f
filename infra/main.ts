import * as path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { formatProblem, load, stackSettings, suggestion, type Environment, type Platform, type Problem } from '../src/model';
import { engineConfig } from './engine-config';
import { environmentStack } from './environment-stack';
import { liveEffects } from './live-effects';
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
  const environment = environmentOf(platform, pulumi.getStack());
  const config = engineConfig(pulumi.runtime.allConfig(), environment.name);
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

function loadPlatform(): Platform {
  const result = load(PLATFORM_FOLDER);
  if ('platform' in result) return result.platform;
  throw failure(result.problems);
}

function environmentOf({ environments }: Platform, stack: string): Environment {
  const environment = environments.find(({ name }) => name === stack);
  if (environment !== undefined) return environment;
  const names = environments.map(({ name }) => name);
  throw refusal(
    `The stack '${stack}' is no environment of platform.yaml.\n→ ${suggestion(stack, names, 'environments')} Choose one with \`--stack\`.`,
  );
}

function failure(problems: readonly Problem[]): Error {
  return refusal(problems.map(formatProblem).join('\n'));
}
