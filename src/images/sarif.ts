import { type Location } from '../model';
import { type ArtifactResult } from './artifact-result';
import { describeVulnerability, type JudgedVulnerability } from './judge-scan';

/** CVSS bands that code scanning sorts by: CRITICAL from 9, HIGH from 7. */
const SECURITY_SEVERITY = { CRITICAL: '9.0', HIGH: '7.0' } as const;

/**
 * The findings as SARIF 2.1.0, for code scanning: each stands at its image's line in the lock.
 *
 * @param locate where the lock has an image
 * @param enforced whether a finding stops the release
 */
export function sarifReport(
  results: readonly ArtifactResult[],
  locate: (result: ArtifactResult) => Location,
  enforced: boolean,
): string {
  const findings = results.flatMap((result) =>
    (result.scan === undefined ? [] : [...result.scan.open, ...result.scan.accepted]).map((found) => ({ result, found })),
  );
  const rules = [...new Map(findings.map(({ found }) => [found.id, rule(found)] as const)).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value);
  const sarif = {
    version: '2.1.0',
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'k8s-gitops images', rules } },
        results: findings.map(({ result, found }) => finding(result, found, locate(result), enforced)),
      },
    ],
  };
  return `${JSON.stringify(sarif, undefined, 2)}\n`;
}

function rule({ id, severity, title, url }: JudgedVulnerability): object {
  return {
    id,
    shortDescription: { text: title === '' ? id : title },
    ...(url === '' ? {} : { helpUri: url }),
    properties: { 'security-severity': SECURITY_SEVERITY[severity], tags: ['security', 'vulnerability'] },
  };
}

function finding(
  { artifact }: ArtifactResult,
  { exception, ...vulnerability }: JudgedVulnerability,
  { file, line = 1, column = 1 }: Location,
  enforced: boolean,
): object {
  const { id, package: name, target } = vulnerability;
  return {
    ruleId: id,
    level: enforced ? 'error' : 'warning',
    message: { text: `${artifact.name}: ${describeVulnerability(vulnerability)}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: file }, region: { startLine: line, startColumn: column } } }],
    partialFingerprints: { 'vulnerability/v1': [artifact.name, id, name, target].join('|') },
    ...(exception === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: `${exception.owner}: ${exception.reason}` }] }),
  };
}
