import * as fs from 'node:fs';
import * as path from 'node:path';
import { CLUSTERS_FOLDER } from '../../manifests';
import { sortProblems, type Environment, type Platform, type Problem } from '../model';
import { DuplicateObjects } from './duplicate-objects';
import { mergeFindings, type Findings } from './finding';
import { isKustomization, kustomizationFindings } from './kustomization-files';
import { readManifestFile, type ManifestDocument } from './manifest-file';
import { checkOperatorValues, isOperatorValues } from './operator-values-file';
import { pendingNotes } from './pending';
import { type SchemaCatalog } from './schema-catalog';
import { kubernetesFindings, SchemaCatalogs } from './schema-catalogs';
import { isDefinition, type CustomResourceDefinition } from './schema-files';
import { selectSchemas } from './select-schemas';
import { strayNotes } from './stray-objects';
import { validateManifest } from './validate-manifest';

/** Custom resource definitions of other operators, whose objects stand under `clusters/`. */
export const CRDS_FOLDER = 'crds';

/** What validation found, and how much it looked at. */
export interface Validation extends Findings {
  /** Files and objects by environment. */
  readonly counts: ReadonlyMap<string, { readonly files: number; readonly objects: number }>;
  /** What it checked by, with the platform's own definitions. @default - there are no schemas for the platform's version of Flux */
  readonly catalogs?: SchemaCatalogs;
}

/** Told before each environment, for progress. */
export type OnEnvironment = (environment: string) => void;

/**
 * Checks every YAML file under `clusters/`: schema, unknown fields, CEL rules, names; and what no API server sees: the same object in
 * two files.
 *
 * @param only environments to check. Default: every folder under `clusters/`
 */
export function validate(platform: Platform, only?: ReadonlySet<string>, onEnvironment?: OnEnvironment): Validation {
  const counts = new Map<string, { files: number; objects: number }>();
  const schemas = selectSchemas(platform);
  if (schemas.flux === undefined) return { problems: schemas.problems, notes: schemas.notes, counts };
  const findings: Findings[] = [schemas, ...kubernetesFindings(platform, only)];
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
  const catalogs = new SchemaCatalogs(schemas.flux, schemas.operator, platform, (catalog) => {
    findings.push(...addDefinitions(documents, catalog));
  });
  if (files.length === 0) catalogs.of('');
  const systemsIn = new Map(
    platform.environments.map(({ name, systems }) => [name, new Set(systems.map((system) => system.name))]),
  );
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
    findings.push(validateFile(file, manifests, catalogs.of(environment), duplicates));
    const systems = systemsIn.get(environment) ?? new Set();
    findings.push({ problems: [], notes: manifests.flatMap((document) => strayNotes(document, systems)) });
  }
  const environments = platform.environments.filter(({ name }) => only === undefined || only.has(name));
  const { problems, notes } = mergeFindings([
    ...findings,
    {
      problems: missingEnvironments(environments, files),
      notes: [...catalogs.used().flatMap(unsupportedNotes), ...pendingNotes(platform, environments)],
    },
  ]);
  return { problems: sortProblems(problems), notes: sortProblems(notes), counts, catalogs };
}

/** Makes the definitions known that are right. */
function addDefinitions(
  documents: ReadonlyMap<string, readonly ManifestDocument[]>,
  catalog: SchemaCatalog,
): readonly Findings[] {
  const findings: Findings[] = [];
  for (const [file, manifests] of documents) {
    for (const document of manifests) {
      if (isDefinition(document.content)) {
        const { problems, notes } = validateManifest(document, catalog);
        if (problems.length === 0) catalog.addDefinition(document.content as CustomResourceDefinition);
        if (file.startsWith(`${CRDS_FOLDER}/`)) findings.push({ problems, notes });
      } else if (file.startsWith(`${CRDS_FOLDER}/`)) {
        findings.push({ problems: [notADefinition(document)], notes: [] });
      }
    }
  }
  return findings;
}

const environmentOf = (file: string): string => file.split('/').slice(1, -1)[0] ?? '';

function validateFile(
  file: string,
  manifests: readonly ManifestDocument[],
  catalog: SchemaCatalog,
  duplicates: DuplicateObjects,
): Findings {
  if (isOperatorValues(file)) return { problems: manifests.flatMap(checkOperatorValues), notes: [] };
  if (isKustomization(file)) return kustomizationFindings(file);
  return mergeFindings(
    manifests.map((document) => {
      const { problems, notes } = validateManifest(document, catalog);
      return { problems: [...problems, ...duplicates.add(environmentOf(file), document)], notes };
    }),
  );
}

function unsupportedNotes({ unsupportedPatterns }: SchemaCatalog): readonly Problem[] {
  return [...unsupportedPatterns].map((pattern) => ({
    location: { file: CRDS_FOLDER },
    message: `the pattern ${pattern} of a schema could not be evaluated here`,
    remedy: 'Only an API server can check it.',
  }));
}

function notADefinition({ locator }: ManifestDocument): Problem {
  return {
    location: locator.locate(['kind']),
    message: `is not a CustomResourceDefinition, and ${CRDS_FOLDER}/ holds nothing else`,
    remedy: `Move it to ${CLUSTERS_FOLDER}/<environment>/systems/ if Flux is to apply it.`,
  };
}

/** An environment without files would pass every check. */
function missingEnvironments(environments: readonly Environment[], files: readonly string[]): readonly Problem[] {
  return environments
    .filter(({ name }) => !files.some((file) => environmentOf(file) === name))
    .map(({ name }) => ({
      location: { file: `${CLUSTERS_FOLDER}/${name}` },
      message: `has no files, although platform.yaml has the environment '${name}'`,
      remedy: 'Run `npm start`, and commit what it writes.',
    }));
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
      return /\.ya?ml$/.test(entry.name) || isKustomization(file) ? [file] : [];
    });
}
