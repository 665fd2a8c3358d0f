import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { compare as compareVersions } from 'semver';
import { parse } from 'yaml';
import { z } from 'zod';
import { appValues, SKU_NAMES, tenantValues } from '../../src/model';
import { parseManifests, podSecurityViolations, SchemaCatalog, validateManifest } from '../../src/validation';
import { chartValues } from '../model/chart-values-arbitrary';
import { isMapping, withoutIgnoredNulls, type ChartName } from '../model/chart-values-as-helm';
import { FIXTURES, REPOSITORY, temporaryFolder } from '../support/platform-folder';
import {
  buildCharts,
  byKey,
  difference,
  immutableParts,
  keyOf,
  refusalOf,
  render,
  renderObjects,
  replaceText,
  type Mapping,
  type RenderedObject,
  type Rendering,
} from './support/helm-charts';
import { tool } from './support/tools';

const CHARTS = path.join(FIXTURES, 'charts');
const fixture = (name: string): unknown => parse(fs.readFileSync(path.join(CHARTS, name), 'utf8'));

/** Values that options are tried on. */
const BASES = fixture('bases.yaml') as Readonly<Record<string, Mapping>>;

/** One option, and what it changes. */
interface OptionCase {
  readonly option: string;
  readonly base?: string;
  readonly values: Mapping;
  readonly different: Mapping;
}

const OPTIONS: Readonly<Record<ChartName, readonly OptionCase[]>> = {
  'platform-app-chart': fixture('options.yaml') as readonly OptionCase[],
  'platform-tenant': fixture('tenant-options.yaml') as readonly OptionCase[],
};

const baseOf = (chart: ChartName, { base }: OptionCase): Mapping =>
  BASES[base ?? (chart === 'platform-app-chart' ? 'web' : 'tenant')]!;

/** Values on top of others; a null takes away. */
function merged(below: Mapping, above: Mapping): Mapping {
  const entries = Object.entries(above).map(([key, value]) => {
    const other = below[key];
    return [key, isMapping(value) && isMapping(other) ? merged(other, value) : value] as const;
  });
  const all = Object.entries({ ...below, ...Object.fromEntries(entries) });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

let folder: string;
const chart = (name: ChartName): string => path.join(folder, name);

beforeAll(async () => {
  folder = await buildCharts();
});

describe.each(['platform-app-chart', 'platform-tenant'] as const)('options of %s', (name) => {
  it.each(OPTIONS[name].map((entry) => [entry.option, entry] as const))('%s', async (_, entry) => {
    const base = baseOf(name, entry);
    const [before, after] = await Promise.all([
      renderObjects(chart(name), base),
      renderObjects(chart(name), merged(base, entry.values)),
    ]);
    expect(difference(before, after)).toEqual(entry.different);
  });

  it('are all among these', () => {
    const schema = z.toJSONSchema(name === 'platform-app-chart' ? appValues : tenantValues, { io: 'input' }) as SchemaNode;
    const tried = OPTIONS[name].map(({ values }) => values);
    const elsewhere = new Set([...(name === 'platform-app-chart' ? ['tenant'] : [])]);
    const missing = fieldsOf(schema)
      .filter(([first]) => !elsewhere.has(first!))
      .filter((field) => !tried.some((values) => isGiven(values, field)));
    expect(missing.map((field) => field.join('.'))).toEqual([]);
  });
});

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
}

/** Every field of a schema that has no fields itself; `*` stands for any entry. */
function fieldsOf({ properties, items, additionalProperties }: SchemaNode): readonly (readonly string[])[] {
  const below = items ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
  if (properties === undefined) return below === undefined ? [[]] : fieldsOf(below).map((field) => ['*', ...field]);
  return Object.entries(properties).flatMap(([name, node]) => fieldsOf(node).map((field) => [name, ...field]));
}

function isGiven(value: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (first === '*') return Object.values(value).some((entry) => isGiven(entry, rest));
  return first in value && isGiven((value as Mapping)[first], rest);
}

