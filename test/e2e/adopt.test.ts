import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { edit, FIXTURES, platformFolder, REPOSITORY, temporaryFolder, writeFile } from '../support/platform-folder';
import { runCli } from '../support/run-cli';
import { clusterOf, type Cluster, type KubernetesObject } from './support/cluster';
import { startControlPlane } from './support/control-plane';
import { buildCharts } from './support/helm-charts';
import { applyAsKustomizeController } from './support/stand-in-kustomize-controller';

/*
 * Proves docs/adopt.md against a real API server. Flux' controllers are not here: the real helm stands in for helm-controller, with the
 * options that the controller passes to Helm, and a few requests for kustomize-controller. No controller of Kubernetes is here either, so
 * that Deployments have no pods but those that a test makes.
 */

const CHART = path.join(FIXTURES, 'adopt', 'chart');
const OBJECTS = path.join(FIXTURES, 'adopt', 'objects');

/** What helm-controller does with a release, found or not: all values come from the HelmRelease. */
const UPGRADE = ['upgrade', '--install', '--reset-values'];
/** What it does besides unless `disableTakeOwnership` says no. */
const TAKE_OWNERSHIP = '--take-ownership';

/** Has kubectl compare by what Flux' Helm does with objects that it takes over. */
const AS_HELM_CONTROLLER = ['--server-side', '--force-conflicts', '--field-manager=helm-controller'];

/** What Flux calls a release without `releaseName`: <targetNamespace>-<name of the HelmRelease>. */
const nameByFlux = (namespace: string): string => `${namespace}-web`;

let cluster: Cluster;

beforeAll(async () => {
  cluster = clusterOf(await startControlPlane());
});

