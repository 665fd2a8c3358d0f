import { AZURE_CLOUDS } from '../azure-clouds';
import { environmentNamesOf } from '../environment-names';
import { formatLocation, type Problem } from '../problem';
import { at, type CheckedStack } from './checked-stack';

/** A private DNS zone that a stack makes. */
interface MadeZone {
  readonly checked: CheckedStack;
  readonly zone: string;
  /** Resource id of the virtual network to which it is linked. */
  readonly network: string;
  /** Resource id of the resource group in which it is. */
  readonly group: string;
}

/** No two stacks make the same zone: a resource group holds one of a name, and a virtual network is linked to one. */
export function checkPrivateZones(stacks: readonly CheckedStack[]): readonly Problem[] {
  return (['registry', 'vault'] as const).flatMap((resource) => {
    const zones = stacks.flatMap((checked) => madeZone(resource, checked) ?? []);
    return zones.flatMap((later, index) => {
      const earlier = zones.slice(0, index).find((other) => isSame(other, later, 'network') || isSame(other, later, 'group'));
      return earlier === undefined ? [] : [twice(resource, earlier, later)];
    });
  });
}

function madeZone(resource: 'registry' | 'vault', checked: CheckedStack): MadeZone | undefined {
  const { config } = checked.content;
  const network = config['k8s-gitops:privateNetwork'];
  const isOwn = checked.entry[resource].sharedWith === undefined && config['k8s-gitops:existing'][resource] === undefined;
  if (!isOwn || config[`k8s-gitops:${resource}`].exposure !== 'private') return undefined;
  if (network === undefined || network[`${resource}DnsZoneId`] !== undefined) return undefined;
  const names = environmentNamesOf(checked.name, checked.entry, checked.sources.platform.content);
  const group = config['k8s-gitops:resourceGroup'] ?? names.resourceGroup;
  return {
    checked,
    zone: AZURE_CLOUDS[config['azure-native:environment'] ?? 'public'][`${resource}DnsZone`],
    network: network.subnetId.replace(/\/subnets\/[^/]+$/i, ''),
    group: `/subscriptions/${config['azure-native:subscriptionId']}/resourceGroups/${group}`,
  };
}

const isSame = (one: MadeZone, other: MadeZone, field: 'network' | 'group'): boolean =>
  one.zone === other.zone && one[field].toLowerCase() === other[field].toLowerCase();

function twice(resource: 'registry' | 'vault', earlier: MadeZone, later: MadeZone): Problem {
  const place = at(later.checked, 'k8s-gitops:privateNetwork');
  const first = `'${earlier.checked.name}' (${formatLocation(at(earlier.checked, 'k8s-gitops:privateNetwork'))})`;
  const id = `${earlier.group}/providers/Microsoft.Network/privateDnsZones/${later.zone}`;
  const network = later.network.split('/').at(-1)!;
  if (isSame(earlier, later, 'network')) {
    return {
      location: place,
      message: `'${later.checked.name}' makes a private DNS zone '${later.zone}' for the virtual network '${network}', and so does ${first}: one virtual network takes one zone of a name`,
      remedy: `Give '${resource}DnsZoneId: ${id}' here, the zone that '${earlier.checked.name}' makes.`,
    };
  }
  return {
    location: place,
    message: `'${later.checked.name}' makes a private DNS zone '${later.zone}' in the resource group '${later.group.split('/').at(-1)!}', and so does ${first}: one resource group takes one zone of a name`,
    remedy: `Give '${resource}DnsZoneId: ${id}' here and link that zone to the virtual network '${network}', or give another 'k8s-gitops:resourceGroup'.`,
  };
}
