import * as fs from 'node:fs';
import * as path from 'node:path';
import { synthesize, writeClusters } from '../../manifests';
import { Repositories, survey, type Survey } from '../../src/charts';
import { formatProblem } from '../../src/model';
import { validate } from '../../src/validation';
import { loadPlatform } from '../support/load-platform';
import { edit, platformFolder, temporaryFolder, writeFile } from '../support/platform-folder';

jest.setTimeout(30_000);

const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
  namespace: flux-system
spec:
  interval: 10m
  releaseName: shop
  targetNamespace: shop
  chart:
    spec:
      chart: ./platform-app-chart
      reconcileStrategy: Revision
      sourceRef: { kind: GitRepository, name: k8s-platform-charts }
  values:
    replicaCount: 2
    image: { repository: "\${registry}/shop", tag: 1.0.0 }
    sku: \${sku}
    aadGroupId: \${aadGroupId}
`;

const FILE = 'examples/shop/environments/dev/flux/helmrelease.yaml';

/** A platform whose system `shop` has a repository at hand, for dev alone. */
function platformWithShop(): string {
  const folder = platformFolder();
  edit(folder, 'systems/shop.yaml', 'dependsOn: [ingress]\n', 'environments: { dev: {} }\n');
  writeFile(folder, FILE, RELEASE);
  return folder;
}

function look(folder: string, repositories?: string): Survey {
  const platform = loadPlatform(folder);
  writeClusters(platform, synthesize(platform), {});
  const { catalogs } = validate(platform);
  return survey({ platform, repositories: new Repositories(platform, repositories), catalogs: catalogs! });
}

const problemsOf = (found: Survey): readonly string[] => found.problems.map(formatProblem);

describe('survey', () => {
  it('reads what Flux would apply of a repository, and finds nothing wrong', () => {
    const found = look(platformWithShop());
    expect(problemsOf(found)).toEqual([]);
    expect(found.notes).toEqual([]);
    expect(found).toMatchObject({ looked: ['shop'], absent: ['ingress'] });
    expect(found.releases).toEqual([
      expect.objectContaining({
        environment: 'dev',
        releaseName: 'shop',
        namespace: 'shop',
        central: 'platform-app-chart',
        values: {
          replicaCount: 2,
          image: { repository: 'myorgdev.azurecr.io/shop', tag: '1.0.0' },
          sku: 'sku-small',
          aadGroupId: '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02',
        },
      }),
    ]);
  });

  it.each<readonly [mistake: string, from: string, to: string, problem: string]>([
    [
      'another SKU',
      'sku: ${sku}',
      'sku: sku-large',
      `${FILE}:18:10 'sku' is "sku-large", and the registration says 'sku-small' for dev (systems/shop.yaml)`,
    ],
    [
      'another group',
      'aadGroupId: ${aadGroupId}',
      'aadGroupId: 3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e99',
      `${FILE}:19:17 'aadGroupId' is "3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e99", and the registration says '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02' for dev (systems/shop.yaml)`,
    ],
    [
      'a lower Pod Security level',
      'replicaCount: 2',
      'tenant: { podSecurity: privileged }',
      `${FILE}:16:28 'tenant.podSecurity' is "privileged", and the registration says 'restricted' for dev (systems/shop.yaml)`,
    ],
    [
      'another namespace',
      'targetNamespace: shop',
      'targetNamespace: payments',
      `${FILE}:9:20 'spec.targetNamespace' is 'payments', and the namespace of shop in dev is 'shop' (systems/shop.yaml)`,
    ],
    [
      'a HelmRelease elsewhere',
      'namespace: flux-system',
      'namespace: shop',
      `${FILE}:5:14 the HelmRelease stands in namespace 'shop', not in 'flux-system'`,
    ],
    [
      'another chart',
      './platform-app-chart',
      './other-chart',
      `${FILE}:10:3 the chart is './other-chart', and shop is of pattern B, which is the central platform-app-chart`,
    ],
    ['a value of no meaning', 'replicaCount: 2', 'replicas: 2', `${FILE}:16:5 unknown key 'replicas' in 'spec.values'`],
    [
      'a value of the wrong type',
      'replicaCount: 2',
      'replicaCount: two',
      `${FILE}:16:19 'spec.values.replicaCount' is the text 'two', expected a number`,
    ],
    [
      'a variable without value',
      '${registry}/shop',
      '${registri}/shop',
      `${FILE}:17:26 the variable 'registri' has no value: the registration gives environment, registry, sku, aadGroupId`,
    ],
    [
      'more pods than the quota',
      'replicaCount: 2',
      'replicaCount: 5',
      `${FILE}:4:9 shop needs more in dev than sku-small has: 6 pods of 5, requests.cpu 600m of 500m, requests.memory 768Mi of 640Mi, limits.cpu 6 of 5, limits.memory 6Gi of 5Gi`,
    ],
    [
      'a container larger than the SKU',
      'replicaCount: 2',
      'resources: { limits: { memory: 2Gi } }',
      `${FILE}:4:9 Deployment 'shop' of shop in dev (sku-small):`,
    ],
    [
      'a field that Flux does not know',
      'interval: 10m',
      'intervall: 10m',
      `${FILE}:7:3 HelmRelease: unknown field 'spec.intervall'`,
    ],
  ])('finds %s', (_, from, to, problem) => {
    const folder = platformWithShop();
    edit(folder, FILE, from, to);
    const found = problemsOf(look(folder));
    expect(found.filter((text) => text.startsWith(problem))).toHaveLength(1);
  });

  it('lets a workload use all of its quota, with room for an update', () => {
    const folder = platformWithShop();
    edit(folder, FILE, 'replicaCount: 2', 'replicaCount: 4');
    expect(problemsOf(look(folder))).toEqual([]);
    edit(folder, FILE, 'replicaCount: 4', 'replicaCount: 5\n    rollout: { maxSurge: 0, maxUnavailable: 1 }');
    expect(problemsOf(look(folder))).toEqual([]);
  });

  it('leaves room for the pod with which cert-manager answers for a certificate', () => {
    const folder = platformWithShop();
    edit(
      folder,
      FILE,
      'replicaCount: 2',
      'replicaCount: 4\n    ingress: { enabled: true, hosts: [shop.example.com], clusterIssuer: le }',
    );
    expect(problemsOf(look(folder))).toEqual([expect.stringContaining('6 pods of 5')]);
  });

  it('counts all releases of a namespace, of which one brings the tenant', () => {
    const folder = platformWithShop();
    const second = RELEASE.replaceAll('name: shop', 'name: shop-worker').replace('releaseName: shop', 'releaseName: shop-worker');
    const other = FILE.replace('helmrelease', 'worker');
    writeFile(folder, other, second);
    expect(problemsOf(look(folder))).toEqual([
      expect.stringContaining('shop needs more in dev than sku-small has: 6 pods of 5'),
      expect.stringContaining(
        `${other}:4:9 the release 'shop-worker' brings the tenant of namespace 'shop' in dev, which 'shop' brings already`,
      ),
    ]);
    const tenantless = second.replace('replicaCount: 2', 'replicaCount: 1\n    tenant: { enabled: false }');
    writeFile(folder, other, tenantless);
    expect(problemsOf(look(folder))).toEqual([]);
  });

  it('counts what the platform releases itself', () => {
    const folder = platformFolder();
    fs.appendFileSync(
      path.join(folder, 'systems/shop.yaml'),
      "release: platform\nregistration: false\nvalues: { image: { repository: '{registry}/shop', tag: 1.0.0 }, autoscaling: { enabled: true, maxReplicas: 9 } }\n",
    );
    expect(problemsOf(look(folder))).toEqual(
      ['dev', 'prod'].map((environment): unknown =>
        expect.stringContaining(`systems/shop.yaml shop needs more in ${environment} than sku-small has: 10 pods of 5`),
      ),
    );
  });

  it('finds repositories in another folder, by the name of the repository', () => {
    const folder = platformWithShop();
    const elsewhere = temporaryFolder();
    fs.renameSync(path.join(folder, 'examples/shop'), path.join(elsewhere, 'k8s-shop'));
    expect(look(folder).looked).toEqual([]);
    const found = look(folder, elsewhere);
    expect(found.looked).toEqual(['shop']);
    expect(found.releases).toHaveLength(1);
  });

  it.each<readonly [what: string, manifest: string, problem: string]>([
    [
      'a Secret',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: x, namespace: shop }\n',
      '2:7 shop is of pattern B, and a Secret is never part of it',
    ],
    [
      'a cluster role',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: x }\n',
      '2:7 shop is of pattern B, and a ClusterRole concerns the whole cluster',
    ],
    [
      'access that the tenant decides',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: x, namespace: shop }\nroleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin }\n',
      "2:7 shop is of pattern B, and a RoleBinding is the tenant's",
    ],
    [
      'a namespace of another system',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: payments }\n',
      "3:33 shop is of pattern B, and the ConfigMap stands in namespace 'payments', and its own is 'shop'",
    ],
    [
      'another Kustomization',
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: x, namespace: flux-system }\nspec: { interval: 1m, prune: true, sourceRef: { kind: GitRepository, name: x } }\n',
      '2:7 shop is of pattern B, and a Kustomization.kustomize.toolkit.fluxcd.io would let its repository decide',
    ],
  ])('finds %s beside the release', (_, manifest, problem) => {
    const folder = platformWithShop();
    const file = FILE.replace('helmrelease', 'beside');
    writeFile(folder, file, manifest);
    expect(problemsOf(look(folder))).toEqual([expect.stringContaining(`${file}:${problem}`)]);
  });

  it('lets objects of its own namespace stand beside the release', () => {
    const folder = platformWithShop();
    writeFile(
      folder,
      FILE.replace('helmrelease', 'beside'),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: shop }\n',
    );
    expect(problemsOf(look(folder))).toEqual([]);
  });

  it('misses the HelmRelease that the system is released by', () => {
    const folder = platformWithShop();
    fs.rmSync(path.join(folder, FILE));
    expect(problemsOf(look(folder))).toEqual([
      expect.stringContaining("examples/shop/environments/dev/flux has no HelmRelease 'shop', which shop is released by in dev"),
    ]);
  });

  it('misses the folder that the registration names', () => {
    const folder = platformWithShop();
    fs.rmSync(path.join(folder, 'examples/shop/environments/dev'), { recursive: true });
    expect(problemsOf(look(folder))).toContain(
      'examples/shop/environments/dev/flux does not exist, although Flux applies this folder\n  → Add it, or correct `path` in the registration.',
    );
  });
});

describe('pattern C', () => {
  const CRDS = 'examples/crds/environments/dev/flux';

  function platformWithCrds(approval = 'kinds: []'): string {
    const folder = platformWithShop();
    writeFile(
      folder,
      'systems/crds.yaml',
      `pattern: C\nteam: platform\napproval: { by: Ada, date: 2026-10-05, reason: CRDs, ${approval} }\nenvironments: { dev: {} }\n`,
    );
    return folder;
  }

  const role = (more = ''): string =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: reader\n${more}rules: []\n`;
  const job = `apiVersion: batch/v1\nkind: Job\nmetadata: { name: x, namespace: shop }\nspec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: b }] } } }\n`;

  it('holds kinds that need no approval of their own', () => {
    const folder = platformWithCrds();
    writeFile(folder, `${CRDS}/role.yaml`, role());
    const found = look(folder);
    expect(problemsOf(found)).toEqual([]);
    expect(found.objects.map(({ system, environment }) => [system.name, environment])).toEqual([['crds', 'dev']]);
  });

  it('holds no other kind unless it is approved', () => {
    const folder = platformWithCrds();
    writeFile(folder, `${CRDS}/job.yaml`, job);
    expect(problemsOf(look(folder))).toEqual([
      `${CRDS}/job.yaml:2:7 crds is of pattern C, and its approval (systems/crds.yaml) does not cover the kind Job\n  → Deliver it by a chart (pattern A or B), or have it approved: add 'Job' to 'approval.kinds'.`,
    ]);
    const approved = platformWithCrds('kinds: [Job]');
    writeFile(approved, `${CRDS}/job.yaml`, job);
    expect(problemsOf(look(approved))).toEqual([]);
  });

  it('holds no secret, whatever is approved', () => {
    const folder = platformWithCrds('kinds: [Secret]');
    writeFile(folder, `${CRDS}/secret.yaml`, 'apiVersion: v1\nkind: Secret\nmetadata: { name: x, namespace: shop }\n');
    expect(problemsOf(look(folder))).toEqual([expect.stringContaining('a Secret is never part of it')]);
  });

  it('holds nothing that says that Helm manages it', () => {
    const folder = platformWithCrds();
    writeFile(folder, `${CRDS}/role.yaml`, role('  labels: { app.kubernetes.io/managed-by: Helm }\n'));
    expect(problemsOf(look(folder))).toEqual([
      expect.stringContaining(`${CRDS}/role.yaml:5:43 the object says that Helm manages it`),
    ]);
  });

  it('reads the files that a plain kustomization lists, and says what it did not build', () => {
    const folder = platformWithCrds();
    writeFile(folder, `${CRDS}/kustomization.yaml`, 'resources: [role.yaml, more]\n');
    writeFile(folder, `${CRDS}/role.yaml`, role());
    writeFile(folder, `${CRDS}/more/job.yaml`, job);
    writeFile(folder, `${CRDS}/ignored.yaml`, job);
    expect(problemsOf(look(folder))).toEqual([expect.stringContaining(`${CRDS}/more/job.yaml:2:7`)]);
    writeFile(folder, `${CRDS}/kustomization.yaml`, 'resources: [role.yaml, nothing.yaml]\n');
    expect(problemsOf(look(folder))).toEqual([expect.stringContaining("lists 'nothing.yaml', which does not exist")]);
    writeFile(folder, `${CRDS}/kustomization.yaml`, 'resources: [role.yaml]\nnamePrefix: a-\n');
    const found = look(folder);
    expect(problemsOf(found)).toEqual([]);
    expect(found.objects).toHaveLength(1);
    expect(found.notes.map(formatProblem)).toEqual([expect.stringContaining('is built by kustomize (namePrefix)')]);
  });

  it.each([
    ['resources: [../../../../../systems/crds.yaml]', 'leads out of the repository'],
    ['resources: [/etc/hosts]', 'leads out of the repository'],
    ['resources: [https://example.com/x.yaml]', 'which stands elsewhere'],
    ['resources: [.]', 'which lists this folder in turn'],
    ['resources: [5]', 'is no path'],
    ['resources: all', "'resources' is no list"],
    ['secretGenerator: [{ name: x, literals: [a=b] }]', 'makes a Secret of what stands in Git'],
  ])('refuses the kustomization "%s"', (kustomization, problem) => {
    const folder = platformWithCrds();
    writeFile(folder, `${CRDS}/kustomization.yaml`, `${kustomization}\n`);
    expect(problemsOf(look(folder))).toEqual([expect.stringContaining(problem)]);
  });

  it('refuses two kustomizations in one folder', () => {
    const folder = platformWithCrds();
    writeFile(folder, `${CRDS}/kustomization.yaml`, 'resources: []\n');
    writeFile(folder, `${CRDS}/Kustomization`, 'resources: []\n');
    expect(problemsOf(look(folder))).toEqual([
      expect.stringContaining('stands beside kustomization.yaml, and kustomize takes one'),
    ]);
  });

  it.each([
    ['a: *nope\n', "the alias '*nope' has no anchor before it"],
    ['['.repeat(20_000), 'is nested too deeply to be read'],
  ])('tells the truth about YAML that cannot be read', (yaml, problem) => {
    const folder = platformWithCrds();
    writeFile(folder, `${CRDS}/broken.yaml`, yaml);
    expect(problemsOf(look(folder))).toEqual([expect.stringContaining(`${CRDS}/broken.yaml ${problem}`)]);
  });
});
