import { z } from 'zod';
import { text, type TextRule } from './rules/text-rule';

const VULNERABILITY: TextRule = {
  title: 'vulnerability id',
  pattern: /^[A-Z][A-Z0-9]*(?:-[A-Za-z0-9]+)+$/,
  rule: "an id as Trivy reports it, such as 'CVE-2026-1234' or 'GHSA-xxxx-xxxx-xxxx', or 'NOTHING-RECOGNIZED'",
  source: 'CVE, GitHub Advisory Database',
};

const scanException = z
  .strictObject({
    vulnerability: text(VULNERABILITY).describe('Id of the vulnerability.'),
    images: z
      .array(z.string().min(1))
      .min(1)
      .describe(
        'Images for which it is accepted: names in platform.lock.yaml, and {registry}/<repository> for images of applications.',
      ),
    package: z.string().min(1).describe('Only in this package. Default: in every package of these images').optional(),
    reason: z.string().min(1).describe('Why the finding is acceptable.'),
    owner: z.string().min(1).describe('Who answers for it.'),
    expires: z.iso
      .date({ error: "is not a date of the form 'YYYY-MM-DD'" })
      .describe('Last day on which it is accepted (UTC), YYYY-MM-DD.'),
  })
  .describe('One accepted finding.');

/** What the name of an application's image begins with in an exception. */
export const REGISTRY_PREFIX = '{registry}/';

/** The schema of `scan-exceptions.yaml`: findings that the platform team has reviewed and accepts for a time. */
export const scanExceptionsFile = z
  .strictObject({ exceptions: z.array(scanException).describe('The accepted findings.') })
  .describe('Findings of image scans that the platform team has reviewed and accepts for a time.');

export type ScanExceptionsFile = z.output<typeof scanExceptionsFile>;
export type ScanException = ScanExceptionsFile['exceptions'][number];
