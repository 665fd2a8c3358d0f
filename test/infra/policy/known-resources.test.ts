import * as fs from 'node:fs';
import * as path from 'node:path';
import { REPOSITORY } from '../../support/platform-folder';
import { violationsOf, wrongWith } from './checked';

/** In the stack that may have it. */
async function wrong(type: string): Promise<readonly string[]> {
  const stack = type.includes('azuredevops:') ? 'organization' : 'dev';
  const violations = await violationsOf('known-resources', stack, [{ type, name: 'it', inputs: {} }]);
  return violations.map(({ message }) => message);
}

/** Type tokens of the classes of sdks/azuredevops. */
function azureDevOpsTypes(): readonly string[] {
  const folder = path.join(REPOSITORY, 'sdks/azuredevops');
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .flatMap((file) => [...fs.readFileSync(path.join(folder, file), 'utf8').matchAll(/__pulumiType = '(azuredevops:[^']+)'/g)])
    .map(([, type]) => type!);
}

describe('known-resources', () => {
  it('knows every class of sdks/azuredevops', async () => {
    const types = azureDevOpsTypes();
    expect(types.length).toBeGreaterThanOrEqual(19);
    for (const type of types) expect([type, await wrong(type)]).toEqual([type, []]);
  });

  it.each([
    'pulumi:pulumi:Stack',
    'pulumi:providers:azure-native',
    'pulumi:providers:kubernetes',
    'k8s-gitops:azure:ContainerRegistry',
    'azure-native:keyvault:Vault',
    'azure-native_keyvault_v20230701:keyvault:Vault',
    'command:local:Command',
    'kubernetes:helm.sh/v3:Release',
    'kubernetes:fluxcd.controlplane.io/v1:FluxInstance',
    'kubernetes:rbac.authorization.k8s.io/v1:ClusterRole',
    'kubernetes:rbac.authorization.k8s.io/v1:RoleBinding',
  ])('lets %s be', async (type) => {
    expect(await wrong(type)).toEqual([]);
  });

  it.each([
    'azure:containerservice/registry:Registry',
    'azuread:index/applicationPassword:ApplicationPassword',
    'random:index/randomPassword:RandomPassword',
    'tls:index/privateKey:PrivateKey',
    'pulumi:providers:azuread',
    'pulumi:pulumi:StackReference',
    'pulumi-nodejs:dynamic:Resource',
    'azure-nativelike:keyvault:Vault',
    'command:remote:Command',
    'azuredevops:index/resourceAuthorization:ResourceAuthorization',
    'azuredevops:index/serviceendpointPermissions:ServiceendpointPermissions',
    'azuredevops:index/securityroleAssignment:SecurityroleAssignment',
    'azuredevops:index/projectPermissions:ProjectPermissions',
    'azuredevops:index/team:Team',
    'azuredevops:index/project:Project',
    'azuredevops:index/variableGroup:VariableGroup',
    // Old tokens of known classes are another way to them.
    'azuredevops:Build/buildDefinition:BuildDefinition',
    'azuredevops:ServiceEndpoint/azureRM:ServiceEndpointAzureRM',
    'azuredevops:ServiceEndpoint/azureRM:AzureRM',
    'kubernetes:core/v1:Secret',
    'kubernetes:core/v1:ConfigMap',
    'kubernetes:yaml:ConfigFile',
    'kubernetes:helm.sh/v4:Chart',
    'kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding',
    'kubernetes:rbac.authorization.k8s.io/v1:RoleBindingPatch',
    'kubernetes:fluxcd.controlplane.io/v1:ResourceSet',
  ])('refuses %s', async (type) => {
    expect(await wrong(type)).toEqual([`Nobody has judged ${type}: no rule was thought of for it.`]);
  });

  it.each([
    'azuredevops:index/git:Git',
    'pulumi:providers:azuredevops',
    'azuredevops:index/serviceEndpointGeneric:ServiceEndpointGeneric',
  ])('refuses %s outside of the stack organization', async (type) => {
    expect(await wrongWith('known-resources', type, {})).toEqual([
      `${type} is in the stack dev, and the Azure DevOps side is the stack organization's alone: pipelines run the environments' stacks.`,
    ]);
  });

  it.each(['kubernetes:helm.sh/v3:Release', 'pulumi:providers:kubernetes', 'command:local:Command', 'pulumi:providers:command'])(
    'refuses %s in the stack organization',
    async (type) => {
      expect(await violationsOf('known-resources', 'organization', [{ type, name: 'it', inputs: {} }])).toMatchObject([
        { message: `${type} is in the stack organization, which has the Azure DevOps side alone.` },
      ]);
    },
  );

  it('lets both sides have what is of Azure or groups', async () => {
    for (const stack of ['dev', 'organization'])
      for (const type of [
        'azure-native:managedidentity:UserAssignedIdentity',
        'pulumi:providers:azure-native',
        'k8s-gitops:azure:X',
      ])
        expect(await violationsOf('known-resources', stack, [{ type, name: 'it', inputs: {} }])).toEqual([]);
  });

  it('leaves other service connections to service-connections-without-secrets', async () => {
    expect(await wrong('azuredevops:index/serviceEndpointGeneric:ServiceEndpointGeneric')).toEqual([]);
  });
});
