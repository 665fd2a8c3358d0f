import { type Environment, type Platform } from '../src/model';
import { environmentFiles } from './environment-files';
import { type GeneratedFile } from './generated-file';

/** The files of one environment. */
export interface SynthesizedEnvironment {
  readonly environment: Environment;
  readonly files: readonly GeneratedFile[];
}

/**
 * Makes the files of every environment, in memory.
 *
 * @param only environments to synthesize. Default: all
 */
export function synthesize(platform: Platform, only?: ReadonlySet<string>): readonly SynthesizedEnvironment[] {
  return platform.environments
    .filter(({ name }) => only === undefined || only.has(name))
    .map((environment) => ({ environment, files: environmentFiles(platform, environment) }));
}