describe('a Helm release that was installed by hand', () => {
  it('is found where its record is and upgraded, as Flux does with storageNamespace (helm stands in for helm-controller)', async () => {
    const namespace = await releasedByHand('found');
    const before = await identities(namespace);

    await cluster.helm(...UPGRADE, 'web', CHART, '-n', namespace, '--set', 'report=false,greeting=ho', TAKE_OWNERSHIP);

    const { 'ConfigMap/report': dropped, ...kept } = before;
    expect(dropped).toBeDefined();
    expect(await identities(namespace)).toEqual(kept);
    expect((await cluster.get(namespace, 'configmap/settings')).data).toEqual({ greeting: 'ho' });
    expect(await releases(namespace)).toEqual([{ name: 'web', revision: '2', status: 'deployed' }]);
  });

  it('is installed a second time where its record is not found: hooks run again, what the chart dropped stays, and the old record can still delete all', async () => {
    const namespace = await releasedByHand('lost');
    const before = await identities(namespace);

    // Helm itself keeps its records in the namespace of the release, Flux without storageNamespace in flux-system: Helm's other storage
    // stands for that one.
    const elsewhere = { HELM_DRIVER: 'configmap' };
    const installed = await cluster.helmWith(
      elsewhere,
      ...[...UPGRADE, 'web', CHART, '-n', namespace, '--set', 'report=false', TAKE_OWNERSHIP],
    );
    expect(installed).toContain('Release "web" does not exist. Installing it now.');

    const after = await identities(namespace);
    expect(after['Deployment/web']).toEqual(before['Deployment/web']);
    expect(after['ConfigMap/report']).toEqual(before['ConfigMap/report']);
    expect(after['ConfigMap/first-install']).not.toEqual(before['ConfigMap/first-install']);
    expect(await releases(namespace)).toEqual([{ name: 'web', revision: '1', status: 'deployed' }]);
    await cluster.helm('uninstall', 'web', '-n', namespace);
    await expect(cluster.get(namespace, 'deployment/web')).rejects.toThrow('deployments.apps "web" not found');
  });

  it('that was installed a second time loses nothing more when its old record is deleted', async () => {
    const namespace = await releasedByHand('twice');
    const elsewhere = { HELM_DRIVER: 'configmap' };
    const upgrade = [...UPGRADE, 'web', CHART, '-n', namespace, TAKE_OWNERSHIP];
    await cluster.helmWith(elsewhere, ...upgrade);
    const before = await identities(namespace);

    await cluster.kubectl('-n', namespace, 'delete', 'secret', '-l', 'owner=helm,name=web');

    expect(await releases(namespace)).toEqual([]);
    await cluster.helmWith(elsewhere, ...upgrade);
    expect(await identities(namespace)).toEqual(before);
  });

  it('keeps its name: under another one Helm refuses, or takes the objects away from a record that still lists them', async () => {
    const namespace = await releasedByHand('renamed');
    const before = await identities(namespace);
    const install = [...UPGRADE, nameByFlux(namespace), CHART, '-n', namespace];
    await expect(cluster.helm(...install)).rejects.toThrow(
      'annotation validation error: key "meta.helm.sh/release-name" must equal "renamed-web": current value is "web"',
    );
    expect(await identities(namespace)).toEqual(before);

    await cluster.helm(...install, TAKE_OWNERSHIP);
    expect((await releases(namespace)).map(({ name }) => name)).toEqual(['renamed-web', 'web']);
    await cluster.helm('uninstall', 'web', '-n', namespace);
    await expect(cluster.get(namespace, 'deployment/web')).rejects.toThrow('deployments.apps "web" not found');
  });

  it('keeps values that were set by hand only where Git has them', async () => {
    const namespace = await releasedByHand('values', '--set', 'greeting=special');
    const values = path.join(temporaryFolder(), 'values.yaml');
    fs.writeFileSync(values, await cluster.helm('get', 'values', 'web', '-n', namespace, '-o', 'yaml'));
    const upgrade = [...UPGRADE, 'web', CHART, '-n', namespace];

    await cluster.helm(...upgrade, '-f', values);
    expect((await cluster.get(namespace, 'configmap/settings')).data).toEqual({ greeting: 'special' });
    await cluster.helm(...upgrade);
    expect((await cluster.get(namespace, 'configmap/settings')).data).toEqual({ greeting: 'hello' });
  });

  it('is upgraded in place by a chart of another name', async () => {
    const namespace = await releasedByHand('other-chart');
    const before = await identities(namespace);
    const chart = path.join(temporaryFolder(), 'store');
    fs.cpSync(CHART, chart, { recursive: true });
    writeFile(chart, 'Chart.yaml', 'apiVersion: v2\nname: store\nversion: 3.0.0\n');
    edit(chart, 'templates/deployment.yaml', '- name: web', '- name: store');

    await cluster.helm(...UPGRADE, 'web', chart, '-n', namespace);

    expect(await identities(namespace)).toEqual(before);
    expect(await containers(namespace)).toEqual(['store']);
  });

  it('loses a volume claim that the new chart does not have, unless the claim says that Helm keeps it', async () => {
    const withoutData = path.join(temporaryFolder(), 'chart');
    fs.cpSync(CHART, withoutData, { recursive: true });
    fs.rmSync(path.join(withoutData, 'templates', 'data.yaml'));
    const kept = await releasedByHand('claim-kept');
    await cluster.kubectl('-n', kept, 'annotate', 'pvc', 'data', 'helm.sh/resource-policy=keep');
    const before = await identities(kept);
    await cluster.helm(...UPGRADE, 'web', withoutData, '-n', kept);
    expect(await identities(kept)).toEqual(before);

    const lost = await releasedByHand('claim-lost');
    await cluster.helm(...UPGRADE, 'web', withoutData, '-n', lost);
    expect((await cluster.get(lost, 'pvc/data')).metadata.deletionTimestamp).toBeDefined();
  });

  it('goes back to hands by the same record', async () => {
    const namespace = await releasedByHand('back');
    const before = await identities(namespace);
    await cluster.helm(...UPGRADE, 'web', CHART, '-n', namespace, '--set', 'greeting=flux');

    await cluster.helm('rollback', 'web', '1', '-n', namespace);
    expect((await cluster.get(namespace, 'configmap/settings')).data).toEqual({ greeting: 'hello' });
    await cluster.helm('upgrade', 'web', CHART, '-n', namespace, '--set', 'greeting=hand');
    expect(await identities(namespace)).toEqual(before);

    // What Flux does to a HelmRelease that is deleted and not suspended.
    await cluster.helm('uninstall', 'web', '-n', namespace);
    expect(Object.keys(await identities(namespace))).toEqual(['ConfigMap/first-install', 'Namespace']);
  });

  it('shows before the merge what would change', async () => {
    const namespace = await releasedByHand('compared');
    const inCluster = await cluster.helm('get', 'manifest', 'web', '-n', namespace);
    expect(await cluster.helm('template', 'web', CHART, '-n', namespace, '--no-hooks')).toBe(`${inCluster.trim()}\n`);

    expect((await diff(namespace, [])).code).toBe(0);
    const changed = await diff(namespace, ['--set', 'greeting=ho']);
    expect(changed).toMatchObject({ code: 1, stdout: expect.stringContaining('+  greeting: ho') as string });
    const impossible = await diff(namespace, ['--set', 'storageClass=managed-csi-premium']);
    expect(impossible.code).toBeGreaterThan(1);
    expect(impossible.stderr).toContain('spec is immutable after creation except resources.requests');
  });
});

