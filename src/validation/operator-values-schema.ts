import { z } from 'zod';

/** The part of the `flux-operator` chart's values that this platform writes; the file is not a Kubernetes object. */
export const operatorValuesSchema = z.strictObject({
  image: z.strictObject({
    repository: z.string().regex(/^[^\s:@/]+(?::[0-9]+)?(?:\/[^\s:@/]+)+$/, { error: 'is not host/repository' }),
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(?:@sha256:[a-f0-9]{64})?$/, { error: 'is not a tag with an optional digest' }),
  }),
  web: z.strictObject({ enabled: z.boolean() }),
});
