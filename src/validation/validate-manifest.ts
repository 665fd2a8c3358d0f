import { dotted, quote, suggestion, type Problem } from '../model';
import { explainError, isInsideScalarChoice } from './explain-error';
import { type Findings } from './finding';
import { type ManifestDocument } from './manifest-file';
import { type KindSchema, type SchemaCatalog } from './schema-catalog';

const OBJECT_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$/;
const LABEL_NAMESPACE = /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

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

/** Checks one object as the API server would when it is created. */
export function validateManifest(document: ManifestDocument, catalog: SchemaCatalog): Findings {
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
  return validateObject(document, kind, schema);
}

function unknownKindRemedy(apiVersion: string, kind: string, catalog: SchemaCatalog): string {
  const key = `${apiVersion}/${kind}`;
  const versions = catalog.known().filter((known) => known.endsWith(`/${kind}`));
  if (versions.length > 0) return `It is known as ${versions.map((known) => known.slice(0, -kind.length - 1)).join(', ')}.`;
  const suggested = suggestion(key, [...catalog.known()], 'known kinds');
  if (suggested.startsWith('Did you mean')) return suggested;
  return 'Put its CustomResourceDefinition into crds/ (or clusters/<environment>/), so that its objects can be checked.';
}

function validateObject(document: ManifestDocument, kind: string, schema: KindSchema): Findings {
  const { content, locator } = document;
  const problems: Problem[] = [];
  const { errors, broken, unknown } = schema.check(content);
  for (const error of errors) {
    const explained = isInsideScalarChoice(error) ? undefined : explainError(error, locator);
    if (explained !== undefined) problems.push({ ...explained, message: `${kind}: ${explained.message}` });
  }
  if (errors.length > 0 && problems.length === 0) {
    const [{ instancePath, message }] = errors as [(typeof errors)[number]];
    problems.push({
      location: locator.locate([]),
      message: `${kind}: '${instancePath}' ${message ?? 'is not valid'}`,
      remedy: 'Correct the value.',
    });
  }
  for (const { path, rule, message } of broken) {
    problems.push({
      location: locator.locate(path),
      message: `${kind}: ${path.length === 0 ? 'the object' : `'${dotted(path)}'`} breaks the rule ${message ?? `\`${rule}\``}`,
      remedy: 'Change the fields that the rule names.',
    });
  }
  problems.push(...checkMetadata(document, kind, schema));
  const notes = unknown.map(({ rule, reason }) => ({
    location: locator.locate([]),
    message: `${kind}: the rule \`${rule}\` could not be evaluated here (${reason})`,
    remedy: 'Only an API server can check it.',
  }));
  return { problems, notes };
}

function checkMetadata({ content, locator }: ManifestDocument, kind: string, { scope }: KindSchema): readonly Problem[] {
  const { metadata } = content as { metadata?: { name?: unknown; namespace?: unknown } | null };
  if (typeof metadata !== 'object' || metadata === null) return [];
  const { name, namespace } = metadata;
  if (typeof name !== 'string') {
    return name === undefined
      ? [{ location: locator.locate(['metadata']), message: `${kind}: 'metadata.name' is missing`, remedy: 'Add it.' }]
      : [];
  }
  const problems: Problem[] = [];
  if (!OBJECT_NAME.test(name)) {
    problems.push({
      location: locator.locate(['metadata', 'name']),
      message: `${kind}: 'metadata.name' '${name}' is not a valid object name`,
      remedy: "Use lower-case letters, digits, '-' and '.', starting and ending with a letter or digit.",
    });
  }
  if (scope === 'Namespaced' && namespace === undefined) {
    problems.push({
      location: locator.locate(['metadata']),
      message: `${kind} '${name}': 'metadata.namespace' is missing, and Flux has no default for it here`,
      remedy: "Add 'namespace'.",
    });
  } else if (typeof namespace === 'string' && !LABEL_NAMESPACE.test(namespace)) {
    problems.push({
      location: locator.locate(['metadata', 'namespace']),
      message: `${kind} '${name}': 'metadata.namespace' '${namespace}' is not a valid namespace`,
      remedy: "Use up to 63 lower-case letters, digits and '-'.",
    });
  } else if (scope === 'Cluster' && namespace !== undefined) {
    problems.push({
      location: locator.locate(['metadata', 'namespace']),
      message: `${kind} '${name}': 'metadata.namespace' is ${quote(namespace)}, but the kind has no namespace`,
      remedy: "Remove 'namespace'.",
    });
  }
  return problems;
}
