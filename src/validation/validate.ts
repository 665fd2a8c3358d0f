import * as fs from 'node:fs';
import * as path from 'node:path';
import { type z } from 'zod';
import { CLUSTERS_FOLDER, SYSTEM_LABEL } from '../../manifests';
import { sortProblems, type Environment, type Platform, type Problem } from '../model';
import { DuplicateObjects } from './duplicate-objects';
import { mergeFindings, type Findings } from './finding';
import { readManifestFile, type ManifestDocument } from './manifest-file';
import { operatorValuesSchema } from './operator-values-schema';
import { pendingNotes } from './pending';
import { SchemaCatalog } from './schema-catalog';
import { type CustomResourceDefinition } from './schema-files';
import { selectSchemas } from './select-schemas';
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
 * Checks every YAML file under `clusters/`: schema, unknown fields, CEL rules, names; and what no API server sees: the same object in
 * two files.
 *
 * @param only environments to check. Default: every folder under `clusters/`
 */
export function validate(platform: Platform, only?: ReadonlySet<string>, onEnvironment?: OnEnvironment): Validation {
  const counts = new Map<string, { files: number; objects: number }>();
  const schemas = selectSchemas(platform);
  if (schemas.flux === undefined) return { problems: schemas.problems, notes: schemas.notes, counts };
  const catalog = new SchemaCatalog(schemas.flux, schemas.operator);
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
  for (const [file, manifests] of documents) {
    for (const document of manifests) {
      if (isDefinition(document)) {
        const { problems, notes } = validateManifest(document, catalog);
        if (problems.length === 0) catalog.addDefinition(document.content as CustomResourceDefinition);
        if (file.startsWith(`${CRDS_FOLDER}/`)) findings.push({ problems, notes });
      } else if (file.startsWith(`${CRDS_FOLDER}/`)) {
        findings.push({ problems: [notADefinition(document)], notes: [] });
      }
    }
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
    const declared = platform.environments.find(({ name }) => name === environment);
    findings.push({ problems: [], notes: manifests.flatMap((document) => strayNotes(document, declared)) });
  }
  const environments = platform.environments.filter(({ name }) => only === undefined || only.has(name));
  const { problems, notes } = mergeFindings([
    ...findings,
    {
      problems: missingEnvironments(environments, files),
      notes: [...unsupportedNotes(catalog), ...pendingNotes(platform, environments)],
    },
  ]);
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
  if (isKustomization(file)) return kustomizationFindings(file);
  return mergeFindings(
    manifests.map((document) => {
      const { problems, notes } = validateManifest(document, catalog);
      return { problems: [...problems, ...duplicates.add(environmentOf(file), document)], notes };
    }),
  );
}

/** What kustomize takes for instructions and not for a manifest. */
const isKustomization = (file: string): boolean => /\/(?:kustomization\.ya?ml|Kustomization)$/.test(file);

/** In the synced folder itself it would hide the generated files; below, Flux builds the folder as it says. */
function kustomizationFindings(file: string): Findings {
  const inSyncedFolder = /^clusters\/[^/]+\/systems\/[^/]+$/.test(file);
  const finding: Problem = inSyncedFolder
    ? {
        location: { file },
        message: 'is a kustomization, with which Flux would apply only what it lists and prune the generated files beside it',
        remedy: 'Remove it: Flux applies every manifest of the folder without one.',
      }
    : {
        location: { file },
        message: 'is a kustomization: it decides what of its folder is applied, and was not built here',
        remedy: 'Build it with `kustomize build` to see what Flux will apply.',
      };
  return inSyncedFolder ? { problems: [finding], notes: [] } : { problems: [], notes: [finding] };
}

function checkOperatorValues({ content, locator }: ManifestDocument): readonly Problem[] {
  const result: z.ZodSafeParseResult<unknown> = operatorValuesSchema.safeParse(content);
  return (result.error?.issues ?? []).map((issue) => ({
    location: locator.locate(issue.path as (string | number)[]),
    message: `values of the flux-operator chart: '${issue.path.join('.')}' ${issue.message}`,
    remedy: 'Run `npm start`, which makes the file anew.',
  }));
}

function isDefinition({ content }: ManifestDocument): boolean {
  const object = content as { apiVersion?: unknown; kind?: unknown } | null;
  return object?.kind === 'CustomResourceDefinition' && object.apiVersion === 'apiextensions.k8s.io/v1';
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

/** A system's objects in an environment where the model has no such system: a generated file whose first line was removed stays. */
function strayNotes({ content, locator }: ManifestDocument, environment: Environment | undefined): readonly Problem[] {
  const { metadata } = content as { metadata?: { labels?: Readonly<Record<string, unknown>> | null } | null };
  const system = metadata?.labels?.[SYSTEM_LABEL];
  if (typeof system !== 'string' || environment?.systems.some(({ name }) => name === system) === true) return [];
  return [
    {
      location: locator.locate(['metadata', 'labels', SYSTEM_LABEL]),
      message: `belongs to system '${system}', which the model does not have in this environment`,
      remedy: 'Delete the file if the system is gone: synthesis does not touch files without the generated marker.',
    },
  ];
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
