import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { appWorkload } from '../../src/charts/app-workload';
import { defaultsOf } from '../../src/charts/check-quota';
import { appValues, type SkuName } from '../../src/model';
import { peakUsage } from '../../src/validation';
import { FIXTURES } from '../support/platform-folder';
import { buildCharts, renderObjects, type Mapping } from './support/helm-charts';

const BASES = parse(fs.readFileSync(path.join(FIXTURES, 'charts', 'bases.yaml'), 'utf8')) as Readonly<Record<string, Mapping>>;

/** Values that change what a quota counts. */
const CASES: readonly (readonly [name: string, base: string, values: Mapping])[] = [
  ['one pod', 'web', {}],
  ['several pods', 'web', { replicaCount: 3 }],
  ['no pod', 'web', { replicaCount: 0 }],
  ['a surge as a share', 'web', { replicaCount: 3, rollout: { maxSurge: '50%', maxUnavailable: 0 } }],
  ['no surge', 'web', { replicaCount: 3, rollout: { maxSurge: 0, maxUnavailable: 1 } }],
  ['autoscaling', 'web', { autoscaling: { enabled: true, maxReplicas: 4 } }],
  ['own resources', 'web', { resources: { requests: { cpu: '50m' }, limits: { memory: '256Mi' } } }],
  ['a limit below the request of the SKU', 'web', { resources: { limits: { cpu: '50m', memory: '64Mi' } } }],
  ['a sidecar', 'sidecar', { sidecars: [{ name: 'proxy', image: 'a.b/c:1', resources: { limits: { memory: '64Mi' } } }] }],
  [
    'an init container that needs more than the application',
    'web',
    { initContainers: [{ name: 'migrate', image: 'a.b/c:1', resources: { requests: { cpu: '900m', memory: '900Mi' } } }] },
  ],
  [
    'a sidecar beside an init container',
    'sidecar',
    { initContainers: [{ name: 'migrate', image: 'a.b/c:1', resources: { requests: { cpu: '900m', memory: '900Mi' } } }] },
  ],
  ['a worker', 'worker', { replicaCount: 2 }],
  ['a cronjob', 'cronjob', { cronJob: { schedule: '@daily', parallelism: 3, completions: 2 } }],
  ['a suspended cronjob', 'cronjob', { cronJob: { schedule: '@daily', suspend: true } }],
  ['another SKU', 'web', { sku: 'sku-batch' }],
  ['no SKU, as in a second release', 'second', { resources: { limits: { memory: '256Mi' } } }],
];

describe('what values need, worked out without helm', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await buildCharts();
  });

  it.each(CASES)('is what the chart asks for: %s', async (_, base, more) => {
    const values = { ...BASES[base], ...more } as Mapping & { readonly sku?: SkuName };
    const { pods, requests, limits } = peakUsage(
      appWorkload('shop', appValues.parse(values)),
      defaultsOf(values.sku ?? 'sku-small'),
    );
    const rendered = peakUsage(
      await renderObjects(path.join(folder, 'platform-app-chart'), values),
      defaultsOf(values.sku ?? 'sku-small'),
    );
    expect({ pods, requests, limits }).toEqual({ pods: rendered.pods, requests: rendered.requests, limits: rendered.limits });
  });
});
