import { z } from 'zod';
import { dotted, kindOf, plainText, quote } from './describe-value';
import { type Problem } from './problem';
import { suggestion } from './suggest';
import { type YamlFile } from './yaml-file';
import { type PathSegment, type YamlLocator } from './yaml-locator';

/** Parameters that a custom check may attach to its issue. */
export interface CheckParams {
  readonly remedy: string;
}

type Issue = z.core.$ZodIssue;

/** The parts of an emitted JSON Schema that help to explain what is wrong. */
interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/**
 * Checks a file's content by its schema.
 *
 * @returns the parsed content, or every problem with its place in the file
 */
export function parseBySchema<Schema extends z.ZodType>(
  schema: Schema,
  yaml: YamlFile,
): { readonly data: z.output<Schema> } | { readonly problems: readonly Problem[] } {
  return parseValue(schema, yaml.content, yaml);
}

/** Where values of a file stand. */
export type Places = Pick<YamlLocator, 'locate' | 'locateKey'>;

/**
 * Checks a value by its schema.
 *
 * @param places where values stand, by paths from the top of their file
 * @param prefix path of the value in its file
 * @returns the parsed value, or every problem with its place
 */
export function parseValue<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  places: Places,
  prefix: readonly PathSegment[] = [],
): { readonly data: z.output<Schema> } | { readonly problems: readonly Problem[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { data: result.data };
  const tree = z.toJSONSchema(schema, { io: 'input' }) as SchemaNode;
  return { problems: result.error.issues.flatMap((issue) => explain(issue, tree, places, prefix)) };
}

function explain(issue: Issue, tree: SchemaNode, yaml: Places, prefix: readonly PathSegment[]): readonly Problem[] {
  const below = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
  const field = nodeAt(tree, below);
  const path = [...prefix, ...below];
  if (issue.code === 'unrecognized_keys') {
    const known = field?.propertyNames?.enum ?? Object.keys(field?.properties ?? {});
    return issue.keys.map((key) => ({
      location: yaml.locateKey([...path, key]) ?? yaml.locate(path),
      message: `unknown key '${key}'${path.length === 0 ? '' : ` in '${dotted(path)}'`}`,
      remedy: suggestion(key, known, 'known keys'),
    }));
  }
  const location = issue.code === 'invalid_key' ? (yaml.locateKey(path) ?? yaml.locate(path)) : yaml.locate(path);
  const [message, remedy] = explainValue(issue, path, field);
  return [{ location, message, remedy }];
}

function explainValue(
  issue: Issue,
  path: readonly PathSegment[],
  field: SchemaNode | undefined,
): readonly [message: string, remedy: string] {
  const name = path.length === 0 ? 'the file' : `'${dotted(path)}'`;
  const input = 'input' in issue ? issue.input : undefined;
  const meaning = field?.description === undefined ? '' : ` ${field.description}`;
  if (input === undefined && issue.code !== 'custom' && issue.code !== 'invalid_key')
    return [`${name} is missing`, `Add it.${meaning}`];
  switch (issue.code) {
    case 'invalid_type':
      return [`${name} is ${kindOf(input)}, expected ${EXPECTED[issue.expected] ?? issue.expected}`, `Correct it.${meaning}`];
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      return [
        `${name} is ${quote(input)}, not one of ${allowed.join(', ')}`,
        suggestion(plainText(input), allowed, 'possible values'),
      ];
    }
    case 'invalid_key': {
      const nested = issue.issues[0];
      return [`the key '${path.at(-1) ?? ''}' ${nested?.message ?? 'is not valid'}`, 'Rename it.'];
    }
    case 'custom': {
      const params = issue.params as CheckParams | undefined;
      return params?.remedy === undefined
        ? [`${name} ${issue.message}`, `Correct it.${meaning}`]
        : [issue.message, params.remedy];
    }
    case 'invalid_format':
      return [`${name}: ${quote(input)} ${issue.message}`, `Correct it.${meaning}`];
    case 'too_small':
      if (typeof input === 'number') return [`${name} is ${input}, less than ${issue.minimum}`, `Correct it.${meaning}`];
      return [
        typeof input === 'string' ? `${name} is an empty text` : `${name} has fewer than ${issue.minimum} entries`,
        `Add what is missing.${meaning}`,
      ];
    case 'too_big':
      if (Array.isArray(input))
        return [`${name} has ${input.length} entries, more than ${issue.maximum}`, `Remove some.${meaning}`];
      if (typeof input === 'number') return [`${name} is ${input}, more than ${issue.maximum}`, `Correct it.${meaning}`];
      return [`${name}: ${quote(input)} ${issue.message}`, `Correct it.${meaning}`];
    default:
      return [`${name}: ${quote(input)} ${issue.message}`, `Correct it.${meaning}`];
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a text',
};

function nodeAt(tree: SchemaNode, path: readonly PathSegment[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = tree;
  for (const segment of path) {
    const description: string | undefined = node?.description;
    const branches: readonly SchemaNode[] = node === undefined ? [] : [node, ...(node.anyOf ?? [])];
    node = branches
      .map(({ properties, additionalProperties, items }) => {
        if (typeof segment === 'number') return items;
        return properties?.[segment] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
      })
      .find((found) => found !== undefined);
    // An entry of a list or mapping that says nothing of itself is explained by what it stands in.
    if (node !== undefined && node.description === undefined && description !== undefined) node = { ...node, description };
  }
  return node?.properties === undefined ? (node?.anyOf?.find((branch) => branch.properties !== undefined) ?? node) : node;
}
