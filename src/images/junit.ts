import { type ArtifactResult } from './artifact-result';
import { describeVulnerability, type JudgedVulnerability } from './judge-scan';

/** Characters that XML 1.0 does not have. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const escape = (text: string): string =>
  text.replace(NOT_XML, ' ').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The results as JUnit XML, as pipelines show tests: a case per image, failed by what stopped it. */
export function junitReport(environment: string, results: readonly ArtifactResult[]): string {
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="k8s-gitops images" tests="${results.length}" failures="${failed}">`,
    `  <testsuite name="${escape(environment)}" tests="${results.length}" failures="${failed}">`,
    ...results.flatMap((result) => testCase(environment, result)),
    '  </testsuite>',
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function testCase(environment: string, { artifact, problems, scan }: ArtifactResult): readonly string[] {
  const open = `    <testcase classname="images.${escape(environment)}" name="${escape(`${artifact.kind} ${artifact.name}`)}"`;
  const said = (scan === undefined ? [] : [...scan.open, ...scan.accepted]).map(describe);
  if (problems.length === 0 && said.length === 0) return [`${open}/>`];
  const [first] = problems;
  const text = problems.map(({ message, remedy }) => `${message}\n  -> ${remedy}`).join('\n');
  return [
    `${open}>`,
    ...(first === undefined ? [] : [`      <failure message="${escape(first.message)}">${escape(text)}</failure>`]),
    ...(said.length === 0 ? [] : [`      <system-out>${escape(said.join('\n'))}</system-out>`]),
    '    </testcase>',
  ];
}

function describe({ exception, ...vulnerability }: JudgedVulnerability): string {
  const accepted =
    exception === undefined ? '' : `, accepted until ${exception.expires} by ${exception.owner}: ${exception.reason}`;
  return `${describeVulnerability(vulnerability)}${accepted}`;
}
