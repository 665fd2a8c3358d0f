import { APP_CHART } from './chart-values/central-charts';
import { azureDevOpsProject } from './azure-devops-project';
import { environmentNamesOf } from './environment-names';
import { gitAddress } from './git-host';
import { loginServerOf } from './login-server';
import { fillTemplate } from './naming';
import { organizationSettings, type Organization } from './organization-settings';
import {
  type Environment,
  type JsonObject,
  type JsonValue,
  type OwnedOrShared,
  type Platform,
  type PlatformCharts,
  type System,
  type SystemDependency,
  type SystemSummary,
} from './platform';
import { type EnvironmentFileEntry } from './platform-file';
import { defined, own } from './records';
import { type Source, type Sources } from './sources';
import { stackSettings } from './stack-settings';
import { type SystemFile } from './system-file';
import {
  environmentsOf,
  gitSettingsIn,
  hostSettings,
  platformChartsGitSettings,
  platformNamesOf,
  settingsIn,
  systemNamesIn,
  waitsIn,
} from './system-settings';
import { type LockFile } from './lock-file';

const DEFAULT_PATH = './environments/{environment}/flux';
const DEFAULT_INTERVAL = '5m';
const DEFAULT_POLL_INTERVAL = '1m';

/** The whole model from input files that passed every check. */
export function resolve(directory: string, sources: Sources, lock: LockFile): Platform {
  const { content } = sources.platform;
  const names = [...sources.systems.keys()].sort();
  const organization = resolveOrganization(sources);
  return {
    directory,
    git: gitAddress(hostSettings(content.git), content.git.repository),
    tenantId: content.azure.tenantId,
    tenancy: content.tenancy,
    flux: content.flux,
    lock,
    supplyChain: content.supplyChain,
    scanExceptions: sources.scanExceptions?.content.exceptions ?? [],
    environments: Object.entries(content.environments).map(([name, entry]) => resolveEnvironment(name, entry, names, sources)),
    ...(organization === undefined ? {} : { organization }),
    systems: names.map((name) => summarize(name, sources.systems.get(name)!)),
  };
}

function resolveOrganization({
  platform: { content },
  organizationConfig,
  organizationOutputs,
}: Sources): Organization | undefined {
  if (organizationConfig === undefined) return undefined;
  const { git } = content;
  const environments = Object.entries(content.environments).map(([name, { branch }]) => ({ name, branch }));
  return {
    azureDevOps: { ...azureDevOpsProject(gitAddress(hostSettings(git), git.repository)), repository: git.repository },
    settings: organizationSettings(organizationConfig.content.config, environments),
    ...(organizationOutputs === undefined ? {} : { outputs: organizationOutputs.content }),
  };
}

function resolveEnvironment(
  name: string,
  entry: EnvironmentFileEntry,
  systemNames: readonly string[],
  sources: Sources,
): Environment {
  const platform = sources.platform.content;
  const names = environmentNamesOf(name, entry, platform);
  const outputs = sources.outputs.get(name)?.content;
  const pipelines = own(sources.organizationOutputs?.content.pipelines, name);
  const config = sources.stackConfigs.get(name)?.content.config;
  const cluster = {
    name: names.cluster,
    resourceGroup: names.resourceGroup,
    kubernetesVersion: entry.cluster.kubernetesVersion,
  };
  const ownedOrShared = (resource: 'registry' | 'vault'): OwnedOrShared => {
    const { sharedWith } = entry[resource];
    return sharedWith === undefined
      ? { name: entry[resource].name! }
      : { name: platform.environments[sharedWith]![resource].name!, sharedWith };
  };
  return {
    name,
    branch: entry.branch,
    cluster,
    registry: { ...ownedOrShared('registry'), loginServer: loginServerOf(platform, name) },
    vault: ownedOrShared('vault'),
    scan: entry.scan,
    dryRun: entry.dryRun,
    names,
    platformCharts: resolvePlatformCharts(entry, sources),
    ...(outputs === undefined ? {} : { outputs }),
    ...(pipelines === undefined ? {} : { pipelines }),
    ...(config === undefined ? {} : { stack: stackSettings(config, { name, cluster }) }),
    systems: systemNames
      .filter((system) => environmentsOf(sources.systems.get(system)!.content, platform).includes(name))
      .map((system) => resolveSystem(system, name, entry, sources)),
  };
}

