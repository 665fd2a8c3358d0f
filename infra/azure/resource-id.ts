/** What a resource id says. */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Name of the resource itself. */
  readonly name: string;
}

/** The parts of a resource id that the model has checked. */
export function parseResourceId(id: string): ResourceId {
  const [, , subscriptionId, , resourceGroup] = id.split('/');
  return { subscriptionId: subscriptionId!, resourceGroup: resourceGroup!, name: id.split('/').at(-1)! };
}

/** Resource id of a resource whose type has one level, such as `Microsoft.KeyVault/vaults`. */
export function resourceId(subscriptionId: string, resourceGroup: string, type: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
}
