import * as fs from 'node:fs';
import * as path from 'node:path';
import { type FileChange } from '../../manifests';
import { OPERATOR, PLATFORM_FILE, type LockFile, type Problem } from '../model';
import { fetchChartDefinitions } from './chart-definitions';
import { minorOf } from './check-versions';
import { type ManifestsSource } from './manifests-source';
import { reduceDefinitions } from './reduce-schemas';
import { type Registry } from './registry';

/** Licence of the repository that publishes the definitions, for the note in the written files. */
const LICENCE = 'AGPL-3.0';

/** Which schemas are needed, and where they may come from. */
export interface SchemaInputs {
  /** Platform folder, to which the paths of the changes are relative. */
  readonly directory: string;
  /** Folder of the program, which holds the schemas. */
  readonly program: string;
  /** As it will be. */
  readonly lock: LockFile;
  /** Whether a folder of manifests is that of the operator's version. */
  readonly isFolderOfOperator: boolean;
  readonly registry: Registry;
  readonly manifests: ManifestsSource;
}

/** The schemas that the program lacks, as files to write. */
export interface SchemaChanges {
  readonly changes: readonly FileChange[];
  readonly notes: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** Texts with definitions and where they come from, or why there are none. */
type Definitions =
  { readonly texts: readonly string[]; readonly provenance: string } | { readonly reason: string; readonly remedy: string };

const NOTHING: SchemaChanges = { changes: [], notes: [], problems: [] };

/** Makes the schemas of the versions of Flux and the operator that the program does not have yet. */
export async function findSchemaChanges(inputs: SchemaInputs): Promise<SchemaChanges> {
  const { version, operator } = inputs.lock.flux;
  const flux = hasSchemas(inputs, 'flux', version)
    ? NOTHING
    : schemaFiles(inputs, 'flux', version, await fluxDefinitions(inputs));
  const own = hasSchemas(inputs, 'flux-operator', operator)
    ? NOTHING
    : schemaFiles(inputs, 'flux-operator', operator, await operatorDefinitions(inputs));
  return {
    changes: [...flux.changes, ...own.changes],
    notes: [...flux.notes, ...own.notes],
    problems: [...flux.problems, ...own.problems],
  };
}

type Product = 'flux' | 'flux-operator';
const NAMES = { flux: 'Flux', 'flux-operator': 'the Flux Operator' } as const;

const schemaFolder = ({ program }: SchemaInputs, product: Product): string => path.join(program, 'schemas', product);

const hasSchemas = (inputs: SchemaInputs, product: Product, version: string): boolean =>
  fs.existsSync(path.join(schemaFolder(inputs, product), version));

async function fluxDefinitions({ lock, manifests }: SchemaInputs): Promise<Definitions> {
  const published = await manifests.get();
  if ('failure' in published) return published.failure;
  const texts = published.value.definitions(lock.flux.version);
  if (texts.length > 0) return { texts, provenance: published.value.provenance };
  return {
    reason: `${published.value.name} has no definitions of this version`,
    remedy: 'Name another source with --manifests.',
  };
}

async function operatorDefinitions({ lock, manifests, registry, isFolderOfOperator }: SchemaInputs): Promise<Definitions> {
  if (isFolderOfOperator && manifests.isGiven) {
    const published = await manifests.get();
    if ('value' in published && published.value.operatorDefinitions.length > 0)
      return { texts: published.value.operatorDefinitions, provenance: published.value.provenance };
  }
  const { upstream, tag } = lock.charts[OPERATOR]!;
  const answer = await fetchChartDefinitions(registry, upstream, tag);
  if ('failure' in answer) return answer.failure;
  const manifest = await registry.manifest(`${upstream}:${tag}`);
  const digest = 'value' in manifest ? `@${manifest.value.digest}` : '';
  return { texts: answer.value, provenance: `${upstream}:${tag}${digest}` };
}

function schemaFiles(inputs: SchemaInputs, product: Product, version: string, definitions: Definitions): SchemaChanges {
  if ('reason' in definitions) return withoutSchemas(inputs, product, version, definitions);
  const { texts, provenance } = definitions;
  let files: ReadonlyMap<string, string>;
  try {
    files = reduceDefinitions(texts, { source: provenance, licence: LICENCE, reduced: 'structure only, no descriptions' });
  } catch (error) {
    const reason = `the definitions in ${provenance} cannot be read (${(error as Error).message.split('\n')[0]!})`;
    return withoutSchemas(inputs, product, version, { reason, remedy: 'Name another source with --manifests.' });
  }
  if (files.size === 0) {
    const reason = `there are no definitions in ${provenance}`;
    return withoutSchemas(inputs, product, version, { reason, remedy: 'Name another source with --manifests.' });
  }
  const folder = path.join(schemaFolder(inputs, product), version);
  return {
    ...NOTHING,
    changes: [...files].map(([name, after]) => ({
      kind: 'create',
      path: relativePath(inputs.directory, path.join(folder, name)),
      after,
    })),
  };
}

/** Validation can do with the schemas of a neighbour: of the operator any, of Flux one of the same minor version. */
function withoutSchemas(
  inputs: SchemaInputs,
  product: Product,
  version: string,
  { reason, remedy }: { readonly reason: string; readonly remedy: string },
): SchemaChanges {
  const versions = fs.existsSync(schemaFolder(inputs, product)) ? fs.readdirSync(schemaFolder(inputs, product)) : [];
  const hasNeighbour = versions.some((other) => product === 'flux-operator' || minorOf(other) === minorOf(version));
  const problem: Problem = {
    location: { file: PLATFORM_FILE },
    message: `there are no schemas for ${NAMES[product]} ${version}${hasNeighbour ? ', so validation uses those of a neighbour' : ''}: ${reason}`,
    remedy,
  };
  return hasNeighbour ? { ...NOTHING, notes: [problem] } : { ...NOTHING, problems: [problem] };
}

/** A path as files of the platform are named. */
export function relativePath(directory: string, file: string): string {
  return path.relative(directory, file).split(path.sep).join('/');
}
