import { isDeepStrictEqual } from 'node:util';
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  Scalar,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { dotted, YamlLocator, type JsonObject, type JsonValue, type Location, type Problem } from '../model';
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
      return notAlone(
        placeOnTheWay(source, edit.path, file),
        edit.path,
        `be set to '${typeof edit.value === 'string' ? edit.value : inFlow(edit.value)}'`,
      );
    text = edited;
  }
  return mark + text;
}

/** Takes a key of the root out and changes nothing else: with its lines, or what separates it from its neighbours. */
export function removeFromYaml(source: string, key: string, file: string): string | Problem {
  const { contents } = parseDocument(source);
  const refused = (): Problem => notAlone(placeOnTheWay(source, [key], file), [key], 'be removed');
  const cut = isMap(contents) ? (contents.flow === true ? inFlowMap(source, contents, key) : lines(source, contents, key)) : undefined; // prettier-ignore
  if (cut === undefined) return refused();
  const edited = source.slice(0, cut.from) + source.slice(cut.to);
  const content = contentOf(source) as JsonObject;
  const rest = Object.fromEntries(Object.entries(content).filter(([other]) => other !== key));
  return isDeepStrictEqual(contentOf(edited), rest) ? edited : refused();
}

/** A part of a text. */
interface Cut {
  readonly from: number;
  readonly to: number;
}

/** The lines of a pair in a block. */
function lines(source: string, map: YAMLMap, key: string): Cut | undefined {
  const pair = pairOf(map, key);
  const start = (pair?.key as Node | undefined)?.range?.[0];
  if (pair === undefined || start === undefined) return undefined;
  const from = source.slice(0, start).replace(/ +$/, '').length;
  if (from > 0 && !/[\n\ufeff]/.test(source[from - 1]!)) return undefined;
  return { from, to: endOfLine(source, endOf(pair)) };
}

/** A pair in braces, with the comma before it or the one behind it, and no comment. */
function inFlowMap(source: string, map: YAMLMap, key: string): Cut | undefined {
  const pair = pairOf(map, key);
  const start = (pair?.key as Node | undefined)?.range?.[0];
  if (pair === undefined || start === undefined) return undefined;
  const index = map.items.indexOf(pair);
  const [previous, next] = [map.items[index - 1], map.items[index + 1]];
  const end = endOf(pair);
  const follows = previous === undefined ? undefined : endOf(previous);
  if (follows !== undefined && !source.slice(follows, start).includes('#')) return { from: follows, to: end };
  const nextStart = (next?.key as Node | undefined)?.range?.[0];
  if (nextStart !== undefined && !source.slice(end, nextStart).includes('#')) return { from: start, to: nextStart };
  return { from: start, to: end + /^\s*,?/.exec(source.slice(end))![0].length };
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

/** What spans several lines has a layout that somebody chose; the text of a block is all of the value. */
function replace(text: string, pair: Pair, value: JsonValue): string | undefined {
  const { key, value: node } = pair as Pair<Node, Node | null>;
  if (node?.range && node.range[1] > node.range[0]) {
    if (!isScalar(node) && !isAlias(node)) return undefined;
    const [from, to] = node.range;
    if (isBlock(node)) return text.slice(0, from) + inFlow(value) + besideBlock(text.slice(from, to)) + text.slice(to);
    if (text.slice(from, to).includes('\n')) return undefined;
    return text.slice(0, from) + inFlow(value, isScalar(node) ? node.type : undefined) + text.slice(to);
  }
  if (!key.range) return undefined;
  const [colon] = /^[ \t]*:/.exec(text.slice(key.range[1])) ?? [];
  const at = key.range[1] + (colon?.length ?? 0);
  return `${text.slice(0, at)}${colon === undefined ? ':' : ''} ${inFlow(value)}${text.slice(at)}`;
}

const isBlock = (node: Node): boolean =>
  isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);

/** The comment at the head of a block of text, and the line ends behind the text. */
const besideBlock = (block: string): string =>
  (/^[^\s#]*([ \t]+#[^\r\n]*)?/.exec(block)?.[1] ?? '') + /\s*$/.exec(block)![0].replace(/^[ \t]+/, '');

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

/** Where a value stands or, when an alias is on the way to it, the alias; of what is absent, the last that is there. */
function placeOnTheWay(source: string, path: readonly string[], file: string): Location {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter });
  let node = document.contents as Node | null;
  let found = node;
  for (const key of path) {
    const pair = isMap(node) ? pairOf(node, key) : undefined;
    if (pair === undefined) break;
    node = pair.value as Node | null;
    found = node !== null && (isAlias(node) || (isScalar(node) && node.value !== null)) ? node : (pair.key as Node);
  }
  return new YamlLocator(file, document, counter).position(found);
}

function notAlone(location: Location, path: readonly string[], what: string): Problem {
  return {
    location,
    message: `'${dotted(path)}' cannot ${what} without changing something else`,
    remedy: 'Change it by hand, or write the values around it without anchors and aliases, texts on one line.',
  };
}
