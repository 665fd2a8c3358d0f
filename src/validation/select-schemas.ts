import { type Platform, type Problem } from '../model';
import { type Findings } from './finding';
import { schemaVersions } from './schema-files';

/** The versions of the committed schemas to validate by. */
export interface SchemaSelection extends Findings {
  /** @default - there are none for the platform's version, which is a problem */
  readonly flux?: string;
  readonly operator: string;
}

/** The schemas of the platform's versions; where only a neighbour's are committed, a note says so. */
export function selectSchemas({ flux }: Platform): SchemaSelection {
  const notes: Problem[] = [];
  const fluxVersions = schemaVersions('flux');
  const operatorVersions = schemaVersions('flux-operator');
  const fluxVersion = exactOrNeighbour(flux.version, fluxVersions, (version) => minorOf(version) === minorOf(flux.version));
  if (fluxVersion === undefined) {
    const problem: Problem = {
      location: { file: 'platform.yaml' },
      message: `there are no schemas for Flux ${flux.version}; schemas/flux has ${fluxVersions.join(', ')}`,
      remedy: 'Run `npx k8s-gitops upgrade`, which adds them from what the Flux Operator publishes, or choose one of these.',
    };
    return { problems: [problem], notes, operator: flux.operator };
  }
  const operatorVersion = exactOrNeighbour(flux.operator, operatorVersions, () => true)!;
  for (const [product, wanted, used] of [
    ['Flux', flux.version, fluxVersion],
    ['the Flux Operator', flux.operator, operatorVersion],
  ] as const) {
    if (wanted === used) continue;
    notes.push({
      location: { file: 'platform.yaml' },
      message: `there are no schemas for ${product} ${wanted}, so those of ${used} were used`,
      remedy: 'Run `npx k8s-gitops upgrade` where ghcr.io can be reached, which adds them.',
    });
  }
  return { flux: fluxVersion, operator: operatorVersion, problems: [], notes };
}

function exactOrNeighbour(
  wanted: string,
  versions: readonly string[],
  isNeighbour: (version: string) => boolean,
): string | undefined {
  return versions.find((version) => version === wanted) ?? versions.filter(isNeighbour).at(-1);
}

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');
