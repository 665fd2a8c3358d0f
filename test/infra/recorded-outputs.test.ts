import { parse } from 'yaml';
import { COMPUTED, EXAMPLE_VALUES, SECRET, type Plan, type PlanObject, type PlanValue } from '../../infra/plan';
import { synthesize } from '../../manifests';
import { stackOutputs } from '../../src/model';
import { loadPlatform } from '../support/load-platform';
import { edit, writeFile, readFile } from '../support/platform-folder';
import { planOf, resourceOf, stacksFolder } from './plans';

/** What two plans of one resource say differently although both know it. */
function contradictions(first: PlanValue, second: PlanValue, path: string): readonly string[] {
  if (first === COMPUTED) return [];
  if (typeof first === 'object' && first !== null && typeof second === 'object' && second !== null) {
    const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
    return [...keys].flatMap((key) =>
      contradictions((first as PlanObject)[key] ?? null, (second as PlanObject)[key] ?? null, `${path}.${key}`),
    );
  }
  return first === second ? [] : [`${path}: ${JSON.stringify(first)}, then ${JSON.stringify(second)}`];
}

describe('a stack before and after its outputs are recorded', () => {
  let folder: string;
  let first: Plan;
  let second: Plan;
  beforeAll(async () => {
    first = await planOf(stacksFolder('first'), 'dev');
    folder = stacksFolder('first', 'recorded');
    second = await planOf(folder, 'dev');
  });

  it('has the same resources, in the same order', () => {
    const shape = ({ resources }: Plan): object[] =>
      resources.map(({ urn, parent, protect, retainOnDelete, dependencies }) => ({
        urn,
        parent,
        protect,
        retainOnDelete,
        dependencies,
      }));
    expect(shape(second)).toEqual(shape(first));
  });

  it('says the same about everything that the first plan knew', () => {
    const found = first.resources.flatMap((resource, index) =>
      contradictions(resource.inputs, second.resources[index]!.inputs, `${resource.type} ${resource.name}`),
    );
    expect(found).toEqual([]);
    // The comparison would notice.
    expect(contradictions({ a: [1, { b: 'x' }] }, { a: [1, { b: 'y' }] }, 'p')).toEqual(['p.a.1.b: "x", then "y"']);
    expect(contradictions({ a: COMPUTED }, { a: 'y', c: 1 }, 'p')).toEqual(['p.c: null, then 1']);
  });

  it('knows what the first one could not', () => {
    const computed = (plan: Plan): number => JSON.stringify(plan.resources).split(COMPUTED).length - 1;
    expect(computed(second)).toBeLessThan(computed(first) / 2);
    expect(resourceOf(second, 'Release flux-operator').inputs['chart']).toBe(
      'oci://myorgdev.azurecr.io/controlplaneio-fluxcd/charts/flux-operator',
    );
    expect(resourceOf(second, 'RoleAssignment registry-pull-flux-reader').inputs['scope']).toBe(
      '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-dev/providers/Microsoft.ContainerRegistry/registries/myorgdev',
    );
    expect(resourceOf(second, 'Command preflight').inputs['create']).toBe(
      'npm run --silent k8s-gitops -- preflight --env dev --reader-principal 55555555-5555-4555-8555-555555555551 --writer-principal 55555555-5555-4555-8555-555555555552 --wait 600',
    );
    expect(resourceOf(second, 'kubernetes cluster').inputs).toMatchObject({ kubeconfig: SECRET });
    expect(JSON.stringify(resourceOf(second, 'kubernetes cluster').inputs['helmReleaseSettings'])).toContain(
      '../.registry-credentials/dev/config.json',
    );
    expect(resourceOf(second, 'Secret public-key-platform').inputs).toMatchObject({
      properties: { value: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n[^]*-----END PUBLIC KEY-----\n$/) as string },
    });
  });

  it('gives every role to the right identity, on as little as the role allows', () => {
    const group = '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-dev/providers';
    const registry = `${group}/Microsoft.ContainerRegistry/registries/myorgdev`;
    const vault = `${group}/Microsoft.KeyVault/vaults/my-org-dev`;
    const given = second.resources
      .filter(({ type }) => type.endsWith(':RoleAssignment'))
      .map(({ name, inputs }) => [name, inputs['principalId'], inputs['scope']]);
    expect(given).toEqual([
      ['registry-pull-flux-reader', '55555555-5555-4555-8555-555555555551', registry],
      ['registry-pull-kubelet', '00000000-0000-4000-8000-000000000001', registry],
      ['registry-pull-verifier-ado-pull-requests', '44444444-4444-4444-8444-444444444413', registry],
      ['registry-push-applications-ado-applications', '44444444-4444-4444-8444-444444444412', registry],
      ['registry-push-platform-ado-platform', '44444444-4444-4444-8444-444444444411', registry],
      ['key-applications-read-ado-platform', '44444444-4444-4444-8444-444444444411', `${vault}/keys/applications`],
      ['key-applications-sign-ado-applications', '44444444-4444-4444-8444-444444444412', `${vault}/keys/applications`],
      ['key-platform-sign-ado-platform', '44444444-4444-4444-8444-444444444411', `${vault}/keys/platform`],
      [
        'public-key-applications-read-ado-pull-requests',
        '44444444-4444-4444-8444-444444444413',
        `${vault}/secrets/cosign-public-key-dev-applications`,
      ],
      [
        'public-key-platform-read-ado-pull-requests',
        '44444444-4444-4444-8444-444444444413',
        `${vault}/secrets/cosign-public-key-dev`,
      ],
    ]);
  });

  it('runs each step again when what it is about is another', () => {
    const triggers = (name: string): PlanValue | undefined => resourceOf(second, name).inputs['triggers'];
    expect(triggers('Command public-key-platform')).toEqual([
      'https://my-org-dev.vault.azure.net/keys/platform/0123456789abcdef0123456789abcdef',
    ]);
    expect(triggers('Command public-key-applications')).toEqual([
      'https://my-org-dev.vault.azure.net/keys/applications/fedcba9876543210fedcba9876543210',
    ]);
    expect(triggers('Command preflight')).toEqual([
      'https://dev.azure.com/my-org/my-project/_git/k8s-gitops',
      'dev',
      'clusters/dev/systems',
      '--reader-principal',
      '55555555-5555-4555-8555-555555555551',
      '--writer-principal',
      '55555555-5555-4555-8555-555555555552',
    ]);
    const images = triggers('Command mirrored-images') as readonly string[];
    expect(images[0]).toBe('myorgdev.azurecr.io');
    expect(images).toContain(`fluxcd/source-controller:v1.0.0@sha256:${'0123456789abcdef'.repeat(4)}`);
    expect(images.at(-1)).toBe('https://my-org-dev.vault.azure.net/keys/platform/0123456789abcdef0123456789abcdef');
    expect(images).toHaveLength(10);
  });

  it('pins the chart by the digest in the lock, and looks for it only once it is there', async () => {
    const other = stacksFolder('first', 'recorded');
    writeFile(
      other,
      'platform.lock.yaml',
      readFile(other, 'platform.lock.yaml').replaceAll('digest: unresolved', `digest: sha256:${'ab'.repeat(32)}`),
    );
    const { inputs, propertyDependencies } = resourceOf(await planOf(other, 'dev'), 'Release flux-operator');
    expect(inputs['chart']).toBe(
      `oci://myorgdev.azurecr.io/controlplaneio-fluxcd/charts/flux-operator@sha256:${'ab'.repeat(32)}`,
    );
    expect(propertyDependencies['chart']).toContain(resourceOf(second, 'Command mirrored-images').urn);
    // A registry that is there already does not hold the chart yet.
    const existing = await planOf(stacksFolder('existing'), 'dev');
    expect(resourceOf(existing, 'Release flux-operator').inputs['chart']).toBe(COMPUTED);
  });

  it('takes given credentials of the registry', async () => {
    const other = stacksFolder('first', 'recorded');
    writeFile(other, 'Pulumi.dev.yaml', `${readFile(other, 'Pulumi.dev.yaml')}  k8s-gitops:dockerConfig: ci/docker\n`);
    const plan = await planOf(other, 'dev');
    expect(resourceOf(plan, 'Command mirrored-images').inputs['create']).toContain('--docker-config ci/docker ');
    expect(JSON.stringify(resourceOf(plan, 'kubernetes cluster').inputs['helmReleaseSettings'])).toContain(
      '../ci/docker/config.json',
    );
  });

  it('installs exactly what is committed under clusters/', () => {
    const platform = loadPlatform(folder);
    const files = new Map(
      synthesize(platform).flatMap((environment) => environment.files.map(({ path, content }) => [path, content] as const)),
    );
    const committed = parse(files.get('clusters/dev/flux-instance.yaml')!) as { metadata: object; spec: object };
    const planned = resourceOf(second, 'FluxInstance flux-instance').inputs;
    expect(planned['spec']).toEqual(committed.spec);
    expect(planned['metadata']).toEqual({ ...committed.metadata, annotations: { 'pulumi.com/waitFor': 'condition=Ready' } });
    expect(resourceOf(second, 'Release flux-operator').inputs['values']).toEqual(
      parse(files.get('clusters/dev/flux-operator-values.yaml')!),
    );
  });

  it('releases with the recorded keys, and again when another key signs', async () => {
    const release = resourceOf(second, 'Command mirrored-images').inputs;
    const access = '--env dev --docker-config .registry-credentials/dev --wait-for-access 900';
    expect(release['create']).toBe(
      `npm run --silent k8s-gitops -- images databases ${access} && npm run --silent k8s-gitops -- images release ${access}`,
    );
    const other = stacksFolder('first', 'recorded');
    const file = 'outputs/dev.yaml';
    const [entry] = /- id: https:\/\/\S+\/platform\/[^]*?-----END PUBLIC KEY-----\n/.exec(readFile(other, file))!;
    const next = entry.replace('0123456789abcdef0123456789abcdef', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').replace('QgAE', 'QgAC');
    edit(other, file, entry, `${next}    ${entry.replace('use: sign', 'use: verify')}`);
    const rotated = resourceOf(await planOf(other, 'dev'), 'Command mirrored-images').inputs;
    expect(rotated['create']).toBe(release['create']);
    expect(rotated['triggers']).not.toEqual(release['triggers']);
    expect(rotated['triggers']).toContain('https://my-org-dev.vault.azure.net/keys/platform/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
    expect(rotated['triggers']).not.toContain(
      'https://my-org-dev.vault.azure.net/keys/platform/0123456789abcdef0123456789abcdef',
    );
  });

  it('releases again when the lock has another digest', async () => {
    const other = stacksFolder('first', 'recorded');
    const lock = readFile(other, 'platform.lock.yaml');
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    writeFile(other, 'platform.lock.yaml', lock.replace(digest, `sha256:${'f'.repeat(64)}`));
    const changed = resourceOf(await planOf(other, 'dev'), 'Command mirrored-images').inputs['triggers'];
    const before = resourceOf(second, 'Command mirrored-images').inputs['triggers'];
    expect(changed).not.toEqual(before);
    expect(changed).toHaveLength((before as readonly PlanValue[]).length);
  });

  it('gives outputs that `outputs record` understands', () => {
    expect(stackOutputs.safeParse(second.outputs)).toMatchObject({ success: true });
    expect(second.outputs).toMatchObject({
      registry: { loginServer: 'myorgdev.azurecr.io' },
      vault: { uri: 'https://my-org-dev.vault.azure.net/' },
      signingKeys: { platform: { id: 'https://my-org-dev.vault.azure.net/keys/platform/0123456789abcdef0123456789abcdef' } },
    });
    expect(first.outputs).toMatchObject({ registry: { loginServer: COMPUTED }, vault: { uri: COMPUTED, resourceId: COMPUTED } });
  });

  it('takes the cluster from the outputs where they record it', async () => {
    expect(first.lookUps.map(({ answeredBy }) => answeredBy)).toEqual([EXAMPLE_VALUES, EXAMPLE_VALUES]);
    const other = stacksFolder('first', 'recorded');
    const cluster = [
      'cluster:',
      '  resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-dev/providers/Microsoft.ContainerService/managedClusters/aks-dev',
      '  oidcIssuerUrl: https://oidc.prod-aks.azure.com/one/two/',
      '  kubeletPrincipalId: 66666666-6666-4666-8666-666666666666',
    ];
    writeFile(other, 'outputs/dev.yaml', `${cluster.join('\n')}\n${readFile(other, 'outputs/dev.yaml')}`);
    const plan = await planOf(other, 'dev');
    expect(plan.lookUps.map(({ token, answeredBy }) => [token, answeredBy])).toEqual([
      ['azure-native:containerservice:getManagedCluster', 'outputs/dev.yaml'],
      ['azure-native:containerservice:listManagedClusterUserCredentials', EXAMPLE_VALUES],
    ]);
    expect(resourceOf(plan, 'FederatedIdentityCredential federated-credential-source-controller').inputs['issuer']).toBe(
      'https://oidc.prod-aks.azure.com/one/two/',
    );
    expect(resourceOf(plan, 'RoleAssignment registry-pull-kubelet').inputs['principalId']).toBe(
      '66666666-6666-4666-8666-666666666666',
    );
  });
});
