import { FLUX_NAMESPACE } from '../../manifests';
import { formatLocation, type Environment, type Problem } from '../model';
import { type ReleaseAtHand } from './release-at-hand';

/**
 * Two HelmReleases of one Helm release take it from each other: the name, with the namespace in which Helm keeps it, has to be one
 * system's, whether the repository of the other one is at hand or not.
 */
export function checkReleaseNames(environment: Environment, releases: readonly ReleaseAtHand[]): readonly Problem[] {
  const owners = new Map<string, { readonly system: string; readonly place: string; readonly release?: ReleaseAtHand }>();
  for (const { pattern, name, names, file, helmRelease } of environment.systems) {
    if (pattern === 'C') continue;
    owners.set(keyOf(helmRelease?.storageNamespace ?? FLUX_NAMESPACE, names.helmRelease), { system: name, place: file });
  }
  const problems: Problem[] = [];
  for (const release of releases) {
    const key = keyOf(release.storageNamespace, release.releaseName);
    const owner = owners.get(key);
    const own = owner?.system === release.system.name && owner.release === undefined;
    if (owner !== undefined && !own) {
      problems.push({
        location: release.location,
        message: `the Helm release '${release.releaseName}' in ${environment.name} is that of ${owner.system} already (${owner.place})`,
        remedy: `Give 'spec.releaseName' a name of its own, such as '${release.system.names.helmRelease}-${release.name}'.`,
      });
      continue;
    }
    owners.set(key, { system: release.system.name, place: formatLocation(release.location), release });
  }
  return problems;
}

const keyOf = (storageNamespace: string, releaseName: string): string => `${storageNamespace}/${releaseName}`;
