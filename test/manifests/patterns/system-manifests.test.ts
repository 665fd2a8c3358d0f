import { parse } from 'yaml';
import { hasTenant, ownChartManifest, platformAppManifest, synthesize, tenantManifest } from '../../../manifests';
import { type Environment, type System } from '../../../src/model';
import { loadPlatform } from '../../support/load-platform';
import { edit, platformFolder } from '../../support/platform-folder';

interface Release {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

const read = (yaml: string): Release => parse(yaml, { version: '1.1' }) as Release;

function place(folder: string, environment: string, name: string): readonly [Environment, System] {
  const found = loadPlatform(folder).environments.find((candidate) => candidate.name === environment)!;
  return [found, found.systems.find((system) => system.name === name)!];
}

describe('the HelmRelease that a system keeps', () => {
  it('is, for pattern B, one of the central chart, with variables where the registration decides', () => {
    const [environment, shop] = place(platformFolder(), 'dev', 'shop');
    const image = { repository: '${registry}/shop/shop', tag: '0.1.0' };
    const { metadata, spec } = read(platformAppManifest(environment, shop, { replicaCount: 2, image }));
    expect(metadata).toEqual({
      name: 'shop',
      namespace: 'flux-system',
      labels: { 'k8s-gitops/system': 'shop', 'k8s-gitops/team': 'shop' },
    });
    expect(spec).toMatchObject({
      interval: '10m',
      releaseName: 'shop',
      targetNamespace: 'shop',
      chart: {
        spec: {
          chart: './platform-app-chart',
          reconcileStrategy: 'Revision',
          sourceRef: { kind: 'GitRepository', name: 'k8s-platform-charts' },
        },
      },
      install: { createNamespace: false },
      values: { replicaCount: 2, image, sku: '${sku}', aadGroupId: '${aadGroupId}' },
    });
  });

  it('is, for pattern A, one of its own chart, with the values of the chart and then those of the environment', () => {
    const [environment, ingress] = place(platformFolder(), 'prod', 'ingress');
    const { spec } = read(ownChartManifest(environment, ingress));
    expect(hasTenant(ingress)).toBe(false);
    expect(spec).toMatchObject({
      interval: '10m',
      releaseName: 'ingress',
      targetNamespace: 'ingress',
      chart: {
        spec: {
          chart: './chart',
          reconcileStrategy: 'Revision',
          sourceRef: { kind: 'GitRepository', name: 'k8s-ingress' },
          valuesFiles: ['./chart/values.yaml', './environments/prod/values.yaml'],
        },
      },
      install: { createNamespace: true },
      upgrade: { cleanupOnFail: true },
    });
    expect(spec).not.toHaveProperty('values');
    expect(spec).not.toHaveProperty('dependsOn');
  });

  it('leaves the namespace to the tenant, and waits for it, where pattern A has one', () => {
    const folder = platformFolder();
    edit(
      folder,
      'systems/ingress.yaml',
      'team: platform',
      'team: platform\nsku: sku-large\naadGroupId: 3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e01',
    );
    const [environment, ingress] = place(folder, 'dev', 'ingress');
    expect(read(ownChartManifest(environment, ingress)).spec).toMatchObject({
      install: { createNamespace: false },
      dependsOn: [{ name: 'ingress-tenant' }],
    });
    const tenant = read(tenantManifest(environment, ingress));
    expect(tenant.metadata).toMatchObject({ name: 'ingress-tenant', namespace: 'flux-system' });
    expect(tenant.spec).toMatchObject({
      releaseName: 'ingress-tenant',
      targetNamespace: 'ingress',
      chart: { spec: { chart: './platform-tenant', reconcileStrategy: 'Revision', sourceRef: { name: 'k8s-platform-charts' } } },
      install: { createNamespace: false },
      values: { sku: '${sku}', aadGroupId: '${aadGroupId}' },
    });
  });

  it('follows the names and folders that a company gave', () => {
    const [environment, shop] = place(platformFolder('valid/company-names'), 'dev', 'shop');
    const { metadata, spec } = read(platformAppManifest(environment, shop, { image: { repository: '${registry}/a', tag: '1' } }));
    expect(metadata['name']).toBe(shop.names.helmRelease);
    expect(spec).toMatchObject({
      releaseName: shop.names.helmRelease,
      targetNamespace: shop.names.namespace,
      chart: { spec: { sourceRef: { name: environment.platformCharts.gitRepository } } },
    });
  });
});

describe('a HelmRelease of the platform', () => {
  it('keeps the Helm release where it is when it takes one over', () => {
    const folder = platformFolder();
    edit(
      folder,
      'systems/shop.yaml',
      'pattern: B',
      'pattern: B\nrelease: platform\nstorageNamespace: shop\nvalues: { image: { repository: a/b, tag: "1" } }',
    );
    const file = synthesize(loadPlatform(folder))[0]!.files.find(({ path }) => path.endsWith('/shop.yaml'))!;
    expect(file.content).toContain('  storageNamespace: shop\n');
  });
});
