import * as fs from 'node:fs';
import * as path from 'node:path';
import { COMPUTED, SECRET, type Plan } from '../../infra/plan';
import { ROLES } from './role-ids';
import { changed, differences, withInput, type ExpectedResource } from './expected-resources';
import { isAfter, nameOf, planOf, resourceOf, stacksFolder } from './plans';

const DEV_TAGS = { environment: 'dev', 'managed-by': 'k8s-gitops' };
const PROD_TAGS = { 'cost-center': 'platform', environment: 'prod', 'managed-by': 'k8s-gitops' };
const NETWORK = '/subscriptions/33333333-3333-4333-8333-333333333302/resourceGroups/network-prod/providers/Microsoft.Network';
const LOGS =
  '/subscriptions/33333333-3333-4333-8333-333333333302/resourceGroups/logs-prod/providers/Microsoft.OperationalInsights/workspaces/logs-prod';

const role = (subscription: string, id: string): string =>
  `/subscriptions/33333333-3333-4333-8333-3333333333${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;

/** A role assignment: who, what, on something that is not there yet. */
const assignment = (
  name: string,
  subscription: string,
  roleId: string,
  principalId: string,
  principalType = 'ServicePrincipal',
): ExpectedResource => ({
  resource: `RoleAssignment ${name}`,
  inputs: { roleDefinitionId: role(subscription, roleId), principalId, principalType, scope: COMPUTED },
});

const credential = (controller: string, identity: string, name: string, group: string, cluster: string): ExpectedResource => ({
  resource: `FederatedIdentityCredential federated-credential-${controller}`,
  inputs: {
    federatedIdentityCredentialResourceName: name,
    resourceName: identity,
    resourceGroupName: group,
    issuer: `https://oidc.${cluster}.example/`,
    subject: `system:serviceaccount:flux-system:${controller}`,
    audiences: ['api://AzureADTokenExchange'],
  },
});

const signingKey = (
  name: string,
  vault: string,
  group: string,
  kty: string,
  tags: Readonly<Record<string, string>>,
): ExpectedResource => ({
  resource: `Key key-${name}`,
  inputs: {
    keyName: name,
    vaultName: vault,
    resourceGroupName: group,
    'properties.kty': kty,
    'properties.curveName': 'P-256',
    'properties.keyOps': ['sign', 'verify'],
    'properties.attributes': { enabled: true, exportable: false },
    'properties.rotationPolicy.attributes.expiryTime': 'P2Y',
    'properties.rotationPolicy.lifetimeActions': [{ action: { type: 'notify' }, trigger: { timeBeforeExpiry: 'P60D' } }],
    tags,
  },
  kept: true,
});

const publicKey = (key: string, secret: string, vault: string, tags: Readonly<Record<string, string>>): ExpectedResource => ({
  resource: `Secret public-key-${key}`,
  inputs: {
    secretName: secret,
    vaultName: vault,
    'properties.value': COMPUTED,
    'properties.contentType': 'application/x-pem-file',
    tags,
  },
  retained: true,
});

const operator = (registry: string): ExpectedResource => ({
  resource: 'Release flux-operator',
  inputs: {
    name: 'flux-operator',
    namespace: 'flux-system',
    createNamespace: true,
    chart: COMPUTED,
    version: '0.59.0',
    atomic: true,
    cleanupOnFail: true,
    timeout: 600,
    'values.image.repository': `${registry}.azurecr.io/controlplaneio-fluxcd/flux-operator`,
    'values.image.tag': 'v0.59.0',
    'values.web.enabled': false,
    repositoryOpts: undefined,
    keyring: undefined,
  },
});

