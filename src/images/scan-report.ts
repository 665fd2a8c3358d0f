import { z } from 'zod';

/** The part of Trivy's JSON report (SchemaVersion 2) that is read here; Trivy adds fields from time to time. */
const report = z.object({
  SchemaVersion: z.literal(2),
  ArtifactName: z.string(),
  ArtifactType: z.literal('container_image'),
  Results: z
    .array(
      z.object({
        Target: z.string(),
        Class: z.string().optional(),
        Type: z.string().optional(),
        Vulnerabilities: z
          .array(
            z.object({
              VulnerabilityID: z.string().min(1),
              PkgName: z.string(),
              InstalledVersion: z.string().default(''),
              FixedVersion: z.string().default(''),
              Severity: z.enum(['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
              Title: z.string().default(''),
              PrimaryURL: z.string().default(''),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/** A vulnerability that a scan found. */
export interface Vulnerability {
  /** Id, such as CVE-2026-1234. */
  readonly id: string;
  readonly severity: 'HIGH' | 'CRITICAL';
  readonly package: string;
  readonly installed: string;
  readonly fixed: string;
  readonly title: string;
  /** Address of the advisory, empty where Trivy names none. */
  readonly url: string;
  /** File or operating system in the image that has the package. */
  readonly target: string;
}

/** Stands for the finding that nothing could be found: an image that Trivy does not understand is not clean. */
export const NOTHING_RECOGNIZED = 'NOTHING-RECOGNIZED';

const nothingRecognized: Vulnerability = {
  id: NOTHING_RECOGNIZED,
  severity: 'HIGH',
  package: '-',
  installed: '-',
  fixed: '-',
  title: 'Trivy recognized neither an operating system nor a language in the image',
  url: '',
  target: '-',
};

/** What a scan says of one image. */
export interface ScanReport {
  /** HIGH and CRITICAL, the worst first, then by id and package. */
  readonly vulnerabilities: readonly Vulnerability[];
}

/** Larger reports are refused. */
export const MAX_REPORT_BYTES = 64 * 1024 * 1024;

/** Advisories come from outside: only addresses of the web go into reports. */
const webAddress = (url: string): string => (/^https?:\/\/[^\s"'<>]+$/.test(url) ? url : '');

/** Control characters would act on terminals. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').slice(0, 300);

/**
 * Reads a report.
 *
 * @param reference what was to be scanned; a report of something else is refused
 * @returns the report, or why it cannot be used
 */
export function parseScanReport(text: string, reference: string): ScanReport | { readonly unusable: string } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { unusable: 'it is not JSON' };
  }
  const parsed = report.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { unusable: `'${issue!.path.map(String).join('.')}': ${issue!.message}` };
  }
  if (parsed.data.ArtifactName !== reference) return { unusable: `it is of '${plain(parsed.data.ArtifactName)}'` };
  const results = parsed.data.Results ?? [];
  const vulnerabilities = results.flatMap(({ Target, Vulnerabilities }) =>
    (Vulnerabilities ?? []).flatMap((found): readonly Vulnerability[] =>
      found.Severity === 'HIGH' || found.Severity === 'CRITICAL'
        ? [
            {
              id: plain(found.VulnerabilityID),
              severity: found.Severity,
              package: plain(found.PkgName),
              installed: plain(found.InstalledVersion),
              fixed: plain(found.FixedVersion),
              title: plain(found.Title),
              url: webAddress(found.PrimaryURL),
              target: plain(Target),
            },
          ]
        : [],
    ),
  );
  const key = ({ severity, id, package: name, target }: Vulnerability): string => [severity, id, name, target].join('\0');
  const isRecognized = results.some(({ Type, Class }) => (Type ?? Class ?? '') !== '');
  return {
    // CRITICAL is before HIGH in the alphabet too.
    vulnerabilities: [...vulnerabilities, ...(isRecognized ? [] : [nothingRecognized])].sort((a, b) =>
      key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0,
    ),
  };
}