/** The figures of product.md, written out. */
const FIGURES: Readonly<Record<string, { readonly quota: Mapping; readonly request: Mapping; readonly limit: Mapping }>> = {
  'sku-small': {
    quota: { pods: '5', 'requests.cpu': '500m', 'requests.memory': '640Mi', 'limits.cpu': '5', 'limits.memory': '5Gi' },
    request: { cpu: '100m', memory: '128Mi' },
    limit: { cpu: '1', memory: '1Gi' },
  },
  'sku-medium': {
    quota: { pods: '15', 'requests.cpu': '3', 'requests.memory': '3840Mi', 'limits.cpu': '30', 'limits.memory': '60Gi' },
    request: { cpu: '200m', memory: '256Mi' },
    limit: { cpu: '2', memory: '4Gi' },
  },
  'sku-large': {
    quota: { pods: '30', 'requests.cpu': '15', 'requests.memory': '15Gi', 'limits.cpu': '120', 'limits.memory': '240Gi' },
    request: { cpu: '500m', memory: '512Mi' },
    limit: { cpu: '4', memory: '8Gi' },
  },
  'sku-batch': {
    quota: { pods: '20', 'requests.cpu': '10', 'requests.memory': '20Gi', 'limits.cpu': '160', 'limits.memory': '320Gi' },
    request: { cpu: '500m', memory: '1Gi' },
    limit: { cpu: '8', memory: '16Gi' },
  },
};

describe('SKUs', () => {
  it('are all here', () => {
    expect(Object.keys(FIGURES)).toEqual(SKU_NAMES);
  });

  it.each(Object.entries(FIGURES))(
    '%s gives quota, limits and the defaults of containers',
    async (sku, { quota, request, limit }) => {
      const tenant = byKey(await renderObjects(chart('platform-tenant'), { ...BASES['tenant'], sku }));
      const app = byKey(await renderObjects(chart('platform-app-chart'), { ...BASES['web'], sku }));
      for (const objects of [tenant, app]) {
        expect(objects['ResourceQuota/tenant']!.spec).toEqual({ hard: quota });
        expect(objects['LimitRange/tenant']!.spec).toEqual({
          limits: [{ type: 'Container', defaultRequest: request, default: limit, max: limit }],
        });
      }
      expect(containerOf(app['Deployment/shop']!)['resources']).toEqual({ requests: request, limits: limit });
    },
  );
});

function podOf(workload: RenderedObject): Mapping {
  const { template, jobTemplate } = workload.spec as {
    template?: { spec: Mapping };
    jobTemplate?: { spec: { template: { spec: Mapping } } };
  };
  return template?.spec ?? jobTemplate!.spec.template.spec;
}

const containerOf = (workload: RenderedObject): Mapping => (podOf(workload)['containers'] as readonly Mapping[])[0]!;

describe('the objects of a tenant', () => {
  it('are these', async () => {
    const objects = await renderObjects(chart('platform-tenant'), BASES['tenant']!, { release: 'access', namespace: 'shop' });
    const expected = {
      Namespace: [{ level: 'restricted', keep: 'keep' }],
      NetworkPolicy: ['tenant-deny-all', 'tenant-dns', 'tenant-same-namespace', 'tenant-ingress', 'tenant-metrics'],
    };
    const names = (kind: string): readonly string[] =>
      objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
    expect(names('NetworkPolicy')).toEqual(expected.NetworkPolicy);
    const namespace = byKey(objects)['Namespace/shop']!.metadata;
    expect(namespace).toEqual({
      name: 'shop',
      labels: {
        'app.kubernetes.io/name': 'platform-tenant',
        'app.kubernetes.io/instance': 'access',
        'app.kubernetes.io/managed-by': 'Helm',
        'helm.sh/chart': 'platform-tenant-1.0.0',
        'kubernetes.io/metadata.name': 'shop',
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/enforce-version': 'latest',
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/audit-version': 'latest',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/warn-version': 'latest',
      },
      annotations: { 'helm.sh/resource-policy': 'keep' },
    });
    for (const { kind, metadata } of objects) {
      if (kind !== 'Namespace') expect(metadata.namespace).toBe('shop');
      if (kind !== 'Namespace') expect(metadata).not.toHaveProperty('annotations');
    }
  });

  it('let pods ask the name service, and nobody else, where nothing else is said', async () => {
    const values = merged(BASES['tenant']!, { networkPolicy: { sameNamespace: false, ingressFrom: [], metricsFrom: [] } });
    const objects = byKey(await renderObjects(chart('platform-tenant'), values));
    const policies = Object.values(objects).filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.map(({ spec }) => spec)).toEqual([
      { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
                podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
              },
              { ipBlock: { cidr: '169.254.10.10/32' } },
              { ipBlock: { cidr: '169.254.10.11/32' } },
              { ipBlock: { cidr: '169.254.20.10/32' } },
            ],
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 53 },
            ],
          },
        ],
      },
    ]);
  });

  it('are the same by themselves and below an application, but for the release and what it is made for', async () => {
    const facts = BASES['tenant']!;
    const settings = { role: 'edit', serviceAccount: { name: 'runner' }, networkPolicy: { egress: { internet: 'https' } } };
    const alone = await renderObjects(chart('platform-tenant'), { ...facts, ...settings });
    const below = await renderObjects(chart('platform-app-chart'), { ...BASES['web'], tenant: settings });
    const isTenants = ({ metadata }: RenderedObject): boolean =>
      metadata.labels?.['app.kubernetes.io/name'] === 'platform-tenant';
    expect(below.filter(isTenants)).toEqual(alone);
  });
});