describe('objects that were applied by hand, into a Helm release', () => {
  it('are refused, and taken over with --take-ownership, which Flux sets unless disableTakeOwnership is (helm stands in)', async () => {
    const namespace = await appliedByHand('taken');
    const before = await identities(namespace);
    const install = [...UPGRADE, 'web', CHART, '-n', namespace];
    await expect(cluster.helm(...install)).rejects.toThrow(
      /exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app\.kubernetes\.io\/managed-by": must be set to "Helm"/,
    );
    expect(await identities(namespace)).toEqual(before);
    expect(await releases(namespace)).toEqual([]);

    await cluster.helm(...install, TAKE_OWNERSHIP);

    expect(await identities(namespace)).toMatchObject(before);
    const deployment = await cluster.get(namespace, 'deployment/web');
    expect(deployment.metadata.annotations).toMatchObject({ 'meta.helm.sh/release-name': 'web' });
    expect(deployment.spec).toMatchObject({ replicas: 2 });
    // Neither the chart nor Helm knows these: they stay, and nobody keeps them up to date.
    expect(deployment.metadata.labels).toMatchObject({ owner: 'shop-team' });
    expect(JSON.stringify(deployment.spec)).toContain('DEBUG');
    expect((await cluster.get(namespace, 'configmap/settings')).data).toEqual({ greeting: 'hello', colour: 'red' });
  });

  it('are taken over without --take-ownership once they carry the marks of Helm', async () => {
    const namespace = await appliedByHand('marked');
    const before = await identities(namespace);
    const objects = ['deployment/web', 'service/web', 'pvc/data', 'configmap/settings'];
    await cluster.kubectl('-n', namespace, 'label', ...objects, 'app.kubernetes.io/managed-by=Helm');
    const install = [...UPGRADE, 'web', CHART, '-n', namespace];
    await expect(cluster.helm(...install)).rejects.toThrow('missing key "meta.helm.sh/release-name": must be set to "web"');
    const marks = ['meta.helm.sh/release-name=web', `meta.helm.sh/release-namespace=${namespace}`];
    await cluster.kubectl('-n', namespace, 'annotate', ...objects, ...marks);

    await cluster.helm(...install);

    expect(await identities(namespace)).toMatchObject(before);
  });

  it('with another selector stop the release; its remedy, an uninstall, would delete what was taken over', async () => {
    const namespace = await appliedByHand('selector');
    const selector = ['--set', 'selector.app=web'];
    const { code, stderr } = await diff(namespace, selector);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('field is immutable') as string });

    const install = [...UPGRADE, 'web', CHART, '-n', namespace, TAKE_OWNERSHIP, ...selector];
    await expect(cluster.helm(...install)).rejects.toThrow(
      /cannot patch "web" with kind Deployment: .* spec\.selector: Invalid value: .*: field is immutable/,
    );
    expect(await releases(namespace)).toEqual([{ name: 'web', revision: '1', status: 'failed' }]);

    // What Flux does between two attempts of an install under `remediation.retries`.
    await cluster.helm('uninstall', 'web', '-n', namespace);
    await expect(cluster.get(namespace, 'service/web')).rejects.toThrow('services "web" not found');
    const data = await cluster.get(namespace, 'pvc/data');
    expect(data.metadata.deletionTimestamp).toBeDefined();
  });

  it('with another selector are taken over once their Deployment is deleted without its pods, which the Service goes on finding', async () => {
    const namespace = await appliedByHand('orphaned');
    await runPods(namespace);
    const before = await identities(namespace, 'replicasets', 'pods');

    await cluster.kubectl('-n', namespace, 'label', 'pods', '-l', 'app=shop', 'name=web');
    await cluster.kubectl('-n', namespace, 'delete', 'deployment', 'web', '--cascade=orphan', '--wait=false');
    await orphan(namespace);
    const selector = ['--set', 'selector.app=null,selector.name=web'];
    await cluster.helm(...UPGRADE, 'web', CHART, '-n', namespace, TAKE_OWNERSHIP, ...selector);

    const { 'Deployment/web': old, ...kept } = before;
    const after = await identities(namespace, 'replicasets', 'pods');
    expect(after).toMatchObject(kept);
    expect(after['Deployment/web']).not.toEqual(old);
    expect((await cluster.get(namespace, 'service/web')).spec).toMatchObject({ selector: { name: 'web' } });
    // By the labels of the Service as well as by those of its ReplicaSet.
    expect(await cluster.kubectl('-n', namespace, 'get', 'pods', '-l', 'name=web,app=shop', '-o', 'name')).toBe('pod/web-1\n');
  });
});

