import { type Platform } from '../../src/model';

/** A step on the way to running environments. */
export interface StackStep {
  readonly stack: string;
  /** Stacks whose outputs have to be recorded before. */
  readonly after: readonly string[];
  readonly why: string;
}

/**
 * The order in which stacks are brought up: who owns a registry or Key Vault before those who share it, and the owner once more, because the
 * identities to which it grants access are made by the sharers. Environments that share nothing are independent.
 */
export function stackOrder({ environments }: Platform): readonly StackStep[] {
  const owners = new Map(
    environments.map(({ name, registry, vault }) => [
      name,
      [...new Set([registry.sharedWith, vault.sharedWith].filter((owner) => owner !== undefined))],
    ]),
  );
  const first = environments.filter(({ name }) => owners.get(name)!.length === 0);
  const sharers = environments.filter(({ name }) => owners.get(name)!.length > 0);
  const again = first.filter(({ name: owner }) =>
    sharers.some(({ registry, outputs }) => registry.sharedWith === owner && outputs === undefined),
  );
  return [
    ...first.map(({ name }) => ({ stack: name, after: [], why: 'owns its registry and Key Vault' })),
    ...sharers.map(({ name, registry, vault }) => {
      const of = [
        ...(registry.sharedWith === undefined ? [] : [`the registry of ${registry.sharedWith}`]),
        ...(vault.sharedWith === undefined ? [] : [`the Key Vault of ${vault.sharedWith}`]),
      ];
      return { stack: name, after: owners.get(name)!, why: `uses ${of.join(' and ')}` };
    }),
    ...again.map(({ name: owner }) => {
      const after = sharers.filter(({ registry }) => registry.sharedWith === owner).map(({ name }) => name);
      return { stack: owner, after, why: `lets the Flux identity of ${after.join(', ')} read its registry, once it is recorded` };
    }),
  ];
}
