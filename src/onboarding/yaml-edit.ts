import { isDeepStrictEqual } from 'node:util';
import { isAlias, isCollection, isMap, isNode, isPair, isScalar, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml';
import { dotted, type JsonObject, type JsonValue, type Problem } from '../model';
import { inFlow } from './yaml-text';

/** A value that is to stand somewhere in a YAML file. */
export interface YamlEdit {
  /** Keys from the root; what is missing on the way is made. */
  readonly path: readonly string[];
  /** What is to stand there; a mapping only where nothing stands. */
  readonly value: JsonValue;
  /** Key of the root behind which a new one goes. @default - at the end */
  readonly after?: string;
}

/**
 * Sets values in a YAML file and changes nothing else: not a byte of comments, order and layout.
 *
 * @param file what a problem calls it
 * @returns the new text, or why it cannot be done alone
 */
export function setInYaml(source: string, edits: readonly YamlEdit[], file: string): string | Problem {
  const mark = source.startsWith('\ufeff') ? '\ufeff' : '';
  let text = source.slice(mark.length);
  for (const edit of edits) {
    const edited = setOne(text, edit);
    if (edited === undefined || !isDeepStrictEqual(contentOf(edited), withValue(contentOf(text), edit.path, edit.value)))
      return notAlone(file, edit.path, `be set to '${typeof edit.value === 'string' ? edit.value : inFlow(edit.value)}'`);
    text = edited;
  }
  return mark + text;
}

/** Takes a key of the root out, with its lines and nothing else. */
export function removeFromYaml(source: string, key: string, file: string): string | Problem {
  const { contents } = parseDocument(source);
  const pair = isMap(contents) && contents.flow !== true ? pairOf(contents, key) : undefined;
  const from = pair === undefined ? undefined : (pair.key as Node).range?.[0];
  if (pair === undefined || from === undefined || (from > 0 && !/[\n\ufeff]/.test(source[from - 1]!)))
    return notAlone(file, [key], 'be removed');
  const edited = source.slice(0, from) + source.slice(endOfLine(source, endOf(pair)));
  const content = contentOf(source) as JsonObject;
  const rest = Object.fromEntries(Object.entries(content).filter(([other]) => other !== key));
  return isDeepStrictEqual(contentOf(edited), rest) ? edited : notAlone(file, [key], 'be removed');
}

/** Whether the root has a key. */
export function hasKey(text: string, key: string): boolean {
  const { contents } = parseDocument(text);
  return isMap(contents) && pairOf(contents, key) !== undefined;
}

function setOne(text: string, { path, value, after }: YamlEdit): string | undefined {
  let map: unknown = parseDocument(text).contents;
  for (const [depth, key] of path.entries()) {
    if (!isMap(map)) return undefined;
    const below = nest(path.slice(depth + 1), value);
    const pair = pairOf(map, key);
    if (pair === undefined) return insert(text, map, { key, value: below, after: depth === 0 ? after : undefined });
    const isLast = depth === path.length - 1;
    if (isLast || isEmpty(pair.value)) return replace(text, pair, below);
    map = pair.value;
  }
  return undefined;
}

const isEmpty = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null);

const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);

const nest = (path: readonly string[], value: JsonValue): JsonValue =>
  path.reduceRight<JsonValue>((below, key) => ({ [key]: below }), value);

/** Only what stands on one line: what spans several has a layout that somebody chose. */
function replace(text: string, pair: Pair, value: JsonValue): string | undefined {
  const { key, value: node } = pair as Pair<Node, Node | null>;
  if (node?.range && node.range[1] > node.range[0]) {
    if (!isScalar(node) && !isAlias(node)) return undefined;
    const [from, to] = node.range;
    if (text.slice(from, to).includes('\n')) return undefined;
    return text.slice(0, from) + inFlow(value, isScalar(node) ? node.type : undefined) + text.slice(to);
  }
  if (!key.range) return undefined;
  const [colon] = /^[ \t]*:/.exec(text.slice(key.range[1])) ?? [];
  const at = key.range[1] + (colon?.length ?? 0);
  return `${text.slice(0, at)}${colon === undefined ? ':' : ''} ${inFlow(value)}${text.slice(at)}`;
}

interface NewPair {
  readonly key: string;
  readonly value: JsonValue;
  readonly after: string | undefined;
}

function insert(text: string, map: YAMLMap, { key, value, after }: NewPair): string | undefined {
  if (!map.range) return undefined;
  const last = (after === undefined ? undefined : pairOf(map, after)) ?? map.items.at(-1);
  if (map.flow === true) {
    const pair = `${inFlow(key)}: ${inFlow(value)}`;
    if (last === undefined) return `${text.slice(0, map.range[0])}{ ${pair} }${text.slice(map.range[1])}`;
    const at = endOf(last);
    return `${text.slice(0, at)}, ${pair}${text.slice(at)}`;
  }
  const first = (map.items[0]?.key as Node | undefined)?.range?.[0];
  if (last === undefined || first === undefined) return undefined;
  const indent = text.slice(text.lastIndexOf('\n', first - 1) + 1, first).replace(/[^ ]/g, ' ');
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = blockLines(key, value).map((line) => indent + line);
  const at = endOfLine(text, endOf(last));
  const [before, rest] = [text.slice(0, at), text.slice(at)];
  return before.endsWith('\n')
    ? before + lines.map((line) => line + lineEnd).join('') + rest
    : [before, ...lines].join(lineEnd) + rest;
}

/** A mapping of keys without values stands over several lines, as the environments of a system do; everything else on one. */
function blockLines(key: string, value: JsonValue): readonly string[] {
  const isList = typeof value === 'object' && value !== null && Object.values(value).every((entry) => entry === null);
  if (!isList) return [`${inFlow(key)}: ${inFlow(value)}`];
  return [`${inFlow(key)}:`, ...Object.keys(value).map((name) => `  ${inFlow(name)}:`)];
}

/** Where the last value of a pair ends; the range of a block includes the comments behind it. */
function endOf({ key, value }: Pair): number {
  return (value === null || value === undefined ? undefined : endOfNode(value as Node)) ?? (key as Node).range![1];
}

function endOfNode(node: Node): number | undefined {
  if (!isCollection(node) || node.flow === true) return node.range?.[1];
  const last = node.items.at(-1);
  if (isPair(last)) return endOf(last);
  return isNode(last) ? endOfNode(last) : node.range?.[1];
}

function endOfLine(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/** `undefined` when it is no YAML, such as where an alias lost its anchor. */
function contentOf(text: string): unknown {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  try {
    return JSON.parse(JSON.stringify(document.toJS() ?? null)) as unknown;
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function withValue(content: unknown, [key, ...rest]: readonly string[], value: JsonValue): unknown {
  if (key === undefined) return value;
  const object = (content ?? {}) as JsonObject;
  return { ...object, [key]: withValue(object[key], rest, value) };
}

function notAlone(file: string, path: readonly string[], what: string): Problem {
  return {
    location: { file },
    message: `'${dotted(path)}' cannot ${what} without changing something else`,
    remedy: 'Change it by hand, or write the values around it without anchors and aliases, texts on one line.',
  };
}