describe('a second release in the namespace', () => {
  it('renders no object of the tenant, and none of the first', async () => {
    const first = await renderObjects(chart('platform-app-chart'), BASES['web']!, { release: 'shop' });
    const everything = merged(BASES['everything']!, { tenant: { enabled: false } });
    const second = await renderObjects(chart('platform-app-chart'), everything, { release: 'shop-config' });
    const third = await renderObjects(chart('platform-app-chart'), BASES['everything']!, { release: 'shop' });
    expect(second.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === 'platform-tenant')).toEqual([]);
    const shared = new Set([...first, ...third].map(keyOf));
    expect(second.map(keyOf).filter((key) => shared.has(key))).toEqual([]);
  });

  it('selects no pods of the first, nor of a CronJob of the same name', async () => {
    const labels = (objects: readonly RenderedObject[], kind: string): Mapping => {
      const spec = objects.find((object) => object.kind === kind)!.spec as Record<
        string,
        {
          template?: { metadata: { labels: Mapping } };
          spec?: { template: { metadata: { labels: Mapping } } };
          metadata?: { labels: Mapping };
        }
      >;
      return kind === 'CronJob' ? spec['jobTemplate']!.spec!.template.metadata.labels : spec['template']!.metadata!.labels;
    };
    const web = await renderObjects(chart('platform-app-chart'), BASES['web']!, { release: 'shop' });
    const job = await renderObjects(chart('platform-app-chart'), BASES['cronjob']!, { release: 'shop' });
    const other = await renderObjects(chart('platform-app-chart'), BASES['second']!, { release: 'shop-job' });
    const selector = byKey(web)['Service/shop']!.spec!['selector'] as Mapping;
    expect(labels(web, 'Deployment')).toMatchObject(selector);
    expect(labels(job, 'CronJob')).not.toMatchObject(selector);
    expect(labels(other, 'Deployment')).not.toMatchObject(selector);
    expect(labels(job, 'CronJob')).not.toMatchObject(byKey(other)['Service/shop-job']!.spec!['selector'] as Mapping);
  });

  it('leaves resources to the LimitRange, unless a SKU is named', async () => {
    const without = byKey(await renderObjects(chart('platform-app-chart'), BASES['second']!));
    expect(containerOf(without['Deployment/shop']!)).not.toHaveProperty('resources');
    const named = byKey(await renderObjects(chart('platform-app-chart'), { ...BASES['second'], sku: 'sku-medium' }));
    expect(containerOf(named['Deployment/shop']!)['resources']).toEqual({
      requests: FIGURES['sku-medium']!.request,
      limits: FIGURES['sku-medium']!.limit,
    });
  });

  it('runs as the ServiceAccount that is called like the namespace', async () => {
    const objects = byKey(
      await renderObjects(chart('platform-app-chart'), BASES['second']!, { release: 'jobs', namespace: 'shop' }),
    );
    expect(podOf(objects['Deployment/jobs']!)['serviceAccountName']).toBe('shop');
  });
});

describe('a worker and a cronjob', () => {
  it.each(['worker', 'cronjob'])('%s has no Service', async (base) => {
    const kinds = (await renderObjects(chart('platform-app-chart'), BASES[base]!)).map(({ kind }) => kind);
    expect(kinds).toContain(base === 'worker' ? 'Deployment' : 'CronJob');
    expect(kinds).not.toContain('Service');
    expect(kinds).not.toContain('PodDisruptionBudget');
  });
});

describe('the version of Kubernetes', () => {
  it('below 1.30 has no sleep before the end, and gives no time for it', async () => {
    const objects = byKey(await renderObjects(chart('platform-app-chart'), BASES['web']!, { kubernetesVersion: '1.29.9' }));
    expect(containerOf(objects['Deployment/shop']!)).not.toHaveProperty('lifecycle');
    expect(podOf(objects['Deployment/shop']!)['terminationGracePeriodSeconds']).toBe(30);
  });

  it('with a suffix of a provider counts as the version', async () => {
    const objects = byKey(await renderObjects(chart('platform-app-chart'), BASES['web']!, { kubernetesVersion: '1.30.0-gke.1' }));
    expect(containerOf(objects['Deployment/shop']!)).toHaveProperty('lifecycle');
  });

  it('below 1.28 is refused', async () => {
    const rendered = await render(chart('platform-tenant'), BASES['tenant']!, { kubernetesVersion: '1.27.0' });
    expect(rendered).toMatchObject({ refusal: expect.stringContaining('>=1.28.0-0') as string });
  });
});

