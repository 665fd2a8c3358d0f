import type * as pulumi from '@pulumi/pulumi';
import { lookUpCluster, lookUpUserKubeconfig } from '../azure/cluster-look-ups';
import { type ClusterAddress } from '../azure/managed-cluster';
import { type StackContext } from '../stack-program';
import { checkCluster, type UsableCluster } from './check-cluster';
import { kubeloginKubeconfig } from './kubeconfig';
import { refusal } from '../azure/refusal';

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
  const usable = checkCluster(await lookUpCluster(address, invoke), address, platform.flux);
  if (!('resourceId' in usable)) {
    throw refusal(
      [`Flux cannot run on the cluster ${address.name} (resource group ${address.resourceGroup}):`, ...usable].join('\n- '),
    );
  }
  return { ...usable, ...(await kubeconfigOf(context, address, invoke)) };
}

async function kubeconfigOf(
  { settings: { cluster }, effects }: StackContext,
  address: ClusterAddress,
  invoke: pulumi.InvokeOptions,
): Promise<Pick<ExistingCluster, 'kubeconfig' | 'context'>> {
  if (cluster.kubeconfig !== undefined) {
    const kubeconfig = effects.kubeconfigFile(cluster.kubeconfig, cluster.context);
    return { kubeconfig, ...(cluster.context === undefined ? {} : { context: cluster.context }) };
  }
  const kubeconfig = kubeloginKubeconfig(await lookUpUserKubeconfig(address, invoke), address.name, cluster.login);
  if (typeof kubeconfig === 'string') return { kubeconfig };
  throw refusal(`The kubeconfig that Azure gives for the cluster ${address.name} ${kubeconfig.wrong}.`);
}
