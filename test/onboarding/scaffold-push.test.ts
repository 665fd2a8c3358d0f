import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { readFile, REPOSITORY, temporaryFolder, writeFile } from '../support/platform-folder';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const UPSTREAM = `docker.io/library/redis:7.4.1@${DIGEST}`;

function scriptOf(name: string): string {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      const { displayName, bash } = node as { readonly displayName?: string; readonly bash?: string };
      if (displayName === name) found.push(bash!);
      Object.values(node).forEach(walk);
    }
  };
  walk(parse(readFile(REPOSITORY, 'ci-cd-templates/application-stages.yaml')));
  expect(found).toHaveLength(1);
  return found[0]!;
}

interface Registry {
  /** What the tag stands for. @default - it is not there */
  readonly there?: string;
  /** Error of the registry in place of an answer. */
  readonly error?: string;
  /** What the push says it pushed. @default - the digest of the file */
  readonly pushed?: string;
  /** Manifest of the chart. @default - it is not there */
  readonly manifest?: string;
}

interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly calls: readonly string[];
  readonly reference?: string;
}

function run(step: string, env: Readonly<Record<string, string>>, registry: Registry = {}, chart = ''): Outcome {
  const root = temporaryFolder();
  writeFile(root, 'calls', '');
  writeFile(root, 'out/chart.tgz', 'chart');
  const absent = `echo '${registry.error ?? 'Error: GET https://myorgdev.azurecr.io/v2/x: MANIFEST_UNKNOWN: manifest unknown'}' >&2; exit 1`;
  writeFile(
    root,
    'tools/crane',
    `#!/usr/bin/env bash
case "$1 $2" in
  'digest --tarball') echo ${DIGEST} ;;
  'digest '*) ${registry.there === undefined ? absent : `echo ${registry.there}`} ;;
  'manifest '*) ${registry.manifest === undefined ? absent : `echo '${registry.manifest}'`} ;;
  'push '*) echo "$*" >>${root}/calls; echo "\${3%:*}@${registry.pushed ?? DIGEST}" ;;
  *) echo "$*" >>${root}/calls; echo '##vso[task.setvariable variable=x]y' >&2 ;;
esac
`,
  );
  writeFile(
    root,
    'tools/helm',
    `#!/usr/bin/env bash\nif [ "$1" = show ]; then cat ${root}/about; else echo "$*" >>${root}/calls; fi\n`,
  );
  writeFile(root, 'about', chart);
  for (const tool of ['crane', 'helm']) fs.chmodSync(path.join(root, 'tools', tool), 0o755);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', scriptOf(step)], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH']!,
      TOOLS: path.join(root, 'tools'),
      OUT: path.join(root, 'out'),
      REFERENCE_FILE: path.join(root, 'reference'),
      DOCKER_CONFIG: path.join(root, 'registry'),
      REGISTRY: 'myorgdev.azurecr.io',
      BUILD: '42',
      ...env,
    },
  });
  const reference = path.join(root, 'reference');
  return {
    status,
    output: stdout + stderr,
    calls: readFile(root, 'calls')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll(root, '')),
    ...(fs.existsSync(reference) ? { reference: fs.readFileSync(reference, 'utf8') } : {}),
  };
}

describe.each([
  ['docker', { SOURCE: 'docker', UPSTREAM: '' }, 'push /out/image.tar myorgdev.azurecr.io/shop/shop:42', '42'],
  ['mirror', { SOURCE: 'mirror', UPSTREAM }, `copy ${UPSTREAM} myorgdev.azurecr.io/shop/shop:7.4.1`, '7.4.1'],
] as const)('pushing, source %s', (_source, source, call, tag) => {
  const push = (registry?: Registry): Outcome => run('Push', { ...source, IMAGE: 'shop/shop' }, registry);
  const REFERENCE = `myorgdev.azurecr.io/shop/shop:${tag}@${DIGEST}\n`;

  it('pushes, and hands over the digest that it pushed', () => {
    expect(push()).toMatchObject({ status: 0, calls: [call], reference: REFERENCE });
  });

  it('leaves alone what is there already, and has it signed', () => {
    expect(push({ there: DIGEST })).toMatchObject({ status: 0, calls: [], reference: REFERENCE });
  });

  it('never moves a tag', () => {
    const outcome = push({ there: OTHER });
    expect(outcome).toMatchObject({ status: 1, calls: [] });
    expect(outcome.output).toContain('a tag is never moved');
    expect(outcome).not.toHaveProperty('reference');
  });

  it('does not push where it cannot tell what is there', () => {
    for (const error of [
      'HEAD request failed: 404 Not Found\nError: GET: 503 Service Unavailable',
      'dial tcp 10.0.0.4:4043: timeout',
    ])
      expect(push({ error })).toMatchObject({ status: 1, calls: [] });
  });

  it('prints nothing that Azure Pipelines obeys', () => {
    expect(push().output).not.toContain('##vso');
    expect(push({ error: '##vso[task.prependpath]/w/out' }).output).not.toContain('##vso[task.prependpath]');
  });
});

it('has nothing signed but what was meant', () => {
  const outcome = run('Push', { SOURCE: 'docker', UPSTREAM: '', IMAGE: 'shop/shop' }, { pushed: OTHER });
  expect(outcome.status).toBe(1);
  expect(outcome).not.toHaveProperty('reference');
});

describe('pushing a chart', () => {
  const SUM = 'fb3e56ab7c4e05c9e3b4c8ed2b4b02bc3a3c3bd6e9e8ba9f4f4ab0b0a4d3a2d1';
  const chart = (about: string, registry?: Registry): Outcome =>
    run('Push the chart', { CHART_REPOSITORY: 'charts/reporting' }, registry, about);
  const ABOUT = 'apiVersion: v2\ndescription: |\n  name: other\nname: reporting\nversion: 0.0.42\n';

  it('pushes it by its name and the version of the run', () => {
    expect(chart(ABOUT)).toMatchObject({
      status: 0,
      calls: ['push /out/chart.tgz oci://myorgdev.azurecr.io/charts --registry-config /registry/config.json'],
    });
  });

  it('refuses another name, and another version: it would move that', () => {
    for (const about of [ABOUT.replace('reporting', 'payments'), ABOUT.replace('0.0.42', '0.0.41')])
      expect(chart(about)).toMatchObject({ status: 1, calls: [] });
  });

  it('leaves alone the same chart, and never moves a version', () => {
    const sum = spawnSync('sha256sum', { input: 'chart', encoding: 'utf8' }).stdout.split(' ')[0]!;
    expect(chart(ABOUT, { manifest: `{"layers":[{"digest":"sha256:${sum}"}]}` })).toMatchObject({ status: 0, calls: [] });
    const moved = chart(ABOUT, { manifest: `{"layers":[{"digest":"sha256:${SUM}"}]}` });
    expect(moved).toMatchObject({ status: 1, calls: [] });
    expect(moved.output).toContain('a version is never moved');
  });
});
