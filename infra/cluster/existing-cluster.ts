import { getManagedCluster, listManagedClusterUserCredentials } from '@pulumi/azure-native/containerservice';
import * as pulumi from '@pulumi/pulumi';
import { type StackContext } from '../stack-program';
import { checkCluster, type ClusterAddress, type UsableCluster } from './check-cluster';
import { kubeloginKubeconfig } from './kubeconfig';

/** The cluster of an environment, which this program finds and never makes. */
export interface ExistingCluster extends UsableCluster {
  /** Content or path of a kubeconfig, as the Kubernetes provider takes it. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Context in it. @default - its current one */
  readonly context?: string;
}

/**
 * Looks the cluster up and checks that Flux can run on it.
 *
 * @throws pulumi.RunError with every reason why it cannot, and the command that mends it
 */
export async function findCluster(context: StackContext, invoke: pulumi.InvokeOptions): Promise<ExistingCluster> {
  const { platform, environment, settings } = context;
  const address: ClusterAddress = { ...environment.cluster, subscriptionId: settings.cluster.subscriptionId };
  const target = { resourceGroupName: address.resourceGroup, resourceName: address.name };
  const found = await lookUp(address, () => getManagedCluster(target, invoke));
  const usable = checkCluster(found, address, platform.flux);
  if (!('resourceId' in usable)) {
    throw new pulumi.RunError(
      [`Flux cannot run on the cluster ${address.name} (resource group ${address.resourceGroup}):`, ...usable].join('\n- '),
    );
  }
  return { ...usable, ...(await kubeconfigOf(context, address, target, invoke)) };
}

async function kubeconfigOf(
  { settings: { cluster }, effects }: StackContext,
  address: ClusterAddress,
  target: { readonly resourceGroupName: string; readonly resourceName: string },
  invoke: pulumi.InvokeOptions,
): Promise<Pick<ExistingCluster, 'kubeconfig' | 'context'>> {
  if (cluster.kubeconfig !== undefined) {
    const kubeconfig = effects.kubeconfigFile(cluster.kubeconfig, cluster.context);
    return { kubeconfig, ...(cluster.context === undefined ? {} : { context: cluster.context }) };
  }
  const { kubeconfigs } = await lookUp(address, () => listManagedClusterUserCredentials({ ...target, format: 'exec' }, invoke));
  const encoded = kubeconfigs[0]?.value ?? '';
  const kubeconfig = kubeloginKubeconfig(Buffer.from(encoded, 'base64').toString('utf8'), address.name, cluster.login);
  if (typeof kubeconfig === 'string') return { kubeconfig };
  throw new pulumi.RunError(`The kubeconfig that Azure gives for the cluster ${address.name} ${kubeconfig.wrong}.`);
}

async function lookUp<Result>(address: ClusterAddress, look: () => Promise<Result>): Promise<Result> {
  try {
    return await look();
  } catch (error) {
    throw new pulumi.RunError(
      `The cluster ${address.name} (resource group ${address.resourceGroup}, subscription ${address.subscriptionId}) cannot be read: ${(error as Error).message}\n` +
        "→ Check 'environments.<environment>.cluster' in platform.yaml, and that whoever runs this has the role 'Azure Kubernetes Service Cluster User Role' on it.",
    );
  }
}
