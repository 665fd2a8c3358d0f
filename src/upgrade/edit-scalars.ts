import { isDeepStrictEqual } from 'node:util';
import { isNode, isScalar, parseDocument, type Document } from 'yaml';
import { dotted, type PathSegment, type Problem } from '../model';

/** A text that is to stand somewhere in a YAML file. */
export interface ScalarEdit {
  readonly path: readonly PathSegment[];
  readonly value: string;
}

/**
 * Changes texts of a YAML file and nothing else: not a byte of comments, order and layout.
 *
 * @param file what a problem calls it
 * @returns the new text, or why these texts cannot be changed alone
 */
export function editScalars(text: string, edits: readonly ScalarEdit[], file: string): string | Problem {
  const document = parseDocument(text);
  // Without what aliases share, so that a change in two places is noticed.
  const expected = JSON.parse(JSON.stringify(document.toJS())) as unknown;
  const wanted = edits.filter(({ path, value }) => valueAt(expected, path) !== value);
  const replacements: { readonly from: number; readonly to: number; readonly by: string }[] = [];
  for (const { path, value } of wanted) {
    const node = document.getIn(path, true);
    if (!isNode(node) || !node.range) return notAlone(file, path, value);
    const [from, to] = node.range;
    replacements.push({ from, to, by: isScalar(node) ? quoted(value, node.type) : value });
    (valueAt(expected, path.slice(0, -1)) as Record<PathSegment, unknown>)[path.at(-1)!] = value;
  }
  const edited = replacements
    .sort((a, b) => b.from - a.from)
    .reduce((content, { from, to, by }) => content.slice(0, from) + by + content.slice(to), text);
  if (isDeepStrictEqual(contentOf(edited), expected)) return edited;
  // An anchor, or a text over several lines.
  return notAlone(file, wanted[0]!.path, wanted[0]!.value);
}

function valueAt(content: unknown, path: readonly PathSegment[]): unknown {
  return path.reduce((at, segment) => (at as Record<PathSegment, unknown> | undefined)?.[segment], content);
}

function quoted(value: string, type: string | null | undefined): string {
  if (type === 'QUOTE_DOUBLE') return `"${value}"`;
  return type === 'QUOTE_SINGLE' ? `'${value}'` : value;
}

function contentOf(text: string): unknown {
  const document: Document = parseDocument(text);
  return document.errors.length === 0 ? JSON.parse(JSON.stringify(document.toJS())) : undefined;
}

function notAlone(file: string, path: readonly PathSegment[], value: string): Problem {
  return {
    location: { file },
    message: `'${dotted(path)}' cannot be set to '${value}' without changing something else`,
    remedy: 'Write the value itself there, on one line and without anchor or alias.',
  };
}