describe('an application that was applied by hand, into platform-app-chart', () => {
  const APPLIED = fs.readFileSync(path.join(OBJECTS, '..', 'app', 'app.yaml'), 'utf8');
  const VALUES =
    'sku=sku-small,aadGroupId=3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02,image.repository=registry.test/shop,image.tag=1.0.0';
  let chart: string;

  beforeAll(async () => {
    chart = path.join(await buildCharts(), 'platform-app-chart');
  });

  /** Applies it with a text replaced. */
  async function appliedApp(namespace: string, from = '', to = ''): Promise<readonly string[]> {
    const file = path.join(temporaryFolder(), 'app.yaml');
    fs.writeFileSync(file, APPLIED.replaceAll(from, to));
    await cluster.kubectl('create', 'namespace', namespace);
    await cluster.kubectl('-n', namespace, 'apply', '-f', file);
    return [...UPGRADE, 'web', chart, '-n', namespace, '--set', VALUES];
  }

  it('is taken over with its namespace', async () => {
    const upgrade = await appliedApp('app');
    const before = await identities('app');
    await expect(cluster.helm(...upgrade)).rejects.toThrow('exists and cannot be imported into the current release');

    await cluster.helm(...upgrade, TAKE_OWNERSHIP);
    expect(await identities('app')).toEqual(before);
    expect(await containers('app')).toEqual(['app']);
    expect((await cluster.get('app', 'namespace/app')).metadata.labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'Helm',
      'pod-security.kubernetes.io/enforce': 'restricted',
    });

    await cluster.helm('uninstall', 'web', '-n', 'app');
    const { 'Deployment/web': deployment, 'Service/web': service, ...kept } = before;
    expect([deployment, service]).not.toContain(undefined);
    expect(await identities('app')).toEqual(kept);
  });

  it('is taken over without --take-ownership once everything carries the marks of Helm, the namespace too', async () => {
    const upgrade = await appliedApp('app-marked');
    const before = await identities('app-marked');
    const mark = async (...objects: readonly string[]): Promise<void> => {
      await cluster.kubectl('-n', 'app-marked', 'label', ...objects, 'app.kubernetes.io/managed-by=Helm');
      const marks = ['meta.helm.sh/release-name=web', 'meta.helm.sh/release-namespace=app-marked'];
      await cluster.kubectl('-n', 'app-marked', 'annotate', ...objects, ...marks);
    };
    await mark('deploy/web', 'svc/web');
    await expect(cluster.helm(...upgrade)).rejects.toThrow(
      'Namespace "app-marked" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata',
    );

    await mark('ns/app-marked');
    await cluster.helm(...upgrade);
    expect(await identities('app-marked')).toMatchObject(before);
  });

  it('loses the type of its Service, and with it the address', async () => {
    const upgrade = await appliedApp('balanced', 'spec:\n  selector: {', 'spec:\n  type: LoadBalancer\n  selector: {');
    expect((await cluster.get('balanced', 'service/web')).spec).toMatchObject({ type: 'LoadBalancer' });
    await cluster.helm(...upgrade, TAKE_OWNERSHIP);
    expect((await cluster.get('balanced', 'service/web')).spec).toMatchObject({ type: 'ClusterIP' });
  });

  it('moves its tenant to another release by switching it off first; the other order deletes what was taken over', async () => {
    const of = (namespace: string, release: string, ...values: readonly string[]): readonly string[] => [
      ...[...UPGRADE, release, chart, '-n', namespace, '--set', VALUES, TAKE_OWNERSHIP, ...values],
    ];
    const off = ['--set', 'tenant.enabled=false'];
    const kinds = ['resourcequota', 'limitrange', 'networkpolicy', 'rolebinding', 'serviceaccount'];
    const tenantOf = async (namespace: string): Promise<readonly string[]> =>
      (
        await cluster.kubectl(
          '-n',
          namespace,
          'get',
          kinds.join(','),
          '-l',
          'app.kubernetes.io/name=platform-tenant',
          '-o',
          'name',
        )
      ).split('\n');

    for (const namespace of ['moved', 'moved-wrongly']) {
      await cluster.kubectl('create', 'namespace', namespace);
      await cluster.helm(...of(namespace, 'web'));
      await cluster.helm(...of(namespace, 'jobs', ...off));
    }
    const before = await tenantOf('moved');
    const { uid } = (await cluster.get('moved', 'namespace/moved')).metadata;
    expect(before).toContain('resourcequota/tenant');
    expect(before).toContain('serviceaccount/moved');

    await cluster.helm(...of('moved', 'web', ...off));
    expect(await tenantOf('moved')).toEqual(['']);
    await cluster.helm(...of('moved', 'jobs'));
    expect(await tenantOf('moved')).toEqual(before);
    expect((await cluster.get('moved', 'namespace/moved')).metadata).toMatchObject({ uid });

    await cluster.helm(...of('moved-wrongly', 'jobs'));
    await cluster.helm(...of('moved-wrongly', 'web', ...off));
    expect(await tenantOf('moved-wrongly')).toEqual(['']);
  });

  it('with a container of another name gets both, as only a comparison on the server tells, unless the name is changed before', async () => {
    const upgrade = await appliedApp('container', 'name: app\n', 'name: web\n');
    const file = path.join(temporaryFolder(), 'rendered.yaml');
    fs.writeFileSync(
      file,
      await cluster.helm('template', 'web', chart, '-n', 'container', '--kube-version', '1.34.4', '--set', VALUES),
    );
    const compare = ['diff', '-n', 'container', '-f', file];
    expect((await cluster.tryKubectl(...compare)).stderr).toBe('');
    const onServer = await cluster.tryKubectl(...compare, ...AS_HELM_CONTROLLER);
    expect(onServer.stderr).toContain('containers[1].ports[0]: duplicate port name "http"');

    await cluster.helm(...upgrade, TAKE_OWNERSHIP);
    expect(await containers('container')).toEqual(['app', 'web']);

    const renamed = await appliedApp('container-renamed', 'name: app\n', 'name: web\n');
    const before = await identities('container-renamed');
    const rename = [{ op: 'replace', path: '/spec/template/spec/containers/0/name', value: 'app' }];
    const patch = ['patch', 'deployment', 'web', '--type=json', '-p', JSON.stringify(rename)];
    await cluster.kubectl('-n', 'container-renamed', ...patch);
    await cluster.helm(...renamed, TAKE_OWNERSHIP);
    expect(await containers('container-renamed')).toEqual(['app']);
    expect(await identities('container-renamed')).toEqual(before);
  });

  it('with other labels is refused', async () => {
    const upgrade = await appliedApp(
      'labels',
      '{ app.kubernetes.io/name: web, app.kubernetes.io/instance: web }',
      '{ app: shop }',
    );
    await expect(cluster.helm(...upgrade, TAKE_OWNERSHIP)).rejects.toThrow('field is immutable');
  });
});

