import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { upgrade, type Upgrade, type UpgradeRequest } from '../../src/upgrade';
import { readFile, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';
import { changedPaths, classicFolder, MANIFESTS, runUpgrade } from './run-upgrade';
import { StandInCrane } from './stand-in-crane';

const MANIFESTS_REPOSITORY = 'ghcr.io/controlplaneio-fluxcd/flux-operator-manifests';
const OPERATOR_IMAGE = 'ghcr.io/controlplaneio-fluxcd/flux-operator';
const OPERATOR_CHART = 'ghcr.io/controlplaneio-fluxcd/charts/flux-operator';
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

const artifact = (type: string, name: string): Record<string, string> =>
  (parse(readFile(name, 'platform.lock.yaml')) as Record<string, Record<string, Record<string, string>>>)[type]![
    'flux-operator'
  ]!;

/** Publishes the fixture as a version of the operator does. @returns digests */
function publishOperator(crane: StandInCrane, version: string): { manifests: string; image: string; chart: string } {
  const files = Object.fromEntries(Object.entries(snapshotFolder(MANIFESTS)).filter(([file]) => file.startsWith('flux')));
  return {
    manifests: crane.publishFiles(MANIFESTS_REPOSITORY, `v${version}`, {
      ...files,
      'flux-operator/install.yaml': 'kind: List\n',
    }),
    image: crane.publish(`${OPERATOR_IMAGE}:v${version}`),
    chart: crane.publish(`${OPERATOR_CHART}:${version}`),
  };
}

describe('what the registry has', () => {
  it('is taken for the controllers, the operator and its chart', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    const digests = publishOperator(crane, '0.59.0');
    const { code, err } = await runUpgrade(['--dir', folder, '--flux', '2.9.5', '--operator', '0.59.0'], crane);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(artifact('images', folder)['digest']).toBe(digests.image);
    expect(artifact('charts', folder)['digest']).toBe(digests.chart);
    expect(readFile(folder, 'platform.lock.yaml')).toContain(
      `resolvedFrom: ${MANIFESTS_REPOSITORY}:v0.59.0@${digests.manifests}`,
    );
    const after = snapshotFolder(folder);
    const again = await runUpgrade(['--dir', folder, '--flux', '2.9.5', '--operator', '0.59.0'], crane);
    expect(again.out).toBe('Nothing to do: Flux 2.9.5, Flux Operator 0.59.0, and the lock has all that is asked for.\n');
    expect(snapshotFolder(folder)).toEqual(after);
  });

  it('is asked for where supplyChain.registries says', async () => {
    const folder = await classicFolder();
    fs.appendFileSync(
      path.join(folder, 'platform.yaml'),
      'supplyChain: { registries: { ghcr.io: registry.example.com/ghcr } }\n',
    );
    const crane = new StandInCrane();
    const digest = crane.publish('registry.example.com/ghcr/controlplaneio-fluxcd/flux-operator:v0.45.1');
    crane.publish('registry.example.com/ghcr/controlplaneio-fluxcd/charts/flux-operator:0.45.1');
    expect((await runUpgrade(['--dir', folder], crane)).code).toBe(0);
    expect(artifact('images', folder)).toMatchObject({ upstream: OPERATOR_IMAGE, digest });
    expect(crane.calls.every((call) => call.includes('registry.example.com/ghcr/'))).toBe(true);
  });

  it('forbids an upgrade to an operator that is not published', async () => {
    const folder = await classicFolder();
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--operator', '0.99.0'], new StandInCrane());
    expect(code).toBe(1);
    expect(err).toContain(`there is no ${OPERATOR_IMAGE}:v0.99.0`);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('forbids everything when a tag was moved, with both digests', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    const first = publishOperator(crane, '0.45.1').image;
    await runUpgrade(['--dir', folder], crane);
    const second = crane.publish(`${OPERATOR_IMAGE}:v0.45.1`, { schemaVersion: 2, config: 'another' });
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder], crane);
    expect(code).toBe(1);
    expect(err).toMatch(
      new RegExp(
        `platform\\.lock\\.yaml:\\d+:13 error: ${OPERATOR_IMAGE}:v0\\.45\\.1 was resolved to '${first}', but upstream it is now '${second}'`,
      ),
    );
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('may be gone: what is resolved is kept, and a note says so', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    publishOperator(crane, '0.45.1');
    await runUpgrade(['--dir', folder], crane);
    const before = snapshotFolder(folder);
    const { code, out } = await runUpgrade(['--dir', folder], new StandInCrane());
    expect(code).toBe(0);
    expect(out).toContain(`${OPERATOR_IMAGE}:v0.45.1 is no longer upstream; its digest is kept`);
    expect(snapshotFolder(folder)).toEqual(before);
  });
});

