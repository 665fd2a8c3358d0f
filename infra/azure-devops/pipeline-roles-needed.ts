import { type Environment, type StackSettings } from '../../src/model';
import { onlyTheseRoles, PIPELINE_ROLES } from '../azure/pipeline-roles';
import { parseResourceId, resourceId } from '../azure/resource-id';
import { type RoleNeed } from '../azure/role-assignments';
import { ROLES, type BuiltInRole } from '../azure/roles';

/** A role of an identity that is not made yet. */
export interface PipelineRole extends Omit<RoleNeed, 'principalId'> {
  /** Ends the logical name of its assignment. */
  readonly name: string;
  readonly scope: string;
}

/**
 * What the identity that runs `pulumi up` of an environment may do: make what the stack makes, where it makes it, and read what it looks up.
 * Neither Owner nor Contributor, and no role that opens what is in the registry or the Key Vault: those the stack itself assigns.
 */
export function platformPipelineRoles(environment: Environment): readonly PipelineRole[] {
  const settings = environment.stack!;
  const ownsRegistry = environment.registry.sharedWith === undefined;
  const ownsVault = environment.vault.sharedWith === undefined;
  const { registry, vault, signingKeys, readerIdentity, writerIdentity } = settings.existing;
  const makesRegistry = ownsRegistry && registry === undefined;
  const makesVault = ownsVault && vault === undefined;
  return [
    ...(readerIdentity !== undefined && writerIdentity !== undefined
      ? []
      : inGroup(environment, settings, 'identities', PIPELINE_ROLES.managedIdentityContributor, 'makes the identities of Flux')),
    ...(makesRegistry
      ? inGroup(environment, settings, 'registry', PIPELINE_ROLES.containerRegistryContributor, 'makes the registry')
      : []),
    ...(makesVault
      ? inGroup(environment, settings, 'vault', PIPELINE_ROLES.keyVaultContributor, 'makes the Key Vault and its keys')
      : []),
    ...(vault !== undefined && signingKeys === undefined
      ? [onResource('vault', PIPELINE_ROLES.keyVaultContributor, vault, 'makes the signing keys')]
      : []),
    ...assigning(environment, settings),
    ...lookedUp(settings),
    ...(makesRegistry || makesVault ? [...privateNetwork(environment, settings), ...logs(environment, settings)] : []),
    onResource('cluster', PIPELINE_ROLES.clusterUser, clusterId(environment), 'reads the cluster and its address'),
    onResource('cluster-admin', PIPELINE_ROLES.clusterAdmin, clusterId(environment), 'installs the Flux Operator'),
  ];
}

/** What an identity that dry-runs needs on Azure; on the cluster it has what Kubernetes gives it. */
export function dryRunRoles(environment: Environment): readonly PipelineRole[] {
  return [onResource('cluster', PIPELINE_ROLES.clusterUser, clusterId(environment), 'reads the address of the cluster')];
}

/** Role Based Access Control Administrator, which could assign every role, kept to those that the stack assigns. */
function assigning(environment: Environment, settings: StackSettings): readonly PipelineRole[] {
  if (settings.roleAssignments === 'external') return [];
  const { registry, vault } = settings.existing;
  const types = new Set(['ServicePrincipal']);
  for (const { principalType } of Object.values(settings.access).flatMap((group) => Object.values(group)))
    types.add(principalType);
  const limited = (role: PipelineRole): PipelineRole => ({
    ...role,
    condition: onlyTheseRoles(Object.values(ROLES), [...types].sort()),
  });
  const role = PIPELINE_ROLES.roleBasedAccessControlAdministrator;
  const why = 'lets clusters and pipelines pull, push and sign, and assigns no other role';
  const makes =
    (environment.registry.sharedWith === undefined && registry === undefined) ||
    (environment.vault.sharedWith === undefined && vault === undefined);
  return [
    ...(makes ? inGroup(environment, settings, 'roles', role, why) : []),
    ...(registry === undefined ? [] : [onResource('registry-roles', role, registry, why)]),
    ...(vault === undefined ? [] : [onResource('vault-roles', role, vault, why)]),
  ].map(limited);
}

function lookedUp({ existing }: StackSettings): readonly PipelineRole[] {
  const { registry, vault, readerIdentity, writerIdentity } = existing;
  return Object.entries({ registry, vault, 'reader-identity': readerIdentity, 'writer-identity': writerIdentity }).flatMap(
    ([name, id]) =>
      id === undefined ? [] : [onResource(`${name}-reader`, PIPELINE_ROLES.reader, id, 'reads what another team owns')],
  );
}

function privateNetwork(environment: Environment, settings: StackSettings): readonly PipelineRole[] {
  const { registry, vault, privateNetwork: network, existing } = settings;
  const isPrivate = {
    registry: registry.exposure === 'private' && existing.registry === undefined,
    vault: vault.exposure === 'private' && existing.vault === undefined,
  };
  if (network === undefined || (!isPrivate.registry && !isPrivate.vault)) return [];
  const { subnetId, registryDnsZoneId, vaultDnsZoneId } = network;
  const zones = { registry: registryDnsZoneId, vault: vaultDnsZoneId };
  const used = (['registry', 'vault'] as const).filter((resource) => isPrivate[resource]);
  const makesZone = used.some((resource) => zones[resource] === undefined);
  return [
    ...inGroup(environment, settings, 'network', PIPELINE_ROLES.networkContributor, 'makes private endpoints'),
    onResource(
      'virtual-network',
      PIPELINE_ROLES.networkContributor,
      subnetId.replace(/\/subnets\/[^/]+$/i, ''),
      'joins private endpoints to the subnet, and zones to the network',
    ),
    ...(makesZone
      ? inGroup(environment, settings, 'dns', PIPELINE_ROLES.privateDnsZoneContributor, 'makes private DNS zones')
      : []),
    ...used.flatMap((resource) => {
      const zone = zones[resource];
      const why = `registers the ${resource} in the zone`;
      return zone === undefined ? [] : [onResource(`${resource}-dns`, PIPELINE_ROLES.privateDnsZoneContributor, zone, why)];
    }),
  ];
}

function logs(environment: Environment, settings: StackSettings): readonly PipelineRole[] {
  const { logAnalyticsWorkspaceId: workspace } = settings;
  if (workspace === undefined) return [];
  return [
    ...inGroup(environment, settings, 'diagnostics', PIPELINE_ROLES.monitoringContributor, 'sends logs'),
    onResource('workspace', PIPELINE_ROLES.logAnalyticsContributor, workspace, 'sends logs to the workspace'),
  ];
}

function inGroup(
  environment: Environment,
  { subscriptionId, resourceGroup }: StackSettings,
  name: string,
  role: BuiltInRole,
  why: string,
): readonly PipelineRole[] {
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  return [
    {
      name,
      role,
      scope,
      scopeName: `${subscriptionId}/${resourceGroup}`.toLowerCase(),
      subscriptionId,
      why: `${why} of ${environment.name}`,
    },
  ];
}

function onResource(name: string, role: BuiltInRole, id: string, why: string): PipelineRole {
  return { name, role, scope: id, scopeName: id.toLowerCase(), subscriptionId: parseResourceId(id).subscriptionId, why };
}

function clusterId({ cluster, stack }: Environment): string {
  const { subscriptionId } = stack!.cluster;
  return resourceId(subscriptionId, cluster.resourceGroup, 'Microsoft.ContainerService/managedClusters', cluster.name);
}