describe('objects that were applied by hand, into a Kustomization (a stand-in for kustomize-controller sends its requests)', () => {
  const settings = (namespace: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace, labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } },
    data: { greeting: 'hello' },
  });

  it('become those of Git: what kubectl had set beside goes, too', async () => {
    const namespace = await appliedByHand('kustomized');
    const patch = ['-n', namespace, 'patch', 'configmap', 'settings', '-p'];
    await cluster.kubectl(...patch, '{"data":{"size":"large"}}');
    await cluster.kubectl(...patch, '{"data":{"kept":"yes"}}', '--field-manager=flux-client-side-apply');
    const before = await identities(namespace);

    await applyAsKustomizeController(cluster, settings(namespace));

    expect(await identities(namespace)).toEqual(before);
    const { data, metadata } = await cluster.get(namespace, 'configmap/settings');
    expect(data).toEqual({ greeting: 'hello', kept: 'yes' });
    expect(metadata.annotations).toBeUndefined();
    expect(metadata.managedFields?.map(({ manager }) => manager).sort()).toEqual([
      'flux-client-side-apply',
      'kustomize-controller',
    ]);
    // What Git does not name has neither its labels nor its fields, and is in no inventory: it is never pruned.
    const deployment = await cluster.get(namespace, 'deployment/web');
    expect(deployment.metadata.labels).toEqual({ owner: 'shop-team' });
  });

  it('would conflict without force, and keep what kubectl had set without its managers taken over', async () => {
    const namespace = await appliedByHand('conflicting');
    await expect(
      applyAsKustomizeController(cluster, settings(namespace), { takesOverKubectl: false, force: false }),
    ).rejects.toThrow('Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.greeting');

    await applyAsKustomizeController(cluster, settings(namespace), { takesOverKubectl: false });
    expect((await cluster.get(namespace, 'configmap/settings')).data).toEqual({ greeting: 'hello', colour: 'red' });
  });

  it('that would change an immutable field are refused and stay', async () => {
    const namespace = await appliedByHand('immutable');
    const before = await identities(namespace);
    const [deployment] = parseAllDocuments(fs.readFileSync(path.join(OBJECTS, 'deployment.yaml'), 'utf8')).map(
      (document) => document.toJS() as { apiVersion: string; kind: string; metadata: { name: string }; spec: object },
    );
    await expect(
      applyAsKustomizeController(cluster, {
        ...deployment!,
        metadata: { ...deployment!.metadata, namespace },
        spec: { ...deployment!.spec, selector: { matchLabels: { app: 'web' } } },
      } as Parameters<typeof applyAsKustomizeController>[1]),
    ).rejects.toThrow('spec.selector: Invalid value');
    expect(await identities(namespace)).toEqual(before);
  });
});