describe('a registry that cannot be reached', () => {
  const unreachable = (crane: StandInCrane): void => {
    for (const reference of [`${OPERATOR_IMAGE}:v0.45.1`, `${OPERATOR_CHART}:0.45.1`, `${MANIFESTS_REPOSITORY}:v0.45.1`])
      crane.answer(`manifest ${reference}`, {
        error: `Error: Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host`,
      });
  };

  it('leaves unresolved what is unresolved, says why and what to do, and changes nothing', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    unreachable(crane);
    const before = snapshotFolder(folder);
    const { code, out } = await runUpgrade(['--dir', folder], crane);
    expect(code).toBe(0);
    expect(out).toContain('Nothing to do: Flux 2.8.3, Flux Operator 0.45.1, but see the notes.');
    expect(out).toContain(`'images.flux-operator' has no digest: ghcr.io did not answer for ${OPERATOR_IMAGE}`);
    expect(out).toContain('no such host');
    expect(out).toContain("say under 'supplyChain.registries' of platform.yaml where ghcr.io is reached from here");
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('does not keep what is resolved from being kept', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    publishOperator(crane, '0.45.1');
    await runUpgrade(['--dir', folder], crane);
    unreachable(crane);
    const { out, code } = await runUpgrade(['--dir', folder], crane);
    expect(code).toBe(0);
    expect(out).toContain('Nothing to do');
    expect(out).not.toContain('has no digest');
  });

  it.each([
    [
      'unreachable',
      (crane: StandInCrane) => {
        unreachable(crane);
      },
      'ghcr.io did not answer',
    ],
    ['without crane', undefined, 'crane is not installed'],
  ])('forbids a version of Flux whose images are not known: %s', async (_what, prepare, expected) => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    prepare?.(crane);
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--flux', '2.9.5'], prepare === undefined ? {} : crane);
    expect(code).toBe(1);
    expect(err).toContain(`the images of Flux 2.9.5 are not known: ${expected}`);
    expect(err).toContain('--manifests DIR');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('is not asked for every image anew', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    unreachable(crane);
    const references = Array.from({ length: 20 }, (_, index) => `ghcr.io/acme/app-${index}:1.0.0`);
    for (const reference of references) crane.answer(`manifest ${reference}`, { error: 'Error: dial tcp: i/o timeout' });
    fs.appendFileSync(path.join(folder, 'systems/payments.yaml'), `mirror: [${references.join(', ')}]\n`);
    const { code, out } = await runUpgrade(['--dir', folder], crane);
    expect(code).toBe(0);
    expect(out.match(/has no digest/g)).toHaveLength(22);
    expect(crane.calls.length).toBeLessThan(8);
  });
});

