import { type PathSegment } from '../model';
import { schemaBelow } from './prune-nulls';
import { type OpenApiSchema } from './schema-files';

/** An entry of a list that has the same keys as an earlier one. */
export interface RepeatedEntry {
  readonly path: readonly PathSegment[];
  readonly keys: readonly string[];
}

/** Entries that the API server refuses because the schema calls their list a map (`x-kubernetes-list-type: map`). */
export function findRepeatedEntries(
  schema: OpenApiSchema,
  value: unknown,
  path: readonly PathSegment[] = [],
): readonly RepeatedEntry[] {
  if (Array.isArray(value)) {
    const keys =
      schema['x-kubernetes-list-type'] === 'map' ? (schema['x-kubernetes-list-map-keys'] as readonly string[]) : undefined;
    const seen = new Set<string>();
    return value.flatMap((entry: unknown, index) => {
      const below = schema.items === undefined ? [] : findRepeatedEntries(schema.items, entry, [...path, index]);
      if (keys === undefined) return below;
      const identity = JSON.stringify(keys.map((key) => (entry as Readonly<Record<string, unknown>>)[key] ?? null));
      const repeated = seen.has(identity);
      seen.add(identity);
      return repeated ? [{ path: [...path, index], keys }, ...below] : below;
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const below = schemaBelow(schema, key);
    return below === undefined ? [] : findRepeatedEntries(below, child, [...path, key]);
  });
}