describe('a namespace that exists', () => {
  it('is refused, and taken over by a chart that keeps it on uninstall', async () => {
    const namespace = await appliedByHand('tenant');
    const before = await identities(namespace);
    const install = [...UPGRADE, 'web', CHART, '-n', namespace, '--set', 'namespace.create=true'];
    await expect(cluster.helm(...install)).rejects.toThrow(
      `Namespace "${namespace}" in namespace "" exists and cannot be imported into the current release`,
    );

    await cluster.helm(...install, TAKE_OWNERSHIP);
    expect(await identities(namespace)).toMatchObject(before);

    expect(await cluster.helm('uninstall', 'web', '-n', namespace)).toContain(
      `These resources were kept due to the resource policy:\n[Namespace] ${namespace}`,
    );
    const { metadata } = await cluster.get(namespace, `namespace/${namespace}`);
    expect(metadata.uid).toBe((before['Namespace'] as KubernetesObject['metadata']).uid);
    expect(metadata.deletionTimestamp).toBeUndefined();
  });

  it('would be deleted on uninstall, with all that is in it, if the chart did not keep it', async () => {
    const namespace = await appliedByHand('tenant-lost');
    const values = ['--set', 'namespace.create=true,namespace.keep=false'];
    await cluster.helm(...UPGRADE, 'web', CHART, '-n', namespace, TAKE_OWNERSHIP, ...values);
    await cluster.helm('uninstall', 'web', '-n', namespace);
    const { metadata } = await cluster.get(namespace, `namespace/${namespace}`);
    expect(metadata.deletionTimestamp).toBeDefined();
  });

  it('tells before which of its pods would not be let in again', async () => {
    const namespace = await appliedByHand('restricted');
    await runPods(namespace);
    const label = ['label', 'namespace', namespace, '--overwrite', 'pod-security.kubernetes.io/enforce=restricted'];
    const { code, stderr } = await cluster.tryKubectl(...label, '--dry-run=server');
    expect(code).toBe(0);
    expect(stderr).toContain(`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level`);
    expect(stderr).toContain('web-1: allowPrivilegeEscalation != false');

    await cluster.kubectl(...label);
    expect((await cluster.get(namespace, 'pod/web-1')).metadata.deletionTimestamp).toBeUndefined();
    await expect(runPods(namespace, '2')).rejects.toThrow('violates PodSecurity "restricted:latest"');
  });
});

