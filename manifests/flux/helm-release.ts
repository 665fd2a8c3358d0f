import { type ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import { type JsonObject } from '../../src/model';
import {
  HelmRelease as HelmReleaseResource,
  HelmReleaseSpecChartRefKind,
  HelmReleaseSpecChartSpecReconcileStrategy,
  HelmReleaseSpecChartSpecSourceRefKind,
  HelmReleaseSpecDriftDetectionMode,
  HelmReleaseSpecInstallStrategyName,
  HelmReleaseSpecUpgradeStrategyName,
  type HelmReleaseProps as HelmReleaseResourceProps,
  type HelmReleaseSpec,
} from '../imports/helm.toolkit.fluxcd.io';

/** Where the chart of a HelmRelease comes from: an object in the same namespace. */
export type HelmChartSource =
  | {
      readonly kind: 'GitRepository';
      readonly name: string;
      /** Folder of the chart. */
      readonly path: string;
      /** Files of values in the repository, the later over the earlier. @default - `values.yaml` of the chart */
      readonly valuesFiles?: readonly string[];
    }
  | { readonly kind: 'OCIRepository'; readonly name: string };

export interface HelmReleaseProps {
  /** Name, namespace, labels. */
  readonly metadata: ApiObjectMetadata;
  /** Name of the Helm release. */
  readonly releaseName: string;
  /** Namespace of the workload. */
  readonly targetNamespace: string;
  /** Whether Helm creates the namespace; false where the chart itself does. */
  readonly createNamespace: boolean;
  readonly chart: HelmChartSource;
  /** Namespace in which Helm keeps the release. @default - that of the HelmRelease */
  readonly storageNamespace?: string;
  /** Values over those of the chart. @default - none */
  readonly values?: JsonObject;
  /** Flux duration between two comparisons. @default 10m */
  readonly interval?: string;
  /** Flux duration until an install or upgrade counts as failed. @default - Flux's own, 5m */
  readonly timeout?: string;
  /** Names of HelmReleases, in the same namespace, that have to be ready first. @default - none */
  readonly dependsOn?: readonly string[];
  /** Whether Flux stops releasing. @default false */
  readonly suspend?: boolean;
}

/** cdk8s drops `null` from an object, but in values it is how Helm removes a default of the chart. */
class HelmReleaseWithValues extends HelmReleaseResource {
  public constructor(
    scope: Construct,
    id: string,
    props: HelmReleaseResourceProps,
    private readonly values: JsonObject | undefined,
  ) {
    super(scope, id, props);
  }

  public override toJson(): unknown {
    const manifest = super.toJson() as { spec: object };
    if (this.values === undefined) return manifest;
    return { ...manifest, spec: { ...manifest.spec, values: this.values } };
  }
}

/** A Helm release that Flux's helm-controller keeps as declared. */
export class HelmRelease extends Construct {
  public constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id);
    const dependsOn = props.dependsOn ?? [];
    const resource: HelmReleaseResourceProps = {
      metadata: props.metadata,
      spec: {
        interval: props.interval ?? '10m',
        timeout: props.timeout,
        ...chartOf(props.chart),
        releaseName: props.releaseName,
        targetNamespace: props.targetNamespace,
        storageNamespace: props.storageNamespace,
        dependsOn: dependsOn.length === 0 ? undefined : dependsOn.map((name) => ({ name })),
        install: {
          createNamespace: props.createNamespace,
          strategy: { name: HelmReleaseSpecInstallStrategyName.RETRY_ON_FAILURE },
        },
        upgrade: { cleanupOnFail: true, strategy: { name: HelmReleaseSpecUpgradeStrategyName.RETRY_ON_FAILURE } },
        // Off by default in Flux: without it a change made by hand in the cluster stays.
        driftDetection: {
          mode: HelmReleaseSpecDriftDetectionMode.ENABLED,
          // A HorizontalPodAutoscaler changes the replicas; correcting them back would fight it.
          ignore: [{ paths: ['/spec/replicas'], target: { kind: 'Deployment' } }],
        },
        suspend: props.suspend === true ? true : undefined,
      },
    };
    new HelmReleaseWithValues(this, 'Resource', resource, props.values);
  }
}

function chartOf(chart: HelmChartSource): Pick<HelmReleaseSpec, 'chart' | 'chartRef'> {
  if (chart.kind === 'OCIRepository') return { chartRef: { kind: HelmReleaseSpecChartRefKind.OCI_REPOSITORY, name: chart.name } };
  return {
    chart: {
      spec: {
        chart: chart.path,
        valuesFiles: chart.valuesFiles === undefined ? undefined : [...chart.valuesFiles],
        // With the default, ChartVersion, a changed template does not roll out until someone bumps the chart's version.
        reconcileStrategy: HelmReleaseSpecChartSpecReconcileStrategy.REVISION,
        sourceRef: { kind: HelmReleaseSpecChartSpecSourceRefKind.GIT_REPOSITORY, name: chart.name },
      },
    },
  };
}