function resolvePlatformCharts(entry: EnvironmentFileEntry, { platform: { content } }: Sources): PlatformCharts {
  const { interval, path } = content.platformCharts;
  const names = platformNamesOf(content);
  return {
    git: gitAddress(platformChartsGitSettings(content), names.platformChartsRepository),
    branch: entry.platformCharts?.branch ?? entry.branch,
    interval,
    path,
    gitRepository: names.platformChartsGitRepository,
  };
}

function summarize(name: string, { yaml, content }: Source<SystemFile>): SystemSummary {
  const { pattern, team, release, mirror, approval, removal } = content;
  return { name, pattern, team, release, mirror, file: yaml.file, ...defined({ approval, removal }) };
}

function resolveSystem(name: string, environment: string, entry: EnvironmentFileEntry, sources: Sources): System {
  const platform = sources.platform.content;
  const source = sources.systems.get(name)!;
  const { content } = source;
  const settings = settingsIn(content, environment);
  const names = systemNamesIn(name, content, environment, platform);
  const timeout = settings.timeout === undefined ? {} : { timeout: settings.timeout };
  const { chart } = settings;
  return {
    ...summarize(name, source),
    environment,
    names,
    ...(content.registration
      ? {
          registration: {
            git: gitAddress(gitSettingsIn(content, environment, platform), names.repository),
            branch: fillTemplate(settings.branch ?? entry.branch, { environment }),
            path: fillTemplate(settings.path ?? DEFAULT_PATH, { environment }),
            interval: settings.interval ?? DEFAULT_INTERVAL,
            pollInterval: settings.pollInterval ?? DEFAULT_POLL_INTERVAL,
            wait: waitsIn(content, environment),
            ...timeout,
          },
        }
      : {}),
    ...(content.release === 'platform'
      ? {
          helmRelease: {
            chart:
              chart?.repository === undefined
                ? { kind: 'platform-charts', name: chart?.name ?? APP_CHART }
                : { kind: 'registry', repository: chart.repository, version: chart.version! },
            values: fillValues(settings.values ?? {}, { environment, registry: loginServerOf(platform, environment) }),
            ...defined({ interval: settings.interval, storageNamespace: settings.storageNamespace }),
            ...timeout,
          },
        }
      : {}),
    dependsOn: (settings.dependsOn ?? []).map((dependency) => resolveDependency(dependency, environment, sources)),
    suspend: settings.suspend ?? false,
    bearsData: content.bearsData,
    podSecurity: settings.podSecurity ?? 'restricted',
    ...(settings.sku === undefined ? {} : { sku: settings.sku }),
    ...(settings.aadGroupId === undefined ? {} : { aadGroupId: settings.aadGroupId }),
  };
}

/** Replaces `{environment}` and `{registry}` in every text, so that one declaration serves all environments. */
function fillValues(values: JsonObject, facts: { readonly environment: string; readonly registry: string }): JsonObject {
  const fill = (value: JsonValue): JsonValue => {
    if (typeof value === 'string')
      return value.replaceAll('{environment}', facts.environment).replaceAll('{registry}', facts.registry);
    if (Array.isArray(value)) return value.map(fill);
    return typeof value === 'object' && value !== null ? fillValues(value as JsonObject, facts) : value;
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fill(value)]));
}

function resolveDependency(name: string, environment: string, sources: Sources): SystemDependency {
  const { content } = sources.systems.get(name)!;
  const { kustomization, helmRelease } = systemNamesIn(name, content, environment, sources.platform.content);
  return {
    system: name,
    ...(content.registration ? { kustomization } : {}),
    ...(content.pattern === 'C' ? {} : { helmRelease }),
  };
}
