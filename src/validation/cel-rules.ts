import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import { type PathSegment } from '../model';
import { schemaBelow } from './prune-nulls';
import { type OpenApiSchema } from './schema-files';

/** A rule of a schema that a value breaks. */
export interface BrokenRule {
  readonly path: readonly PathSegment[];
  readonly rule: string;
  /** The schema's own words. @default - the committed schemas hold none */
  readonly message?: string;
}

/** A rule that this CEL implementation does not know how to evaluate. */
export interface UnknownRule {
  readonly rule: string;
  readonly reason: string;
}

type Evaluate = (context: { self: unknown }) => unknown;

const environment = new Environment({ unlistedVariablesAreDyn: true });
const parsed = new Map<string, Evaluate | UnknownRule>();
const rulesBelow = new WeakMap<OpenApiSchema, boolean>();

/**
 * Evaluates the `x-kubernetes-validations` of a schema over a value that already follows the schema's structure and has its defaults.
 * Rules about a change (`oldSelf`) are skipped, as the API server skips them when an object is created.
 */
export function evaluateRules(
  schema: OpenApiSchema,
  value: unknown,
): { readonly broken: readonly BrokenRule[]; readonly unknown: readonly UnknownRule[] } {
  const broken: BrokenRule[] = [];
  const unknown: UnknownRule[] = [];
  if (hasRules(schema)) walk(schema, withIntegers(schema, value), []);
  return { broken, unknown };

  function walk(node: OpenApiSchema, self: unknown, path: readonly PathSegment[]): void {
    if (self === undefined || self === null || !hasRules(node)) return;
    for (const { rule, message } of node['x-kubernetes-validations'] ?? []) {
      if (rule.includes('oldSelf')) continue;
      const evaluate = parse(rule);
      if (typeof evaluate !== 'function') unknown.push(evaluate);
      else check(evaluate, rule, message, self, path);
    }
    if (Array.isArray(self)) {
      const { items } = node;
      if (items !== undefined) self.forEach((item, index) => { walk(items, item, [...path, index]); }); // prettier-ignore
    } else if (typeof self === 'object') {
      for (const [key, child] of Object.entries(self as Record<string, unknown>)) {
        const below = schemaBelow(node, key);
        if (below !== undefined) walk(below, child, [...path, key]);
      }
    }
  }

  function check(
    evaluate: Evaluate,
    rule: string,
    message: string | undefined,
    self: unknown,
    path: readonly PathSegment[],
  ): void {
    try {
      if (evaluate({ self }) !== true) broken.push({ path, rule, message });
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      const [reason] = error.message.split('\n');
      // A function that is missing here says nothing about the value; anything else fails on the API server too.
      if (/overload|unknown (?:function|method)|invalid argument/i.test(reason!)) unknown.push({ rule, reason: reason! });
      else broken.push({ path, rule, message });
    }
  }
}

/** CEL tells integers from other numbers; JavaScript does not. */
function withIntegers(schema: OpenApiSchema, value: unknown): unknown {
  if (Number.isInteger(value) && (schema.type === 'integer' || schema['x-kubernetes-int-or-string'] === true)) {
    return BigInt(value as number);
  }
  const { items } = schema;
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => withIntegers(items, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const below = schemaBelow(schema, key);
      return [key, below === undefined ? child : withIntegers(below, child)];
    }),
  );
}

/** This CEL implementation takes no element of a list in `has()`; whether a field is there, `in` says of any object. */
function withoutIndexedHas(rule: string): string {
  return rule.replace(/\bhas\((\w[\w.]*\[[\w.[\]]*)\.(\w+)\)/g, "('$2' in $1)");
}

function parse(rule: string): Evaluate | UnknownRule {
  let result = parsed.get(rule);
  if (result === undefined) {
    try {
      result = environment.parse(withoutIndexedHas(rule)) as Evaluate;
    } catch (error) {
      result = { rule, reason: (error as Error).message.split('\n')[0]! };
    }
    parsed.set(rule, result);
  }
  return result;
}

function hasRules(schema: OpenApiSchema): boolean {
  const known = rulesBelow.get(schema);
  if (known !== undefined) return known;
  const children = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  const found =
    schema['x-kubernetes-validations'] !== undefined || children.some((child) => typeof child === 'object' && hasRules(child));
  rulesBelow.set(schema, found);
  return found;
}
