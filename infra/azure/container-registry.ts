import { Registry } from '@pulumi/azure-native/containerregistry';
import * as pulumi from '@pulumi/pulumi';
import { connectService } from './service-connections';
import { type Exposure, type ServiceSettings } from './settings';

/** Settings of a registry. */
export interface RegistrySettings extends Exposure {
  /** Only Premium can be private, choose who may connect, and be spread over availability zones. */
  readonly tier: 'Basic' | 'Standard' | 'Premium';
  /** Whether it is spread over availability zones. */
  readonly zoneRedundancy: boolean;
}

export interface ContainerRegistryArgs {
  /** Globally unique name, 5 to 50 letters and digits. */
  readonly name: string;
  readonly settings: ServiceSettings & { readonly registry: RegistrySettings };
  /** Private DNS zone of registries in this cloud. */
  readonly dnsZone: string;
}

/**
 * The registry from which everything in the cluster is pulled.
 *
 * Nobody signs in with a password (no admin user), nobody pulls without signing in, and nothing is removed by a policy.
 */
export class ContainerRegistry extends pulumi.ComponentResource {
  public readonly resourceId: pulumi.Output<string>;
  /** What has to be there before it can be used. */
  public readonly ready: readonly pulumi.Resource[];
  public readonly loginServer: pulumi.Output<string>;

  public constructor(
    name: string,
    { name: registryName, settings, dnsZone }: ContainerRegistryArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super('k8s-gitops:azure:ContainerRegistry', name, {}, options);
    const { location, resourceGroup, tags } = settings;
    const { tier, exposure, allowedIpRanges, zoneRedundancy } = settings.registry;
    const registry = new Registry(
      name,
      {
        registryName,
        resourceGroupName: resourceGroup,
        location,
        sku: { name: tier },
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        publicNetworkAccess: exposure === 'private' ? 'Disabled' : 'Enabled',
        // The smaller tiers do not have them.
        ...(tier === 'Premium'
          ? {
              zoneRedundancy: zoneRedundancy ? 'Enabled' : 'Disabled',
              dataEndpointEnabled: exposure === 'private',
              networkRuleBypassOptions: 'AzureServices',
              networkRuleSet: {
                defaultAction: exposure === 'private' || allowedIpRanges !== undefined ? 'Deny' : 'Allow',
                ipRules: (allowedIpRanges ?? []).map((range) => ({ action: 'Allow', iPAddressOrRange: range })),
              },
              policies: {
                // What runs is pinned by digest; a tag that is pushed again leaves the digest untagged, and a policy that removes
                // untagged manifests would remove what a cluster has to pull on its next node.
                retentionPolicy: { status: 'disabled' },
              },
            }
          : {}),
        tags,
      },
      // What clusters run is in it: neither a mistake nor `pulumi destroy` may take it away.
      { parent: this, protect: true, retainOnDelete: true },
    );
    const reached = connectService(
      name,
      { settings, exposure, resourceId: registry.id, resourceName: registryName, groupId: 'registry', dnsZone },
      this,
    );
    this.ready = [registry, ...reached];
    this.resourceId = registry.id;
    this.loginServer = registry.loginServer;
    this.registerOutputs({ resourceId: this.resourceId, loginServer: this.loginServer });
  }
}
