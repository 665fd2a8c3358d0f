import { COMPUTED, SECRET, stackOrder, type Plan } from '../../infra/plan';
import { loadPlatform } from '../support/load-platform';
import { edit, FIXTURES, readFile, writeFile } from '../support/platform-folder';
import { nameOf, planOf, resourceOf, stacksFolder } from './plans';

const names = ({ resources }: Plan): readonly string[] => resources.filter(({ custom }) => custom).map(nameOf);
const recorded = (): string => readFile(FIXTURES, 'stacks/recorded/outputs/dev.yaml');

/** The outputs of an environment that shares both with dev. */
const SHARER = `cluster:
  resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-experimental/providers/Microsoft.ContainerService/managedClusters/aks-experimental
  oidcIssuerUrl: https://oidc.prod-aks.azure.com/experimental/
  kubeletPrincipalId: 77777777-7777-4777-8777-777777777771
identities:
  reader:
    clientId: 11111111-1111-4111-8111-111111111121
    principalId: 77777777-7777-4777-8777-777777777772
    resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-experimental/providers/Microsoft.ManagedIdentity/userAssignedIdentities/r
  writer:
    clientId: 11111111-1111-4111-8111-111111111122
    principalId: 77777777-7777-4777-8777-777777777773
    resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-experimental/providers/Microsoft.ManagedIdentity/userAssignedIdentities/w
`;

describe('a registry and Key Vault that another environment owns', () => {
  it('are not made, and nobody is granted anything on them, by the stack of the sharer', async () => {
    const plan = await planOf(stacksFolder('shared'), 'experimental');
    expect(names(plan).filter((name) => /Registry|Vault|Key|Secret|RoleAssignment/.test(name))).toEqual([]);
    expect(Object.keys(plan.outputs).sort()).toEqual(['cluster', 'identities']);
    expect(names(plan)).toEqual(
      expect.arrayContaining(['Command mirrored-images', 'Release flux-operator', 'FluxInstance flux-instance']),
    );
  });

  it('stop the sharer until their owner has recorded them', async () => {
    const folder = stacksFolder('shared');
    const before = await planOf(folder, 'experimental');
    expect(before.stops.map(({ location, message }) => `${location.file} ${message}`)).toContain(
      "outputs/dev.yaml is not there, and 'experimental' uses what 'dev' owns",
    );
    expect(resourceOf(before, 'kubernetes cluster').inputs['helmReleaseSettings']).toBe(COMPUTED);
    writeFile(folder, 'outputs/dev.yaml', recorded());
    const after = await planOf(folder, 'experimental');
    expect(after.stops.map(({ location }) => location.file)).not.toContain('outputs/dev.yaml');
    expect(JSON.stringify(resourceOf(after, 'kubernetes cluster').inputs['helmReleaseSettings'])).toContain('config.json');
    // Its own images have not been released yet.
    expect(resourceOf(after, 'Release flux-operator').inputs['chart']).toBe(COMPUTED);
    expect(resourceOf(after, 'Command mirrored-images').inputs['triggers']).toContain(
      'https://my-org-dev.vault.azure.net/keys/platform/0123456789abcdef0123456789abcdef',
    );
  });

  it('are opened to the sharer by the stack of their owner, as soon as the sharer is known', async () => {
    const folder = stacksFolder('shared');
    const unknown = await planOf(folder, 'dev');
    expect(names(unknown).filter((name) => name.includes('experimental'))).toEqual([]);
    expect(unknown.warnings).toEqual([
      "experimental shares the registry myorgdev, and its cluster may not pull yet: give 'k8s-gitops:sharers.experimental.kubeletPrincipalId', or record the outputs of experimental.",
    ]);
    writeFile(
      folder,
      'Pulumi.dev.yaml',
      `${readFile(folder, 'Pulumi.dev.yaml')}  k8s-gitops:sharers:\n    experimental: { kubeletPrincipalId: 77777777-7777-4777-8777-777777777771 }\n`,
    );
    const configured = await planOf(folder, 'dev');
    expect(configured.warnings).toEqual([]);
    expect(names(configured).filter((name) => name.includes('experimental'))).toEqual([
      'RoleAssignment registry-pull-sharer-experimental-kubelet',
    ]);
    writeFile(folder, 'outputs/dev.yaml', recorded());
    writeFile(folder, 'outputs/experimental.yaml', SHARER);
    const plan = await planOf(folder, 'dev');
    expect(resourceOf(plan, 'RoleAssignment registry-pull-sharer-experimental-kubelet').inputs['principalId']).toBe(
      '77777777-7777-4777-8777-777777777771',
    );
    expect(resourceOf(plan, 'RoleAssignment registry-pull-sharer-experimental-flux-reader').inputs['principalId']).toBe(
      '77777777-7777-4777-8777-777777777772',
    );
  });

  it('are opened once where both clusters pull as the same identity, because Azure takes a role once', async () => {
    const folder = stacksFolder('shared');
    writeFile(
      folder,
      'Pulumi.dev.yaml',
      `${readFile(folder, 'Pulumi.dev.yaml')}  k8s-gitops:sharers:\n    experimental: { kubeletPrincipalId: 00000000-0000-4000-8000-000000000001 }\n`,
    );
    const plan = await planOf(folder, 'dev');
    expect(names(plan)).toContain('RoleAssignment registry-pull-kubelet');
    expect(names(plan)).not.toContain('RoleAssignment registry-pull-sharer-experimental-kubelet');
    expect(plan.warnings).toEqual([]);
  });

  it('give the stacks an order', () => {
    const folder = stacksFolder('shared');
    expect(stackOrder(loadPlatform(folder)).map(({ stack, after }) => [stack, after])).toEqual([
      ['dev', []],
      ['experimental', ['dev']],
      ['dev', ['experimental']],
    ]);
    writeFile(folder, 'outputs/dev.yaml', recorded());
    writeFile(folder, 'outputs/experimental.yaml', SHARER);
    expect(stackOrder(loadPlatform(folder)).map(({ stack }) => stack)).toEqual(['dev', 'experimental']);
    expect(stackOrder(loadPlatform(stacksFolder('first'))).map(({ stack, after }) => [stack, after])).toEqual([
      ['dev', []],
      ['prod', []],
    ]);
  });
});