/** A version whose schemas are committed. */
const committed = (name: string): string => fs.readdirSync(path.join(REPOSITORY, 'schemas', name)).at(-1)!;

describe('what was rendered', () => {
  // Every option by itself and all at once, by the schemas of the oldest and the newest version of Kubernetes that are committed.
  it('is valid by the schemas of the API, and by Pod Security "restricted"', async () => {
    const texts: string[] = [];
    for (const name of ['platform-app-chart', 'platform-tenant'] as const) {
      const all = OPTIONS[name].map((entry) => merged(baseOf(name, entry), entry.values));
      for (const values of name === 'platform-app-chart' ? [...all, BASES['everything']!] : all) {
        const rendered = await render(chart(name), values);
        if ('refusal' in rendered) throw new Error(rendered.refusal);
        texts.push(rendered.text);
      }
    }
    const [first, ...others] = ['1.33', '1.36'].map(
      (version) => new SchemaCatalog(committed('flux'), committed('flux-operator'), version),
    );
    const problems = new Set<string>();
    const kinds = new Set<string>();
    for (const catalog of [first!, ...others]) {
      for (const text of texts) {
        const documents = parseManifests(text, 'rendered.yaml');
        if ('message' in documents) throw new Error(documents.message);
        for (const document of documents) {
          const object = document.content as RenderedObject;
          kinds.add(object.kind);
          for (const { message } of validateManifest(document, catalog).problems) problems.add(`${keyOf(object)}: ${message}`);
          for (const violation of podSecurityViolations(object, 'restricted', catalog.kubernetesVersion)) {
            problems.add(`${keyOf(object)}: ${JSON.stringify(violation)}`);
          }
        }
      }
    }
    expect([...problems]).toEqual([]);
    expect([...kinds].sort()).toEqual([
      'ConfigMap',
      'CronJob',
      'Deployment',
      'ExternalSecret',
      'HTTPRoute',
      'HorizontalPodAutoscaler',
      'Ingress',
      'LimitRange',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'PodMonitor',
      'ResourceQuota',
      'RoleBinding',
      'SecretProviderClass',
      'Service',
      'ServiceAccount',
    ]);
  });

  it('has only labels that Kubernetes takes, whatever the version of the chart and the tag are', async () => {
    const copy = await buildCharts((charts) => {
      for (const name of ['platform-app-chart', 'platform-tenant']) {
        replaceText(charts, `${name}/Chart.yaml`, 'version: 1.0.0', `version: 1.0.0+${'a'.repeat(60)}.1`);
      }
    });
    const values = merged(BASES['web']!, { image: { tag: `_${'1'.repeat(61)}.-${'2'.repeat(40)}` } });
    for (const { metadata } of await renderObjects(path.join(copy, 'platform-app-chart'), values)) {
      for (const value of Object.values(metadata.labels ?? {}))
        expect(value).toMatch(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
    }
  });

  it('has names of at most 63 characters, with the longest name of a release', async () => {
    const release = 'r'.repeat(53);
    const objects = await renderObjects(chart('platform-app-chart'), BASES['everything']!, { release });
    for (const { metadata } of objects) expect(metadata.name.length).toBeLessThanOrEqual(63);
    expect(objects.map(keyOf)).toContain(`Deployment/${release}`);
  });
});

describe('values that templates refuse', () => {
  const web = BASES['web']!;
  const app = 'platform-app-chart';
  const proxy = { name: 'proxy', image: 'registry.example/shop/proxy:1' };
  const work = { name: 'work', mountPath: '/work', emptyDir: { sizeLimit: '1Mi' } };
  const refused: readonly (readonly [ChartName, Mapping, string, Rendering?])[] = [
    ['platform-tenant', {}, "'sku' is missing: set it to one of sku-batch, sku-large, sku-medium, sku-small"],
    ['platform-tenant', { sku: 'sku-small' }, NO_TEAMS('default'), { namespace: 'default' }],
    ['platform-tenant', { sku: 'sku-small' }, NO_TEAMS('kube-system'), { namespace: 'kube-system' }],
    ['platform-tenant', { sku: 'sku-small' }, NO_TEAMS('flux-system'), { namespace: 'flux-system' }],
    [app, BASES['second']!, NO_TEAMS('flux-system'), { namespace: 'flux-system' }],
    [
      'platform-tenant',
      { sku: 'sku-small', serviceAccount: { name: 'default' } },
      "'serviceAccount.name' is 'default', which every namespace has already: choose another name, or remove the field",
    ],
    [
      app,
      merged(web, { tenant: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } }),
      "'tenant.labels' has 'pod-security.kubernetes.io/enforce', which the platform sets itself: remove it; the level of Pod Security is 'tenant.podSecurity'",
    ],
    [
      'platform-tenant',
      { sku: 'sku-small', annotations: { 'helm.sh/resource-policy': 'delete' } },
      "'annotations' has 'helm.sh/resource-policy', which the platform sets itself: remove it; the level of Pod Security is 'podSecurity'",
    ],
    ...[
      ['0.0.0.0/0', '168.63.129.16, what Azure serves nodes with'],
      ['169.254.169.254/32', '169.254.169.254, the metadata service of Azure'],
      ['168.63.129.0/27', '168.63.129.16, what Azure serves nodes with'],
    ].map(([cidr, what]): [ChartName, Mapping, string] => [
      'platform-tenant',
      {
        sku: 'sku-small',
        networkPolicy: { egress: { addresses: [{ cidr: '168.63.129.0/28' }, { cidr: '169.254.169.255/32' }, { cidr }] } },
      },
      `'networkPolicy.egress.addresses' has '${cidr}', which contains ${what}: give smaller blocks, or use 'networkPolicy.egress.internet'`,
    ]),
    [
      app,
      merged(web, { replicaCount: 5, autoscaling: { enabled: true, maxReplicas: 3 } }),
      "'autoscaling.maxReplicas' is 3, less than 'replicaCount', which is 5: raise the one, or lower the other",
    ],
    [
      app,
      merged(web, { replicaCount: 0, autoscaling: { enabled: true } }),
      "'replicaCount' is 0, and a HorizontalPodAutoscaler keeps at least 1: set it to 1, or switch 'autoscaling' off",
    ],
    [
      app,
      merged(web, { resources: { limits: { memory: '1025Mi' } } }),
      "'resources.limits.memory' is 1025Mi, and sku-small allows a container 1Gi: lower it, or ask for a larger SKU",
    ],
    [
      app,
      merged(web, { sidecars: [{ ...proxy, resources: { limits: { cpu: '1.01' } } }] }),
      "'sidecars[proxy].resources.limits.cpu' is 1.01, and sku-small allows a container 1: lower it, or ask for a larger SKU",
    ],
    [
      app,
      merged(web, { resources: { requests: { cpu: '600m' }, limits: { cpu: '0.5' } } }),
      "'resources.requests.cpu' is 600m, above the limit of 0.5: lower it, or raise 'resources.limits.cpu'",
    ],
    [
      app,
      merged(BASES['second']!, { resources: { requests: { memory: '2G' }, limits: { memory: '1Gi' } } }),
      "'resources.requests.memory' is 2G, above the limit of 1Gi: lower it, or raise 'resources.limits.memory'",
    ],
    [app, web, NOT_A_SERVICE('a.b'), { release: 'a.b' }],
    [app, web, NOT_A_SERVICE('1st'), { release: '1st' }],
    [
      app,
      BASES['cronjob']!,
      `a CronJob cannot be called '${'c'.repeat(53)}', which has 53 characters of at most 52: set 'nameOverride'`,
      { release: 'c'.repeat(53) },
    ],
    [
      app,
      merged(web, { env: { LEVEL: 'a' }, config: { LEVEL: 'b' } }),
      "the variable 'LEVEL' stands in 'config' and in 'env': remove it from one of them",
    ],
    [
      app,
      merged(web, { sidecars: [{ ...proxy, env: { A: 'a' }, secretEnv: { A: { name: 'a', key: 'a' } } }] }),
      "the variable 'A' stands in 'sidecars[proxy].env' and in 'sidecars[proxy].secretEnv': remove it from one of them",
    ],
    [
      app,
      merged(web, { livenessProbe: { path: '/live', command: ['/probe', 'x'] } }),
      "'livenessProbe' has the path '/live' and the command '/probe x': keep one of them",
    ],
    [
      app,
      merged(BASES['worker']!, { livenessProbe: { path: '/live' } }),
      "'livenessProbe.path' is '/live', and a worker has no port that answers: use 'livenessProbe.command'",
    ],
    [
      app,
      merged(BASES['cronjob']!, { startupProbe: { command: ['/probe'] } }),
      "'startupProbe' is set, and a cronjob is not asked: remove it",
    ],
    [
      app,
      merged(web, { sidecars: [proxy] }),
      "'sidecars' need Kubernetes 1.29, and this is v1.28.0: upgrade the cluster, or remove them",
      { kubernetesVersion: '1.28.0' },
    ],
    [
      app,
      merged(web, { sidecars: [proxy], initContainers: [proxy] }),
      "two containers are called 'proxy': rename one; the application is 'app'",
    ],
    [
      app,
      merged(web, { initContainers: [{ ...proxy, name: 'app' }] }),
      "two containers are called 'app': rename one; the application is 'app'",
    ],
    [
      app,
      merged(web, { sidecars: [{ ...proxy, port: 8080 }] }),
      "the containers 'app' and 'proxy' both listen on port 8080: change one of them",
    ],
    [
      app,
      merged(web, { volumes: [work, { ...work, mountPath: '/other' }] }),
      "there is another volume called 'work': rename that in 'volumes'",
    ],
    [app, merged(web, { volumes: [{ ...work, name: 'tmp' }] }), "there is another volume called 'tmp': rename that in 'volumes'"],
    [
      app,
      merged(web, { configFiles: { mountPath: '/work', files: { a: 'b' } }, volumes: [work] }),
      "'configFiles' and 'volumes[work]' are both mounted at '/work': change the 'mountPath' of one of them",
    ],
    [
      app,
      merged(web, { volumes: [work], sidecars: [{ ...proxy, volumeMounts: [{ name: 'works', mountPath: '/work' }] }] }),
      "'sidecars[proxy].volumeMounts' names the volume 'works', and there is work: add it to 'volumes', or correct the name",
    ],
    [
      app,
      merged(web, { externalSecret: { enabled: true } }),
      "'externalSecret.enabled' is true, and 'externalSecret.env' names no variable: name one, or switch it off",
    ],
    [
      app,
      merged(web, {
        keyVault: {
          enabled: true,
          name: 'kv-shop',
          tenantId: '11111111-1111-1111-1111-111111111111',
          clientId: '11111111-1111-1111-1111-111111111111',
        },
      }),
      "'keyVault.enabled' is true, and 'keyVault.files' names no secret: name one, or switch it off",
    ],
    [
      app,
      merged(web, { workloadIdentity: true, tenant: { serviceAccount: { name: 'runner' } } }),
      "'workloadIdentity' is true, and the ServiceAccount 'runner' of this release has no managed identity: set 'tenant.serviceAccount.workloadIdentity.clientId', which is enough by itself, or remove 'workloadIdentity'",
    ],
    [
      app,
      merged(BASES['cronjob']!, { cronJob: { schedule: '0 22-6 * * *' } }),
      "'cronJob.schedule' is '0 22-6 * * *', and the range '22-6' in it ends before it begins: write it as two, with a comma between",
    ],
    [
      app,
      merged(BASES['cronjob']!, { cronJob: { schedule: '0 1-2,3-4 * MAR-4 1-2,Fri-mon/2' } }),
      "'cronJob.schedule' is '0 1-2,3-4 * MAR-4 1-2,Fri-mon/2', and the range 'Fri-mon' in it ends before it begins: write it as two, with a comma between",
    ],
    [
      app,
      merged(web, {
        configFiles: { mountPath: '/tmp', files: { a: 'b' } },
        volumes: [{ ...work, mountPath: '/tmp' }],
      }),
      "'configFiles' and 'volumes[work]' are both mounted at '/tmp': change the 'mountPath' of one of them",
    ],
    [
      app,
      merged(web, { podLabels: { 'app.kubernetes.io/name': 'other' } }),
      "'podLabels' has 'app.kubernetes.io/name' as 'other', by which the chart finds its pods: remove it",
    ],
    [
      app,
      merged(web, { tolerations: [{ key: 'spot', operator: 'Exists', value: 'a' }] }),
      "the toleration of 'spot' has the operator Exists and the value 'a': remove one of them",
    ],
  ];
  it.each(refused.map((row) => [row[2], row] as const))('%s', async (_, [name, values, message, rendering]) => {
    expect(await refusalOf(chart(name), values, rendering)).toBe(message);
  });

  it('are refused by the schema with the list, where a SKU is none', async () => {
    for (const [name, values] of [
      ['platform-app-chart', { ...web, sku: 'sku-huge' }],
      ['platform-tenant', { sku: 'sku-huge' }],
    ] as const) {
      const refusal = await refusalOf(chart(name), values);
      expect(refusal).toContain("at '/sku': value must be one of 'sku-small', 'sku-medium', 'sku-large', 'sku-batch'");
    }
  });
});

