/** What a rule finds wrong. */
export interface Finding {
  /** What is wrong: the value that is there, and the one that may be. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** URN of what it is about. @default - the resource that is checked, or the stack as a whole */
  readonly urn?: string;
}

const REMEDY = '\n→ ';

/** A finding as the one text that Pulumi takes of a rule. */
export const findingText = ({ message, remedy }: Finding): string => `${message}${REMEDY}${remedy}`;

/** The finding of such a text. */
export function parseFinding(text: string): Pick<Finding, 'message' | 'remedy'> {
  const at = text.lastIndexOf(REMEDY);
  return { message: text.slice(0, at), remedy: text.slice(at + REMEDY.length) };
}
