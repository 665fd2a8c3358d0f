import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { isMapping, type ChartName } from '../model/chart-values-as-helm';
import { FIXTURES, REPOSITORY, temporaryFolder } from '../support/platform-folder';
import { clusterOf, type Cluster } from './support/cluster';
import { startControlPlane } from './support/control-plane';
import { buildCharts, render, renderObjects, type Mapping, type RenderedObject } from './support/helm-charts';

/*
 * What only an API server checks in code: schedules, selectors against labels, ports, probes, times before the end. It knows no custom resources here.
 */

const CHARTS = path.join(FIXTURES, 'charts');
const fixture = (name: string): unknown => parse(fs.readFileSync(path.join(CHARTS, name), 'utf8'));

interface OptionCase {
  readonly option: string;
  readonly base?: string;
  readonly values: Mapping;
}

const BASES = fixture('bases.yaml') as Readonly<Record<string, Mapping>>;
const OWN_KINDS = /^(?:v1|(?:apps|batch|policy|autoscaling|networking\.k8s\.io|rbac\.authorization\.k8s\.io)\/v\d)$/;

function merged(below: Mapping, above: Mapping): Mapping {
  const entries = Object.entries(above).map(([key, value]) => {
    const other = below[key];
    return [key, isMapping(value) && isMapping(other) ? merged(other, value) : value] as const;
  });
  return Object.fromEntries(Object.entries({ ...below, ...Object.fromEntries(entries) }).filter(([, value]) => value !== null));
}

let charts: string;
let cluster: Cluster;

beforeAll(async () => {
  charts = await buildCharts();
  cluster = clusterOf(await startControlPlane());
});

/** Applies objects for good, or only as far as the API server says what it would do. */
async function apply(objects: readonly RenderedObject[], ...options: readonly string[]): Promise<string> {
  const file = path.join(temporaryFolder(), 'objects.yaml');
  const own = objects.filter(({ apiVersion }) => OWN_KINDS.test(apiVersion));
  fs.writeFileSync(file, own.map((object) => stringify(object, { version: '1.1' })).join('---\n'));
  const { code, stdout, stderr } = await cluster.tryKubectl(
    ...['apply', '--server-side', '--validate=strict', '--force-conflicts', ...options, '-f', file],
  );
  if (code !== 0) throw new Error(stderr);
  return `${stdout}${stderr}`;
}

describe('the API server takes', () => {
  beforeAll(async () => {
    await apply(await renderObjects(path.join(charts, 'platform-tenant'), BASES['tenant']!));
  });

  const cases = (['platform-app-chart', 'platform-tenant'] as const).flatMap((name) =>
    (fixture(name === 'platform-tenant' ? 'tenant-options.yaml' : 'options.yaml') as readonly OptionCase[]).map(
      ({ option, base, values }): [string, ChartName, Mapping] => [
        `${name}: ${option}`,
        name,
        merged(BASES[base ?? (name === 'platform-tenant' ? 'tenant' : 'web')]!, values),
      ],
    ),
  );
  const all: readonly [string, ChartName, Mapping][] = [...cases, ['everything', 'platform-app-chart', BASES['everything']!]];

  it.each(all)('%s', async (_, name, values) => {
    const objects = await renderObjects(path.join(charts, name), values);
    const answer = objects.length === 0 ? '' : await apply(objects, '--dry-run=server');
    // Of Pod Security, the API server only warns where a workload breaks it.
    expect(answer).not.toMatch(/would violate PodSecurity/);
  });
});