function NO_TEAMS(namespace: string): string {
  return `namespace '${namespace}' is no team's: give the release a namespace of its own, by 'targetNamespace' of the HelmRelease or by --namespace`;
}

function NOT_A_SERVICE(name: string): string {
  return `a Service cannot be called '${name}', because its name begins with a letter and has letters, digits and hyphens only: set 'nameOverride'`;
}

describe('helm', () => {
  it('finds nothing to complain about', async () => {
    for (const [name, base] of [
      ['platform-app-chart', 'web'],
      ['platform-app-chart', 'second'],
      ['platform-tenant', 'tenant'],
    ] as const) {
      const scratch = temporaryFolder();
      fs.writeFileSync(path.join(scratch, 'values.json'), JSON.stringify(BASES[base]));
      const options = ['--strict', '--namespace=shop', '--kube-version=1.34.0', '--values=values.json'];
      await expect(tool('helm', ['lint', chart(name), ...options], { directory: scratch })).resolves.toContain(
        '0 chart(s) failed',
      );
    }
  });

  it('renders the same from a package, and where the dependency is a folder', async () => {
    const scratch = temporaryFolder();
    const expected = await renderObjects(chart('platform-app-chart'), BASES['everything']!);
    await tool('helm', ['package', chart('platform-app-chart'), '--destination', scratch], { directory: scratch });
    expect(await renderObjects(path.join(scratch, 'platform-app-chart-1.0.0.tgz'), BASES['everything']!)).toEqual(expected);

    fs.cpSync(chart('platform-app-chart'), path.join(scratch, 'unpacked'), { recursive: true });
    const dependencies = path.join(scratch, 'unpacked', 'charts');
    fs.rmSync(dependencies, { recursive: true });
    fs.cpSync(chart('platform-tenant'), path.join(dependencies, 'platform-tenant'), { recursive: true });
    expect(await renderObjects(path.join(scratch, 'unpacked'), BASES['everything']!)).toEqual(expected);
  });
});

