import { onlyTheseRoles, PIPELINE_ROLES } from '../../../infra/azure/pipeline-roles';
import { ROLES } from '../../../infra/azure/roles';
import { COMPUTED, SECRET, type PlanObject } from '../../../infra/plan';
import { changed, violationsOf, wrongWith } from './checked';

const TAGS = { environment: 'dev', 'managed-by': 'k8s-gitops' };

/** Each: path, value, and what the message has to say; without a message it is right. */
type Case = readonly [path: string, value: PlanObject[string] | undefined, message?: string];

const short = (value: PlanObject[string] | undefined): string =>
  (value === undefined ? 'left out' : JSON.stringify(value)).slice(0, 60);

function judges(policy: string, type: string, right: PlanObject, cases: readonly Case[]): void {
  describe(policy, () => {
    it('finds nothing wrong with what is right', async () => {
      expect(await wrongWith(policy, type, right)).toEqual([]);
    });
    for (const [path, value, message] of cases) {
      const told = message === undefined ? 'is right' : `is wrong: ${message}`;
      it(`${path} ${short(value)} ${told}`, async () => {
        const found = await wrongWith(policy, type, changed(right, path, value));
        expect(found).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
      });
    }
  });
}

judges('registry-without-passwords', 'Registry', { adminUserEnabled: false, anonymousPullEnabled: false, tags: TAGS }, [
  ['adminUserEnabled', undefined],
  ['anonymousPullEnabled', undefined],
  ['adminUserEnabled', true, 'adminUserEnabled is true, and has to be false'],
  ['adminUserEnabled', COMPUTED, 'adminUserEnabled is only known later'],
  ['anonymousPullEnabled', true, 'anonymousPullEnabled is true'],
]);

judges(
  'vault-by-roles',
  'Vault',
  {
    properties: {
      enablePurgeProtection: true,
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 7,
    },
    tags: TAGS,
  },
  [
    ['properties.enableSoftDelete', undefined],
    ['properties.softDeleteRetentionInDays', undefined],
    ['properties.enablePurgeProtection', undefined, 'enablePurgeProtection is not set, and has to be true'],
    ['properties.enablePurgeProtection', COMPUTED, 'enablePurgeProtection is only known later'],
    ['properties.enableRbacAuthorization', false, 'enableRbacAuthorization is false'],
    ['properties.enableSoftDelete', false, 'enableSoftDelete is false'],
    ['properties.softDeleteRetentionInDays', 6, 'softDeleteRetentionInDays is 6, and has to be between 7 and 90'],
    ['properties.softDeleteRetentionInDays', COMPUTED, 'only known later'],
    ['properties.softDeleteRetentionInDays', 90],
    ['properties.softDeleteRetentionInDays', 91, 'softDeleteRetentionInDays is 91, and has to be between 7 and 90'],
    ['properties.enabledForDeployment', false],
    ['properties.enabledForTemplateDeployment', true, 'enabledForTemplateDeployment is true, and has to be false'],
    ['properties.enabledForDeployment', true, 'enabledForDeployment is true'],
    ['properties.enabledForDeployment', COMPUTED, 'enabledForDeployment is only known later'],
    ['properties.enabledForDiskEncryption', true, 'enabledForDiskEncryption is true'],
    ['properties.publicNetworkAccess', 'Enabled'],
    ['properties.accessPolicies', []],
    ['properties.accessPolicies', [{ objectId: 'x' }], 'accessPolicies is not empty'],
    ['properties.accessPolicies', COMPUTED, 'accessPolicies is not empty'],
  ],
);

judges(
  'signing-keys',
  'Key',
  {
    properties: {
      kty: 'EC',
      curveName: 'P-256',
      keyOps: ['sign', 'verify'],
      attributes: { enabled: true, exportable: false },
      rotationPolicy: { lifetimeActions: [{ action: { type: 'notify' } }] },
    },
    tags: TAGS,
  },
  [
    ['properties.kty', 'EC-HSM'],
    ['properties.curveName', undefined],
    ['properties.keyOps', undefined],
    ['properties.attributes', undefined],
    ['properties.rotationPolicy', undefined],
    ['properties.kty', 'RSA', "kty is 'RSA', and has to be EC or EC-HSM"],
    ['properties.kty', undefined, 'kty is not set'],
    ['properties.curveName', 'P-384', "curveName is 'P-384', and has to be P-256"],
    ['properties.curveName', COMPUTED, 'only known later'],
    ['properties.keyOps', ['sign', 'wrapKey'], 'may hold sign and verify alone'],
    ['properties.keyOps', COMPUTED, 'may hold sign and verify alone'],
    ['properties.attributes.exportable', true, 'exportable is true'],
    ['properties.attributes', COMPUTED, 'exportable is only known later'],
    ['properties.release_policy', { data: 'e30=' }, 'release policy'],
    ['properties.releasePolicy', { data: 'e30=' }, 'release policy'],
    ['properties.releasePolicy', COMPUTED, 'release policy'],
    ['properties.rotationPolicy.lifetimeActions', [{ action: { type: 'Rotate' } }], "does 'Rotate', and may only notify"],
    ['properties.rotationPolicy.lifetimeActions', COMPUTED, 'may only notify'],
    ['properties.rotationPolicy', COMPUTED, 'may only notify'],
  ],
);