describe('stacks that share in a chain', () => {
  /** The registry of dev, whose Key Vault is that of prod. */
  const chain = (): string => {
    const folder = stacksFolder('shared');
    edit(
      folder,
      'platform.yaml',
      '    registry: { name: myorgdev }\n    vault: { name: my-org-dev }',
      '    registry: { name: myorgdev }\n    vault: { sharedWith: prod }',
    );
    edit(
      folder,
      'platform.yaml',
      '    registry: { sharedWith: dev }\n    vault: { sharedWith: dev }',
      '    registry: { sharedWith: dev }\n    vault: { sharedWith: prod }',
    );
    writeFile(
      folder,
      'platform.yaml',
      `${readFile(folder, 'platform.yaml')}  prod:\n    branch: master\n    registry: { name: myorgprod }\n    vault: { name: my-org-prod }\n`,
    );
    return folder;
  };

  it('come after all that they use', () => {
    expect(stackOrder(loadPlatform(chain())).map(({ stack, after }) => [stack, after])).toEqual([
      ['prod', []],
      ['dev', ['prod']],
      ['experimental', ['dev', 'prod']],
      ['dev', ['experimental']],
    ]);
  });

  it('are told where the other half of their access is given', async () => {
    const plan = await planOf(chain(), 'dev');
    expect(plan.warnings).toContain(
      "'k8s-gitops:access' gives rights to the registry of dev alone: to the signing keys, which prod owns, Pulumi.prod.yaml gives them.",
    );
    expect(names(plan).filter((name) => /^(?:Vault|Key|Secret)/.test(name))).toEqual([]);
  });
});

