import { Construct } from 'constructs';
import { TENANT_CHART, type JsonObject, type PlatformCharts } from '../../src/model';
import { HelmRelease } from '../flux/helm-release';
import { platformChart } from './platform-chart';
import { type ReleaseProps } from './release-props';

/** Name of the release of a tenant beside the one of its system. */
export const tenantReleaseName = (helmRelease: string): string => `${helmRelease}-tenant`;

export interface PlatformTenantReleaseProps extends ReleaseProps {
  /** The shared chart repository, as the environment uses it. */
  readonly platformCharts: Pick<PlatformCharts, 'gitRepository' | 'path'>;
  /** Values of the chart. */
  readonly values: JsonObject;
}

/** A tenant for a system of pattern A: its namespace comes with access, quota and policies, as those of pattern B do. */
export class PlatformTenantRelease extends Construct {
  public constructor(scope: Construct, id: string, { platformCharts, ...props }: PlatformTenantReleaseProps) {
    super(scope, id);
    new HelmRelease(this, 'Release', { ...props, createNamespace: false, chart: platformChart(platformCharts, TENANT_CHART) });
  }
}
