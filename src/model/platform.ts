import { type PodSecurityLevel } from './chart-values/tenant-values';
import { type GitAddress } from './git-host';
import { type LockFile } from './lock-file';
import { type EnvironmentNames, type SystemNames } from './naming';
import { type Organization } from './organization-settings';
import { type PipelineIdentities } from './organization-outputs-file';
import { type OutputsFile } from './outputs-file';
import { type FluxComponent, type PlatformFile } from './platform-file';
import { type ScanException } from './scan-exceptions-file';
import { type StackSettings } from './stack-settings';
import { type SkuName } from './sku';
import { type SupplyChain } from './supply-chain';
import { type Pattern, type SystemFile } from './system-file';

/** JSON data. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = Readonly<Record<string, JsonValue>>;

/** The whole model, with every default applied and every name derived. */
export interface Platform {
  /** Folder that holds `platform.yaml`, absolute. */
  readonly directory: string;
  /** This repository. */
  readonly git: GitAddress;
  /** Microsoft Entra tenant. */
  readonly tenantId: string;
  readonly tenancy: 'shared';
  readonly flux: FluxSettings;
  /** What the versions resolved to. */
  readonly lock: LockFile;
  /** How images, charts and tools get here. */
  readonly supplyChain: SupplyChain;
  /** Findings of scans that are accepted for a time. */
  readonly scanExceptions: readonly ScanException[];
  /** In the order of promotion. */
  readonly environments: readonly Environment[];
  /** The Azure DevOps side. @default - there is no `Pulumi.organization.yaml` */
  readonly organization?: Organization;
  /** Every onboarded system, in the order of their names. */
  readonly systems: readonly SystemSummary[];
}

export type FluxSettings = PlatformFile['flux'] & { readonly components: readonly FluxComponent[] };

/** What is the same about a system in all environments. */
export interface SystemSummary {
  readonly name: string;
  readonly pattern: Pattern;
  readonly team: string;
  readonly release: 'system' | 'platform';
  /** References of third-party images and charts, as published upstream. */
  readonly mirror: readonly string[];
  /** The file that declares it, relative to the platform folder. */
  readonly file: string;
  /** What the platform team approved of pattern C. @default - it is of another pattern */
  readonly approval?: NonNullable<SystemFile['approval']>;
  /** The announcement that it will be removed. @default - it stays */
  readonly removal?: NonNullable<SystemFile['removal']>;
}

/** A resource that an environment owns, or uses from the environment that owns it. */
export interface OwnedOrShared {
  readonly name: string;
  /** Environment that owns it. @default - this one */
  readonly sharedWith?: string;
}

/** One environment: a branch, a cluster, a Pulumi stack. */
export interface Environment {
  readonly name: string;
  /** Branch of this repository, without `refs/heads/`. */
  readonly branch: string;
  readonly cluster: {
    readonly name: string;
    readonly resourceGroup: string;
    /** Version of Kubernetes, minor or patch. */
    readonly kubernetesVersion: string;
  };
  readonly registry: OwnedOrShared & { readonly loginServer: string };
  readonly vault: OwnedOrShared;
  readonly scan: 'audit' | 'enforce';
  /** Whether pull requests are tried on the live cluster. */
  readonly dryRun: 'none' | 'cluster';
  readonly names: EnvironmentNames;
  readonly platformCharts: PlatformCharts;
  /** What the stack learned. @default - nothing is recorded yet */
  readonly outputs?: OutputsFile;
  /** Identities of its pipelines, as the stack `organization` made them. @default - nothing is recorded yet */
  readonly pipelines?: PipelineIdentities;
  /** What only Azure needs. @default - there is no `Pulumi.<environment>.yaml` */
  readonly stack?: StackSettings;
  /** Systems that run here, in the order of their names. */
  readonly systems: readonly System[];
}

/** The shared chart repository as one environment uses it. */
export interface PlatformCharts {
  readonly git: GitAddress;
  readonly branch: string;
  /** Flux duration. */
  readonly interval: string;
  /** Folder that holds the charts. */
  readonly path: string;
  /** Name of the Flux GitRepository. */
  readonly gitRepository: string;
}

/** One system in one environment. */
export interface System extends SystemSummary {
  readonly environment: string;
  readonly names: SystemNames;
  /** Its repository, applied by Flux. @default - the system has none: all of it is the platform's HelmRelease */
  readonly registration?: Registration;
  /** The HelmRelease that the platform owns. @default - the HelmRelease is in the system's repository */
  readonly helmRelease?: PlatformRelease;
  /** Systems that have to be ready first, in this environment. */
  readonly dependsOn: readonly SystemDependency[];
  /** Whether Flux leaves it as it is. */
  readonly suspend: boolean;
  /** Whether removing it loses data. */
  readonly bearsData: boolean;
  readonly sku?: SkuName;
  readonly aadGroupId?: string;
  /** Level of the Pod Security Standards that its workloads keep. */
  readonly podSecurity: PodSecurityLevel;
}

/** A system's repository and the folder in it that Flux applies. */
export interface Registration {
  readonly git: GitAddress;
  readonly branch: string;
  readonly path: string;
  /** Flux duration between two applies. */
  readonly interval: string;
  /** Flux duration between two polls of the repository. */
  readonly pollInterval: string;
  /** Flux duration. @default - the interval, as Flux does */
  readonly timeout?: string;
  /** Whether all objects have to be ready. */
  readonly wait: boolean;
}

/** A system that has to be ready first, by the names of its objects. */
export interface SystemDependency {
  readonly system: string;
  /** @default - it has no Kustomization */
  readonly kustomization?: string;
  /** @default - it has no HelmRelease whose name is known */
  readonly helmRelease?: string;
}

/** A chart of the shared chart repository, or one in the environment's registry. */
export type ChartReference =
  | { readonly kind: 'platform-charts'; readonly name: string }
  | { readonly kind: 'registry'; readonly repository: string; readonly version: string };

/** A HelmRelease that the platform owns. */
export interface PlatformRelease {
  readonly chart: ChartReference;
  readonly values: JsonObject;
  /** Namespace in which Helm keeps the release. @default - that of the HelmRelease */
  readonly storageNamespace?: string;
  /** Flux duration between two comparisons. @default 10m */
  readonly interval?: string;
  /** Flux duration. @default - Flux's own, 5m */
  readonly timeout?: string;
}