judges(
  'service-connections-without-secrets',
  'ServiceEndpointAzureRM',
  { serviceEndpointAuthenticationScheme: 'WorkloadIdentityFederation', credentials: { serviceprincipalid: COMPUTED } },
  [
    ['credentials', undefined],
    [
      'serviceEndpointAuthenticationScheme',
      'ServicePrincipal',
      "is 'ServicePrincipal', and has to be 'WorkloadIdentityFederation'",
    ],
    ['serviceEndpointAuthenticationScheme', undefined, 'is not set'],
    ['serviceEndpointAuthenticationScheme', COMPUTED, 'only known later'],
    ['credentials.serviceprincipalkey', SECRET, 'credentials.serviceprincipalkey is set'],
    ['credentials.serviceprincipalcertificate', 'pem', 'credentials.serviceprincipalcertificate is set'],
    ['credentials', COMPUTED, 'credentials is only known later'],
  ],
);

it.each([
  'ServiceEndpointKubernetes',
  'ServiceEndpointDockerRegistry',
  'ServiceEndpointGeneric',
  'ServiceEndpointGitHub',
  'azuredevops:index/serviceendpointNexus:ServiceendpointNexus',
  'azuredevops:ServiceEndpoint/gitHub:ServiceEndpointGitHub',
])('refuses service connections of another kind: %s', async (type) => {
  expect(await wrongWith('service-connections-without-secrets', type, {})).toEqual([
    expect.stringContaining('only ServiceEndpointAzureRM may be made'),
  ]);
});

it('lets permissions of service connections be', async () => {
  expect(await wrongWith('service-connections-without-secrets', 'ServiceendpointPermissions', {})).toEqual([]);
});

