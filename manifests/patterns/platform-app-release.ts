import { Construct } from 'constructs';
import { APP_CHART, type AppValues, type JsonObject, type PlatformCharts } from '../../src/model';
import { HelmRelease } from '../flux/helm-release';
import { platformChart } from './platform-chart';
import { type ReleaseProps } from './release-props';

/** Values of the central chart in a system's repository, where Flux fills in what the registration decides. */
export type SubstitutedAppValues = Omit<AppValues, 'sku' | 'aadGroupId'> & {
  readonly sku?: AppValues['sku'] | '${sku}';
  readonly aadGroupId?: string;
};

export interface PlatformAppReleaseProps extends ReleaseProps {
  /** The shared chart repository, as the environment uses it. */
  readonly platformCharts: Pick<PlatformCharts, 'gitRepository' | 'path'>;
  /** Values of the central chart. */
  readonly values: SubstitutedAppValues;
}

/** Pattern B: a release of the central chart, which brings the namespace itself and keeps it on uninstall. */
export class PlatformAppRelease extends Construct {
  public constructor(scope: Construct, id: string, { platformCharts, values, ...props }: PlatformAppReleaseProps) {
    super(scope, id);
    new HelmRelease(this, 'Release', {
      ...props,
      createNamespace: false,
      chart: platformChart(platformCharts, APP_CHART),
      values: values as unknown as JsonObject,
    });
  }
}
