import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { type z } from 'zod';
import { appValues, chartFiles, tenantValues } from '../../src/model';
import { REPOSITORY } from '../support/platform-folder';
import { chartValues } from './chart-values-arbitrary';
import { schemaAccepts, withoutIgnoredNulls, type ChartName, type Mapping } from './chart-values-as-helm';

const ID = '5d3f6a2c-0000-4000-8000-0123456789ab';
const IMAGE = { repository: 'registry.example/shop/web', tag: '1.2.3' };
const APP = { sku: 'sku-small', aadGroupId: ID, image: IMAGE };

const SCHEMAS: Readonly<Record<ChartName, z.ZodType>> = { 'platform-app-chart': appValues, 'platform-tenant': tenantValues };

describe('the committed files of the charts', () => {
  it.each(Object.entries(chartFiles()))('%s is what src/model says', (name, content) => {
    expect(fs.readFileSync(path.join(REPOSITORY, 'charts', name), 'utf8')).toBe(content);
  });
});

describe.each(['platform-app-chart', 'platform-tenant'] as const)('the schemas of %s', (chart) => {
  it('accept and refuse the same in zod and in JSON', () => {
    const counts = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(chartValues(chart), (values) => {
        const isAccepted = schemaAccepts(values, chart);
        counts[isAccepted ? 'accepted' : 'refused']++;
        const read = withoutIgnoredNulls(values, chart);
        expect(SCHEMAS[chart].safeParse(read).success).toBe(isAccepted);
        // zod knows no null that is ignored: it would stand for different things in different versions of Helm.
        if (JSON.stringify(read) !== JSON.stringify(values)) expect(SCHEMAS[chart].safeParse(values).success).toBe(false);
      }),
      { numRuns: 2000, seed: 7 },
    );
    // It says nothing unless both are common.
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(500);
  });
});