describe('an artifact that is not what its digest says', () => {
  const tampered: readonly (readonly [string, (crane: StandInCrane) => void, string])[] = [
    [
      'another content',
      (crane) => {
        const digest = `sha256:${'1'.repeat(64)}`;
        crane.publish(`${MANIFESTS_REPOSITORY}:v0.45.1`, { schemaVersion: 2, layers: [{ mediaType: 'x', digest, size: 3 }] });
        crane.answer(`blob ${MANIFESTS_REPOSITORY}@${digest}`, { base64: 'YWJj' });
      },
      'found sha256:ba7816bf',
    ],
    [
      'two layers',
      (crane) => {
        crane.publish(`${MANIFESTS_REPOSITORY}:v0.45.1`, { schemaVersion: 2, layers: [{}, {}] });
      },
      'it has 2 layers instead of one',
    ],
    [
      'a page of a proxy',
      (crane) => {
        crane.answer(`manifest ${MANIFESTS_REPOSITORY}:v0.45.1`, { base64: Buffer.from('<html>').toString('base64') });
      },
      'the answer is no manifest',
    ],
  ];
  it.each(tampered)('is refused: %s', async (_what, publish, expected) => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    publishOperator(crane, '0.45.1');
    publish(crane);
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--flux', '2.9.5'], crane);
    expect(code).toBe(1);
    expect(err).toContain(expected);
    expect(snapshotFolder(folder)).toEqual(before);
  });
});

