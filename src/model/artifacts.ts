import { OPERATOR, UNRESOLVED, type LockedArtifact, type Signer } from './lock-file';
import { parseMirrorReference } from './mirror-reference';
import { type Environment, type Platform } from './platform';

/** An image or chart that an environment runs, from upstream to its place in the registry. */
export interface Artifact {
  readonly kind: 'image' | 'chart';
  /** Its name in the lock. */
  readonly name: string;
  /** Upstream host and repository. */
  readonly upstream: string;
  readonly tag: string;
  /** Digest upstream and in the registry. @default - unresolved */
  readonly digest?: string;
  /** Repository in the environment's registry. */
  readonly target: string;
  readonly signer: Signer;
  /** What needs it: `flux`, or the systems that declare it, in the order of their names. */
  readonly usedBy: readonly string[];
}

/** Everything that one environment runs from its registry: the operator with its chart, the controllers, what its systems mirror. */
export function artifactsOf({ flux, lock }: Platform, { systems }: Environment): readonly Artifact[] {
  const own = [
    toArtifact('image', OPERATOR, lock.images[OPERATOR]!, ['flux']),
    ...flux.components.map((component) => toArtifact('image', component, lock.images[component]!, ['flux'])),
    toArtifact('chart', OPERATOR, lock.charts[OPERATOR]!, ['flux']),
  ];
  const mirrored = new Map<string, { readonly kind: Artifact['kind']; readonly usedBy: string[] }>();
  for (const system of systems) {
    for (const reference of system.mirror) {
      const { kind, name } = parseMirrorReference(reference);
      const entry = mirrored.get(`${kind} ${name}`) ?? { kind, usedBy: [] };
      if (!entry.usedBy.includes(system.name)) entry.usedBy.push(system.name);
      mirrored.set(`${kind} ${name}`, entry);
    }
  }
  const names = [...mirrored.keys()].sort();
  return [
    ...own,
    ...names.map((key) => {
      const { kind, usedBy } = mirrored.get(key)!;
      const name = key.slice(key.indexOf(' ') + 1);
      return toArtifact(kind, name, (kind === 'image' ? lock.images : lock.charts)[name]!, usedBy);
    }),
  ];
}

function toArtifact(kind: Artifact['kind'], name: string, locked: LockedArtifact, usedBy: readonly string[]): Artifact {
  const { digest, ...rest } = locked;
  return { kind, name, ...rest, ...(digest === UNRESOLVED ? {} : { digest }), usedBy };
}
