/** What no text of a command line or an answer holds: control characters, line ends, and what stands for bytes that are no UTF-8. */
const UNUSABLE = /[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffd]/u;

/** Why a text cannot be written as it was given, `undefined` when it can. */
export function unusableText(text: string): string | undefined {
  const [character] = UNUSABLE.exec(text) ?? [];
  if (character === undefined) return undefined;
  if (/[\r\n\u0085\u2028\u2029]/.test(character)) return 'it has more than one line';
  if (character === '\ufffd') return 'it is not valid UTF-8';
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `it contains the control character U+${code}`;
}
