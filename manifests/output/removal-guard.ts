import { parseAllDocuments } from 'yaml';
import { type Problem } from '../../src/model';
import { BEARS_DATA_ANNOTATION, SYSTEM_LABEL } from '../labels';
import { type FileChange } from './write-plan';

/** More systems than this are not removed without a written confirmation. */
export const REMOVALS_WITHOUT_CONFIRMATION = 3;

/** The kinds that, once removed, take the workload with them. */
const OWNING_KINDS = new Set(['Kustomization', 'HelmRelease']);

/** Objects that would disappear from an environment, so that Flux would delete what they own. */
export interface Removal {
  readonly system: string;
  readonly environment: string;
  /** `Kind name` of each object. */
  readonly objects: readonly string[];
  readonly bearsData: boolean;
}

interface OwnedObject {
  readonly id: string;
  readonly system: string;
  readonly bearsData: boolean;
}

/**
 * What the changes would remove, object by object: a renamed Kustomization is removed and created, with all that it owns, although its
 * file stays.
 */
export function findRemovals(changes: readonly FileChange[]): readonly Removal[] {
  const removals = new Map<string, Removal>();
  for (const [environment, environmentChanges] of groupByEnvironment(changes)) {
    const kept = new Set(
      environmentChanges
        .flatMap((change) => ('after' in change ? owningObjects(change.path, change.after) : []))
        .map(({ id }) => id),
    );
    for (const change of environmentChanges) {
      if (!('before' in change)) continue;
      for (const { id, system, bearsData } of owningObjects(change.path, change.before)) {
        if (kept.has(id)) continue;
        const key = `${environment}/${system}`;
        const earlier = removals.get(key);
        removals.set(key, {
          system,
          environment,
          objects: [...(earlier?.objects ?? []), id],
          bearsData: bearsData || earlier?.bearsData === true,
        });
      }
    }
  }
  return [...removals.values()];
}

/** Deleting is louder than adding: the problem that many removals, or one of a system that bears data, are without a confirmation. */
export function unconfirmedRemovals(removals: readonly Removal[]): readonly Problem[] {
  const problems = removals
    .filter(({ bearsData }) => bearsData)
    .map(({ environment, system, objects }) => ({
      location: { file: `clusters/${environment}/systems/${system}.yaml` },
      message: `system '${system}' bears data, and ${environment} would lose its ${objects.join(' and ')}`,
      remedy: REMEDY,
    }));
  const systems = [...new Set(removals.map(({ system }) => system))].sort();
  if (systems.length <= REMOVALS_WITHOUT_CONFIRMATION) return problems;
  const environments = [...new Set(removals.map(({ environment }) => environment))].sort();
  const many: Problem = {
    location: { file: 'clusters' },
    message: `${systems.length} systems would be removed from ${environments.join(', ')}, more than ${REMOVALS_WITHOUT_CONFIRMATION}: ${systems.join(', ')}`,
    remedy: REMEDY,
  };
  return [many, ...problems];
}

const REMEDY =
  'Flux deletes what these objects own. If that is meant, run `npm start -- --confirm-removal`; otherwise restore the file or the name that changed.';

function groupByEnvironment(changes: readonly FileChange[]): ReadonlyMap<string, readonly FileChange[]> {
  const groups = new Map<string, FileChange[]>();
  for (const change of changes) {
    const environment = change.path.split('/')[1]!;
    const group = groups.get(environment) ?? [];
    group.push(change);
    groups.set(environment, group);
  }
  return groups;
}

interface Manifest {
  readonly kind?: unknown;
  readonly metadata?: {
    readonly name?: unknown;
    readonly labels?: Readonly<Record<string, unknown>>;
    readonly annotations?: Readonly<Record<string, unknown>>;
  };
}

/** A file that cannot be read, such as one with conflict markers, counts as a system that bears data: nobody can say that it does not. */
function owningObjects(file: string, content: string): readonly OwnedObject[] {
  if (!file.includes('/systems/')) return [];
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
  const documents = parseAllDocuments(content);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) {
    return [{ id: `unreadable ${file}`, system: name, bearsData: true }];
  }
  return documents.flatMap((document): OwnedObject[] => {
    const manifest = document.toJS() as Manifest | null;
    if (typeof manifest?.kind !== 'string' || !OWNING_KINDS.has(manifest.kind)) return [];
    const label = manifest.metadata?.labels?.[SYSTEM_LABEL];
    return [
      {
        id: `${manifest.kind} ${String(manifest.metadata?.name)}`,
        system: typeof label === 'string' ? label : name,
        bearsData: manifest.metadata?.annotations?.[BEARS_DATA_ANNOTATION] === 'true',
      },
    ];
  });
}