const fluxInstance = (environment: string, branch: string, registry: string): ExpectedResource => ({
  resource: 'FluxInstance flux-instance',
  inputs: {
    apiVersion: 'fluxcd.controlplane.io/v1',
    kind: 'FluxInstance',
    'metadata.name': 'flux',
    'metadata.namespace': 'flux-system',
    'metadata.annotations': { 'pulumi.com/waitFor': 'condition=Ready' },
    'spec.distribution': { registry: `${registry}.azurecr.io/fluxcd`, variant: 'upstream-alpine', version: '2.9.5' },
    'spec.sync': {
      interval: '1m',
      kind: 'GitRepository',
      path: `clusters/${environment}/systems`,
      provider: 'azure',
      ref: `refs/heads/${branch}`,
      url: 'https://dev.azure.com/my-org/my-project/_git/k8s-gitops',
    },
    'spec.kustomize': COMPUTED,
  },
});

const command = (name: string): ExpectedResource => ({
  resource: `Command ${name}`,
  inputs: {
    create: COMPUTED,
    update: COMPUTED,
    delete: undefined,
    environment: undefined,
    stdin: undefined,
    addPreviousOutputInEnv: false,
  },
});

const kubernetes = (environment: string, subscription: string): ExpectedResource => ({
  resource: 'kubernetes cluster',
  inputs: {
    kubeconfig: SECRET,
    clusterIdentifier: `/subscriptions/33333333-3333-4333-8333-3333333333${subscription}/resourceGroups/aks-rg-${environment}/providers/Microsoft.ContainerService/managedClusters/aks-${environment}`,
    helmReleaseSettings: COMPUTED,
  },
});

const KUBELET = '00000000-0000-4000-8000-000000000001';

/** A registry and a Key Vault that are reached from the internet, with every kind of pipeline. */
const DEV: readonly ExpectedResource[] = [
  {
    resource: 'Registry registry',
    inputs: {
      registryName: 'myorgdev',
      resourceGroupName: 'aks-rg-dev',
      location: 'westeurope',
      'sku.name': 'Standard',
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      publicNetworkAccess: 'Enabled',
      policies: undefined,
      networkRuleSet: undefined,
      tags: DEV_TAGS,
    },
    kept: true,
  },
  assignment('registry-pull-kubelet', '01', ROLES.AcrPull, KUBELET),
  assignment('registry-pull-flux-reader', '01', ROLES.AcrPull, COMPUTED),
  assignment('registry-pull-verifier-ado-pull-requests', '01', ROLES.AcrPull, '44444444-4444-4444-8444-444444444413'),
  assignment('registry-push-platform-ado-platform', '01', ROLES.AcrPush, '44444444-4444-4444-8444-444444444411'),
  assignment('registry-push-applications-ado-applications', '01', ROLES.AcrPush, '44444444-4444-4444-8444-444444444412'),
  {
    resource: 'Vault vault',
    inputs: {
      vaultName: 'my-org-dev',
      resourceGroupName: 'aks-rg-dev',
      'properties.tenantId': '22222222-2222-2222-2222-222222222222',
      'properties.sku': { family: 'A', name: 'standard' },
      'properties.enableRbacAuthorization': true,
      'properties.enablePurgeProtection': true,
      'properties.enableSoftDelete': true,
      'properties.softDeleteRetentionInDays': 90,
      'properties.accessPolicies': undefined,
      'properties.publicNetworkAccess': 'Enabled',
      'properties.networkAcls': { bypass: 'None', defaultAction: 'Allow', ipRules: [] },
      tags: DEV_TAGS,
    },
    kept: true,
  },
  signingKey('platform', 'my-org-dev', 'aks-rg-dev', 'EC', DEV_TAGS),
  signingKey('applications', 'my-org-dev', 'aks-rg-dev', 'EC', DEV_TAGS),
  assignment('key-platform-sign-ado-platform', '01', ROLES.KeyVaultCryptoUser, '44444444-4444-4444-8444-444444444411'),
  assignment('key-applications-sign-ado-applications', '01', ROLES.KeyVaultCryptoUser, '44444444-4444-4444-8444-444444444412'),
  assignment('key-applications-read-ado-platform', '01', ROLES.KeyVaultReader, '44444444-4444-4444-8444-444444444411'),
  command('public-key-platform'),
  command('public-key-applications'),
  publicKey('platform', 'cosign-public-key-dev', 'my-org-dev', DEV_TAGS),
  publicKey('applications', 'cosign-public-key-dev-applications', 'my-org-dev', DEV_TAGS),
  assignment(
    'public-key-platform-read-ado-pull-requests',
    '01',
    ROLES.KeyVaultSecretsUser,
    '44444444-4444-4444-8444-444444444413',
  ),
  assignment(
    'public-key-applications-read-ado-pull-requests',
    '01',
    ROLES.KeyVaultSecretsUser,
    '44444444-4444-4444-8444-444444444413',
  ),
  {
    resource: 'UserAssignedIdentity reader-identity',
    inputs: {
      resourceName: 'aks-dev-flux-source-controller',
      resourceGroupName: 'aks-rg-dev',
      location: 'westeurope',
      tags: DEV_TAGS,
    },
  },
  {
    resource: 'UserAssignedIdentity writer-identity',
    inputs: { resourceName: 'aks-dev-flux-image-automation-controller', resourceGroupName: 'aks-rg-dev', tags: DEV_TAGS },
  },
  credential('source-controller', 'aks-dev-flux-source-controller', 'aks-dev-flux-federated-credential', 'aks-rg-dev', 'aks-dev'),
  credential(
    'image-reflector-controller',
    'aks-dev-flux-source-controller',
    'aks-dev-flux-federated-credential-image-reflector-controller',
    'aks-rg-dev',
    'aks-dev',
  ),
  credential(
    'image-automation-controller',
    'aks-dev-flux-image-automation-controller',
    'aks-dev-flux-federated-credential-image-automation-controller',
    'aks-rg-dev',
    'aks-dev',
  ),
  credential(
    'notification-controller',
    'aks-dev-flux-image-automation-controller',
    'aks-dev-flux-federated-credential-notification-controller',
    'aks-rg-dev',
    'aks-dev',
  ),
  command('mirrored-images'),
  command('preflight'),
  kubernetes('dev', '01'),
  operator('myorgdev'),
  fluxInstance('dev', 'dev', 'myorgdev'),
];

