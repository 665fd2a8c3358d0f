import { type PlanValue } from '../plan/plan-value';
import { isKnownText } from './known-value';

/** What a scope of Azure names. */
export type AzureScope =
  /** A management group, a subscription, the root, or something else that is no resource group and nothing in one. */
  | { readonly kind: 'wide' }
  | { readonly kind: 'resourceGroup' }
  /** Type in small letters, such as `microsoft.keyvault/vaults/keys`. */
  | { readonly kind: 'resource'; readonly type: string };

const IN_GROUP = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+(?:\/providers\/([^/]+(?:\/[^/]+\/[^/]+)+))?\/?$/;

/** @returns what a scope names; `undefined` when it is not known */
export function azureScope(scope: PlanValue | undefined): AzureScope | undefined {
  if (!isKnownText(scope)) return undefined;
  const found = IN_GROUP.exec(scope.trim().toLowerCase());
  if (found === null) return { kind: 'wide' };
  if (found[1] === undefined) return { kind: 'resourceGroup' };
  const [provider, ...typesAndNames] = found[1].split('/');
  return { kind: 'resource', type: [provider, ...typesAndNames.filter((_, index) => index % 2 === 0)].join('/') };
}