describe('a new version of the charts', () => {
  const released = fs
    .readdirSync(path.join(CHARTS, 'released'))
    .filter((file) => file.endsWith('.json'))
    .sort((a, b) => compareVersions(a.slice(0, -5), b.slice(0, -5)));
  const newest = released.at(-1)!;

  it('is written down where somebody asks for it', async () => {
    const version = process.env['K8S_GITOPS_RELEASE'];
    const file = path.join(
      version === undefined ? temporaryFolder() : path.join(CHARTS, 'released'),
      `${version ?? 'next'}.json`,
    );
    fs.writeFileSync(file, await writtenDown(newest, folder), { flag: 'wx' });
    const cases = JSON.parse(fs.readFileSync(file, 'utf8')) as Readonly<Record<string, ReleasedCase>>;
    expect(Object.keys(cases['web']!.objects)).toContain('Deployment/shop');
  });

  it('has the names and immutable fields of the versions before', async () => {
    expect(released).toContain('1.0.0.json');
    for (const file of released) expect(await changedSince(file, folder)).toEqual([]);
  });

  it.each<[string, string, string, string, RegExp]>([
    [
      'a selector',
      'platform-app-chart/templates/_names.tpl',
      'app.kubernetes.io/instance: {{ .Release.Name',
      'app.kubernetes.io/part-of: {{ .Release.Name',
      /^web: Deployment\/shop/,
    ],
    [
      'the name of a Deployment',
      'platform-app-chart/templates/deployment.yaml',
      '(dict "scope" .)',
      '(dict "scope" . "suffix" "-app")',
      /^web: Deployment\/shop/,
    ],
    [
      'a Service without an address',
      'platform-app-chart/templates/service.yaml',
      'type: ClusterIP',
      'clusterIP: None',
      /^web: Service\/shop/,
    ],
    [
      'the role of a RoleBinding',
      'platform-tenant/templates/_objects.tpl',
      'kind: ClusterRole\n',
      'kind: Role\n',
      /^web: RoleBinding\/tenant-team-view/,
    ],
    [
      'the name of the ServiceAccount',
      'platform-tenant/templates/_objects.tpl',
      'default .Release.Namespace',
      'default .Release.Name',
      /ServiceAccount\/shop/,
    ],
  ])('would be found out to change %s', async (_, file, from, to, message) => {
    const copy = await buildCharts((charts) => {
      replaceText(charts, file, from, to);
    });
    const changes = await Promise.all(released.map((version) => changedSince(version, copy)));
    expect(changes.flat()).toContainEqual(expect.stringMatching(message));
  });
});

