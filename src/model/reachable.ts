import { type SupplyChain } from './supply-chain';

/** A repository or reference as it is reached from here: directly, or where `supplyChain.registries` says. */
export function reachable(reference: string, registries: SupplyChain['registries']): string {
  const slash = reference.indexOf('/');
  const host = reference.slice(0, slash);
  return `${Object.hasOwn(registries, host) ? registries[host]! : host}${reference.slice(slash)}`;
}
