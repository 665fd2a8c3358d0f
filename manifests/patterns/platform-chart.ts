import * as path from 'node:path';
import { type PlatformCharts } from '../../src/model';
import { type HelmChartSource } from '../flux/helm-release';

/** Where a chart of the shared chart repository is. */
export function platformChart(
  { gitRepository, path: folder }: Pick<PlatformCharts, 'gitRepository' | 'path'>,
  chart: string,
): HelmChartSource {
  return { kind: 'GitRepository', name: gitRepository, path: `./${path.posix.join(folder, chart)}` };
}
