import {
  parseMirrorReference,
  quotaOf,
  SKUS,
  suggestion,
  UNRESOLVED,
  type Environment,
  type JsonValue,
  type Platform,
  type SkuName,
  type System,
  type SystemSummary,
  type TenantQuota,
} from '../model';
import { dependentsOf, type Dependent } from './dependents';
import { findSystem, inEnvironments, unknownEnvironment, type UsageFailure } from './known-system';

/** Everything about one system. */
export interface SystemView extends Omit<SystemSummary, 'mirror'> {
  readonly mirror: readonly MirroredArtifact[];
  /** In the order of promotion. */
  readonly environments: readonly SystemInEnvironment[];
}

export interface MirroredArtifact {
  /** As published upstream. */
  readonly reference: string;
  /** @default - the lock does not know it yet */
  readonly digest?: string;
  /** Repository in the environment's registry. */
  readonly target: string;
}

/** A system in one environment. */
export interface SystemInEnvironment {
  readonly environment: string;
  readonly suspended: boolean;
  readonly bearsData: boolean;
  readonly namespace: string;
  /** @default - it has none */
  readonly repository?: { readonly url: string; readonly branch: string; readonly path: string };
  /** @default - the HelmRelease is in its repository */
  readonly chart?: { readonly name: string; readonly version?: string; readonly source: string };
  /** @default - the team's repository or the chart decides */
  readonly imageTag?: string;
  /** @default - it has no tenant */
  readonly sku?: SkuName;
  /** @default - it has no tenant */
  readonly quota?: TenantQuota;
  readonly aadGroupId?: string;
  readonly dependsOn: readonly string[];
  readonly neededBy: readonly string[];
  /** The file that Flux reads. */
  readonly generated: string;
}

/**
 * Everything about one system.
 *
 * @param only environments to show. Default: all that it runs in
 */
export function showSystem(platform: Platform, name: string, only?: readonly string[]): SystemView | UsageFailure {
  const summary = findSystem(platform, name);
  if ('usage' in summary) return summary;
  const unknown = unknownEnvironment(platform, only ?? []) ?? absentFrom(platform, summary, only ?? []);
  if (unknown !== undefined) return unknown;
  const dependents = dependentsOf(platform, name);
  return {
    ...summary,
    mirror: summary.mirror.map((reference) => mirrored(platform, reference)),
    environments: inEnvironments(platform, name)
      .filter(({ environment }) => only?.includes(environment) !== false)
      .map((system) =>
        view(
          platform.environments.find((environment) => environment.name === system.environment)!,
          system,
          dependents,
        ),
      ),
  };
}

/** An environment in which the system does not run. */
export function absentFrom(
  platform: Platform,
  { name, file }: SystemSummary,
  environments: readonly string[],
): UsageFailure | undefined {
  const present = inEnvironments(platform, name).map(({ environment }) => environment);
  const absent = environments.find((environment) => !present.includes(environment));
  if (absent === undefined) return undefined;
  return {
    usage: `system '${name}' does not run in '${absent}' (${file}). ${suggestion(absent, present, 'environments that it runs in')}`,
  };
}

function view(environment: Environment, system: System, dependents: readonly Dependent[]): SystemInEnvironment {
  const { registration, sku, aadGroupId, dependsOn, names } = system;
  const tag = imageTagOf(system);
  const chart = chartOf(environment, system);
  return {
    environment: environment.name,
    suspended: system.suspend,
    bearsData: system.bearsData,
    namespace: names.namespace,
    ...(registration === undefined
      ? {}
      : { repository: { url: registration.git.url, branch: registration.branch, path: registration.path } }),
    ...(chart === undefined ? {} : { chart }),
    ...(tag === undefined ? {} : { imageTag: tag }),
    ...(sku === undefined ? {} : { sku, quota: quotaOf(SKUS[sku]) }),
    ...(aadGroupId === undefined ? {} : { aadGroupId }),
    dependsOn: dependsOn.map((dependency) => dependency.system),
    neededBy: dependents
      .filter(({ environments }) => environments.includes(environment.name))
      .map((dependent) => dependent.system),
    generated: `clusters/${environment.name}/systems/${system.name}.yaml`,
  };
}

function chartOf({ platformCharts, registry }: Environment, { helmRelease }: System): SystemInEnvironment['chart'] {
  if (helmRelease === undefined) return undefined;
  const { chart } = helmRelease;
  return chart.kind === 'registry'
    ? { name: chart.repository, version: chart.version, source: registry.loginServer }
    : { name: chart.name, source: `${platformCharts.git.url}, branch ${platformCharts.branch}` };
}

/** The tag that a platform-owned release gives its image, `undefined` when something else decides. */
export function imageTagOf({ helmRelease }: System): string | undefined {
  const image: JsonValue | undefined = helmRelease?.values['image'];
  if (typeof image !== 'object' || image === null || Array.isArray(image)) return undefined;
  const { tag } = image as { readonly tag?: JsonValue };
  return typeof tag === 'string' || typeof tag === 'number' ? String(tag) : undefined;
}

function mirrored({ lock }: Platform, given: string): MirroredArtifact {
  const { kind, name } = parseMirrorReference(given);
  const { digest, target, tag } = (kind === 'image' ? lock.images : lock.charts)[name]!;
  return { reference: given, ...(digest === UNRESOLVED ? {} : { digest }), target: `${target}:${tag}` };
}
