import { PLATFORM_FILE } from '../model';
import { type Findings } from './finding';
import { kubernetesVersions } from './schema-files';

/** The version of the committed schemas of Kubernetes to validate by. */
export interface KubernetesSchemaSelection extends Findings {
  /** Minor version, such as `1.34`. */
  readonly minor: string;
}

/**
 * The schemas of a cluster's version of Kubernetes; where there are none, those of the nearest version, and a note says so.
 *
 * @param version minor or patch version, such as `1.34` or `1.34.2`
 */
export function selectKubernetesSchemas(version: string): KubernetesSchemaSelection {
  const minor = minorOf(version);
  const known = kubernetesVersions();
  if (known.includes(minor)) return { minor, problems: [], notes: [] };
  const nearest = known.reduce((best, candidate) => (distance(candidate, minor) < distance(best, minor) ? candidate : best));
  return {
    minor: nearest,
    problems: [],
    notes: [
      {
        location: { file: PLATFORM_FILE },
        message: `there are no schemas for Kubernetes ${minor}, so those of ${nearest} were used`,
        remedy: `schemas/kubernetes has ${known.join(', ')}; scripts/update-schemas.ts lists the versions, and \`npm run schemas:update\` writes them.`,
      },
    ],
  };
}

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');

/** Of two versions at the same distance the older is the first, which promises less. */
function distance(one: string, other: string): number {
  const [ordinalOfOne, ordinalOfOther] = [one, other].map((version) => {
    const [major, minor] = version.split('.').map(Number);
    return major! * 1000 + minor!;
  });
  return Math.abs(ordinalOfOne! - ordinalOfOther!);
}
