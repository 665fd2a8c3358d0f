import { z } from 'zod';

/** The part of Trivy's CycloneDX that says what it describes. */
const bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string().min(1),
  metadata: z.object({ component: z.object({ name: z.string() }) }),
});

/**
 * Why an SBOM cannot be attested, `undefined` when it can.
 *
 * @param reference what it has to describe
 */
export function unusableSbom(text: string | { readonly unusable: string }, reference: string): string | undefined {
  if (typeof text !== 'string') return text.unusable;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  const parsed = bom.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `'${issue!.path.map(String).join('.')}': ${issue!.message}`;
  }
  const { name } = parsed.data.metadata.component;
  return name === reference ? undefined : `it is of '${name.replace(/\p{C}/gu, ' ').slice(0, 300)}'`;
}
