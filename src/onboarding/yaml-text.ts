import { Document, isScalar, Scalar } from 'yaml';
import { type JsonValue } from '../model';

const OPTIONS = { singleQuote: true, lineWidth: 0 } as const;

/** A text as it stands in a block of YAML, on one line. */
export function inBlock(text: string): string {
  if (/[\n\t]/.test(text)) return JSON.stringify(text);
  return new Document(text).toString(OPTIONS).trimEnd();
}

/**
 * A value as it can stand anywhere, on one line.
 *
 * @param quotes the quotes of what stood there before. Default: none, unless it needs some
 */
export function inFlow(value: JsonValue, quotes?: string | null): string {
  if (typeof value === 'string' && /[\n\t]/.test(value)) return JSON.stringify(value);
  const document = new Document([value], { aliasDuplicateObjects: false });
  const list = document.contents as unknown as { flow: boolean; readonly items: readonly unknown[] };
  list.flow = true;
  const [node] = list.items;
  if (isScalar(node) && (quotes === Scalar.QUOTE_SINGLE || quotes === Scalar.QUOTE_DOUBLE)) node.type = quotes;
  return document.toString(OPTIONS).trim().slice(1, -1).trim();
}
