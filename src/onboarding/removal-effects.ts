import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { REMOVAL_ANNOUNCED_ANNOTATION, synthesize } from '../../manifests';
import { type Platform, type System } from '../model';
import { inEnvironments } from './known-system';

/** What becomes of a system in one environment once its file is gone and merged. */
export interface RemovalEffect {
  readonly environment: string;
  /** The generated file that goes, relative to the platform folder. */
  readonly file: string;
  /** `Kind name` of each object in it. */
  readonly objects: readonly string[];
  /** What Flux deletes. */
  readonly deletes: readonly string[];
  /** What stays in the cluster. */
  readonly keeps: readonly string[];
  /** Whether Flux leaves it as it is, so that it would leave what it runs behind. */
  readonly suspended: boolean;
  /** Whether the file is there. */
  readonly isGenerated: boolean;
  /** Whether every object of the file, as it is there, says that it is going to be removed. */
  readonly isAnnounced: boolean;
  /** Where it is suspended. */
  readonly suspendedIn: 'the model' | 'the generated file' | 'nowhere';
}

interface Manifest {
  readonly kind: string;
  readonly name: string;
  readonly suspended: boolean;
  readonly isAnnounced: boolean;
}

/** What would become of a system, environment by environment, by the generated files as they are committed. */
export function removalEffects(platform: Platform, name: string): readonly RemovalEffect[] {
  const synthesized = new Map(
    synthesize(platform).flatMap(({ files }) => files.map(({ path: file, content }) => [file, content] as const)),
  );
  return inEnvironments(platform, name).map((system) => {
    const file = `clusters/${system.environment}/systems/${name}.yaml`;
    const found = committed(platform.directory, file);
    const manifests = found ?? parse(synthesized.get(file) ?? '') ?? [];
    const isSuspendedThere = manifests.some(({ kind, suspended }) => suspended && OWNING.has(kind));
    const suspendedIn = system.suspend ? 'the model' : isSuspendedThere ? 'the generated file' : 'nowhere';
    const suspended = suspendedIn !== 'nowhere';
    return {
      environment: system.environment,
      file,
      objects: manifests.map(({ kind, name: object }) => `${kind} ${object}`),
      deletes: suspended ? [] : deletedWith(system),
      keeps: suspended ? [`everything that it runs in namespace ${system.names.namespace}: Flux leaves what is suspended as it is`] : keptOf(system), // prettier-ignore
      suspended,
      isGenerated: fs.lstatSync(path.join(platform.directory, file), { throwIfNoEntry: false }) !== undefined,
      isAnnounced: found !== undefined && found.length > 0 && found.every((manifest) => manifest.isAnnounced),
      suspendedIn,
    };
  });
}

/** The kinds whose removal takes the workload along, unless they are suspended. */
const OWNING = new Set(['Kustomization', 'HelmRelease']);

function deletedWith({ pattern, names, registration, helmRelease, bearsData }: System): readonly string[] {
  const what = pattern === 'C' ? 'of a CustomResourceDefinition every object of its kind' : 'of a HelmRelease its whole release';
  return [
    ...(registration === undefined
      ? []
      : [
          `everything that Flux applied from ${registration.path} of ${registration.git.url} (${what}, of a Namespace all that is in it)`,
        ]),
    ...(helmRelease === undefined
      ? []
      : [`the Helm release ${names.helmRelease} with all its objects in namespace ${names.namespace}`]),
    ...(bearsData ? ['data: the system bears some, and what holds it may be among these objects'] : []),
  ];
}

function keptOf({ pattern, names, helmRelease }: System): readonly string[] {
  if (pattern === 'C') return [];
  const isTenant = pattern === 'B' && helmRelease?.chart.kind !== 'registry';
  const who = isTenant ? 'the tenant chart keeps it' : 'Helm deletes no namespace that it created';
  return [
    `namespace ${names.namespace} (${who}), with the volumes that StatefulSets claimed and with what no chart or manifest of the system holds`,
  ];
}

/** `undefined` when there is no such file, or nobody can read it. */
function committed(directory: string, file: string): readonly Manifest[] | undefined {
  const target = path.join(directory, file);
  return fs.lstatSync(target, { throwIfNoEntry: false })?.isFile() === true ? parse(fs.readFileSync(target, 'utf8')) : undefined;
}

function parse(content: string): readonly Manifest[] | undefined {
  const documents = parseAllDocuments(content);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents.flatMap((document): Manifest[] => {
    const [kind, name] = [document.getIn(['kind']), document.getIn(['metadata', 'name'])];
    if (typeof kind !== 'string' || typeof name !== 'string') return [];
    return [
      {
        kind,
        name,
        suspended: document.getIn(['spec', 'suspend']) === true,
        isAnnounced: document.hasIn(['metadata', 'annotations', REMOVAL_ANNOUNCED_ANNOTATION]),
      },
    ];
  });
}
