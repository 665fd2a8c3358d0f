import { artifactsOf, type Artifact, type Environment, type Platform } from '../model';

/** The names by which an artifact may be chosen: its name in the lock, and the last part of its repository. */
const namesOf = ({ name, upstream }: Artifact): readonly string[] => [name, upstream.slice(upstream.lastIndexOf('/') + 1)];

/**
 * The artifacts of an environment, or those of them that are named.
 *
 * @returns the artifacts, and the names that none of them has
 */
export function selectArtifacts(
  platform: Platform,
  environment: Environment,
  only: readonly string[] | undefined,
): { readonly artifacts: readonly Artifact[]; readonly unknown: readonly string[]; readonly known: readonly string[] } {
  const all = artifactsOf(platform, environment);
  const known = [...new Set(all.flatMap(namesOf))];
  if (only === undefined) return { artifacts: all, unknown: [], known };
  return {
    artifacts: all.filter((artifact) => namesOf(artifact).some((name) => only.includes(name))),
    unknown: only.filter((name) => !known.includes(name)),
    known,
  };
}
