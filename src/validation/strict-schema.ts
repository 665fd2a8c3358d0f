import { type OpenApiSchema } from './schema-files';

/** Definitions that the API server reads more leniently than their published type says. */
const LENIENT_DEFINITIONS: Readonly<Record<string, OpenApiSchema>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { anyOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { anyOf: [{ type: 'integer' }, { type: 'string' }] },
};

/** The published definition, or what stands for it. */
export function definitionSchema(name: string, schema: OpenApiSchema): OpenApiSchema {
  return LENIENT_DEFINITIONS[name] ?? strictSchema(schema);
}

/**
 * A Kubernetes schema as a JSON Schema that refuses what the API server refuses under strict field validation: unknown fields are
 * errors wherever the schema lists the known ones.
 */
export function strictSchema(schema: OpenApiSchema): OpenApiSchema {
  const strict: Record<string, unknown> = { ...schema };
  // Evaluated apart, by CEL.
  delete strict['x-kubernetes-validations'];
  // ajv knows `nullable` only beside a type.
  if (schema.type === undefined) delete strict['nullable'];
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') {
    delete strict['type'];
    delete strict['format'];
    strict['anyOf'] = [{ type: 'integer' }, { type: 'string' }];
  }
  if (schema.properties !== undefined) {
    strict['properties'] = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, strictSchema(property)]),
    );
    if (schema.additionalProperties === undefined && schema['x-kubernetes-preserve-unknown-fields'] !== true) {
      strict['additionalProperties'] = false;
    }
  }
  if (schema['x-kubernetes-list-type'] === 'set') strict['uniqueItems'] = true;
  if (schema.items !== undefined) strict['items'] = strictSchema(schema.items);
  if (typeof schema.additionalProperties === 'object') strict['additionalProperties'] = strictSchema(schema.additionalProperties);
  return strict;
}
