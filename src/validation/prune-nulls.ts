import { type OpenApiSchema } from './schema-files';

/**
 * A value without the nulls that the API server does not see: those of Kubernetes' own kinds, where null means "not set", and in custom
 * resources those of fields that have a default and may not be null.
 *
 * @param schema schema of a custom resource. Default: one of Kubernetes' own kinds
 */
export function pruneNulls(value: unknown, schema?: OpenApiSchema): unknown {
  if (Array.isArray(value)) return value.map((item) => pruneNulls(item, schema?.items));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => {
      const below = schema === undefined ? undefined : schemaBelow(schema, key);
      const pruned = child === null && (schema === undefined || (below?.['default'] !== undefined && below.nullable !== true));
      // What no schema describes stays as it is.
      return pruned ? [] : [[key, schema !== undefined && below === undefined ? child : pruneNulls(child, below)] as const];
    }),
  );
}

/** The schema of a field or entry, `undefined` when there is none. */
export function schemaBelow({ properties, additionalProperties }: OpenApiSchema, key: string): OpenApiSchema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
