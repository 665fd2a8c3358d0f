import { z } from 'zod';

/** The parts of a JSON Schema that values are made from. */
export interface SchemaNode {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly [keyword: string]: unknown;
}

/**
 * The JSON Schema by which Helm checks values, which it does after it filled in those of `values.yaml`: a field with a default is
 * therefore required, so that `null` cannot take it away. Inside lists and mappings of any keys Helm fills in nothing.
 *
 * @param optional fields at the top in which Helm may fill in nothing
 */
export function helmSchema(schema: z.ZodType, optional: readonly string[] = []): SchemaNode {
  const [filled, written] = (['output', 'input'] as const).map(
    (io) => z.toJSONSchema(schema, { io, target: 'draft-07' }) as SchemaNode,
  );
  const merged = merge(filled!, written!);
  const properties = Object.entries(merged.properties ?? {}).map(
    ([name, property]) => [name, optional.includes(name) ? written!.properties![name]! : property] as const,
  );
  const required = (merged.required ?? []).filter((name) => !optional.includes(name));
  return { ...merged, properties: Object.fromEntries(properties), required };
}

function merge(filled: SchemaNode, written: SchemaNode): SchemaNode {
  const { properties, items, additionalProperties } = filled;
  return {
    ...filled,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [name, merge(property, written.properties![name]!)]),
          ),
        }),
    ...(items === undefined ? {} : { items: written.items }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: written.additionalProperties } : {}),
  };
}
