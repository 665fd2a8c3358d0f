import { getManagedCluster, listManagedClusterUserCredentials } from '@pulumi/azure-native/containerservice';
import type * as pulumi from '@pulumi/pulumi';
import { type ClusterAddress, type ManagedCluster } from './managed-cluster';
import { refusal } from './refusal';

/** @throws pulumi.RunError when the cluster is not there, or cannot be read */
export async function lookUpCluster(address: ClusterAddress, invoke: pulumi.InvokeOptions): Promise<ManagedCluster> {
  return lookUp(address, () => getManagedCluster(target(address), invoke));
}

/**
 * The kubeconfig of a user of the cluster, which holds no credential.
 *
 * @returns what Azure gives, empty when it gives none
 * @throws pulumi.RunError when the cluster is not there, or cannot be read
 */
export async function lookUpUserKubeconfig(address: ClusterAddress, invoke: pulumi.InvokeOptions): Promise<string> {
  const { kubeconfigs } = await lookUp(address, () =>
    listManagedClusterUserCredentials({ ...target(address), format: 'exec' }, invoke),
  );
  return Buffer.from(kubeconfigs[0]?.value ?? '', 'base64').toString('utf8');
}

function target({ name, resourceGroup }: ClusterAddress): { readonly resourceGroupName: string; readonly resourceName: string } {
  return { resourceGroupName: resourceGroup, resourceName: name };
}

async function lookUp<Result>(address: ClusterAddress, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    throw refusal(
      `The cluster ${address.name} (resource group ${address.resourceGroup}, subscription ${address.subscriptionId}) cannot be read: ${(error as Error).message}\n` +
        "→ Check 'environments.<environment>.cluster' in platform.yaml, and that whoever runs this has the role 'Azure Kubernetes Service Cluster User Role' on it.",
    );
  }
}