interface Refusal {
  readonly values: Mapping;
  readonly path: string;
  readonly message: string | RegExp;
  readonly chart?: ChartName;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'a SKU that nobody has': {
    values: { ...APP, sku: 'sku-huge' },
    path: 'sku',
    message: /"sku-small"\|"sku-medium"\|"sku-large"\|"sku-batch"/,
  },
  'a group of zeros': {
    values: { ...APP, aadGroupId: '00000000-0000-0000-0000-000000000000' },
    path: 'aadGroupId',
    message: 'an id of zeros is nobody',
  },
  'a group by its name': {
    values: { ...APP, aadGroupId: 'team-shop' },
    path: 'aadGroupId',
    message: /is not a valid id of Microsoft Entra/,
  },
  'a tenant without a SKU': {
    values: { image: IMAGE, aadGroupId: ID },
    path: '',
    message: "the tenant needs 'sku' and 'aadGroupId'",
  },
  'a tenant without a group': {
    values: { image: IMAGE, sku: 'sku-small' },
    path: '',
    message: "the tenant needs 'sku' and 'aadGroupId'",
  },
  'no image': { values: { sku: 'sku-small', aadGroupId: ID }, path: 'image', message: /expected object/ },
  'an image without tag and digest': {
    values: { ...APP, image: { repository: IMAGE.repository } },
    path: 'image.tag',
    message: "the image has neither 'tag' nor 'digest'",
  },
  'the tag latest': {
    values: { ...APP, image: { ...IMAGE, tag: 'latest' } },
    path: 'image.tag',
    message: "the tag 'latest' is another image tomorrow",
  },
  'a tag within the repository': {
    values: { ...APP, image: { ...IMAGE, repository: 'registry.example/shop:1' } },
    path: 'image.repository',
    message: /is not a valid image repository/,
  },
  'a sidecar without a tag': {
    values: { ...APP, sidecars: [{ name: 'proxy', image: 'registry.example/proxy' }] },
    path: 'sidecars.0.image',
    message: /is not a valid image reference/,
  },
  'an update that cannot begin': {
    values: { ...APP, rollout: { maxSurge: '0%', maxUnavailable: 0 } },
    path: 'rollout.maxSurge',
    message: "'maxSurge' and 'maxUnavailable' are both 0, so that an update could never begin",
  },
  'a budget that keeps nodes from being drained': {
    values: { ...APP, podDisruptionBudget: { maxUnavailable: '0%' } },
    path: 'podDisruptionBudget.maxUnavailable',
    message: "'maxUnavailable' is 0, so that no node with such a pod could ever be drained or upgraded",
  },
  'the priority of what a cluster consists of': {
    values: { ...APP, priorityClassName: 'system-node-critical' },
    path: 'priorityClassName',
    message: "classes that begin with 'system-' are for what a cluster itself consists of",
  },
  'a minute that no clock has': {
    values: { ...APP, workload: 'cronjob', cronJob: { schedule: '61 * * * *' } },
    path: 'cronJob.schedule',
    message: /is not a valid schedule: minute \(0-59\)/,
  },
  'a path that the API server refuses': {
    values: { ...APP, ingress: { enabled: true, hosts: ['shop.example.com'], path: '/a//b' } },
    path: 'ingress.path',
    message: /is not a valid path: begins with '\/' and has no '\/\/'/,
  },
  'a Key Vault without its name': {
    values: { ...APP, keyVault: { enabled: true, tenantId: ID, clientId: ID } },
    path: 'keyVault',
    message: "'keyVault' has no 'name', 'tenantId' or 'clientId'",
  },
  'a cronjob without a schedule': {
    values: { ...APP, workload: 'cronjob' },
    path: 'cronJob',
    message: "a cronjob needs 'cronJob.schedule'",
  },
  'a cronjob that is scaled': {
    values: { ...APP, workload: 'cronjob', cronJob: { schedule: '@daily' }, autoscaling: { enabled: true } },
    path: 'autoscaling.enabled',
    message: 'a cronjob has no replicas that could be scaled',
  },
  'an Ingress of a worker': {
    values: { ...APP, workload: 'worker', ingress: { enabled: true, hosts: ['shop.example.com'] } },
    path: 'ingress.enabled',
    message: "only a web workload has a Service that 'ingress' could lead to",
  },
  'an Ingress without hosts': {
    values: { ...APP, ingress: { enabled: true } },
    path: 'ingress.hosts',
    message: "'ingress' has no hosts",
  },
  'an HTTPRoute of a worker': {
    values: { ...APP, workload: 'worker', httpRoute: { enabled: true, hosts: ['shop.example.com'] } },
    path: 'httpRoute.enabled',
    message: "only a web workload has a Service that 'httpRoute' could lead to",
  },
  'an HTTPRoute without hosts': {
    values: { ...APP, httpRoute: { enabled: true } },
    path: 'httpRoute.hosts',
    message: "'httpRoute' has no hosts",
  },
  'a volume of two kinds': {
    values: { ...APP, volumes: [{ name: 'data', mountPath: '/data', secret: 'a', configMap: 'b' }] },
    path: 'volumes.0.name',
    message: 'a volume is one of emptyDir, configMap, secret, persistentVolumeClaim',
  },
  root: { values: { ...APP, security: { runAsUser: 0 } }, path: 'security.runAsUser', message: /expected number to be >=1/ },
  'a number in place of text': { values: { ...APP, env: { PORT: 8080 } }, path: 'env.PORT', message: /expected string/ },
  'a field that is none': { values: { ...APP, replicas: 2 }, path: '', message: /replicas/ },
  'a SKU below the tenant': { values: { ...APP, tenant: { sku: 'sku-small' } }, path: 'tenant', message: /sku/ },
  'a null, although Helm ignores it': {
    values: { ...APP, image: { ...IMAGE, digest: null } },
    path: 'image.digest',
    message: /null/,
  },
  'a role of the cluster': {
    chart: 'platform-tenant',
    values: { sku: 'sku-small', role: 'cluster-admin' },
    path: 'role',
    message: /"view"\|"edit"\|"admin"/,
  },
  'an address without its block': {
    chart: 'platform-tenant',
    values: { sku: 'sku-small', networkPolicy: { egress: { addresses: [{ cidr: '10.0.0.1' }] } } },
    path: 'networkPolicy.egress.addresses.0.cidr',
    message: /is not a valid block of IPv4 addresses/,
  },
};

describe('values that a chart refuses', () => {
  it.each(Object.entries(REFUSALS))('%s', (_, { values, path: place, message, chart = 'platform-app-chart' }) => {
    const issues = SCHEMAS[chart].safeParse(values).error?.issues ?? [];
    expect(issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [place, typeof message === 'string' ? message : expect.stringMatching(message)],
    ]);
    if (!JSON.stringify(values).includes('null')) expect(schemaAccepts(values, chart)).toBe(false);
  });

  it('say what to do where a rule between fields does not hold', () => {
    for (const { values, message, chart = 'platform-app-chart' } of Object.values(REFUSALS)) {
      if (typeof message !== 'string') continue;
      const [issue] = SCHEMAS[chart].safeParse(values).error?.issues ?? [];
      expect(issue).toMatchObject({ params: { remedy: expect.stringMatching(/^[A-Z].*\.$/) as string } });
    }
  });
});

