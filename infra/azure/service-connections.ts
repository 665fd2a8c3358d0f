import type * as pulumi from '@pulumi/pulumi';
import { sendLogs } from './diagnostics';
import { PrivateAccess } from './private-access';
import { type Exposure, type ServiceSettings } from './settings';

export interface ServiceConnectionsArgs {
  readonly settings: ServiceSettings;
  readonly exposure: Exposure['exposure'];
  readonly resourceId: pulumi.Input<string>;
  readonly resourceName: string;
  /** Sub-resource of Azure Private Link, which is also what the settings of the private network are called by. */
  readonly groupId: 'registry' | 'vault';
  /** Private DNS zone in which clients look the resource up. */
  readonly dnsZone: string;
}

/**
 * Who reaches a resource, and who keeps its logs: a private endpoint where only that is to reach it, diagnostics where a workspace is given.
 *
 * @returns what has to be there before it is reached
 */
export function connectService(name: string, args: ServiceConnectionsArgs, parent: pulumi.Resource): readonly pulumi.Resource[] {
  const { settings, exposure, groupId, ...resource } = args;
  const { location, resourceGroup, tags, privateNetwork, logAnalyticsWorkspaceId } = settings;
  if (logAnalyticsWorkspaceId !== undefined) sendLogs(name, resource.resourceId, logAnalyticsWorkspaceId, parent);
  if (exposure !== 'private' || privateNetwork === undefined) return [];
  const dnsZoneId = privateNetwork[`${groupId}DnsZoneId`];
  return [
    new PrivateAccess(
      name,
      {
        location,
        resourceGroup,
        tags,
        ...resource,
        groupId,
        subnetId: privateNetwork.subnetId,
        ...(dnsZoneId === undefined ? {} : { dnsZoneId }),
      },
      { parent },
    ),
  ];
}
