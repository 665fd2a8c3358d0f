import { type Environment, type Platform, type StackSettings } from '../src/model';

/** An environment that shares the registry of another. */
export interface Sharer {
  readonly name: string;
  /** Who of it pulls, by what they are; only those that are known. */
  readonly principals: readonly (readonly [who: 'kubelet' | 'flux-reader', principalId: string])[];
}

/** The environments that share this one's registry, as far as they are known: from their outputs, or before from the configuration. */
export function sharersOf({ environments }: Platform, owner: Environment, settings: StackSettings): readonly Sharer[] {
  return environments
    .filter(({ registry }) => registry.sharedWith === owner.name)
    .map(({ name, outputs: recorded }) => {
      const kubelet = recorded?.cluster?.kubeletPrincipalId ?? settings.sharers[name]?.kubeletPrincipalId;
      const reader = recorded?.identities.reader.principalId;
      const principals = [
        ...(kubelet === undefined ? [] : [['kubelet', kubelet] as const]),
        ...(reader === undefined ? [] : [['flux-reader', reader] as const]),
      ];
      return { name, principals };
    });
}
