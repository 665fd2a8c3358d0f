import * as fs from 'node:fs';
import * as path from 'node:path';
import { type z } from 'zod';
import { CLUSTERS_FOLDER } from '../../manifests';
import { sortProblems, type Platform, type Problem } from '../model';
import { DuplicateObjects } from './duplicate-objects';
import { mergeFindings, type Findings } from './finding';
import { readManifestFile, type ManifestDocument } from './manifest-file';
import { operatorValuesSchema } from './operator-values-schema';
import { pendingNotes } from './pending';
import { SchemaCatalog } from './schema-catalog';
import { schemaVersions, type CustomResourceDefinition } from './schema-files';
import { validateManifest } from './validate-manifest';

/** Custom resource definitions of other operators, whose objects stand under `clusters/`. */
export const CRDS_FOLDER = 'crds';

/** What validation found, and how much it looked at. */
export interface Validation extends Findings {
  /** Files and objects by environment. */
  readonly counts: ReadonlyMap<string, { readonly files: number; readonly objects: number }>;
}

/** Told before each environment, for progress. */
export type OnEnvironment = (environment: string) => void;

/**
 * Checks every YAML file under `clusters/` as the API server would: schema, unknown fields, CEL rules; and what no API server sees: the
 * same object in two files.
 *
 * @param only environments to check. Default: every folder under `clusters/`
 */
export function validate(platform: Platform, only?: ReadonlySet<string>, onEnvironment?: OnEnvironment): Validation {
  const counts = new Map<string, { files: number; objects: number }>();
  const schemas = selectSchemas(platform);
  if (!('catalog' in schemas)) return { ...schemas, counts };
  const { catalog } = schemas;
  const findings: Findings[] = [schemas];
  const files = listYamlFiles(platform.directory, CLUSTERS_FOLDER).filter(
    (file) => only === undefined || only.has(environmentOf(file)),
  );
  const documents = new Map<string, readonly ManifestDocument[]>();

  for (const file of [...listYamlFiles(platform.directory, CRDS_FOLDER), ...files]) {
    const read = readManifestFile(platform.directory, file);
    if ('location' in read) findings.push({ problems: [read], notes: [] });
    else documents.set(file, read);
  }
  // Definitions first: an object may stand before the definition of its kind.
  for (const { content } of [...documents.values()].flat()) {
    if (isDefinition(content)) catalog.addDefinition(content);
  }
  const duplicates = new DuplicateObjects();
  let current: string | undefined;
  for (const file of files) {
    const environment = environmentOf(file);
    if (environment !== current) onEnvironment?.(environment);
    current = environment;
    const manifests = documents.get(file) ?? [];
    const count = counts.get(environment) ?? { files: 0, objects: 0 };
    const objects = isOperatorValues(file) ? 0 : manifests.length;
    counts.set(environment, { files: count.files + 1, objects: count.objects + objects });
    findings.push(validateFile(file, manifests, catalog, duplicates));
  }
  const environments = platform.environments.filter(({ name }) => only === undefined || only.has(name));
  const { problems, notes } = mergeFindings([...findings, { problems: [], notes: pendingNotes(platform, environments) }]);
  return { problems: sortProblems(problems), notes: sortProblems(notes), counts };
}

/** Values of a chart: the one file under `clusters/` that holds no Kubernetes object. */
const isOperatorValues = (file: string): boolean => /^clusters\/[^/]+\/flux-operator-values\.yaml$/.test(file);

const environmentOf = (file: string): string => file.split('/').slice(1, -1)[0] ?? '';

function validateFile(
  file: string,
  manifests: readonly ManifestDocument[],
  catalog: SchemaCatalog,
  duplicates: DuplicateObjects,
): Findings {
  if (isOperatorValues(file)) return { problems: manifests.flatMap(checkOperatorValues), notes: [] };
  if (/\/kustomization\.ya?ml$/.test(file)) {
    const problem: Problem = {
      location: { file },
      message: 'is a kustomization, with which Flux would apply only what it lists and leave out generated files beside it',
      remedy: 'Remove it: Flux applies every manifest of the folder without one.',
    };
    return { problems: [problem], notes: [] };
  }
  return mergeFindings(
    manifests.map((document) => {
      const { problems, notes } = validateManifest(document, catalog);
      return { problems: [...problems, ...duplicates.add(environmentOf(file), document)], notes };
    }),
  );
}

function checkOperatorValues({ content, locator }: ManifestDocument): readonly Problem[] {
  const result: z.ZodSafeParseResult<unknown> = operatorValuesSchema.safeParse(content);
  return (result.error?.issues ?? []).map((issue) => ({
    location: locator.locate(issue.path as (string | number)[]),
    message: `values of the flux-operator chart: '${issue.path.join('.')}' ${issue.message}`,
    remedy: 'Run `npm start`, which makes the file anew.',
  }));
}

function isDefinition(content: unknown): content is CustomResourceDefinition {
  const object = content as { apiVersion?: unknown; kind?: unknown; spec?: { versions?: unknown } } | null;
  return (
    object?.kind === 'CustomResourceDefinition' &&
    object.apiVersion === 'apiextensions.k8s.io/v1' &&
    Array.isArray(object.spec?.versions)
  );
}

/** Every YAML file of a folder, all the way down, in the order of paths; a symbolic link is listed and refused when it is read. */
function listYamlFiles(root: string, folder: string): readonly string[] {
  if (fs.lstatSync(path.join(root, folder), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return fs
    .readdirSync(path.join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return listYamlFiles(root, file);
      return /\.ya?ml$/.test(entry.name) ? [file] : [];
    });
}

/** The schemas of the platform's versions; where only a neighbour's are committed, a note says so. */
function selectSchemas({ flux }: Platform): (Findings & { readonly catalog: SchemaCatalog }) | Findings {
  const notes: Problem[] = [];
  const fluxVersions = schemaVersions('flux');
  const operatorVersions = schemaVersions('flux-operator');
  const fluxVersion = exactOrNeighbour(flux.version, fluxVersions, (version) => minorOf(version) === minorOf(flux.version));
  if (fluxVersion === undefined) {
    const problem: Problem = {
      location: { file: 'platform.yaml' },
      message: `there are no schemas for Flux ${flux.version}; schemas/flux has ${fluxVersions.join(', ')}`,
      remedy: 'Add the version to scripts/update-schemas.ts and run `npm run schemas:update`, or choose one of these.',
    };
    return { problems: [problem], notes };
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
      remedy: 'Run `npm run schemas:update` with the version added to scripts/update-schemas.ts where it is published.',
    });
  }
  return { catalog: new SchemaCatalog(fluxVersion, operatorVersion), problems: [], notes };
}

function exactOrNeighbour(
  wanted: string,
  versions: readonly string[],
  isNeighbour: (version: string) => boolean,
): string | undefined {
  return versions.find((version) => version === wanted) ?? versions.filter(isNeighbour).at(-1);
}

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');