/** What a version gave for values: immutable parts by object. */
interface ReleasedCase {
  readonly chart: ChartName;
  readonly release: string;
  readonly namespace: string;
  readonly values: Mapping;
  readonly objects: Readonly<Record<string, Mapping>>;
}

/** The cases of a version, as the charts of a folder give them. */
async function writtenDown(file: string, charts: string): Promise<string> {
  const cases = fixture(path.join('released', file)) as Readonly<Record<string, ReleasedCase>>;
  const now: Record<string, ReleasedCase> = {};
  for (const [name, entry] of Object.entries(cases)) {
    const objects = await renderObjects(path.join(charts, entry.chart), entry.values, entry);
    now[name] = { ...entry, objects: immutableParts(objects) };
  }
  return `${JSON.stringify(now, undefined, 1)}\n`;
}

/** What the charts of a folder changed since a version. */
async function changedSince(file: string, charts: string): Promise<readonly string[]> {
  const cases = fixture(path.join('released', file)) as Readonly<Record<string, ReleasedCase>>;
  const changes: string[] = [];
  for (const [name, { chart: which, release, namespace, values, objects }] of Object.entries(cases)) {
    const now = immutableParts(await renderObjects(path.join(charts, which), values, { release, namespace }));
    for (const [key, parts] of Object.entries(objects)) {
      if (JSON.stringify(now[key]) !== JSON.stringify(parts)) changes.push(`${name}: ${key} is now ${JSON.stringify(now[key])}`);
    }
  }
  return changes;
}

