import { z } from 'zod';
import { type Problem } from '../model';
import { type ManifestDocument } from './manifest-file';

/** The part of the `flux-operator` chart's values that this platform writes; the file is not a Kubernetes object. */
const operatorValuesSchema = z.strictObject({
  image: z.strictObject({
    repository: z.string().regex(/^[^\s:@/]+(?::[0-9]+)?(?:\/[^\s:@/]+)+$/, { error: 'is not host/repository' }),
    tag: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(?:@sha256:[a-f0-9]{64})?$/, { error: 'is not a tag with an optional digest' }),
  }),
  web: z.strictObject({ enabled: z.boolean() }),
});

/** Values of a chart: the one file under `clusters/` that holds no Kubernetes object. */
export const isOperatorValues = (file: string): boolean => /^clusters\/[^/]+\/flux-operator-values\.yaml$/.test(file);

/** Checks the values by what this platform writes. */
export function checkOperatorValues({ content, locator }: ManifestDocument): readonly Problem[] {
  const result = operatorValuesSchema.safeParse(content);
  return (result.error?.issues ?? []).map((issue) => ({
    location: locator.locate(issue.path as (string | number)[]),
    message: `values of the flux-operator chart: '${issue.path.join('.')}' ${issue.message}`,
    remedy: 'Run `npm start`, which makes the file anew.',
  }));
}