const GROUP = '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-dev';
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/myorgdev`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/my-org-dev`;
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks-dev`;
const VAULT_ADMINISTRATOR = '00482a5a-887f-4fb3-b363-3b7fe8e74483';
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const USER_ACCESS_ADMINISTRATOR = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
const ADMINISTRATOR = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168';
const ACR_PULL = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const definition = (id: string): string =>
  `/subscriptions/33333333-3333-4333-8333-333333333301/providers/Microsoft.Authorization/roleDefinitions/${id}`;

judges('least-roles', 'RoleAssignment', { roleDefinitionId: definition(ACR_PULL), scope: REGISTRY, principalId: COMPUTED }, [
  ['scope', COMPUTED],
  ['scope', `${REGISTRY.toUpperCase()}/`],
  ['scope', undefined, 'AcrPull is assigned at the scope not set, and nobody knows how wide that is'],
  ['scope', GROUP, 'may be assigned at one of microsoft.containerregistry/registries alone'],
  ['scope', VAULT, 'may be assigned at one of microsoft.containerregistry/registries alone'],
  ['roleDefinitionId', ACR_PULL.toUpperCase()],
  ['roleDefinitionId', definition(CONTRIBUTOR), 'The role Contributor is none that this platform assigns'],
  ['roleDefinitionId', definition(OWNER), 'The role Owner is none'],
  ['roleDefinitionId', OWNER, 'The role Owner is none'],
  ['roleDefinitionId', OWNER.toUpperCase(), 'The role Owner is none'],
  ['roleDefinitionId', `/providers/microsoft.authorization/ROLEDEFINITIONS/${OWNER}/`, 'The role Owner is none'],
  ['roleDefinitionId', definition(USER_ACCESS_ADMINISTRATOR), 'The role User Access Administrator is none'],
  ['roleDefinitionId', definition(VAULT_ADMINISTRATOR), `The role ${VAULT_ADMINISTRATOR} is none that this platform assigns`],
  ['roleDefinitionId', COMPUTED, 'nobody knows which role it is'],
  ['roleDefinitionId', 'Owner', 'nobody knows which role it is'],
  ['roleDefinitionId', undefined, 'is not set'],
  ['roleDefinitionId', definition(ADMINISTRATOR), 'with a condition that is not set'],
]);

const assigned = (role: { readonly id: string }, scope: PlanObject[string]): Promise<readonly string[]> =>
  wrongWith('least-roles', 'RoleAssignment', { roleDefinitionId: definition(role.id), scope });

const WITHOUT_CONDITION = Object.entries({ ...ROLES, ...PIPELINE_ROLES }).filter(([, { id }]) => id !== ADMINISTRATOR);

it.each([
  '/',
  '/providers/Microsoft.Management/managementGroups/all',
  '/subscriptions/33333333-3333-4333-8333-333333333301',
  '/SUBSCRIPTIONS/33333333-3333-4333-8333-333333333301/',
  '/subscriptions/33333333-3333-4333-8333-333333333301/providers/Microsoft.ContainerRegistry/registries/x',
  `x${GROUP}`,
  '',
])('refuses every role at the scope %j', async (scope) => {
  for (const [, role] of WITHOUT_CONDITION)
    expect(await assigned(role, scope)).toEqual([expect.stringContaining('which is wider than a resource group')]);
});

it.each([
  ['keyVaultCryptoUser', `${VAULT}/keys/platform`, `${VAULT}/secrets/platform`],
  ['keyVaultReader', `${VAULT}/keys/platform`, VAULT],
  ['keyVaultSecretsUser', `${VAULT}/secrets/cosign-public-key-dev`, VAULT],
  ['acrPush', REGISTRY, VAULT],
  ['clusterUser', CLUSTER, GROUP],
  ['clusterAdmin', CLUSTER, GROUP],
  ['clusterAdmin', CLUSTER, REGISTRY],
] as const)('keeps %s to one thing', async (name, right, wrong) => {
  const role = { ...ROLES, ...PIPELINE_ROLES }[name];
  expect(await assigned(role, right)).toEqual([]);
  for (const scope of [wrong, GROUP]) expect(await assigned(role, scope)).toEqual([expect.stringContaining('alone')]);
});

it('takes the roles of pipelines at resource groups, and wants their scopes known', async () => {
  for (const [name, role] of WITHOUT_CONDITION) {
    const isPipelines = name in PIPELINE_ROLES;
    if (isPipelines && !name.startsWith('cluster')) expect(await assigned(role, GROUP)).toEqual([]);
    expect(await assigned(role, COMPUTED)).toEqual(isPipelines ? [expect.stringContaining('nobody knows how wide')] : []);
  }
});

describe('the condition of who assigns roles', () => {
  const clause = (action: string, source: string, roles: string): string =>
    `(\n (\n  !(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})\n )\n OR\n (\n  @${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roles}}\n AND @${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal', 'User'})\n)`;
  const write = clause('write', 'Request', ACR_PULL);
  const remove = clause('delete', 'Resource', ACR_PULL);
  const condition = `${write} AND ${remove}`;
  const right = { roleDefinitionId: definition(ADMINISTRATOR), scope: GROUP, condition, conditionVersion: '2.0' };
  judges('least-roles', 'RoleAssignment', right, [
    ['condition', `${write} && ${remove}`],
    ['condition', `${remove} AND ${write}`],
    ['condition', condition.replaceAll(/\s+/g, ' ')],
    ['condition', condition.replaceAll(' {', '{')],
    ['condition', `(${condition})`],
    ['conditionVersion', undefined, 'conditionVersion is not set'],
    ['conditionVersion', '1.0', "conditionVersion is '1.0'"],
    ['condition', COMPUTED, 'a condition that is only known later'],
    ['condition', write, 'does not limit RoleDefinitionId for delete'],
    ['condition', remove, 'does not limit RoleDefinitionId for write'],
    ['condition', `${write} OR ${remove}`, 'does not limit RoleDefinitionId for write'],
    ['condition', `${condition} OR (1 NumericEquals 1)`, 'does not limit'],
    ['condition', condition.replaceAll('GuidEquals', 'GuidNotEquals'), 'does not limit'],
    ['condition', condition.replaceAll(' AND @', ' OR @'), 'does not limit'],
    ['condition', condition.replace('@Request[', '@Resource['), 'does not limit RoleDefinitionId for write'],
    ['condition', condition.replaceAll('!(', '('), 'does not limit'],
    ['condition', `${condition} AND (`, 'cannot be read'],
    ['condition', 'ActionMatches GuidEquals RoleDefinitionId', 'does not limit'],
    ['condition', `${clause('write', 'Request', `${ACR_PULL}, ${OWNER.toUpperCase()}`)} AND ${remove}`, 'allows to assign Owner'],
    ['condition', `${write} AND ${clause('delete', 'Resource', ADMINISTRATOR)}`, 'Role Based Access Control Administrator (f58'],
    ['condition', `${clause('write', 'Request', 'AcrPull')} AND ${remove}`, 'no GUID'],
    ['condition', `${clause('write', 'Request', '')} AND ${remove}`, 'no GUID'],
    ['condition', `${clause('write', 'Request', VAULT_ADMINISTRATOR)} AND ${remove}`, `another role (${VAULT_ADMINISTRATOR})`],
    ['condition', condition.replaceAll('ForAnyOfAnyValues:GuidEquals', 'ForAllOfAnyValues:GuidEquals')],
    ['condition', condition.replaceAll('ForAnyOfAnyValues:GuidEquals', 'ForAnyOfAllValues:GuidEquals'), 'does not limit'],
    ['condition', condition.replaceAll('ForAnyOfAnyValues:String', 'ForAnyOfAllValues:String'), 'does not limit PrincipalType'],
    ['condition', condition.replaceAll('PrincipalType', 'PrincipalId'), 'does not limit PrincipalType for write'],
    ['condition', `${write} AND ${remove.replace('PrincipalType', 'PrincipalId')}`, 'does not limit PrincipalType for delete'],
    ['condition', condition.replaceAll('StringEquals', 'StringNotEquals'), 'does not limit PrincipalType'],
    ['condition', condition.replaceAll("'User'", "'Device'"), "allows to assign to 'device'"],
    ['condition', onlyTheseRoles(Object.values(ROLES), ['Group', 'ServicePrincipal', 'User'])],
    ['condition', onlyTheseRoles([PIPELINE_ROLES.clusterAdmin], ['User']), 'allows to assign another role'],
  ]);
});

