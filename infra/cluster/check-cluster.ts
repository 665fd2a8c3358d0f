import { compare, coerce } from 'semver';
import { type FluxSettings } from '../../src/model';
import { shellLine } from '../azure/shell-word';
import { type ClusterAddress, type ManagedCluster } from '../azure/managed-cluster';

/** What a cluster has to have so that Flux can run on it without a secret. */
export interface UsableCluster {
  readonly resourceId: string;
  readonly oidcIssuerUrl: string;
  /** Object id of the identity that pulls images. */
  readonly kubeletPrincipalId: string;
}

/**
 * Oldest Kubernetes that a minor version of Flux supports. Source: release notes of its first version, "Kubernetes compatibility"; of a minor
 * version that is not here nothing is refused.
 */
const OLDEST_KUBERNETES: Readonly<Record<string, string>> = { '2.9': '1.34.1' };

/**
 * Whether Flux can run on a cluster.
 *
 * @returns what the rest of the stack needs of it, or every reason with the command that mends it
 */
export function checkCluster(
  cluster: ManagedCluster,
  address: ClusterAddress,
  flux: Pick<FluxSettings, 'version'>,
): UsableCluster | readonly string[] {
  const { name, resourceGroup, subscriptionId } = address;
  const where = shellLine('--name', name, '--resource-group', resourceGroup, '--subscription', subscriptionId);
  const problems: string[] = [];
  const oidcIssuerUrl = cluster.oidcIssuerProfile?.issuerURL;
  if (cluster.oidcIssuerProfile?.enabled !== true || oidcIssuerUrl === undefined || oidcIssuerUrl === '') {
    problems.push(
      `it has no OIDC issuer, so no identity can be federated with it\n  → az aks update ${where} --enable-oidc-issuer`,
    );
  }
  if (cluster.securityProfile?.workloadIdentity?.enabled !== true) {
    problems.push(
      `workload identity is off, so pods get no token to exchange\n  → az aks update ${where} --enable-workload-identity`,
    );
  }
  if (cluster.aadProfile === undefined || cluster.aadProfile === null) {
    problems.push(
      `it does not use Microsoft Entra ID, so its only credentials are those of an administrator, which are never used here\n  → az aks update ${where} --enable-aad --enable-azure-rbac`,
    );
  }
  const kubeletPrincipalId = cluster.identityProfile?.['kubeletidentity']?.objectId;
  if (kubeletPrincipalId === undefined) {
    problems.push(
      `its kubelet has no managed identity, so it cannot be allowed to pull\n  → az aks update ${where} --enable-managed-identity`,
    );
  }
  const oldest = OLDEST_KUBERNETES[flux.version.split('.').slice(0, 2).join('.')];
  const version = cluster.currentKubernetesVersion;
  if (oldest !== undefined && version !== undefined && compare(coerce(version) ?? version, oldest) < 0) {
    problems.push(
      `it runs Kubernetes ${version}, and Flux ${flux.version} needs ${oldest} or newer\n  → az aks upgrade ${where} --kubernetes-version ${oldest}`,
    );
  }
  return problems.length > 0
    ? problems
    : { resourceId: cluster.id, oidcIssuerUrl: oidcIssuerUrl!, kubeletPrincipalId: kubeletPrincipalId! };
}
