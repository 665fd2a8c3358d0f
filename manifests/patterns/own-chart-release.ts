import { Construct } from 'constructs';
import { HelmRelease } from '../flux/helm-release';
import { type ReleaseProps } from './release-props';

export interface OwnChartReleaseProps extends ReleaseProps {
  /** Name of the Flux GitRepository of the system. */
  readonly gitRepository: string;
  /** Name of the environment, whose values go over those of the chart. */
  readonly environment: string;
  /** Folder of the chart. @default ./chart */
  readonly chart?: string;
  /** Whether Helm creates the namespace; false where a tenant brings it. @default true */
  readonly createNamespace?: boolean;
}

/** Pattern A: a release of the chart in the system's own repository, with the values of the chart and then those of the environment. */
export class OwnChartRelease extends Construct {
  public constructor(
    scope: Construct,
    id: string,
    { gitRepository, environment, chart = './chart', createNamespace = true, ...props }: OwnChartReleaseProps,
  ) {
    super(scope, id);
    new HelmRelease(this, 'Release', {
      ...props,
      createNamespace,
      chart: {
        kind: 'GitRepository',
        name: gitRepository,
        path: chart,
        // Where files are named, Flux leaves out the chart's own unless it is among them.
        valuesFiles: [`${chart}/values.yaml`, `./environments/${environment}/values.yaml`],
      },
    });
  }
}