it('defines no role', async () => {
  for (const permissions of [[], [{ actions: ['*'] }], COMPUTED])
    expect(await wrongWith('least-roles', 'RoleDefinition', { permissions })).toEqual([
      expect.stringContaining('A role is defined here'),
    ]);
});

judges('tagged', 'Registry', { tags: TAGS }, [
  ['tags', { 'managed-by': 'me' }, 'The tag environment is not set'],
  ['tags.environment', 'prod', "The tag environment is 'prod', and has to be 'dev'"],
  ['tags.environment', COMPUTED, 'The tag environment is only known later'],
  ['tags.managed-by', undefined, 'The tag managed-by is not set'],
  ['tags.managed-by', '', "The tag managed-by is ''"],
  ['tags.managed-by', COMPUTED, 'only known later'],
]);

it('wants tags where there are none, and where they are not known', async () => {
  for (const inputs of [{}, { tags: COMPUTED }] as readonly PlanObject[])
    expect(await wrongWith('tagged', 'Registry', inputs)).toHaveLength(2);
});

it('refuses types of which nobody has said whether they have tags', async () => {
  for (const type of ['azure-native:compute:VirtualMachine', 'azure-native:compute/v20240101:VirtualMachine'])
    expect(await wrongWith('tagged', type, { tags: TAGS })).toEqual([expect.stringContaining(`whether ${type} has tags`)]);
  expect(await wrongWith('tagged', 'azure-native:monitor:DiagnosticSetting', {})).toEqual([]);
});

it('is not escaped by another version of an API', async () => {
  for (const type of ['azure-native:keyvault/v20230701:Vault', 'azure-native_keyvault_v20230701:keyvault:Vault'])
    expect(await wrongWith('vault-by-roles', type, {})).toHaveLength(2);
});

judges(
  'exact-versions',
  'FluxInstance',
  {
    spec: {
      distribution: { version: '2.9.5', registry: 'myorgdev.azurecr.io/fluxcd' },
      kustomize: COMPUTED,
      sync: { ref: 'refs/heads/dev' },
    },
  },
  [
    ['spec.distribution.version', '2.x', "version is '2.x', and has to be '2.9.5'"],
    ['spec.distribution.version', '2.9', "version is '2.9'"],
    ['spec.distribution.version', '2.9.4', "version is '2.9.4'"],
    ['spec.distribution.version', COMPUTED, 'only known later'],
    ['spec.distribution.artifact', `oci://ghcr.io/x/manifests:v1@sha256:${'ab'.repeat(32)}`],
    ['spec.distribution.artifact', 'oci://ghcr.io/controlplaneio-fluxcd/flux-operator-manifests:v1', 'what it names can change'],
    ['spec.distribution.artifact', COMPUTED, 'only known later'],
    ['spec.kustomize', { patches: [{ patch: '- op: add\n  image: x.azurecr.io/a:v1' }] }],
    ['spec.kustomize', { patches: [{ patch: 'spec:\n  image: "x.azurecr.io/a"' }] }, "The image 'x.azurecr.io/a' has no tag"],
    ['spec.kustomize', { patches: [{ patch: '{"value":"x.azurecr.io/a:latest"}' }] }, 'x.azurecr.io/a:latest'],
  ],
);

