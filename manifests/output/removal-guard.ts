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
  /** `Kind name`. */
  readonly id: string;
  readonly system: string;
  readonly bearsData: boolean;
  /** What decides where the workload is: Flux removes it from the old place when this changes. @default - not legible */
  readonly place?: string;
}

/**
 * What the changes would remove, object by object: a renamed Kustomization is removed and created, with all that it owns, although its
 * file stays. Of a system that bears data, an object that would look elsewhere counts too.
 */
export function findRemovals(changes: readonly FileChange[]): readonly Removal[] {
  const removals = new Map<string, Removal>();
  for (const [environment, environmentChanges] of groupByEnvironment(changes)) {
    const kept = new Map(
      environmentChanges
        .flatMap((change) => ('after' in change ? (owningObjects(change.path, change.after) ?? []) : []))
        .map((object) => [object.id, object]),
    );
    for (const change of environmentChanges) {
      if (!('before' in change)) continue;
      const before = owningObjects(change.path, change.before) ?? legibleObjects(change);
      for (const { id, system, bearsData, place } of before) {
        const counterpart = kept.get(id);
        if (counterpart !== undefined && (!bearsData || place === undefined || counterpart.place === place)) continue;
        const key = `${environment}/${system}`;
        const earlier = removals.get(key);
        removals.set(key, {
          system,
          environment,
          objects: [
            ...(earlier?.objects ?? []),
            counterpart === undefined ? id : `${id} (moved from ${place ?? ''} to ${counterpart.place ?? ''})`,
          ],
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
  readonly spec?: {
    readonly path?: unknown;
    readonly url?: unknown;
    readonly targetNamespace?: unknown;
    readonly releaseName?: unknown;
    readonly storageNamespace?: unknown;
    readonly chart?: { readonly spec?: { readonly chart?: unknown } };
  };
}

/** The objects in a generated file that own a workload, `undefined` when it cannot be read, such as one with conflict markers. */
function owningObjects(file: string, content: string): readonly OwnedObject[] | undefined {
  if (!file.includes('/systems/')) return [];
  const manifests = parseManifests(content);
  if (manifests === undefined) return undefined;
  const urlOf = (source: string): unknown => manifests.find(({ kind }) => kind === source)?.spec?.url;
  return manifests.flatMap(({ kind, metadata, spec }): OwnedObject[] => {
    if (typeof kind !== 'string' || !OWNING_KINDS.has(kind)) return [];
    const label = metadata?.labels?.[SYSTEM_LABEL];
    const place =
      kind === 'Kustomization'
        ? [urlOf('GitRepository'), spec?.path]
        : [
            spec?.targetNamespace,
            spec?.releaseName,
            spec?.storageNamespace,
            baseName(spec?.chart?.spec?.chart ?? urlOf('OCIRepository')),
          ];
    return [
      {
        id: `${kind} ${String(metadata?.name)}`,
        system: typeof label === 'string' ? label : systemOf(file),
        bearsData: metadata?.annotations?.[BEARS_DATA_ANNOTATION] === 'true',
        place: place.map(String).join(' '),
      },
    ];
  });
}

/**
 * What is still legible of a generated file that is no YAML any more, such as one with conflict markers: the kind and name of each
 * object. Nobody can say that a removed one bore no data.
 */
function legibleObjects({ kind: change, path: file, before }: FileChange & { readonly before: string }): readonly OwnedObject[] {
  const bearsData = change === 'remove' || before.includes(`${BEARS_DATA_ANNOTATION}: "true"`);
  const objects = before.split(/^---$/m).flatMap((manifest): OwnedObject[] => {
    const kind = /^kind: (\S+)$/m.exec(manifest)?.[1];
    const name = /^ {2}name: (\S+)$/m.exec(manifest)?.[1];
    if (kind === undefined || name === undefined || !OWNING_KINDS.has(kind)) return [];
    return [{ id: `${kind} ${name}`, system: systemOf(file), bearsData }];
  });
  if (objects.length > 0 || change !== 'remove') return objects;
  return [{ id: `${file}, which cannot be read,`, system: systemOf(file), bearsData }];
}

function parseManifests(content: string): readonly Manifest[] | undefined {
  const documents = parseAllDocuments(content);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  try {
    return documents.flatMap((document) => {
      const manifest = document.toJS() as Manifest | null;
      return typeof manifest === 'object' && manifest !== null ? [manifest] : [];
    });
  } catch {
    // An alias without anchor, or one that expands without end.
    return undefined;
  }
}

/** Generated files are called like their system. */
const systemOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');

/** helm-controller replaces a release whose chart has another name, not one whose chart comes from another place. */
const baseName = (chart: unknown): string => String(chart).split('/').at(-1)!;