describe('what another team owns', () => {
  it('is looked up and used, never made or changed', async () => {
    const plan = await planOf(stacksFolder('existing'), 'dev');
    expect(names(plan)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(?:Registry|Vault|DiagnosticSetting|PrivateEndpoint|UserAssignedIdentity reader|RoleAssignment)/),
      ]),
    );
    expect(plan.lookUps.map(({ token, args }) => [token, args])).toEqual([
      ['azure-native:containerservice:getManagedCluster', { resourceGroupName: 'aks-rg-dev', resourceName: 'aks-dev' }],
      ['azure-native:managedidentity:getUserAssignedIdentity', { resourceGroupName: 'identities', resourceName: 'flux-reads' }],
      ['azure-native:containerregistry:getRegistry', { registryName: 'MyOrgDev', resourceGroupName: 'registries' }],
      ['azure-native:keyvault:getVault', { resourceGroupName: 'vaults', vaultName: 'my-org-dev' }],
    ]);
    expect(resourceOf(plan, 'Key key-platform').inputs).toMatchObject({ resourceGroupName: 'vaults', vaultName: 'my-org-dev' });
    expect(plan.outputs).toMatchObject({
      registry: {
        resourceId:
          '/subscriptions/33333333-3333-4333-8333-333333333309/resourceGroups/registries/providers/Microsoft.ContainerRegistry/registries/MyOrgDev',
        loginServer: 'myorgdev.azurecr.io',
      },
    });
  });

  it('is looked up in its own subscription, in the cloud and by the sign-in of the stack', async () => {
    const folder = stacksFolder('existing');
    edit(
      folder,
      'Pulumi.dev.yaml',
      '  k8s-gitops:roleAssignments',
      '  azure-native:useOidc: true\n  azure-native:clientId: 88888888-8888-4888-8888-888888888888\n  k8s-gitops:roleAssignments',
    );
    const plan = await planOf(folder, 'dev');
    const provider = resourceOf(plan, 'azure-native subscription-33333333-3333-4333-8333-333333333309');
    expect(provider.inputs).toMatchObject({
      subscriptionId: '33333333-3333-4333-8333-333333333309',
      environment: 'public',
      clientId: SECRET,
    });
    expect(['true', true]).toContain(provider.inputs['useOidc']);
  });

  it('gets its keys made where its Key Vault is', async () => {
    const folder = stacksFolder('existing');
    edit(
      folder,
      'Pulumi.dev.yaml',
      'vault: /subscriptions/33333333-3333-4333-8333-333333333301',
      'vault: /subscriptions/33333333-3333-4333-8333-333333333309',
    );
    const plan = await planOf(folder, 'dev');
    const { urn } = resourceOf(plan, 'azure-native subscription-33333333-3333-4333-8333-333333333309');
    for (const name of [
      'Key key-platform',
      'Key key-applications',
      'Secret public-key-platform',
      'Secret public-key-applications',
    ]) {
      expect([name, resourceOf(plan, name).provider]).toEqual([name, urn]);
    }
    expect(resourceOf(plan, 'UserAssignedIdentity writer-identity').provider).toBeUndefined();
  });

  it('gets no federated credentials: they are to be requested, those of our own identity are made', async () => {
    const plan = await planOf(stacksFolder('existing'), 'dev');
    expect(
      names(plan)
        .filter((name) => name.startsWith('Federated'))
        .sort(),
    ).toEqual([
      'FederatedIdentityCredential federated-credential-image-automation-controller',
      'FederatedIdentityCredential federated-credential-notification-controller',
    ]);
    expect(plan.outputs['federatedCredentialsToRequest']).toEqual([
      {
        audience: 'api://AzureADTokenExchange',
        identity: 'flux-reads',
        issuer: 'https://oidc.aks-dev.example/',
        name: 'aks-dev-flux-federated-credential',
        resourceGroup: 'identities',
        subject: 'system:serviceaccount:flux-system:source-controller',
        subscriptionId: '33333333-3333-4333-8333-333333333301',
      },
      {
        audience: 'api://AzureADTokenExchange',
        identity: 'flux-reads',
        issuer: 'https://oidc.aks-dev.example/',
        name: 'aks-dev-flux-federated-credential-image-reflector-controller',
        resourceGroup: 'identities',
        subject: 'system:serviceaccount:flux-system:image-reflector-controller',
        subscriptionId: '33333333-3333-4333-8333-333333333301',
      },
    ]);
  });

  it('may be role assignments: then exactly those that would have been made are requested', async () => {
    const folder = stacksFolder('first');
    const managed = await planOf(folder, 'dev');
    const made = managed.resources.filter(({ type }) => type.endsWith(':RoleAssignment'));
    writeFile(folder, 'Pulumi.dev.yaml', `${readFile(folder, 'Pulumi.dev.yaml')}  k8s-gitops:roleAssignments: external\n`);
    const external = await planOf(folder, 'dev');
    expect(names(external).filter((name) => name.startsWith('RoleAssignment'))).toEqual([]);
    const requested = external.outputs['roleAssignmentsToRequest'] as readonly Record<string, string>[];
    const key = (principal: unknown, why: unknown): string => `${String(principal)} ${String(why)}`;
    expect(requested.map(({ principalId, why }) => key(principalId, why)).sort()).toEqual(
      made.map(({ inputs }) => key(inputs['principalId'], inputs['description'])).sort(),
    );
    expect(
      names(managed)
        .filter((name) => !name.startsWith('RoleAssignment'))
        .sort(),
    ).toEqual([...names(external)].sort());
  });

  it('may be the keys: neither keys nor their secrets are made, and their public keys are read', async () => {
    const folder = stacksFolder('existing');
    edit(
      folder,
      'Pulumi.dev.yaml',
      '    readerIdentity:',
      [
        '    signingKeys:',
        '      platform: https://my-org-dev.vault.azure.net/keys/theirs-platform/0123456789abcdef0123456789abcdef',
        '      applications: https://my-org-dev.vault.azure.net/keys/theirs-applications/0123456789abcdef0123456789abcdef',
        '    readerIdentity:',
      ].join('\n'),
    );
    const plan = await planOf(folder, 'dev');
    expect(names(plan).filter((name) => /^(?:Key|Secret) /.test(name))).toEqual([]);
    expect(resourceOf(plan, 'Command public-key-platform').inputs['create']).toBe(
      'npm run --silent k8s-gitops -- images public-key --key azurekms://my-org-dev.vault.azure.net/theirs-platform/0123456789abcdef0123456789abcdef --wait-for-access 900',
    );
    expect(plan.outputs['roleAssignmentsToRequest']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          role: 'Key Vault Crypto User',
          scope:
            '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/vaults/providers/Microsoft.KeyVault/vaults/my-org-dev/keys/theirs-platform',
        }),
      ]),
    );
  });

  it('may be a kubeconfig: its path is used, and Azure is not asked for one', async () => {
    const plan = await planOf(stacksFolder('existing'), 'dev');
    expect(plan.lookUps.map(({ token }) => token)).not.toContain(
      'azure-native:containerservice:listManagedClusterUserCredentials',
    );
    expect(resourceOf(plan, 'kubernetes cluster').inputs['context']).toBe('dev');
  });
});

