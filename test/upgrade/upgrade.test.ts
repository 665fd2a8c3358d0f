import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { edit, readFile, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';
import { runCli } from '../support/run-cli';
import { changedPaths, classicFolder, MANIFESTS, runUpgrade } from './run-upgrade';
import { StandInCrane } from './stand-in-crane';

interface Lock {
  readonly flux: Record<string, string>;
  readonly images: Record<string, Record<string, unknown>>;
  readonly charts: Record<string, Record<string, unknown>>;
}
const lockOf = (folder: string): Lock => parse(readFile(folder, 'platform.lock.yaml')) as Lock;
const mirror = (...references: readonly string[]): string =>
  `mirror: [${references.map((reference) => `'${reference}'`).join(', ')}]\n`;

describe('upgrading to a version', () => {
  it.each([
    ['Flux and the operator', ['--flux', '2.9.5', '--operator', '0.59.0']],
    ['Flux alone', ['--flux', '2.9.5']],
  ])('changes model, lock and what is generated: %s', async (_what, versions) => {
    const folder = await classicFolder();
    edit(folder, 'platform.yaml', '  version: 2.8.3\n', "  version:   '2.8.3'   # reviewed by the platform team\n");
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, ...versions]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const after = snapshotFolder(folder);
    const operator = versions.includes('--operator');
    const generated = ['dev', 'experimental', 'prod'].flatMap((environment) =>
      ['flux-instance', ...(operator ? ['flux-operator-values'] : [])].map((file) => `clusters/${environment}/${file}.yaml`),
    );
    expect(changedPaths(before, after)).toEqual([...generated, 'platform.lock.yaml', 'platform.yaml']);
    expect(after['platform.yaml']).toBe(
      before['platform.yaml']!.replace("'2.8.3'", "'2.9.5'").replace(
        'operator: 0.45.1',
        operator ? 'operator: 0.59.0' : 'operator: 0.45.1',
      ),
    );
    expect((await runCli(['synth', '--check', '--dir', folder])).code).toBe(0);
    expect((await runCli(['validate', '--dir', folder])).code).toBe(0);

    const again = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, ...versions]);
    expect(again.code).toBe(0);
    expect(again.out).toContain('Nothing to do');
    expect(snapshotFolder(folder)).toEqual(after);
  });

  it('takes tags and digests of the controllers from the published list, keeps the signers, and says where from', async () => {
    const folder = await classicFolder();
    await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.5', '--operator', '0.59.0']);
    const { flux, images, charts } = lockOf(folder);
    expect(flux).toEqual({
      version: '2.9.5',
      variant: 'upstream-alpine',
      operator: '0.59.0',
      resolvedFrom: expect.stringMatching(
        /^--manifests flux-manifests flux-images\/v2\.9\.5\/upstream-alpine\.yaml@sha256:[a-f0-9]{64}$/,
      ) as string,
    });
    expect(Object.keys(images)).toEqual([
      'flux-operator',
      'source-controller',
      'kustomize-controller',
      'helm-controller',
      'notification-controller',
      'image-reflector-controller',
      'image-automation-controller',
    ]);
    expect(images['helm-controller']).toEqual({
      upstream: 'ghcr.io/fluxcd/helm-controller',
      tag: 'v1.6.4',
      digest: 'sha256:8ff15409e46d354338045f483d58ca9cb35dffa2f87e4addd1f5eba1e6a9175f',
      target: 'fluxcd/helm-controller',
      signer: 'none',
    });
    expect(images['flux-operator']).toMatchObject({ tag: 'v0.59.0', digest: 'unresolved' });
    expect(charts['flux-operator']).toMatchObject({ tag: '0.59.0', digest: 'unresolved' });
  });

  it('tells versions, release notes, what works differently, and what comes next', async () => {
    const folder = await classicFolder();
    const { out } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.5', '--operator', '0.59.0']);
    expect(out).toMatch(/^what +from +to\nFlux +2\.8\.3 +2\.9\.5\nFlux Operator +0\.45\.1 +0\.59\.0\n/);
    expect(out).toContain(
      [
        'Release notes:',
        '  https://github.com/fluxcd/flux2/releases/tag/v2.9.0',
        '  https://github.com/fluxcd/flux2/releases/tag/v2.9.5',
        '  https://github.com/controlplaneio-fluxcd/flux-operator/releases/tag/v0.59.0',
      ].join('\n'),
    );
    expect(out).toContain('a Kustomization with postBuild fails');
    expect(out).toContain("'images.flux-operator' has no digest: crane is not installed");
    expect(out).toContain('Open a pull request into experimental, then from there into dev, then from there into master');
  });

  it('gives machines all of it', async () => {
    const folder = await classicFolder();
    const { out, code } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.5', '--json']);
    const data = JSON.parse(out) as Record<string, unknown[]>;
    expect(code).toBe(0);
    expect(data).toMatchObject({ ok: true, problems: [] });
    expect(data['versions']![0]).toEqual({ what: 'Flux', from: '2.8.3', to: '2.9.5' });
    expect(data['changes']!.slice(0, 2)).toEqual([
      { kind: 'update', path: 'platform.yaml' },
      { kind: 'update', path: 'platform.lock.yaml' },
    ]);
    expect(data['knownChanges']).toHaveLength(2);
    expect(data['notes']!.length).toBeGreaterThan(0);
    expect(data['next']!.length).toBeGreaterThan(0);
  });

  it('says that a folder does not tell which operator carries the version', async () => {
    const folder = await classicFolder();
    const { out } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.5']);
    expect(out).toContain('whether the Flux Operator 0.45.1 carries Flux 2.9.5 cannot be told from a folder');
  });

  it('reads a checkout of the operator too', async () => {
    const folder = await classicFolder();
    const checkout = temporaryFolder();
    fs.cpSync(path.join(MANIFESTS, 'flux-images'), path.join(checkout, 'config/data/flux-images'), { recursive: true });
    const { code } = await runUpgrade(['--dir', folder, '--manifests', checkout, '--flux', '2.9.5']);
    expect(code).toBe(0);
    expect(lockOf(folder).images['helm-controller']).toMatchObject({ tag: 'v1.6.4' });
  });

  it('goes back and leaves out a minor version only when told so', async () => {
    const folder = await classicFolder();
    const versions = ['--dir', folder, '--manifests', MANIFESTS];
    expect((await runUpgrade([...versions, '--flux', '2.9.5'])).code).toBe(0);
    expect((await runUpgrade([...versions, '--flux', '2.8.3'])).code).toBe(1);
    expect((await runUpgrade([...versions, '--flux', '2.8.3', '--allow-downgrade'])).code).toBe(0);
    expect(readFile(folder, 'platform.yaml')).toContain('version: 2.8.3');
  });

  it('brings the lock to a version that somebody wrote into the model by hand', async () => {
    const folder = await classicFolder();
    edit(folder, 'platform.yaml', 'version: 2.8.3', 'version: 2.9.5');
    const { code } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS]);
    expect(code).toBe(0);
    expect(lockOf(folder).flux['version']).toBe('2.9.5');
  });

  it('makes a lock where there is none, with the signers of the publishers', async () => {
    const folder = await classicFolder();
    fs.rmSync(path.join(folder, 'platform.lock.yaml'));
    edit(folder, 'platform.yaml', 'version: 2.8.3', 'version: 2.9.5');
    const { code } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS]);
    expect(code).toBe(0);
    const { images } = lockOf(folder);
    const issuer = 'https://token.actions.githubusercontent.com';
    expect(images['helm-controller']!['signer']).toEqual({ issuer, identity: '^https://github\\.com/fluxcd/.*$' });
    expect(images['flux-operator']!['signer']).toEqual({ issuer, identity: '^https://github\\.com/controlplaneio-fluxcd/.*$' });
  });

  it('changes the variant, with repository and signer', async () => {
    const folder = await classicFolder();
    await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.4']);
    edit(folder, 'platform.yaml', '  version: 2.9.4\n', '  version: 2.9.4\n  variant: enterprise-distroless\n');
    expect((await runUpgrade(['--dir', folder, '--manifests', MANIFESTS])).err).toBe('');
    expect(lockOf(folder).images['source-controller']).toMatchObject({
      upstream: 'ghcr.io/controlplaneio-fluxcd/distroless/source-controller',
      target: 'fluxcd/source-controller',
      signer: { identity: '^https://github\\.com/controlplaneio-fluxcd/.*$' },
    });
    // Enterprise images are rebuilt under their tag for the next version.
    const { out, code } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.5']);
    expect(code).toBe(0);
    expect(out).toContain('digest of image source-controller');
  });

  it('knows no word of a stale copy of the model: problems of the model are told first', async () => {
    const folder = await classicFolder();
    edit(folder, 'platform.yaml', 'tenancy: shared', 'tenancy: none');
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.5']);
    expect(code).toBe(1);
    expect(err).toContain("platform.yaml:9:10 error: 'tenancy' is 'none', not one of shared");
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('does not let removals of systems pass the guard', async () => {
    const folder = await classicFolder();
    fs.appendFileSync(path.join(folder, 'systems/payments.yaml'), 'bearsData: true\n');
    await runCli(['start', '--dir', folder]);
    fs.rmSync(path.join(folder, 'systems/payments.yaml'));
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--flux', '2.9.5']);
    expect(code).toBe(1);
    expect(err).toContain("system 'payments' bears data");
    expect(snapshotFolder(folder)).toEqual(before);
  });
});

