import { type Platform } from '../../src/model';
import { fluxEntitlements } from './flux-identities';

/** How many Basic licences an organization has for nothing. Source: Azure DevOps, pricing. */
const FREE_BASIC_LICENCES = 5;

/** Basic licences of an organization of Azure DevOps. */
export interface Licences {
  readonly organization: string;
  /** How many the identities of Flux take, entitled already or not. */
  readonly basic: number;
  /** How many of these are paid for, where nobody else takes the free ones. */
  readonly paid: number;
}

/** The licences that the identities of Flux take, by organization. */
export function licences(platform: Platform): readonly Licences[] {
  const counts = new Map<string, { readonly organization: string; readonly basic: number }>();
  for (const { organization } of fluxEntitlements(platform)) {
    const key = organization.toLowerCase();
    counts.set(key, { organization: counts.get(key)?.organization ?? organization, basic: (counts.get(key)?.basic ?? 0) + 1 });
  }
  return [...counts.values()].map(({ organization, basic }) => ({
    organization,
    basic,
    paid: Math.max(0, basic - FREE_BASIC_LICENCES),
  }));
}
