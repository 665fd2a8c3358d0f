import * as fs from 'node:fs';
import * as path from 'node:path';
import { REPOSITORY } from '../../support/platform-folder';
import { wrongWith } from './checked';

const wrong = (type: string): Promise<readonly string[]> => wrongWith('known-resources', type, {});

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

  it('leaves other service connections to service-connections-without-secrets', async () => {
    expect(await wrong('azuredevops:index/serviceEndpointGeneric:ServiceEndpointGeneric')).toEqual([]);
  });
});
