import { z } from 'zod';

/** A rule that a text has to follow because something outside this project says so. */
export interface TextRule {
  /** What the text is, as the source calls it. */
  readonly title: string;
  /** The rule as a regular expression; also what editors check, by the emitted JSON Schema. */
  readonly pattern: RegExp;
  /** The rule as a sentence. */
  readonly rule: string;
  /** Who says so. */
  readonly source: string;
}

/** The message for a text that breaks a rule, or `undefined` when it follows it. */
export function violation(rule: TextRule, text: string): string | undefined {
  return rule.pattern.test(text) ? undefined : violationMessage(rule);
}

const violationMessage = (rule: TextRule): string => `is not a valid ${rule.title}: ${rule.rule} (${rule.source})`;

/** A zod string that follows a rule. */
export function text(rule: TextRule): z.ZodString {
  return z.string().regex(rule.pattern, { error: violationMessage(rule) });
}