const cronjob = (cronJob: Mapping): Mapping => ({ ...APP, workload: 'cronjob', cronJob: { schedule: '@daily', ...cronJob } });
const leading = (path: string): Mapping => ({ ...APP, httpRoute: { path } });
const asking = (path: string): Mapping => ({ ...APP, readinessProbe: { path } });
const mounting = (mountPath: string): Mapping => ({ ...APP, configFiles: { mountPath } });

/** Texts by what they are good for, as accepted and refused. */
const TEXTS: readonly (readonly [
  field: string,
  values: (text: string) => Mapping,
  accepted: readonly string[],
  refused: readonly string[],
])[] = [
  [
    'schedule',
    (schedule) => cronjob({ schedule }),
    [
      ...['@hourly', '* * * * *', '? ? ? ? ?', '0 0 1 1 0', '59 23 31 12 6', '00 02 01 01 0', '5/10 * * * *', '*/5 * * * *'],
      ...['1,2-3,4-10/2 8-18 * jan,MAR-Jun Mon-fri', '0 0 * * sun'],
    ],
    [
      ...['61 * * * *', '60 * * * *', '*/0 * * * *', '0 24 * * *', '0 0 0 * *', '0 0 32 * *', '0 0 * 0 *', '0 0 * 13 *'],
      ...['0 0 * * 7', '0 0 * * 8', '0 0 * * monday', '0 0 * * jan', '* * * *', '* * * * * *', '*  * * * *', '1,, * * * *', ''],
      ...['1- * * * *', '*-5 * * * *', '-1 * * * *', '1/ * * * *', '1-2-3 * * * *', '@every 1h', 'TZ=UTC * * * * *', '@reboot'],
    ],
  ],
  [
    'time zone',
    (timeZone) => cronjob({ timeZone }),
    [
      ...['UTC', 'Etc/UTC', 'Europe/Berlin', 'Africa/Dar_es_Salaam', 'America/Port-au-Prince', 'America/North_Dakota/New_Salem'],
      ...['Antarctica/DumontDUrville', 'America/Argentina/Ushuaia', 'Asia/Ust-Nera', 'Australia/ACT'],
    ],
    [
      'Local',
      'local',
      'europe/berlin',
      'Europe/berlin',
      'EUROPE/BERLIN',
      'utc',
      'Etc/utc',
      'Berlin',
      'Europe/',
      'Europe/../x',
      '',
    ],
  ],
  [
    'path of a route',
    leading,
    ['/', '/a', '/a/', '/a/b', '/.well-known/a', '/..a', '/...', '/a..b/c.', '/%20', '/%e4%bd'],
    ['', 'a', '//', '/a//b', '/a//', '/./a', '/a/./b', '/../a', '/a/..', '/a/.', '/a%2fb', '/a%2F', '/%', '/%zz', '/a?b', '/a#b'],
  ],
  [
    'path of a probe',
    asking,
    ['/', '/a', '/a/', '/a?b=c', '/a/b?c=/d?e&f=%20', '/?', '/api/%2F', '/.well-known/a'],
    ['', 'a?b', '?a', '//a', '/a//b', '/a b', '/a#b', '/%zz', '/a?b=%z'],
  ],
  [
    'mount path',
    mounting,
    ['/a', '/etc/shop.d', '/etc/.shop', '/a/..data/b', '/...'],
    ['/', '', 'a', '/a/', '//a', '/a//b', '/a/../b', '/..', '/a/..', '/./a', '/a/.', '/a:b', '/a b'],
  ],
];

describe('texts of values', () => {
  const cases = TEXTS.flatMap(([field, values, ...[accepted, refused]]) => [
    ...accepted.map((text) => [field, 'accepted', text, values(text)] as const),
    ...refused.map((text) => [field, 'refused', text, values(text)] as const),
  ]);
  it.each(cases)('%s, %s: %j', (_, verdict, __, values) => {
    expect(appValues.safeParse(values).success).toBe(verdict === 'accepted');
    expect(schemaAccepts(values, 'platform-app-chart')).toBe(verdict === 'accepted');
  });
});

describe('values that a chart accepts', () => {
  it.each<[string, Mapping]>([
    ['the five of pattern B', { ...APP, replicaCount: 2 }],
    ['a further release of a namespace', { image: IMAGE, tenant: { enabled: false } }],
    ['a further release that names a SKU', { image: IMAGE, sku: 'sku-small', tenant: { enabled: false } }],
    ['a digest in place of a tag', { ...APP, image: { repository: IMAGE.repository, digest: `sha256:${'0'.repeat(64)}` } }],
    ['routes that are off, of a worker', { ...APP, workload: 'worker', ingress: { enabled: false } }],
  ])('%s', (_, values) => {
    expect(appValues.safeParse(values).error).toBeUndefined();
    expect(schemaAccepts(values, 'platform-app-chart')).toBe(true);
  });
});
