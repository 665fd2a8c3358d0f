import { parseAllDocuments } from 'yaml';
import { type JsonObject, type JsonValue } from '../model';

const KEPT_KEYWORDS = new Set([
  '$ref', 'additionalProperties', 'allOf', 'anyOf', 'default', 'enum', 'exclusiveMaximum', 'exclusiveMinimum', 'format', 'items',
  'maxItems', 'maxLength', 'maxProperties', 'maximum', 'minItems', 'minLength', 'minProperties', 'minimum', 'multipleOf', 'not',
  'nullable', 'oneOf', 'pattern', 'properties', 'required', 'type', 'uniqueItems', 'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string', 'x-kubernetes-list-map-keys', 'x-kubernetes-list-type', 'x-kubernetes-map-type',
  'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations',
]); // prettier-ignore

/**
 * A published schema without its sentences: the structure (names, types, enums, patterns, defaults, validation rules) is fact, the
 * sentences belong to their authors.
 */
export function reduceSchema(schema: JsonObject): JsonObject {
  const reduced: Record<string, JsonValue> = {};
  for (const key of Object.keys(schema).sort()) {
    if (!KEPT_KEYWORDS.has(key)) continue;
    const value = schema[key]!;
    if (key === 'properties') {
      reduced[key] = Object.fromEntries(
        Object.entries(value as JsonObject)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, property]) => [name, reduceSchema(property as JsonObject)]),
      );
    } else if (key === 'x-kubernetes-validations') {
      reduced[key] = (value as readonly JsonObject[]).map(({ rule }) => ({ rule: rule! }));
    } else if (key === 'items' || key === 'not' || (key === 'additionalProperties' && typeof value === 'object')) {
      reduced[key] = reduceSchema(value as JsonObject);
    } else if (key === 'allOf' || key === 'anyOf' || key === 'oneOf') {
      reduced[key] = (value as readonly JsonObject[]).map(reduceSchema);
    } else {
      reduced[key] = value;
    }
  }
  return reduced;
}

/**
 * The custom resource definitions in YAML texts, reduced to what an API server needs to install them.
 *
 * @param provenance where they come from, written into each file
 * @returns content by file name, one file for each API group; empty when there are no definitions
 * @throws Error when something in them is not as definitions are
 */
export function reduceDefinitions(texts: readonly string[], provenance: JsonObject): ReadonlyMap<string, string> {
  const groups = new Map<string, JsonObject[]>();
  for (const text of texts) {
    for (const document of parseAllDocuments(text)) {
      const [error] = document.errors;
      if (error !== undefined) throw error;
      const object = document.toJS() as JsonObject | null;
      if (object?.['kind'] !== 'CustomResourceDefinition') continue;
      const definition = reduceDefinition(object);
      const group = (definition['spec'] as JsonObject)['group'];
      if (typeof group !== 'string' || !/^[a-z0-9.-]+$/.test(group)) throw new Error('a definition has no API group');
      groups.set(group, [...(groups.get(group) ?? []), definition]);
    }
  }
  return new Map(
    [...groups].map(([group, items]) => [
      `${group}.json`,
      schemaFileText({
        apiVersion: 'v1',
        kind: 'List',
        provenance,
        items: items.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
      }),
    ]),
  );
}

/** The text of a file under `schemas/`. */
export function schemaFileText(content: JsonObject): string {
  return `${JSON.stringify(content, undefined, 1)}\n`;
}

/** `status` stays open because only controllers write it. */
function reduceDefinition(definition: JsonObject): JsonObject {
  const spec = definition['spec'] as JsonObject;
  const versions = (spec['versions'] as readonly JsonObject[]).map((version) => {
    const schema = reduceSchema((version['schema'] as JsonObject)['openAPIV3Schema'] as JsonObject);
    const properties = schema['properties'] as JsonObject;
    return {
      name: version['name']!,
      served: version['served']!,
      storage: version['storage']!,
      ...(version['deprecated'] === undefined ? {} : { deprecated: version['deprecated'] }),
      ...(version['subresources'] === undefined ? {} : { subresources: version['subresources'] }),
      schema: {
        openAPIV3Schema:
          'status' in properties
            ? {
                ...schema,
                properties: { ...properties, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
              }
            : schema,
      },
    };
  });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: nameOf(definition) },
    spec: { group: spec['group']!, names: spec['names']!, scope: spec['scope']!, versions },
  };
}

const nameOf = (definition: JsonObject): string => (definition['metadata'] as JsonObject)['name'] as string;
