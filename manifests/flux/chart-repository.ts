import { type ApiObjectMetadata } from 'cdk8s';
import { Construct } from 'constructs';
import {
  OciRepository as OciRepositoryResource,
  OciRepositorySpecLayerSelectorOperation,
  OciRepositorySpecProvider,
} from '../imports/source.toolkit.fluxcd.io';

export interface ChartRepositoryProps {
  /** Name, namespace, labels. */
  readonly metadata: ApiObjectMetadata;
  /** Host of the registry. */
  readonly loginServer: string;
  /** Path of the chart in the registry. */
  readonly repository: string;
  /** Exact version of the chart. */
  readonly version: string;
  /** Flux duration between two polls. @default 10m */
  readonly interval?: string;
  /** Whether Flux stops polling. @default false */
  readonly suspend?: boolean;
}

/** A Helm chart in the environment's registry, read with the identity of source-controller. */
export class ChartRepository extends Construct {
  public constructor(scope: Construct, id: string, props: ChartRepositoryProps) {
    super(scope, id);
    new OciRepositoryResource(this, 'Resource', {
      metadata: props.metadata,
      spec: {
        interval: props.interval ?? '10m',
        provider: OciRepositorySpecProvider.AZURE,
        url: `oci://${props.loginServer}/${props.repository}`,
        // Helm pushes a version's build part with '_' because a tag cannot hold '+'.
        ref: { tag: props.version.replaceAll('+', '_') },
        // The chart is one layer among others; helm-controller wants it as it was packaged.
        layerSelector: {
          mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
          operation: OciRepositorySpecLayerSelectorOperation.COPY,
        },
        suspend: props.suspend === true ? true : undefined,
      },
    });
  }
}
