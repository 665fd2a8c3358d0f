import * as path from 'node:path';
import { Construct } from 'constructs';
import {
  type ChartReference,
  type Environment,
  type JsonObject,
  type PlatformRelease as Release,
  type System,
} from '../../src/model';
import { HelmRelease, type HelmChartSource } from '../flux/helm-release';
import { ChartRepository } from '../flux/chart-repository';
import { systemMetadata } from '../labels';

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
    new HelmRelease(this, 'Release', {
      metadata,
      releaseName: names.helmRelease,
      targetNamespace: names.namespace,
      // The central chart brings the namespace itself, so that it can keep it on uninstall.
      createNamespace: chartName(release.chart) !== CENTRAL_CHART,
      chart: chartSource(release, environment, names.helmRelease),
      values: tenantValues(system, release.values),
      interval: release.interval,
      timeout: release.timeout,
      dependsOn: system.dependsOn.flatMap(({ helmRelease }) => (helmRelease === undefined ? [] : [helmRelease])),
      suspend,
    });
  }
}

/** The chart that pattern B uses unless another one is named. */
const CENTRAL_CHART = 'platform-app-chart';

const chartName = (chart: ChartReference): string =>
  chart.kind === 'registry' ? path.posix.basename(chart.repository) : chart.name;

function chartSource({ chart }: Release, { platformCharts }: Environment, name: string): HelmChartSource {
  if (chart.kind === 'registry') return { kind: 'OCIRepository', name };
  return {
    kind: 'GitRepository',
    name: platformCharts.gitRepository,
    path: `./${path.posix.join(platformCharts.path, chart.name)}`,
  };
}

/** The registration decides about the tenant; the model refuses values that say something else. */
function tenantValues({ sku, aadGroupId }: System, values: JsonObject): JsonObject {
  return { ...values, ...(sku === undefined ? {} : { sku }), ...(aadGroupId === undefined ? {} : { aadGroupId }) };
}