/** A registry and a Key Vault that are reached from one network alone, keys in hardware, logs kept. */
const PROD: readonly ExpectedResource[] = [
  {
    resource: 'Registry registry',
    inputs: {
      registryName: 'myorgprod',
      resourceGroupName: 'platform-prod',
      'sku.name': 'Premium',
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      publicNetworkAccess: 'Disabled',
      zoneRedundancy: 'Enabled',
      dataEndpointEnabled: true,
      networkRuleBypassOptions: 'AzureServices',
      'networkRuleSet.defaultAction': 'Deny',
      'networkRuleSet.ipRules': [],
      'policies.retentionPolicy.status': 'disabled',
      tags: PROD_TAGS,
    },
    kept: true,
  },
  {
    resource: 'PrivateEndpoint registry',
    inputs: {
      privateEndpointName: 'myorgprod-acr-endpoint',
      resourceGroupName: 'platform-prod',
      'subnet.id': `${NETWORK}/virtualNetworks/vnet-prod/subnets/private-endpoints`,
      privateLinkServiceConnections: [{ groupIds: ['registry'], name: 'myorgprod-acr-endpoint', privateLinkServiceId: COMPUTED }],
      tags: PROD_TAGS,
    },
  },
  {
    resource: 'PrivateZone registry',
    inputs: { privateZoneName: 'privatelink.azurecr.io', location: 'global', tags: PROD_TAGS },
  },
  {
    resource: 'VirtualNetworkLink registry',
    inputs: {
      'virtualNetwork.id': `${NETWORK}/virtualNetworks/vnet-prod`,
      registrationEnabled: false,
      virtualNetworkLinkName: 'vnet-prod',
      tags: PROD_TAGS,
    },
  },
  {
    resource: 'PrivateDnsZoneGroup registry',
    inputs: {
      privateDnsZoneConfigs: [{ name: 'privatelink-azurecr-io', privateDnsZoneId: COMPUTED }],
      resourceGroupName: 'platform-prod',
    },
  },
  {
    resource: 'DiagnosticSetting registry',
    inputs: { workspaceId: LOGS, resourceUri: COMPUTED, logs: [{ categoryGroup: 'allLogs', enabled: true }] },
  },
  assignment('registry-pull-kubelet', '02', ROLES.AcrPull, KUBELET),
  assignment('registry-pull-flux-reader', '02', ROLES.AcrPull, COMPUTED),
  assignment('registry-pull-verifier-auditors', '02', ROLES.AcrPull, '44444444-4444-4444-8444-444444444424', 'Group'),
  assignment('registry-push-platform-ado-platform', '02', ROLES.AcrPush, '44444444-4444-4444-8444-444444444421'),
  {
    resource: 'Vault vault',
    inputs: {
      vaultName: 'my-org-prod',
      resourceGroupName: 'platform-prod',
      'properties.sku': { family: 'A', name: 'premium' },
      'properties.enableRbacAuthorization': true,
      'properties.enablePurgeProtection': true,
      'properties.publicNetworkAccess': 'Disabled',
      'properties.networkAcls': { bypass: 'None', defaultAction: 'Deny', ipRules: [] },
      tags: PROD_TAGS,
    },
    kept: true,
  },
  {
    resource: 'PrivateEndpoint vault',
    inputs: {
      privateLinkServiceConnections: [{ groupIds: ['vault'], name: 'my-org-prod-kv-endpoint', privateLinkServiceId: COMPUTED }],
      'subnet.id': `${NETWORK}/virtualNetworks/vnet-prod/subnets/private-endpoints`,
    },
  },
  {
    // The zone of the hub, which exists: none is made.
    resource: 'PrivateDnsZoneGroup vault',
    inputs: {
      privateDnsZoneConfigs: [
        {
          name: 'privatelink-vaultcore-azure-net',
          privateDnsZoneId:
            '/subscriptions/33333333-3333-4333-8333-333333333303/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net',
        },
      ],
    },
  },
  { resource: 'DiagnosticSetting vault', inputs: { workspaceId: LOGS, logs: [{ categoryGroup: 'allLogs', enabled: true }] } },
  signingKey('platform', 'my-org-prod', 'platform-prod', 'EC-HSM', PROD_TAGS),
  signingKey('applications', 'my-org-prod', 'platform-prod', 'EC-HSM', PROD_TAGS),
  assignment('key-platform-sign-ado-platform', '02', ROLES.KeyVaultCryptoUser, '44444444-4444-4444-8444-444444444421'),
  assignment('key-applications-read-ado-platform', '02', ROLES.KeyVaultReader, '44444444-4444-4444-8444-444444444421'),
  command('public-key-platform'),
  command('public-key-applications'),
  publicKey('platform', 'cosign-public-key-prod', 'my-org-prod', PROD_TAGS),
  publicKey('applications', 'cosign-public-key-prod-applications', 'my-org-prod', PROD_TAGS),
  assignment(
    'public-key-platform-read-auditors',
    '02',
    ROLES.KeyVaultSecretsUser,
    '44444444-4444-4444-8444-444444444424',
    'Group',
  ),
  assignment(
    'public-key-applications-read-auditors',
    '02',
    ROLES.KeyVaultSecretsUser,
    '44444444-4444-4444-8444-444444444424',
    'Group',
  ),
  {
    resource: 'UserAssignedIdentity reader-identity',
    inputs: { resourceName: 'aks-prod-flux-source-controller', resourceGroupName: 'platform-prod' },
  },
  {
    resource: 'UserAssignedIdentity writer-identity',
    inputs: { resourceName: 'aks-prod-flux-image-automation-controller', resourceGroupName: 'platform-prod' },
  },
  credential(
    'source-controller',
    'aks-prod-flux-source-controller',
    'aks-prod-flux-federated-credential',
    'platform-prod',
    'aks-prod',
  ),
  credential(
    'image-reflector-controller',
    'aks-prod-flux-source-controller',
    'aks-prod-flux-federated-credential-image-reflector-controller',
    'platform-prod',
    'aks-prod',
  ),
  credential(
    'image-automation-controller',
    'aks-prod-flux-image-automation-controller',
    'aks-prod-flux-federated-credential-image-automation-controller',
    'platform-prod',
    'aks-prod',
  ),
  credential(
    'notification-controller',
    'aks-prod-flux-image-automation-controller',
    'aks-prod-flux-federated-credential-notification-controller',
    'platform-prod',
    'aks-prod',
  ),
  command('mirrored-images'),
  command('preflight'),
  kubernetes('prod', '02'),
  operator('myorgprod'),
  fluxInstance('prod', 'master', 'myorgprod'),
];

