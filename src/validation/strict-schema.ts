import { type OpenApiSchema } from './schema-files';

/** Definitions that the API server reads more leniently than their published type says. */
const LENIENT_DEFINITIONS: Readonly<Record<string, OpenApiSchema>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { anyOf: [{ type: 'string' }, { type: 'number' }] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { anyOf: [{ type: 'integer' }, { type: 'string' }] },
};

/** Fields that are published as required, and that the API server fills in. */
const DEFAULTED_FIELDS: Readonly<Record<string, string>> = {
  'io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern': 'status',
  'io.k8s.api.rbac.v1.RoleRef': 'apiGroup',
};

/** The published definition, or what stands for it. */
export function definitionSchema(name: string, schema: OpenApiSchema): OpenApiSchema {
  const required = (schema['required'] as readonly string[] | undefined)?.filter((field) => field !== DEFAULTED_FIELDS[name]);
  return LENIENT_DEFINITIONS[name] ?? strictSchema(required === undefined ? schema : { ...schema, required });
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
  // OpenAPI 3.0 says with a boolean what JSON Schema says with the number.
  if (typeof strict['exclusiveMinimum'] === 'boolean')
    strict['exclusiveMinimum'] = strict['exclusiveMinimum'] ? strict['minimum'] : undefined;
  if (typeof strict['exclusiveMaximum'] === 'boolean')
    strict['exclusiveMaximum'] = strict['exclusiveMaximum'] ? strict['maximum'] : undefined;
  if (schema['x-kubernetes-list-type'] === 'set') strict['uniqueItems'] = true;
  if (schema.items !== undefined) strict['items'] = strictSchema(schema.items);
  if (typeof schema.additionalProperties === 'object') strict['additionalProperties'] = strictSchema(schema.additionalProperties);
  return strict;
}