judges(
  'exact-versions',
  'Release',
  {
    chart: COMPUTED,
    version: '0.59.0',
    values: { image: { repository: 'x.azurecr.io/op', tag: 'v0.59.0' }, sidecar: { image: 'x.azurecr.io:443/side:v1' } },
  },
  [
    ['chart', `oci://x.azurecr.io/charts/op@sha256:${'ab'.repeat(32)}`],
    ['chart', 'oci://x.azurecr.io/charts/op:latest', "x.azurecr.io/charts/op:latest' has no tag"],
    ['version', undefined, 'version is not set, and has to be one exact version'],
    ['version', '^0.59.0', "version is '^0.59.0'"],
    ['version', '0.59', "version is '0.59'"],
    ['version', COMPUTED, 'only known later'],
    ['devel', true, 'devel is true'],
    ['values.image.tag', 'latest', 'x.azurecr.io/op:latest'],
    ['values.image.tag', undefined, "The image 'x.azurecr.io/op' has no tag"],
    ['values.image.tag', COMPUTED, "The image 'x.azurecr.io/op' has no tag"],
    ['values.image', { repository: 'x.azurecr.io/op', tag: '', digest: `sha256:${'ab'.repeat(32)}` }],
    ['values.sidecar.image', 'x.azurecr.io:443/side', "The image 'x.azurecr.io:443/side' has no tag"],
    ['values.sidecar.image', `x.azurecr.io/side@sha256:${'ab'.repeat(32)}`],
  ],
);

judges(
  'federated-credentials',
  'FederatedIdentityCredential',
  { audiences: ['api://AzureADTokenExchange'], subject: 'system:serviceaccount:flux-system:source-controller', issuer: COMPUTED },
  [
    ['subject', COMPUTED, 'has to begin with'],
    ['subject', 'system:serviceaccount:kube-system:source-controller', 'has to begin with'],
    ['subject', 'xsystem:serviceaccount:flux-system:x', 'has to begin with'],
    ['claimsMatchingExpression', { value: "claims['sub'] matches '*'", languageVersion: 1 }, 'claimsMatchingExpression is set'],
    ['claimsMatchingExpression', COMPUTED, 'claimsMatchingExpression is set'],
    ['subject', 'sc://my-org/my-project/acr-dev-sc', 'has to begin with'],
    ['audiences', ['api://AzureADTokenExchange', 'other'], 'has to be'],
    ['audiences', ['*'], 'has to be'],
    ['audiences', [], 'has to be'],
    ['audiences', COMPUTED, 'only known later'],
    ['subject', 'system:serviceaccount:flux-system:*', 'without * or ?'],
    ['subject', 'repo:?', 'without * or ?'],
    ['subject', '', 'without * or ?'],
    ['subject', undefined, 'not set'],
  ],
);

it('takes the subject of a service connection in the stack organization', async () => {
  for (const subject of [COMPUTED, 'sc://my-org/my-project/acr-dev-sc']) {
    const inputs = { audiences: ['api://AzureADTokenExchange'], subject };
    const credential = { type: 'FederatedIdentityCredential', name: 'it', inputs };
    expect(await violationsOf('federated-credentials', 'organization', [credential])).toEqual([]);
  }
});

const OURS = 'npm run --silent k8s-gitops -- images mirror --registry a.azurecr.io';
judges('platform-commands', 'Command', { create: OURS, update: `${OURS} && ${OURS}`, triggers: ['x'] }, [
  ['create', COMPUTED],
  ['create', SECRET, 'create is a secret'],
  ['delete', OURS],
  ['create', `${OURS}; id`, 'create is a line that runs something else'],
  ['create', `${OURS} && id`, 'create is a line that runs something else'],
  ['create', `id && ${OURS}`, 'create is a line that runs something else'],
  ['update', `${OURS} | sh`, 'update is a line that runs something else'],
  ['update', `${OURS} $(id)`, 'update is a line that runs something else'],
  ['update', `${OURS}\nid`, 'update is a line that runs something else'],
  ['update', 'npm run --silent other -- x', 'update is a line that runs something else'],
  ['delete', 'id', 'delete is a line that runs something else'],
  ['interpreter', ['node', '-e'], 'interpreter is set'],
  ['dir', '/elsewhere', 'dir is set'],
]);