describe('Flux objects that exist', () => {
  const NAMES = { gitRepository: 'shop-source', kustomization: 'shop-apps', helmRelease: 'shop-web' };

  it('are taken over under the names that the model gives them, and doubled under the derived ones', async () => {
    await installFluxTypes();
    await cluster.kubectl('create', 'namespace', 'flux-system');
    const existing = await registration({ names: NAMES, storageNamespace: 'shop' });
    const releases = parseAllDocuments(fs.readFileSync(existing, 'utf8')).map((document) => document.toJS() as KubernetesObject);
    expect(releases.find(({ kind }) => kind === 'HelmRelease')?.spec).toMatchObject({
      releaseName: 'shop-web',
      targetNamespace: 'shop',
      storageNamespace: 'shop',
      install: { strategy: { name: 'RetryOnFailure' } },
    });
    await cluster.kubectl('apply', '-f', existing);
    const before = await fluxObjects();
    expect(Object.keys(before).sort()).toEqual(['GitRepository/shop-source', 'HelmRelease/shop-web', 'Kustomization/shop-apps']);

    const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager=kustomize-controller', '-f'];
    await cluster.kubectl(...apply, existing);
    expect(await fluxObjects()).toEqual(before);

    await cluster.kubectl(...apply, await registration({}));
    const doubled = await fluxObjects();
    expect(doubled).toMatchObject(before);
    const added = Object.keys(doubled).filter((name) => !(name in before));
    expect(added.sort()).toEqual(['GitRepository/k8s-shop', 'HelmRelease/shop', 'Kustomization/shop']);
  });
});

/** Names of the containers that the pods of `web` get. */
async function containers(namespace: string): Promise<readonly string[]> {
  const { spec } = await cluster.get(namespace, 'deployment/web');
  return (spec as { template: { spec: { containers: { name: string }[] } } }).template.spec.containers.map(({ name }) => name);
}

/** A namespace with a release `web` that somebody installed; its volume is bound. */
async function releasedByHand(namespace: string, ...values: readonly string[]): Promise<string> {
  await cluster.helm('install', 'web', CHART, '-n', namespace, '--create-namespace', ...values);
  await bindVolume(namespace);
  return namespace;
}

/** A namespace with objects that somebody applied; its volume is bound. */
async function appliedByHand(namespace: string): Promise<string> {
  await cluster.kubectl('create', 'namespace', namespace);
  await cluster.kubectl('-n', namespace, 'apply', '-f', OBJECTS);
  await bindVolume(namespace);
  return namespace;
}

/** Does what the controller of volumes does. */
async function bindVolume(namespace: string): Promise<void> {
  const patch = ['-n', namespace, 'patch', 'pvc', 'data', '--type=merge', '-p'];
  await cluster.kubectl(...patch, JSON.stringify({ spec: { volumeName: `disk-${namespace}` } }));
  const status = { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } };
  await cluster.kubectl(...patch, JSON.stringify({ status }), '--subresource=status');
}

/** Does what the controller of Deployments does: a ReplicaSet of the Deployment, and a pod. */
async function runPods(namespace: string, suffix = '1'): Promise<void> {
  const { metadata, spec } = await cluster.get(namespace, 'deployment/web');
  const template = spec!['template'] as { metadata: object; spec: object };
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: metadata.uid, controller: true };
  const name = `web-${suffix}`;
  const objects = [
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name, ownerReferences: [owner], ...template.metadata },
      spec: { replicas: 1, selector: spec!['selector'], template },
    },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...template.metadata }, spec: template.spec },
  ];
  const file = path.join(temporaryFolder(), 'pods.json');
  fs.writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await cluster.kubectl('-n', namespace, 'apply', '-f', file);
}

