import { type BuiltInRole } from './roles';

/** The roles of pipelines' identities, besides those that the environment stacks assign. Source: Azure built-in roles. */
export const PIPELINE_ROLES = {
  /** Makes registries; neither reads nor writes what is in them. */
  containerRegistryContributor: {
    name: 'Container Registry Contributor and Data Access Configuration Administrator',
    id: '3bc748fc-213d-45c1-8d91-9da5725539b9',
  },
  /** Makes Key Vaults, keys and secrets by the resource manager; neither signs with a key nor reads a secret. */
  keyVaultContributor: { name: 'Key Vault Contributor', id: 'f25e0fa2-a7c8-4377-a976-54943a77a395' },
  managedIdentityContributor: { name: 'Managed Identity Contributor', id: 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59' },
  /** Diagnostic settings. */
  monitoringContributor: { name: 'Monitoring Contributor', id: '749f88d5-cbae-40b8-bcfc-e573ddc772fa' },
  logAnalyticsContributor: { name: 'Log Analytics Contributor', id: '92aaf0da-9dab-42b6-94a3-d43ce8d16293' },
  networkContributor: { name: 'Network Contributor', id: '4d97b98b-1d4f-4787-a291-c67834d212e7' },
  privateDnsZoneContributor: { name: 'Private DNS Zone Contributor', id: 'b12aa53e-6015-4669-85d0-8515ebb3ae7f' },
  reader: { name: 'Reader', id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7' },
  /** Always with a condition. */
  roleBasedAccessControlAdministrator: {
    name: 'Role Based Access Control Administrator',
    id: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  },
  /** Reads the cluster and the address of its API server. */
  clusterUser: { name: 'Azure Kubernetes Service Cluster User Role', id: '4abbcc35-e782-43d8-92c5-2d3f1bd2253f' },
  /** On a cluster with Azure RBAC: the operator brings custom resource definitions and cluster roles. */
  clusterAdmin: { name: 'Azure Kubernetes Service RBAC Cluster Admin', id: 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b' },
} as const satisfies Record<string, BuiltInRole>;

/**
 * A condition under which somebody may assign these roles to such principals, and take them away, and no others.
 *
 * Source: Azure, "Delegate Azure role assignment management to others with conditions".
 */
export function onlyTheseRoles(roles: readonly BuiltInRole[], principalTypes: readonly string[]): string {
  const allowed = (source: 'Request' | 'Resource'): string => {
    const attribute = (name: string): string => `@${source}[Microsoft.Authorization/roleAssignments:${name}]`;
    const ids = roles.map(({ id }) => id).join(', ');
    const types = principalTypes.map((type) => `'${type}'`).join(', ');
    return `${attribute('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${ids}} AND ${attribute('PrincipalType')} ForAnyOfAnyValues:StringEqualsIgnoreCase {${types}}`;
  };
  // What an assignment is to become stands in the request; what one is that is to be deleted, in the resource.
  return (['write', 'delete'] as const)
    .map((action) => {
      const source = action === 'write' ? 'Request' : 'Resource';
      return `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (${allowed(source)}))`;
    })
    .join(' AND ');
}
