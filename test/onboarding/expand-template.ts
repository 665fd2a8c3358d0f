/** What a template of Azure Pipelines reads when it is expanded. */
export interface TemplateContext {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, string>>;
  /** A template beside the one that is expanded. */
  readonly load: (name: string) => Template;
  readonly [loop: string]: unknown;
}

/** What an included template is. */
export interface Template {
  readonly parameters?: readonly { readonly name: string; readonly type: string; readonly default?: unknown }[];
  readonly stages?: unknown;
  readonly steps?: readonly unknown[];
}

const WHOLE = /^\$\{\{\s*(.*?)\s*\}\}$/s;
const EACH = /^\$\{\{\s*each (\w+) in (.*?)\s*\}\}$/;
const IF = /^\$\{\{\s*if (.*?)\s*\}\}$/;
const ELSE = /^\$\{\{\s*else\s*\}\}$/;
const INSERT = /^\$\{\{\s*insert\s*\}\}$/;

/** Expands `${{ if }}`, `${{ each }}` and `${{ }}` as far as our templates use them; strings are compared without case, as the service does. */
export function expand(node: unknown, context: TemplateContext): unknown {
  if (typeof node === 'string') return expandText(node, context);
  if (Array.isArray(node)) return node.flatMap((entry) => expandEntry(entry, context));
  if (typeof node !== 'object' || node === null) return node;
  const expanded: Record<string, unknown> = {};
  let taken = false;
  for (const [key, value] of Object.entries(node)) {
    const condition = IF.exec(key);
    if (INSERT.test(key)) Object.assign(expanded, expand(value, context));
    else if (ELSE.test(key)) Object.assign(expanded, taken ? {} : expand(value, context));
    else if (condition === null) expanded[String(expandText(key, context))] = expand(value, context);
    else {
      taken = evaluate(condition[1]!, context) === true;
      if (taken) Object.assign(expanded, expand(value, context));
    }
  }
  return expanded;
}

/** An entry of a list that is an `if` or `each` becomes the entries of its own list. */
function expandEntry(entry: unknown, context: TemplateContext): readonly unknown[] {
  const keys = typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? Object.keys(entry) : [];
  const [key] = keys;
  if (keys.includes('template')) return include(entry as { template: string; parameters?: object }, context);
  if (keys.length !== 1 || !key!.startsWith('${{')) return [expand(entry, context)];
  const body = (entry as Record<string, unknown>)[key!];
  const each = EACH.exec(key!);
  if (each !== null) {
    const over = evaluate(each[2]!, context);
    const list = Array.isArray(over)
      ? (over as readonly unknown[])
      : Object.entries(over as object).map(([name, value]) => ({ key: name, value: value as unknown }));
    return list.flatMap((item) => expand(body, { ...context, [each[1]!]: item }) as readonly unknown[]);
  }
  const condition = IF.exec(key!);
  if (condition === null) throw new Error(`cannot expand ${key!}`);
  return evaluate(condition[1]!, context) === true ? (expand(body, context) as readonly unknown[]) : [];
}

/** The stages or steps of another template, which sees nothing but its own parameters. */
function include(
  entry: { readonly template: string; readonly parameters?: object },
  context: TemplateContext,
): readonly unknown[] {
  const { parameters = [], stages, steps } = context.load(entry.template);
  const given = expand(entry.parameters ?? {}, context) as Record<string, unknown>;
  const known = parameters.map(({ name }) => name);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const missing = parameters.filter((parameter) => !('default' in parameter) && !(parameter.name in given));
  if (unknown.length + missing.length > 0)
    throw new Error(`${entry.template}: parameters ${unknown.join()} ${missing.map(({ name }) => name).join()}`);
  const defaults = parameters.flatMap((parameter) =>
    'default' in parameter ? [[parameter.name, parameter.default] as const] : [],
  );
  return expand(stages ?? steps, {
    parameters: { ...Object.fromEntries(defaults), ...given },
    variables: context.variables,
    load: context.load,
  }) as readonly unknown[];
}

function expandText(text: string, context: TemplateContext): unknown {
  const whole = WHOLE.exec(text);
  if (whole !== null && !whole[1]!.includes('}}')) return evaluate(whole[1]!, context);
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_match, expression: string) => String(evaluate(expression, context)));
}

const same = (one: unknown, other: unknown): boolean => String(one).toLowerCase() === String(other).toLowerCase();

const FUNCTIONS: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  eq: same,
  ne: (one, other) => !same(one, other),
  and: (...args) => args.every((arg) => arg === true),
  or: (...args) => args.some((arg) => arg === true),
  in: (needle, ...haystack) => haystack.some((entry) => same(needle, entry)),
  replace: (text, from, to) => String(text).replaceAll(String(from), String(to)),
  split: (text, by) => String(text).split(String(by)),
};

/** Evaluates an expression: calls, texts, numbers, and paths of `.name` and `['name']`. */
export function evaluate(expression: string, context: TemplateContext): unknown {
  let rest = expression.trim();
  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(rest);
    if (match === null) return undefined;
    rest = rest.slice(match[0].length).trimStart();
    return match[1] ?? match[0];
  };
  const primary = (): unknown => {
    const text = take(/^'((?:[^']|'')*)'/);
    if (text !== undefined) return text.replaceAll("''", "'");
    const number = take(/^\d+/);
    if (number !== undefined) return Number(number);
    const name = take(/^\w+/);
    if (name === undefined) throw new Error(`cannot evaluate ${expression}`);
    if (take(/^\(/) === undefined) return context[name];
    const args: unknown[] = [];
    while (take(/^\)/) === undefined) {
      args.push(value());
      take(/^,/);
    }
    if (!Object.hasOwn(FUNCTIONS, name)) throw new Error(`unknown function ${name} in ${expression}`);
    return FUNCTIONS[name]!(...args);
  };
  const value = (): unknown => {
    let current = primary();
    for (;;) {
      const name = take(/^\.(\w+)/);
      const index = name ?? (take(/^\[/) === undefined ? undefined : String(value()));
      if (index === undefined) return current;
      if (name === undefined && take(/^\]/) === undefined) throw new Error(`']' is missing in ${expression}`);
      const container = current as Readonly<Record<string, unknown>>;
      if (!Object.hasOwn(container, index)) throw new Error(`'${index}' is not there in ${expression}`);
      current = container[index];
    }
  };
  const result = value();
  if (rest !== '') throw new Error(`'${rest}' is left of ${expression}`);
  return result;
}