/** Does what the garbage collector does with a Deployment that is deleted without what it owns. */
async function orphan(namespace: string): Promise<void> {
  const remove = (at: string): string => JSON.stringify([{ op: 'remove', path: `/metadata/${at}` }]);
  const patch = ['-n', namespace, 'patch', '--type=json'];
  await cluster.kubectl(...patch, 'replicaset', 'web-1', '-p', remove('ownerReferences'));
  await cluster.kubectl(...patch, 'deployment', 'web', '-p', remove('finalizers'));
}

/** What an object would lose if it were made anew. */
type Identities = Readonly<Record<string, object>>;

async function identities(namespace: string, ...more: readonly string[]): Promise<Identities> {
  const kinds = ['deployments', 'services', 'persistentvolumeclaims', 'configmaps', ...more].join(',');
  const list = JSON.parse(await cluster.kubectl('-n', namespace, 'get', kinds, '-o', 'json')) as {
    items: readonly KubernetesObject[];
  };
  const identity = ({ metadata, spec }: KubernetesObject): object => ({
    uid: metadata.uid,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    clusterIP: spec?.['clusterIP'],
    volumeName: spec?.['volumeName'],
  });
  const objects = list.items
    // Helm's other storage keeps its records there.
    .filter(({ metadata }) => !metadata.name.startsWith('sh.helm.release.') && metadata.deletionTimestamp === undefined)
    .map((object) => [`${object.kind}/${object.metadata.name}`, identity(object)] as const);
  return Object.fromEntries([...objects, ['Namespace', identity(await cluster.get(namespace, `namespace/${namespace}`))]]);
}

async function releases(
  namespace: string,
): Promise<readonly { readonly name: string; readonly revision: string; readonly status: string }[]> {
  const list = JSON.parse(await cluster.helm('list', '--all', '-n', namespace, '-o', 'json')) as {
    name: string;
    revision: string;
    status: string;
  }[];
  return list.map(({ name, revision, status }) => ({ name, revision, status }));
}

/** What the documentation has people do before they merge: compares what the chart would render with what is there. */
async function diff(namespace: string, values: readonly string[]): ReturnType<Cluster['tryKubectl']> {
  const file = path.join(temporaryFolder(), 'rendered.yaml');
  fs.writeFileSync(file, await cluster.helm('template', 'web', CHART, '-n', namespace, '--no-hooks', ...values));
  return cluster.tryKubectl('diff', '-n', namespace, '-f', file, ...AS_HELM_CONTROLLER);
}

/** The types of Flux, as the project has their schemas. */
async function installFluxTypes(): Promise<void> {
  for (const group of ['source', 'kustomize', 'helm']) {
    const schemas = path.join(REPOSITORY, 'schemas', 'flux', '2.9.5', `${group}.toolkit.fluxcd.io.json`);
    const { items } = JSON.parse(fs.readFileSync(schemas, 'utf8')) as { items: object[] };
    const file = path.join(temporaryFolder(), 'types.json');
    fs.writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await cluster.kubectl('apply', '--server-side', '-f', file);
    await cluster.kubectl('wait', '--for=condition=Established', '--timeout=30s', '-f', file);
  }
}

/** What the platform synthesizes for a system `shop` whose file says this, too. */
async function registration(more: object): Promise<string> {
  const folder = platformFolder();
  const system = {
    ...{ pattern: 'B', release: 'platform', team: 'shop', aadGroupId: '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02', sku: 'sku-small' },
    values: { image: { repository: '{registry}/shop', tag: '1.0.0' } },
    ...more,
  };
  writeFile(folder, 'systems/shop.yaml', JSON.stringify(system));
  expect(await runCli(['start', '--dir', folder])).toMatchObject({ code: 0 });
  return path.join(folder, 'clusters', 'dev', 'systems', 'shop.yaml');
}

async function fluxObjects(): Promise<Readonly<Record<string, string>>> {
  const types = 'gitrepositories.source.toolkit.fluxcd.io,kustomizations,helmreleases';
  const list = JSON.parse(await cluster.kubectl('-n', 'flux-system', 'get', types, '-o', 'json')) as {
    items: readonly KubernetesObject[];
  };
  return Object.fromEntries(list.items.map(({ kind, metadata: { name, uid } }) => [`${kind}/${name}`, uid]));
}
