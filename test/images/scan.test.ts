import { judgeScan } from '../../src/images/judge-scan';
import { unusableSbom } from '../../src/images/sbom';
import { parseScanReport, type ScanReport } from '../../src/images/scan-report';
import { readFile, FIXTURES } from '../support/platform-folder';

const REFERENCE = 'ghcr.io/fluxcd/helm-controller@sha256:0';
const recorded = (name: string): string => readFile(FIXTURES, `trivy/${name}`).replaceAll('REFERENCE', REFERENCE);
const critical = (): ScanReport => parseScanReport(recorded('critical.json'), REFERENCE) as ScanReport;

describe('a report of Trivy', () => {
  it('gives HIGH and CRITICAL findings, the worst first', () => {
    expect(critical()).toEqual({
      vulnerabilities: [
        {
          id: 'CVE-2026-0001',
          severity: 'CRITICAL',
          package: 'golang.org/x/net',
          installed: 'v0.40.0',
          fixed: '0.41.0',
          title: 'x/net: another invented finding for tests',
          url: 'https://avd.aquasec.com/nvd/cve-2026-0001',
          target: 'usr/local/bin/controller',
        },
        expect.objectContaining({ id: 'CVE-2026-0002', severity: 'HIGH', package: 'libcrypto3' }),
      ],
    });
    expect(parseScanReport(recorded('clean.json'), REFERENCE)).toEqual({
      vulnerabilities: [],
    });
  });

  it.each([{}, { Results: null }, { Results: [] }, { Results: [{ Target: 'x' }] }])(
    'of an image that Trivy does not understand is a finding: %j',
    (rest) => {
      const text = JSON.stringify({ SchemaVersion: 2, ArtifactName: REFERENCE, ArtifactType: 'container_image', ...rest });
      expect(parseScanReport(text, REFERENCE)).toEqual({
        vulnerabilities: [expect.objectContaining({ id: 'NOTHING-RECOGNIZED', severity: 'HIGH' })],
      });
    },
  );

  it.each([
    ['no JSON', '{', 'it is not JSON'],
    ['another version', JSON.stringify({ SchemaVersion: 3 }), "'SchemaVersion': "],
    ['something other than an image', recorded('clean.json').replace('container_image', 'filesystem'), "'ArtifactType': "],
    ['another image', recorded('clean.json').replace(REFERENCE, 'ghcr.io/evil@sha256:1'), "it is of 'ghcr.io/evil@sha256:1'"],
    [
      'an unknown severity',
      recorded('critical.json').replace('"CRITICAL"', '"NONE"'),
      "'Results.1.Vulnerabilities.0.Severity': ",
    ],
  ])('is refused when it is %s', (_what, text, reason) => {
    expect(parseScanReport(text, REFERENCE)).toEqual({ unusable: expect.stringContaining(reason) as string });
  });

  it('cannot bring control characters or addresses other than of the web into reports', () => {
    const text = recorded('critical.json')
      .replace('x/net: another invented finding for tests', '\\u001b[31mred\\u0007')
      .replace('https://avd.aquasec.com/nvd/cve-2026-0001', 'javascript:alert(1)');
    const [found] = (parseScanReport(text, REFERENCE) as ScanReport).vulnerabilities;
    expect(found).toMatchObject({ title: ' [31mred ', url: '' });
  });
});

describe('an exception', () => {
  const exception = {
    vulnerability: 'CVE-2026-0001',
    images: ['helm-controller'],
    reason: 'not reachable',
    owner: 'platform',
    expires: '2026-11-30',
  };
  const judge = (
    given: Partial<typeof exception & { package: string }>,
    image = 'helm-controller',
    day = '2026-11-30T23:59:59Z',
  ) => judgeScan(critical(), image, [{ ...exception, ...given }], new Date(day));

  it('accepts its finding in its image until the end of its last day', () => {
    expect(judge({}).accepted.map(({ id }) => id)).toEqual(['CVE-2026-0001']);
    expect(judge({}).open.map(({ id }) => id)).toEqual(['CVE-2026-0002']);
  });

  it('accepts nothing else', () => {
    expect(judge({}, 'source-controller').accepted).toEqual([]);
    expect(judge({ vulnerability: 'CVE-2026-0009' }).accepted).toEqual([]);
    expect(judge({ package: 'golang.org/x/text' }).accepted).toEqual([]);
    expect(judge({ package: 'golang.org/x/net' }).accepted).toHaveLength(1);
  });

  it('is named when it has expired', () => {
    const { open, accepted } = judge({}, 'helm-controller', '2026-12-01T00:00:00Z');
    expect(accepted).toEqual([]);
    expect(open[0]).toMatchObject({ id: 'CVE-2026-0001', expired: exception });
  });
});

describe('an SBOM', () => {
  const sbom = (name: string): string =>
    JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component: { name } } });

  it('is attested when it is CycloneDX and of the image', () => {
    expect(unusableSbom(sbom(REFERENCE), REFERENCE)).toBeUndefined();
  });

  it.each([
    ['{', 'it is not JSON'],
    ['{"bomFormat":"nothing"}', "'bomFormat': "],
    [sbom('ghcr.io/other@sha256:1'), "it is of 'ghcr.io/other@sha256:1'"],
  ])('is refused: %s', (text, reason) => {
    expect(unusableSbom(text, REFERENCE)).toContain(reason);
    expect(unusableSbom({ unusable: 'it was not written' }, REFERENCE)).toBe('it was not written');
  });
});