describe('the chart and the API server agree', () => {
  const jobOf = (schedule: string, { name = 'job', timeZone = 'Etc/UTC' } = {}): RenderedObject => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: 'default' },
    spec: {
      schedule,
      timeZone,
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'registry.example/a:1' }] } } },
      },
    },
  });
  const routeOf = (route: string): RenderedObject => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'route', namespace: 'default' },
    spec: {
      rules: [
        {
          http: { paths: [{ path: route, pathType: 'Prefix', backend: { service: { name: 'a', port: { name: 'http' } } } }] },
        },
      ],
    },
  });
  const app = (): string => path.join(charts, 'platform-app-chart');
  const scheduled = (schedule: string): Mapping => merged(BASES['cronjob']!, { cronJob: { schedule } });
  const inZone = (timeZone: string): Mapping => merged(BASES['cronjob']!, { cronJob: { timeZone } });
  const routed = (route: string): Mapping =>
    merged(BASES['web']!, { ingress: { enabled: true, hosts: ['shop.example.com'], path: route } });

  it.each<[string, Mapping, RenderedObject]>([
    ...[
      ...['61 * * * *', '*/0 * * * *', '0 24 * * *', '0 0 * * 7', '0 0 * * sun', '0 22-6 * * *', '0 0 * * FRI-mon', '0 0 0 * *'],
      ...['00 08 * * *', '? ? ? ? ?', '*/15,59 8-18/2 1,15 jan,Mar-JUN MON-fri', '0 0 * feb-2 *', '0 0 * 3-feb *', '1- * * * *'],
    ].map((text): [string, Mapping, RenderedObject] => [text, scheduled(text), jobOf(text)]),
    ...[
      'UTC',
      'Etc/UTC',
      'Europe/Berlin',
      'America/Argentina/Ushuaia',
      'America/Port-au-Prince',
      'Local',
      'local',
      'Europe/berlin',
    ].map((timeZone): [string, Mapping, RenderedObject] => [timeZone, inZone(timeZone), jobOf('@daily', { timeZone })]),
    ...[
      ...['/', '/a/', '/.well-known/a', '/...', '/..a', '/%20', '/a//b', '/a/./b', '/../a', '/a/..', '/a/.', '/a%2fb', '/a%2F'],
    ].map((text): [string, Mapping, RenderedObject] => [text, routed(text), routeOf(text)]),
  ])('on %s', async (_, values, object) => {
    const isRendered = 'objects' in (await render(app(), values));
    const isTaken = await apply([object], '--dry-run=server').then(
      () => true,
      () => false,
    );
    expect(isRendered).toBe(isTaken);
  });

  it('on any schedule that the chart renders', async () => {
    const { properties } = JSON.parse(
      fs.readFileSync(path.join(REPOSITORY, 'charts', 'platform-app-chart', 'values.schema.json'), 'utf8'),
    ) as { properties: { cronJob: { properties: { schedule: { pattern: string } } } } };
    const pattern = new RegExp(properties.cronJob.properties.schedule.pattern);
    const arbitrary = fc.stringMatching(pattern, { size: 'xsmall' }).filter((text) => !text.startsWith('@') && text.length < 256);
    const rendered: string[] = [];
    for (const schedule of fc.sample(arbitrary, { numRuns: 60, seed: 73 })) {
      if ('objects' in (await render(app(), scheduled(schedule)))) rendered.push(schedule);
    }
    expect(rendered.length).toBeGreaterThan(10);
    const jobs = rendered.map((schedule, index) => jobOf(schedule, { name: `job-${index}` }));
    await expect(apply(jobs, '--dry-run=server')).resolves.toContain('serverside-applied');
  });
});

describe('a tenant', () => {
  it('has the API server warn of pods that break Pod Security', async () => {
    await apply(await renderObjects(path.join(charts, 'platform-tenant'), BASES['tenant']!, { namespace: 'warned' }));
    const unsafe = { containers: [{ name: 'a', image: 'registry.example/a:1' }] };
    const template = { metadata: { labels: { a: 'b' } }, spec: unsafe };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'unsafe', namespace: 'warned' },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    };
    expect(await apply([deployment], '--dry-run=server')).toContain('would violate PodSecurity "restricted:latest"');
  });

  it('changes its role, its SKU and its application without an object that has to be deleted by hand', async () => {
    const rendered = async (values: Mapping): Promise<readonly RenderedObject[]> =>
      renderObjects(path.join(charts, 'platform-app-chart'), merged(BASES['web']!, values), {
        namespace: 'change',
        release: 'change',
      });
    await apply(await rendered({}));
    const next = {
      sku: 'sku-large',
      image: { tag: '2.0.0' },
      port: 9000,
      tenant: { role: 'edit', networkPolicy: { sameNamespace: false } },
    };
    await expect(apply(await rendered(next))).resolves.toContain('deployment.apps/change serverside-applied');
  });
});