describe('zod and helm', () => {
  it.each<[ChartName, number, number]>([
    ['platform-app-chart', 350, 71],
    ['platform-tenant', 150, 72],
  ])('accept and refuse the same values of %s', async (name, numRuns, seed) => {
    const schema = name === 'platform-app-chart' ? appValues : tenantValues;
    const waiting = [...fc.sample(chartValues(name), { numRuns, seed }).entries()];
    const counts = { accepted: 0, refused: 0 };
    const different: unknown[] = [];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [, values] = next;
        const rendered = await render(chart(name), values);
        const reason = 'refusal' in rendered ? rendered.refusal : '';
        // A template that refuses values has seen them, so that the schema has let them pass.
        const isAccepted = reason === '' || reason.includes('execution error at');
        counts[isAccepted ? 'accepted' : 'refused']++;
        const isAcceptedByZod = schema.safeParse(withoutIgnoredNulls(values, name)).success;
        if (isAccepted !== isAcceptedByZod) different.push({ values, reason, zod: schema.safeParse(values).error?.issues });
      }
    };
    await Promise.all([work(), work(), work()]);
    expect(different).toEqual([]);
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(numRuns / 5);
  });

  it('accept and refuse the same values where somebody breaks one thing on purpose', async () => {
    for (const [values, isAccepted] of BY_HAND) {
      const rendered = await render(chart('platform-app-chart'), values);
      const refusal = 'refusal' in rendered ? rendered.refusal : '';
      expect({ values, refusal, isAccepted: refusal === '' }).toEqual({ values, refusal, isAccepted });
      expect({ values, isAccepted: appValues.safeParse(withoutIgnoredNulls(values, 'platform-app-chart')).success }).toEqual({
        values,
        isAccepted,
      });
    }
  });
});

const WEB = BASES['web']!;
const IMAGE = WEB['image'] as Mapping;

const BY_HAND: readonly (readonly [Mapping, boolean])[] = [
  [{ ...WEB, port: null }, false],
  [{ ...WEB, env: null }, false],
  [{ ...WEB, env: { A: null } }, true],
  [{ ...WEB, nameOverride: null }, false],
  [{ ...WEB, image: { ...IMAGE, digest: null } }, true],
  [{ ...WEB, image: { ...IMAGE, pullPolicy: null } }, false],
  [{ ...WEB, tenant: null }, false],
  [{ ...WEB, tenant: [] }, false],
  [{ ...WEB, tenant: { enabled: null } }, false],
  [{ ...WEB, tenant: { enabled: 'false' } }, false],
  [{ ...WEB, tenant: { role: null } }, false],
  [{ ...WEB, tenant: { serviceAccount: { name: null } } }, true],
  [{ ...WEB, tenant: { serviceAccount: { workloadIdentity: { clientId: null } } } }, false],
  [{ ...WEB, tenant: { enabled: false, role: null } }, false],
  [{ ...WEB, tenant: { enabled: false, labels: { a: null } } }, false],
  [{ ...WEB, tenant: { sku: 'sku-small' } }, false],
  [{ ...WEB, tenant: { global: { a: null } } }, true],
  [{ ...WEB, global: null }, false],
  [{ ...WEB, unknown: null }, false],
  [{ ...WEB, replicaCount: 1.5 }, false],
  [{ ...WEB, replicaCount: 1e3 }, true],
  [{ ...WEB, args: [null] }, false],
];
