import { PrivateDnsZoneGroup, PrivateEndpoint } from '@pulumi/azure-native/network';
import { PrivateZone, VirtualNetworkLink } from '@pulumi/azure-native/privatedns';
import * as pulumi from '@pulumi/pulumi';

/** A registry and a Key Vault may have one name; with a registry's 50 characters, Azure's 64 leave no room for more. */
const SHORT = { registry: 'acr', vault: 'kv' } as const;

export interface PrivateAccessArgs {
  readonly location: string;
  readonly resourceGroup: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Resource that is reached privately. */
  readonly resourceId: pulumi.Input<string>;
  /** Its name, from which those of the endpoint are made. */
  readonly resourceName: string;
  /** Sub-resource of Azure Private Link: `registry` or `vault`. */
  readonly groupId: 'registry' | 'vault';
  /** Subnet of the endpoint. */
  readonly subnetId: string;
  /** Private DNS zone in which clients look the resource up. */
  readonly dnsZone: string;
  /** Resource id of that zone, where there is one. @default - it is made, and linked to the virtual network of the subnet */
  readonly dnsZoneId?: string;
}

/** A private endpoint with its name in DNS: the resource is reached from the virtual network and from nowhere else. */
export class PrivateAccess extends pulumi.ComponentResource {
  public constructor(name: string, args: PrivateAccessArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azure:PrivateAccess', name, {}, options);
    const { resourceGroup: resourceGroupName, tags, resourceName } = args;
    const privateEndpointName = `${resourceName}-${SHORT[args.groupId]}-endpoint`;
    const endpoint = new PrivateEndpoint(
      name,
      {
        privateEndpointName,
        resourceGroupName,
        location: args.location,
        subnet: { id: args.subnetId },
        privateLinkServiceConnections: [
          { name: privateEndpointName, privateLinkServiceId: args.resourceId, groupIds: [args.groupId] },
        ],
        tags,
      },
      { parent: this },
    );
    new PrivateDnsZoneGroup(
      name,
      {
        privateDnsZoneGroupName: 'default',
        privateEndpointName: endpoint.name,
        resourceGroupName,
        privateDnsZoneConfigs: [
          { name: args.dnsZone.replaceAll('.', '-'), privateDnsZoneId: args.dnsZoneId ?? this.makeZone(name, args) },
        ],
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private makeZone(name: string, args: PrivateAccessArgs): pulumi.Output<string> {
    const { resourceGroup: resourceGroupName, tags, dnsZone } = args;
    // Private DNS has no region.
    const location = 'global';
    const zone = new PrivateZone(name, { privateZoneName: dnsZone, resourceGroupName, location, tags }, { parent: this });
    const virtualNetwork = args.subnetId.replace(/\/subnets\/[^/]+$/i, '');
    new VirtualNetworkLink(
      name,
      {
        virtualNetworkLinkName: virtualNetwork.split('/').at(-1)!,
        privateZoneName: zone.name,
        resourceGroupName,
        location,
        registrationEnabled: false,
        virtualNetwork: { id: virtualNetwork },
        tags,
      },
      { parent: this },
    );
    return zone.id;
  }
}
