import { type ArtifactResult } from '../../src/images';
import { junitReport } from '../../src/images/junit';
import { sarifReport } from '../../src/images/sarif';

const done = { state: 'done' } as const;
const steps = { upstream: done, scan: done, mirror: done, sbom: done, sign: done, verify: done };
const finding = {
  id: 'CVE-2026-0001',
  severity: 'CRITICAL',
  package: 'a<b>&"c"',
  installed: '1',
  fixed: '2',
  title: 'a title',
  url: 'https://example.com/CVE-2026-0001',
  target: 'usr/bin/x',
} as const;
const exception = { vulnerability: 'CVE-2026-0002', images: ['x'], reason: 'unused', owner: 'ada', expires: '2026-12-31' };
const result = (name: string, rest: Partial<ArtifactResult>): ArtifactResult => ({
  artifact: { kind: 'image', name, upstream: `ghcr.io/a/${name}`, tag: '1', target: name, signer: 'none', usedBy: ['flux'] },
  steps,
  problems: [],
  notes: [],
  ...rest,
});
const results = [
  result('clean', {}),
  result('bad', {
    scan: { open: [finding], accepted: [{ ...finding, id: 'CVE-2026-0002', exception }] },
    problems: [{ location: { file: 'platform.lock.yaml', line: 3 }, message: 'stopped <here> \u0007', remedy: 'upgrade' }],
  }),
];

describe('JUnit', () => {
  it('has a case per image, escaped, failed by what stopped it', () => {
    expect(junitReport('dev', results)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="k8s-gitops images" tests="2" failures="1">
  <testsuite name="dev" tests="2" failures="1">
    <testcase classname="images.dev" name="image clean"/>
    <testcase classname="images.dev" name="image bad">
      <failure message="stopped &lt;here&gt;  ">stopped &lt;here&gt;  
  -&gt; upgrade</failure>
      <system-out>CRITICAL CVE-2026-0001 in a&lt;b&gt;&amp;&quot;c&quot; 1 (usr/bin/x), fixed in 2
CRITICAL CVE-2026-0002 in a&lt;b&gt;&amp;&quot;c&quot; 1 (usr/bin/x), fixed in 2, accepted until 2026-12-31 by ada: unused</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
  });
});

describe('SARIF', () => {
  const sarif = (enforced: boolean): { runs: [{ tool: { driver: { rules: object[] } }; results: object[] }] } =>
    JSON.parse(
      sarifReport(results, ({ artifact }) => ({ file: 'platform.lock.yaml', line: artifact.name === 'bad' ? 7 : 1 }), enforced),
    ) as never;

  it('has a rule per finding and a result per image, suppressed where it is accepted', () => {
    const [run] = sarif(true).runs;
    expect(run.tool.driver.rules).toEqual([
      expect.objectContaining({
        id: 'CVE-2026-0001',
        helpUri: finding.url,
        properties: expect.objectContaining({ 'security-severity': '9.0' }) as object,
      }),
      expect.objectContaining({ id: 'CVE-2026-0002' }),
    ]);
    expect(run.results).toEqual([
      expect.objectContaining({
        ruleId: 'CVE-2026-0001',
        level: 'error',
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'platform.lock.yaml' }, region: { startLine: 7, startColumn: 1 } } },
        ],
      }),
      expect.objectContaining({
        ruleId: 'CVE-2026-0002',
        suppressions: [{ kind: 'external', status: 'accepted', justification: 'ada: unused' }],
      }),
    ]);
    expect(run.results[0]).not.toHaveProperty('suppressions');
  });

  it('only warns under audit', () => {
    expect(sarif(false).runs[0].results[0]).toMatchObject({ level: 'warning' });
  });
});