describe('the identities', () => {
  it('are only those that a controller becomes', async () => {
    const folder = stacksFolder('first');
    edit(
      folder,
      'platform.yaml',
      '  operator: 0.59.0\n',
      '  operator: 0.59.0\n  components: [source-controller, kustomize-controller, helm-controller]\n',
    );
    const plan = await planOf(folder, 'dev');
    expect(names(plan).filter((name) => name.includes('Identity'))).toEqual([
      'FederatedIdentityCredential federated-credential-source-controller',
      'UserAssignedIdentity reader-identity',
    ]);
    expect(plan.outputs['identities']).toEqual({ reader: { clientId: COMPUTED, principalId: COMPUTED, resourceId: COMPUTED } });
  });
});

describe('a private network that nothing uses', () => {
  it('is told', async () => {
    const folder = stacksFolder('first');
    const subnet =
      '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/s';
    writeFile(
      folder,
      'Pulumi.dev.yaml',
      `${readFile(folder, 'Pulumi.dev.yaml')}  k8s-gitops:privateNetwork: { subnetId: ${subnet} }\n`,
    );
    expect((await planOf(folder, 'dev')).warnings).toEqual([expect.stringMatching(/^'k8s-gitops:privateNetwork' is not used/)]);
  });
});

describe('who may do what', () => {
  it('is said when nobody is named who pushes and signs', async () => {
    const folder = stacksFolder('first');
    writeFile(
      folder,
      'Pulumi.dev.yaml',
      'config:\n  azure-native:location: westeurope\n  azure-native:subscriptionId: 33333333-3333-4333-8333-333333333301\n',
    );
    const plan = await planOf(folder, 'dev');
    expect(plan.warnings).toEqual([expect.stringMatching(/^'k8s-gitops:access\.platformPipelines' names nobody/)]);
    expect(names(plan).filter((name) => name.startsWith('RoleAssignment'))).toEqual([
      'RoleAssignment registry-pull-flux-reader',
      'RoleAssignment registry-pull-kubelet',
    ]);
  });
});