describe('a refusal', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'a patch version that is not there',
      ['--flux', '2.9.9'],
      ['Flux 2.9.9 is not in --manifests flux-manifests', 'Of 2.9 there are 2.9.4, 2.9.5.'],
    ],
    [
      'a version that is newer than all',
      ['--flux', '2.11.0', '--allow-skipped-minor'],
      ['There is no 2.11; the newest is 2.10.0. A newer one needs the manifests of a newer operator'],
    ],
    ['a downgrade of Flux', ['--flux', '2.8.1'], ['Flux would go back from 2.8.3 to 2.8.1', '--allow-downgrade']],
    ['a downgrade of the operator', ['--operator', '0.44.0'], ['the Flux Operator would go back from 0.45.1 to 0.44.0']],
    [
      'a skipped minor version',
      ['--flux', '2.10.0'],
      ['platform.yaml:11:12 error: Flux would go from 2.8.3 to 2.10.0 and leave out 2.9', '--allow-skipped-minor'],
    ],
  ];
  it.each(cases)('of %s says why, and writes nothing', async (_what, args, expected) => {
    const folder = await classicFolder();
    const before = snapshotFolder(folder);
    const { code, err, out } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, ...args]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const text of expected) expect(err).toContain(text);
    expect(err).toContain('Nothing was written.');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('of a component that the version does not have', async () => {
    const folder = await classicFolder();
    const manifests = temporaryFolder();
    fs.cpSync(MANIFESTS, manifests, { recursive: true });
    const list = 'flux-images/v2.9.5/upstream-alpine.yaml';
    const text = readFile(manifests, list);
    writeFile(manifests, list, text.slice(0, text.indexOf('  - name: ghcr.io/fluxcd/image-reflector')));
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', manifests, '--flux', '2.9.5']);
    expect(code).toBe(1);
    expect(err).toContain('Flux 2.9.5 (upstream-alpine) has no image-reflector-controller');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it.each([
    [
      'another repository',
      'ghcr.io/fluxcd/helm-controller',
      'ghcr.io/evil/helm-controller',
      "names the image 'ghcr.io/evil/helm-controller'",
    ],
    ['no digest', '    digest: sha256:8ff15409', '    other: sha256:8ff15409', 'is no list of images with tags and digests'],
    ['broken YAML', 'images:', 'images: [', 'is no list of images'],
  ])('of a list with %s', async (_what, from, to, expected) => {
    const folder = await classicFolder();
    const manifests = temporaryFolder();
    fs.cpSync(MANIFESTS, manifests, { recursive: true });
    edit(manifests, 'flux-images/v2.9.5/upstream-alpine.yaml', from, to);
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', manifests, '--flux', '2.9.5']);
    expect(code).toBe(1);
    expect(err).toContain(expected);
  });

  it('of a folder without manifests', async () => {
    const folder = await classicFolder();
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', folder, '--flux', '2.9.5']);
    expect(code).toBe(1);
    expect(err).toContain("has neither 'flux-images' nor 'config/data/flux-images'");
  });

  it('of a tag of a controller that was moved', async () => {
    const folder = await classicFolder();
    edit(folder, 'platform.lock.yaml', 'sha256:b150af0c', 'sha256:000000f0');
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /platform\.lock\.yaml:\d+:13 error: ghcr\.io\/fluxcd\/helm-controller:v1\.5\.3 was resolved to 'sha256:000000f0/,
    );
    expect(err).toContain("but upstream it is now 'sha256:b150af0c");
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('of a version that stands on several lines', async () => {
    const folder = await classicFolder();
    edit(folder, 'platform.yaml', '  repository: k8s-gitops\n', '  repository: &v 2.8.3\n');
    edit(folder, 'platform.yaml', '  version: 2.8.3\n', '  version: *v\n');
    edit(folder, 'platform.yaml', '  operator: 0.45.1\n', '  operator: |-\n    0.45.1\n');
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder, '--manifests', MANIFESTS, '--operator', '0.59.0']);
    expect(code).toBe(1);
    expect(err).toContain("'flux.operator' cannot be set to '0.59.0' without changing something else");
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it.each([
    [['--flux', 'v2.9.5'], "'--flux v2.9.5' is no exact version"],
    [['--flux', '2.9'], "'--flux 2.9' is no exact version"],
    [['--operator', 'latest'], "'--operator latest' is no exact version"],
    [['--tool', 'kubectl'], "'--tool kubectl' is not of the form NAME=VERSION"],
    [['--tool', 'kubctl=1.34.1'], "unknown tool 'kubctl'. Did you mean 'kubectl'?"],
    [['--signer', 'redis=none'], "'--signer redis=none' is not of the form"],
    [['--signer', 'docker.io/library/redis=unresolved'], 'is not of the form'],
    [['--signer', 'docker.io/library/redis=https://x,abc'], 'is not of the form'],
  ])('of the command line %p', async (args, expected) => {
    const { code, err } = await runUpgrade(args);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });
});

describe('what systems mirror', () => {
  it('is resolved when it is new, dropped when nothing asks for it, and kept otherwise', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    const digest = crane.publish('docker.io/library/redis:7.4.1');
    const chart = crane.publish('ghcr.io/acme/charts/redis:1.0.0');
    crane.publish('ghcr.io/controlplaneio-fluxcd/flux-operator:v0.45.1');
    fs.appendFileSync(
      path.join(folder, 'systems/payments.yaml'),
      mirror('docker.io/library/redis:7.4.1', 'oci://ghcr.io/acme/charts/redis:1.0.0'),
    );
    crane.publish('ghcr.io/controlplaneio-fluxcd/charts/flux-operator:0.45.1');
    const { code, err, out } = await runUpgrade(['--dir', folder], crane);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(lockOf(folder).images['docker.io/library/redis:7.4.1']).toEqual({
      upstream: 'docker.io/library/redis',
      tag: '7.4.1',
      digest,
      target: 'library/redis',
      signer: 'unresolved',
    });
    expect(lockOf(folder).charts['ghcr.io/acme/charts/redis:1.0.0']).toMatchObject({
      digest: chart,
      target: 'acme/charts/redis',
    });
    expect(out).toContain('nobody has said who signs docker.io/library/redis');
    expect(out).toContain('npx k8s-gitops upgrade --signer docker.io/library/redis=none');
    expect((await runCli(['start', '--dir', folder])).code).toBe(0);

    const signer = 'ghcr.io/acme/charts/redis=https://token.actions.githubusercontent.com,^https://github\\.com/acme/.*$';
    await runUpgrade(['--dir', folder, '--signer', 'docker.io/library/redis=none', '--signer', signer], crane);
    expect(lockOf(folder).images['docker.io/library/redis:7.4.1']!['signer']).toBe('none');
    expect(lockOf(folder).charts['ghcr.io/acme/charts/redis:1.0.0']!['signer']).toEqual({
      issuer: 'https://token.actions.githubusercontent.com',
      identity: '^https://github\\.com/acme/.*$',
    });

    // A newer tag: the signer and target of the repository stay.
    edit(folder, 'platform.lock.yaml', 'target: library/redis', 'target: third-party/redis');
    edit(folder, 'systems/payments.yaml', 'redis:7.4.1', 'redis:7.4.2');
    const newer = crane.publish('docker.io/library/redis:7.4.2');
    const replaced = await runUpgrade(['--dir', folder], crane);
    expect(replaced.out).toMatch(/image docker\.io\/library\/redis:7\.4\.1 +7\.4\.1 +-/);
    expect(lockOf(folder).images).not.toHaveProperty(['docker.io/library/redis:7.4.1']);
    expect(lockOf(folder).images['docker.io/library/redis:7.4.2']).toMatchObject({
      digest: newer,
      target: 'third-party/redis',
      signer: 'none',
    });
    const before = snapshotFolder(folder);
    const again = await runUpgrade(['--dir', folder], crane);
    expect(again.out).toContain('Nothing to do');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('has the digest that the system declares, without asking', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    const digest = `sha256:${'a'.repeat(64)}`;
    fs.appendFileSync(path.join(folder, 'systems/payments.yaml'), mirror(`docker.io/library/redis:7.4.1@${digest}`));
    crane.publish('ghcr.io/controlplaneio-fluxcd/flux-operator:v0.45.1');
    crane.publish('ghcr.io/controlplaneio-fluxcd/charts/flux-operator:0.45.1');
    expect((await runUpgrade(['--dir', folder], crane)).err).toBe('');
    expect(lockOf(folder).images['docker.io/library/redis:7.4.1']!['digest']).toBe(digest);
    expect(crane.calls.filter((call) => call.includes('redis'))).toEqual([]);
  });

  it('is refused when it does not exist, where it is declared', async () => {
    const folder = await classicFolder();
    const crane = new StandInCrane();
    crane.publish('ghcr.io/controlplaneio-fluxcd/flux-operator:v0.45.1');
    crane.publish('ghcr.io/controlplaneio-fluxcd/charts/flux-operator:0.45.1');
    fs.appendFileSync(path.join(folder, 'systems/payments.yaml'), mirror('docker.io/library/redis:9.9.9'));
    const before = snapshotFolder(folder);
    const { code, err } = await runUpgrade(['--dir', folder], crane);
    expect(code).toBe(1);
    expect(err).toMatch(/systems\/payments\.yaml:\d+:10 error: there is no docker\.io\/library\/redis:9\.9\.9/);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('is nothing that --signer may name otherwise', async () => {
    const folder = await classicFolder();
    const { code, err } = await runUpgrade(['--dir', folder, '--signer', 'docker.io/library/redis=none']);
    expect(code).toBe(1);
    expect(err).toContain("--signer names 'docker.io/library/redis', from which nothing is mirrored");
  });
});