/** What comes after what, and why it would fail otherwise. */
const ORDER: readonly (readonly [later: string, earlier: string])[] = [
  // The operator's image and chart come out of the registry, and the kubelet has to be allowed to pull.
  ['Release flux-operator', 'Command mirrored-images'],
  ['Release flux-operator', 'RoleAssignment registry-pull-kubelet'],
  ['Release flux-operator', 'RoleAssignment registry-pull-flux-reader'],
  ['Release flux-operator', 'Registry registry'],
  // Images are pushed and signed by whoever is allowed to.
  ['Command mirrored-images', 'Registry registry'],
  ['Command mirrored-images', 'RoleAssignment registry-push-platform-ado-platform'],
  ['Command mirrored-images', 'RoleAssignment key-platform-sign-ado-platform'],
  ['Command mirrored-images', 'Key key-platform'],
  // Keys stand in the vault; their public halves are read by whoever may, and published.
  ['Key key-platform', 'Vault vault'],
  ['Key key-applications', 'Vault vault'],
  ['Command public-key-platform', 'RoleAssignment key-platform-sign-ado-platform'],
  ['Command public-key-applications', 'RoleAssignment key-applications-read-ado-platform'],
  ['Secret public-key-platform', 'Command public-key-platform'],
  ['Secret public-key-applications', 'Command public-key-applications'],
  // Azure refuses two writes to one identity at a time.
  ['FederatedIdentityCredential federated-credential-source-controller', 'UserAssignedIdentity reader-identity'],
  ['FederatedIdentityCredential federated-credential-image-automation-controller', 'UserAssignedIdentity writer-identity'],
  [
    'FederatedIdentityCredential federated-credential-image-reflector-controller',
    'FederatedIdentityCredential federated-credential-source-controller',
  ],
  [
    'FederatedIdentityCredential federated-credential-notification-controller',
    'FederatedIdentityCredential federated-credential-image-automation-controller',
  ],
  // A FluxInstance becomes Ready only when it can sync.
  ['FluxInstance flux-instance', 'Release flux-operator'],
  ['FluxInstance flux-instance', 'Command preflight'],
  ['FluxInstance flux-instance', 'FederatedIdentityCredential federated-credential-source-controller'],
  ['FluxInstance flux-instance', 'FederatedIdentityCredential federated-credential-notification-controller'],
  ['Command preflight', 'UserAssignedIdentity reader-identity'],
  ['Command preflight', 'UserAssignedIdentity writer-identity'],
  // The chart is read with credentials that are written once the registry is there.
  ['kubernetes cluster', 'Registry registry'],
];

