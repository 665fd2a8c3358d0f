import { type PathSegment } from './yaml-locator';

/** Longer values are cut where they would fill the screen. */
const MAX_LENGTH = 80;

/** A path as people write it: `environments.dev.names`, `mirror[0]`. */
export function dotted(path: readonly PathSegment[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    return text === '' ? segment : `${text}.${segment}`;
  }, '');
}

/** A value as a message shows it: in quotes, on one line, without a password. */
export function quote(value: unknown): string {
  const printable = hidePassword(plainText(value)).replace(
    /\p{C}/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
  return `'${printable.length > MAX_LENGTH ? `${printable.slice(0, MAX_LENGTH - 3)}...` : printable}'`;
}

/** What kind of value something is, and which. */
export function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `the text ${quote(value)}` : `the ${typeof value} ${plainText(value)}`;
}

/** A text as it is, anything else as JSON. */
export function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A password or token in a URL is the very thing that must not reach a log. */
const hidePassword = (text: string): string =>
  text.replace(/(:\/\/[^/@:\s]*):[^@/\s]*@/g, '$1:***@').replace(/(https?:\/\/)[^/@:\s]*@/g, '$1***@');
