import { type z } from 'zod';

/** A problem that no schema can say, at a field of the value that is checked. */
export function custom(context: z.RefinementCtx, path: readonly PropertyKey[], message: string, remedy: string): void {
  context.addIssue({ code: 'custom', path: [...path], message, params: { remedy } });
}