describe.each([
  ['dev', DEV],
  ['prod', PROD],
] as const)('the stack %s', (stack, expected) => {
  let plan: Plan;
  beforeAll(async () => {
    plan = await planOf(stacksFolder('first'), stack);
  });

  it('is what was written down by hand', () => {
    expect(differences(plan, expected)).toEqual([]);
  });

  it.each(expected.map((entry) => [entry.resource, entry] as const))(
    'notices when %s is another',
    (resource, { inputs, kept, retained }) => {
      const { resources } = plan;
      const without = { ...plan, resources: resources.filter((one) => nameOf(one) !== resource || !one.custom) };
      expect(differences(without, expected)).toEqual([`${resource} is missing`]);
      const unprotected = changed(plan, resource, (one) => ({
        ...one,
        protect: !one.protect,
        retainOnDelete: !one.retainOnDelete,
      }));
      expect(differences(unprotected, expected)).toEqual([
        `${resource}: protect is ${kept !== true}`,
        `${resource}: retainOnDelete is ${(retained ?? kept) !== true}`,
      ]);
      for (const input of Object.keys(inputs)) {
        const found = differences(withInput(plan, resource, input, 'something else'), expected);
        expect(found.length).toBeGreaterThan(0);
        for (const difference of found)
          expect(difference).toMatch(new RegExp(`^${resource}: ${input.replaceAll('.', '\\.')}\\b`));
      }
    },
  );

  it('notices a resource that nobody expected', () => {
    const stranger = { ...plan.resources.find(({ custom }) => custom)!, name: 'stranger', type: 'azure-native:keyvault:Key' };
    expect(differences({ ...plan, resources: [...plan.resources, stranger] }, expected)).toEqual([
      'Key stranger is not expected',
    ]);
  });

  it.each(ORDER)('makes %s after %s', (later, earlier) => {
    expect(isAfter(plan, later, earlier)).toBe(true);
    expect(isAfter(plan, earlier, later)).toBe(false);
    const independent = changed(plan, later, (one) => ({ ...one, dependencies: [], provider: one.urn }));
    expect(isAfter(independent, later, earlier)).toBe(false);
  });

  it('installs into the cluster that was looked up', () => {
    const { urn } = resourceOf(plan, 'kubernetes cluster');
    expect(resourceOf(plan, 'Release flux-operator').provider).toBe(urn);
    expect(resourceOf(plan, 'FluxInstance flux-instance').provider).toBe(urn);
  });

  it('gives role assignments names of their own, and makes room before one is replaced', () => {
    const assignments = plan.resources.filter(({ type }) => type.endsWith(':RoleAssignment'));
    expect(new Set(assignments.map(({ inputs }) => inputs['roleAssignmentName'])).size).toBe(assignments.length);
    for (const { deleteBeforeReplace } of assignments) expect(deleteBeforeReplace).toBe(true);
  });

  it('gives what takes long its time', () => {
    expect(resourceOf(plan, 'Command mirrored-images').createTimeout).toBe('2h');
    expect(resourceOf(plan, 'FluxInstance flux-instance').createTimeout).toBe('15m');
  });

  it('leaves keys as they were made, because Azure does', () => {
    for (const key of ['Key key-platform', 'Key key-applications']) {
      expect(resourceOf(plan, key).ignoreChanges).toEqual(['properties', 'tags']);
    }
  });

  it('makes every resource by the pinned version of its provider', () => {
    for (const { type, version, custom } of plan.resources) {
      if (custom && !type.startsWith('pulumi:'))
        expect([type, version]).toEqual([type, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
    }
  });

  it('keeps its URNs, by which a stack that runs already knows its resources', () => {
    const urns = fs.readFileSync(path.join(__dirname, 'urns', `${stack}.txt`), 'utf8');
    expect(`${plan.resources.map(({ urn }) => urn).join('\n')}\n`).toBe(urns);
  });

  it('is the same every time', async () => {
    expect(await planOf(stacksFolder('first'), stack)).toEqual(plan);
  });
});
