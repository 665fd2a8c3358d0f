import { type z } from 'zod';

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** A check for zod: a text with `{...}` uses only the placeholders that will be filled. */
export const onlyPlaceholders =
  (known: readonly string[]) =>
  (text: string, context: z.RefinementCtx): void => {
    for (const [, placeholder] of text.matchAll(PLACEHOLDER)) {
      if (known.includes(placeholder!)) continue;
      context.addIssue({
        code: 'custom',
        message: `unknown placeholder '{${placeholder!}}' in '${text}'`,
        params: { remedy: `Use ${known.map((name) => `{${name}}`).join(' or ')}.` },
      });
    }
  };
