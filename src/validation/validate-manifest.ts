import { dotted, PLATFORM_FILE, suggestion, type Problem } from '../model';
import { checkMetadata } from './check-metadata';
import { explainError, withoutBranches } from './explain-error';
import { type Findings } from './finding';
import { type ManifestDocument } from './manifest-file';
import { type KindSchema, type ObjectVerdict, type SchemaCatalog } from './schema-catalog';
import { kubernetesVersions, readKubernetesSchemas } from './schema-files';

/** What identifies an object in a cluster. */
export interface ObjectIdentity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Who a document declares, `undefined` where it does not say. */
export function identify({ content }: ManifestDocument): ObjectIdentity | undefined {
  const object = content as {
    apiVersion?: unknown;
    kind?: unknown;
    metadata?: { name?: unknown; namespace?: unknown } | null;
  } | null;
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined;
  const { apiVersion, kind, metadata } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof metadata?.name !== 'string') return undefined;
  return {
    apiVersion,
    kind,
    name: metadata.name,
    ...(typeof metadata.namespace === 'string' ? { namespace: metadata.namespace } : {}),
  };
}

/** How the objects of a document are applied. */
export interface ManifestOptions {
  /** Namespace of objects that name none, such as that of a Helm release. @default - they have to name one */
  readonly defaultNamespace?: string;
}

/** Checks one object by the schema and rules of its kind, and by what the API server checks of every object. */
export function validateManifest(document: ManifestDocument, catalog: SchemaCatalog, options: ManifestOptions = {}): Findings {
  const { content, locator } = document;
  const problem = (path: readonly (string | number)[], message: string, remedy: string): Findings => ({
    problems: [{ location: locator.locate(path), message, remedy }],
    notes: [],
  });
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return problem(
      [],
      'is not a Kubernetes object',
      "Write 'apiVersion', 'kind' and 'metadata', or move the file out of clusters/.",
    );
  }
  const { apiVersion, kind } = content as { apiVersion?: unknown; kind?: unknown };
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    const missing = typeof apiVersion !== 'string' ? 'apiVersion' : 'kind';
    return problem(
      [],
      `is not a Kubernetes object: '${missing}' is missing`,
      `Add '${missing}', or move the file out of clusters/.`,
    );
  }
  const schema = catalog.find(apiVersion, kind);
  if (schema === undefined)
    return problem(['kind'], `there is no schema for ${apiVersion} ${kind}`, unknownKindRemedy(apiVersion, kind, catalog));
  return validateObject(document, kind, schema, options);
}

function unknownKindRemedy(apiVersion: string, kind: string, catalog: SchemaCatalog): string {
  const key = `${apiVersion}/${kind}`;
  const knowing = kubernetesVersions().filter((minor) => key in readKubernetesSchemas(minor).kinds);
  if (knowing.length > 0) {
    return `Kubernetes ${knowing.join(', ')} has it, and this environment is checked by ${catalog.kubernetesVersion}: write it in another version of the API, or set 'cluster.kubernetesVersion' in ${PLATFORM_FILE} to what the cluster runs.`;
  }
  const versions = catalog.known().filter((known) => known.endsWith(`/${kind}`));
  if (versions.length > 0) return `It is known as ${versions.map((known) => known.slice(0, -kind.length - 1)).join(', ')}.`;
  const suggested = suggestion(key, [...catalog.known()], 'known kinds');
  if (suggested.startsWith('Did you mean')) return suggested;
  return 'Put its CustomResourceDefinition into crds/ (or clusters/<environment>/), so that its objects can be checked.';
}

function validateObject(
  document: ManifestDocument,
  kind: string,
  schema: KindSchema,
  { defaultNamespace }: ManifestOptions,
): Findings {
  const { content, locator } = document;
  const problems: Problem[] = [];
  let verdict: ObjectVerdict;
  try {
    verdict = schema.check(content);
  } catch (error) {
    const problem = {
      location: locator.locate(['kind']),
      message: `the schema of ${kind} cannot be used: ${(error as Error).message}`,
      remedy: 'Correct its CustomResourceDefinition.',
    };
    return { problems: [problem], notes: [] };
  }
  const { errors, repeated, broken, unknown } = verdict;
  for (const error of withoutBranches(errors)) {
    const explained = explainError(error, locator);
    problems.push({ ...explained, message: `${kind}: ${explained.message}` });
  }
  for (const { path, keys } of repeated) {
    problems.push({
      location: locator.locate(path),
      message: `${kind}: '${dotted(path)}' has the same ${keys.join(' and ')} as an earlier entry`,
      remedy: 'Keep one of the two.',
    });
  }
  for (const { path, rule, message } of broken) {
    problems.push({
      location: locator.locate(path),
      message: `${kind}: ${path.length === 0 ? 'the object' : `'${dotted(path)}'`} breaks the rule ${message ?? `\`${rule}\``}`,
      remedy: 'Change the fields that the rule names.',
    });
  }
  problems.push(...checkMetadata(content as object, locator, kind, schema.scope, defaultNamespace));
  const notes = unknown.map(({ rule, reason }) => ({
    location: locator.locate([]),
    message: `${kind}: the rule \`${rule}\` could not be evaluated here (${reason})`,
    remedy: 'Only an API server can check it.',
  }));
  return { problems, notes };
}
