import * as path from 'node:path';
import { Construct } from 'constructs';
import { APP_CHART, TENANT_CHART, type AppValues, type ChartReference, type Environment, type JsonObject, type PlatformRelease as Release, type System } from '../../src/model';
import { HelmRelease, type HelmChartSource } from '../flux/helm-release';
import { ChartRepository } from '../flux/chart-repository';
import { systemMetadata } from '../labels';
import { platformChart } from '../patterns/platform-chart';
import { PlatformAppRelease } from '../patterns/platform-app-release';

export interface PlatformReleaseProps {
  readonly environment: Environment;
  readonly system: System;
  readonly release: Release;
}

/** The HelmRelease of a system with `release: platform`, with its chart's source where that is in the registry. */
export class PlatformRelease extends Construct {
  public constructor(scope: Construct, id: string, { environment, system, release }: PlatformReleaseProps) {
    super(scope, id);
    const { names, suspend } = system;
    const metadata = systemMetadata(system, names.helmRelease);
    if (release.chart.kind === 'registry') {
      const { repository, version } = release.chart;
      new ChartRepository(this, 'Chart', {
        metadata,
        loginServer: environment.registry.loginServer,
        repository,
        version,
        suspend,
      });
    }
    const props = {
      metadata,
      releaseName: names.helmRelease,
      targetNamespace: names.namespace,
      storageNamespace: release.storageNamespace,
      interval: release.interval,
      timeout: release.timeout,
      dependsOn: system.dependsOn.flatMap(({ helmRelease }) => (helmRelease === undefined ? [] : [helmRelease])),
      suspend,
    };
    const values = tenantValues(system, release);
    if (release.chart.kind === 'platform-charts' && release.chart.name === APP_CHART) {
      const { platformCharts } = environment;
      // The model has checked them by the same schema.
      new PlatformAppRelease(this, 'Release', { ...props, platformCharts, values: values as AppValues });
      return;
    }
    new HelmRelease(this, 'Release', {
      ...props,
      // The central chart brings the namespace itself, so that it can keep it on uninstall; a pipeline may publish it in the registry too.
      createNamespace: chartName(release.chart) !== APP_CHART,
      chart: chartSource(release, environment, names.helmRelease),
      values,
    });
  }
}

const chartName = (chart: ChartReference): string =>
  chart.kind === 'registry' ? path.posix.basename(chart.repository) : chart.name;

function chartSource({ chart }: Release, { platformCharts }: Environment, name: string): HelmChartSource {
  return chart.kind === 'registry' ? { kind: 'OCIRepository', name } : platformChart(platformCharts, chart.name);
}

/** The registration decides about the tenant; the model refuses values that say something else. */
function tenantValues({ sku, aadGroupId, podSecurity }: System, { chart, values }: Release): JsonObject {
  return {
    ...values,
    ...(sku === undefined ? {} : { sku }),
    ...(aadGroupId === undefined ? {} : { aadGroupId }),
    ...(podSecurity === 'restricted' ? {} : podSecurityValues(chartName(chart), values, podSecurity)),
  };
}

/** The level of the namespace, for the charts that bring it. */
function podSecurityValues(chart: string, values: JsonObject, podSecurity: string): JsonObject {
  if (chart === TENANT_CHART) return { podSecurity };
  return chart === APP_CHART ? { tenant: { ...(values['tenant'] as JsonObject | undefined), podSecurity } } : {};
}