describe('an interruption', () => {
  it('stops a hanging crane, and leaves everything as it was', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    publishOperator(crane, '0.59.0');
    crane.answer(`manifest ${MANIFESTS_REPOSITORY}:v0.59.0`, { hangs: true });
    const before = snapshotFolder(folder);
    const controller = new AbortController();
    const running = runUpgrade(['--dir', folder, '--flux', '2.9.5', '--operator', '0.59.0'], {
      environment: crane.environment,
      signal: controller.signal,
    });
    while (crane.calls.length === 0) await sleep(20);
    controller.abort();
    expect(await running).toEqual({ code: 1, out: '', err: 'Interrupted: nothing was written.\n' });
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('is told to machines too', async () => {
    const folder = await classicFolder();
    const { out, code } = await runUpgrade(['--dir', folder, '--json'], {
      environment: new StandInCrane().environment,
      signal: AbortSignal.abort(),
    });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({ ok: false, interrupted: true, problems: [] });
  });
});

describe('the schemas of the program', () => {
  function program(): string {
    const folder = temporaryFolder();
    writeFile(folder, 'schemas/flux/2.9.5/x.json', '{}');
    writeFile(folder, 'schemas/flux-operator/0.45.1/x.json', '{}');
    return folder;
  }
  async function run(folder: string, request: Partial<UpgradeRequest>): Promise<Upgrade> {
    return upgrade({
      directory: folder,
      environment: {},
      signal: new AbortController().signal,
      allowSkippedMinor: true,
      ...request,
    });
  }

  it('are made from the definitions of the version, without their sentences', async () => {
    const [folder, schemas] = [await classicFolder(), program()];
    const result = await run(folder, { flux: '2.10.0', manifests: MANIFESTS, program: schemas });
    expect(result.problems).toEqual([]);
    const file = 'schemas/flux/2.10.0/source.toolkit.fluxcd.io.json';
    const { provenance, items } = JSON.parse(readFile(schemas, file)) as { provenance: object; items: unknown[] };
    expect(provenance).toMatchObject({ source: '--manifests flux-manifests', reduced: 'structure only, no descriptions' });
    expect(items).toEqual([
      expect.objectContaining({
        metadata: { name: 'examples.source.toolkit.fluxcd.io' },
        spec: expect.objectContaining({
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  properties: {
                    spec: {
                      type: 'object',
                      properties: { interval: { type: 'string', pattern: '^[0-9]+m$' } },
                      'x-kubernetes-validations': [{ rule: 'has(self.interval)' }],
                    },
                    status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
              },
            },
          ],
        }) as object,
      }),
    ]);
    expect(changedPaths({}, snapshotFolder(schemas))).toContain(file);
  });

  it('are refused when there are none for a new minor version', async () => {
    const [folder, schemas, manifests] = [await classicFolder(), program(), temporaryFolder()];
    fs.cpSync(path.join(MANIFESTS, 'flux-images'), path.join(manifests, 'flux-images'), { recursive: true });
    const before = snapshotFolder(folder);
    const result = await run(folder, { flux: '2.10.0', manifests, program: schemas });
    expect(result.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^there are no schemas for Flux 2\.10\.0: --manifests .* has no definitions of this version$/),
    ]);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('are a note when there are those of a neighbour', async () => {
    const [folder, schemas] = [await classicFolder(), program()];
    const result = await run(folder, { flux: '2.9.4', manifests: MANIFESTS, program: schemas });
    expect(result.problems).toEqual([]);
    expect(result.notes.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('there are no schemas for Flux 2.9.4, so validation uses those of a neighbour'),
    );
  });

  const definition = readFile(MANIFESTS, 'flux/v2.10.0/source-controller.yaml').replaceAll('source.toolkit', 'controlplane');

  it.each([
    ['crds/', { 'flux-operator/crds/crd.yaml': definition }],
    [
      'templates/',
      {
        'flux-operator/templates/crds.yaml': `{{- if .Values.installCRDs }}\n${definition}{{- end }}\n`,
        'flux-operator/templates/deployment.yaml': 'kind: Deployment\nreplicas: {{ .Values.replicas }}\n',
      },
    ],
  ])('of the operator come from its chart: %s', async (_folder, files) => {
    const [folder, schemas, crane] = [await classicFolder(), program(), new StandInCrane()];
    publishOperator(crane, '0.59.0');
    const digest = crane.publishFiles(OPERATOR_CHART, '0.59.0', files, CHART_LAYER);
    fs.mkdirSync(path.join(schemas, 'schemas/flux/2.8.3'));
    const result = await run(folder, { operator: '0.59.0', program: schemas, environment: crane.environment });
    expect(result.problems).toEqual([]);
    const text = readFile(schemas, 'schemas/flux-operator/0.59.0/controlplane.fluxcd.io.json');
    expect((JSON.parse(text) as { provenance: object }).provenance).toMatchObject({
      source: `${OPERATOR_CHART}:0.59.0@${digest}`,
    });
    expect(text).not.toContain('sentence');
  });

  it('of the operator come from a checkout of it', async () => {
    const [folder, schemas, checkout] = [await classicFolder(), program(), temporaryFolder()];
    fs.cpSync(path.join(MANIFESTS, 'flux-images'), path.join(checkout, 'config/data/flux-images'), { recursive: true });
    writeFile(checkout, 'config/crd/bases/a.yaml', definition);
    fs.mkdirSync(path.join(schemas, 'schemas/flux/2.8.3'));
    expect((await run(folder, { operator: '0.59.0', manifests: checkout, program: schemas })).problems).toEqual([]);
    expect(fs.readdirSync(path.join(schemas, 'schemas/flux-operator/0.59.0'))).toEqual(['controlplane.fluxcd.io.json']);
  });

  it('are what `npm run imports` reads, where the platform is the program itself', async () => {
    const folder = await classicFolder();
    fs.cpSync(program(), folder, { recursive: true });
    const before = [
      '# a comment',
      'imports:',
      '  - schemas/flux/2.9.5/source.toolkit.fluxcd.io.json # first',
      '  - schemas/flux/2.9.5/helm.toolkit.fluxcd.io.json',
      '  - schemas/flux-operator/0.59.0/x.json',
      '',
    ].join('\n');
    writeFile(folder, 'cdk8s.yaml', before);
    const result = await run(folder, { flux: '2.10.0', manifests: MANIFESTS, program: folder });
    expect(result.problems).toEqual([]);
    expect(result.importsChange).toBe(true);
    expect(readFile(folder, 'cdk8s.yaml')).toBe(
      before.replace('2.9.5/source', '2.10.0/source').replace('0.59.0/x.json', '0.45.1/x.json'),
    );
  });
});
