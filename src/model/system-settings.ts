import { overrideGit, type GitSettings } from './git-host';
import { deriveNames, PLATFORM_NAMES, SYSTEM_NAMES, type PlatformNames, type SystemNames } from './naming';
import { type JsonObject, type JsonValue } from './platform';
import { type PlatformFile } from './platform-file';
import { defined, own } from './records';
import { type SystemFile, type SystemOverride } from './system-file';

/** The environments that a system runs in, without names that do not exist. */
export function environmentsOf(system: SystemFile, platform: PlatformFile): readonly string[] {
  return Object.keys(platform.environments).filter(
    (name) => system.environments === undefined || Object.hasOwn(system.environments, name),
  );
}

/** What a system says for one environment: its override over what it says for all. `git` is merged apart, with the platform's. */
export function settingsIn(system: SystemFile, environment: string): Omit<SystemOverride, 'git'> {
  const override = own(system.environments, environment) ?? {};
  const settings: SystemOverride = { ...system, ...defined(override) };
  return {
    ...settings,
    chart: mergeChart(system.chart, override.chart),
    values: mergeValues(system.values ?? {}, override.values ?? {}) as SystemOverride['values'],
  };
}

/**
 * Whether a system is ready only when all its objects are. What others build on waits by default; a business application does not,
 * because a fix has to wait for the time-out of what it mends.
 */
export function waitsIn(system: SystemFile, environment: string): boolean {
  return settingsIn(system, environment).wait ?? system.pattern !== 'B';
}

/** The repository's host settings of a system in one environment. */
export function gitSettingsIn(system: SystemFile, environment: string, platform: PlatformFile): GitSettings {
  return [system.git, own(system.environments, environment)?.git].reduce(
    (settings, override) => overrideGit(settings, hostSettings(override ?? {})),
    hostSettings(platform.git),
  );
}

/** The repository that a system names for one environment, `undefined` when it names none. */
export function givenRepositoryIn(system: SystemFile, environment: string): string | undefined {
  return own(system.environments, environment)?.git?.repository ?? system.git?.repository;
}

/** The host settings of the shared chart repository. */
export function platformChartsGitSettings(platform: PlatformFile): GitSettings {
  return overrideGit(hostSettings(platform.git), hostSettings(platform.platformCharts));
}

/** The names that exist once. */
export function platformNamesOf({ naming, platformCharts }: PlatformFile): PlatformNames {
  const given = {
    platformChartsRepository: platformCharts.repository,
    platformChartsGitRepository: naming?.platformChartsGitRepository,
  };
  return deriveNames(PLATFORM_NAMES, {}, given, {});
}

/** Every name of a system in one environment. */
export function systemNamesIn(name: string, system: SystemFile, environment: string, platform: PlatformFile): SystemNames {
  const repository = givenRepositoryIn(system, environment);
  const given = { ...system.names, ...(repository === undefined ? {} : { repository }) };
  return deriveNames(SYSTEM_NAMES, platform.naming ?? {}, given, { system: name, environment });
}

/** The host's fields only, without those that describe a repository. */
export function hostSettings<Host extends Partial<GitSettings>>(settings: Host): Pick<Host, keyof GitSettings> {
  const { host, organization, project, baseUrl, secretName } = settings;
  return { host, organization, project, baseUrl, secretName };
}

/** A chart by name and one by repository replace each other; otherwise the version is what an environment changes. */
function mergeChart(base: SystemOverride['chart'], override: SystemOverride['chart']): SystemOverride['chart'] {
  if (base === undefined || override === undefined) return override ?? base;
  const otherChart =
    override.name !== undefined || (override.repository !== undefined && base.repository !== override.repository);
  return otherChart ? override : { ...base, ...defined(override) };
}

/** As Helm merges values: mappings are merged, everything else is replaced. */
export function mergeValues(base: JsonObject, override: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...base };
  for (const [key, value] of Object.entries(override)) {
    const below = own(base, key);
    const both = isObject(below) && isObject(value) ? mergeValues(below, value) : value;
    Object.defineProperty(merged, key, { value: both, configurable: true, enumerable: true, writable: true });
  }
  return merged;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
