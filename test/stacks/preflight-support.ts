import { type Environment, type GitAddress, type Platform } from '../../src/model';
import { type PreflightCheck } from '../../src/stacks';
import { loadPlatform } from '../support/load-platform';
import { platformFolder } from '../support/platform-folder';

/** Environment `dev` of the base platform, with its repository at another address. */
export function platformAt(url: string, change: Partial<GitAddress> = {}): { platform: Platform; environment: Environment } {
  const loaded = loadPlatform(platformFolder());
  const git: GitAddress = { ...loaded.git, host: 'generic', provider: 'generic', url, ...change };
  const platform = { ...loaded, git };
  return { platform, environment: platform.environments[0]! };
}

/** What the checks found, by name. */
export const byName = (checks: readonly PreflightCheck[]): Readonly<Record<string, PreflightCheck>> =>
  Object.fromEntries(checks.map((check) => [check.name, check]));

/** The results alone, by name. */
export const results = (checks: readonly PreflightCheck[]): Readonly<Record<string, string>> =>
  Object.fromEntries(checks.map(({ name, result }) => [name, result]));
