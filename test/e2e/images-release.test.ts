import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse, stringify } from 'yaml';
import { type LockFile } from '../../src/model';
import { edit, readFile, temporaryFolder, writeFile } from '../support/platform-folder';
import { startFaultyProxy } from './support/faulty-proxy';
import { pushImage } from './support/image-layout';
import { generateKeys, pointAt, signAs, supplyChain, type SupplyChain } from './support/supply-chain';
import { tool } from './support/tools';

const ARTIFACTS = 9;
const digestOf = async (reference: string): Promise<string> => (await tool('crane', ['digest', reference])).trim();
const json = (
  out: string,
): { environments: { images: { name: string; kind: string; ok: boolean; steps: Record<string, { state: string }> }[] }[] } =>
  JSON.parse(out) as never;

describe('images release', () => {
  let chain: SupplyChain;

  beforeEach(async () => {
    chain = await supplyChain();
  });

  it('takes every image, the chart and a third-party image through the chain, and then has nothing to do', async () => {
    const first = await chain.release();
    expect(first.code).toBe(0);
    expect(first.out).toMatch(
      /✓ {2}source-controller +v1\.0\.0 +sha256:[a-f0-9]{12} +verified +clean +copied +attested +signed +verified/,
    );
    expect(first.out).toMatch(
      /✓ {2}flux-operator \(chart\) +0\.59\.0 +sha256:[a-f0-9]{12} +verified +chart +copied +chart +signed +verified/,
    );
    expect(first.out).toMatch(/✓ {2}redis +7\.4\.1 +sha256:[a-f0-9]{12} +unsigned +clean +copied +attested +signed +verified/);
    expect(first.out).toContain(`\n${ARTIFACTS} released.\n`);

    for (const [name, { digest }] of chain.images) {
      const target = name.includes('redis')
        ? 'library/redis:7.4.1'
        : name === 'flux-operator'
          ? 'controlplaneio-fluxcd/flux-operator:v0.59.0'
          : `fluxcd/${name}:v1.0.0`;
      expect(await digestOf(`${chain.registry.host}/${target}`)).toBe(digest);
      const reference = `${chain.registry.host}/${target.split(':')[0]!}@${digest}`;
      const verification = ['--key', chain.platform.publicKey, '--insecure-ignore-tlog=true', '--allow-http-registry'];
      await tool('cosign', ['verify', ...verification, reference]);
      const attestation = await tool('cosign', ['verify-attestation', '--type', 'cyclonedx', ...verification, reference]);
      expect(attestation).toContain('application/vnd.in-toto+json');
    }
    // Both platforms of the index arrived.
    const manifest = await tool('crane', ['manifest', `${chain.registry.host}/fluxcd/source-controller:v1.0.0`]);
    expect((JSON.parse(manifest) as { manifests: object[] }).manifests).toHaveLength(2);
    // Helm reads the chart from there.
    const directory = temporaryFolder();
    const reference = `oci://${chain.registry.host}/controlplaneio-fluxcd/charts/flux-operator`;
    await tool('helm', ['pull', reference, '--version', '0.59.0', '--plain-http'], { directory });
    expect(fs.readdirSync(directory)).toContain('flux-operator-0.59.0.tgz');

    // As a stack pins it: by version and digest. Pushing the tag again does not get another chart installed.
    const chart = `${chain.registry.host}/controlplaneio-fluxcd/charts/flux-operator`;
    const pinned = `oci://${chart}@${(await tool('crane', ['digest', `${chart}:0.59.0`])).trim()}`;
    const again = temporaryFolder();
    await tool('helm', ['pull', pinned, '--version', '0.59.0', '--plain-http'], { directory: again });
    expect(fs.readdirSync(again)).toEqual([expect.stringMatching(/^flux-operator.*\.tgz$/)]);
    const original = (await tool('crane', ['digest', `${chart}:0.59.0`])).trim();
    await tool('crane', ['copy', `${chain.registry.host}/fluxcd/source-controller:v1.0.0`, `${chart}:0.59.0`]);
    await expect(
      tool('helm', ['pull', pinned, '--version', '0.59.0', '--plain-http'], { directory: temporaryFolder() }),
    ).rejects.toThrow(/digest/i);
    await tool('crane', ['tag', `${chart}@${original}`, '0.59.0']);

    const scans = chain.trivy.calls().length;
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: '127.0.0.1:9', registry: proxy.host });
    const second = await chain.release();
    expect({ code: second.code, err: second.err }).toEqual({
      code: 0,
      err: 'tools: crane from PATH, cosign from PATH, trivy from PATH\n',
    });
    expect(second.out).toContain('Everything was there already: nothing to do.');
    expect(chain.trivy.calls()).toHaveLength(scans);
    expect(proxy.requests.filter((request) => !/^(?:GET|HEAD) /.test(request))).toEqual([]);
  });

  it('stops an image with a CRITICAL finding under enforce, while the others finish', async () => {
    chain = await supplyChain({ reports: { 'helm-controller': 'critical.json' } });
    edit(chain.folder, 'platform.yaml', 'branch: dev\n', 'branch: dev\n    scan: enforce\n');
    writeFile(chain.folder, 'in-the-way', '');
    const unwritable = await chain.release([
      '--only',
      'redis',
      '--reports',
      path.join(chain.folder, 'in-the-way', 'x'),
      '--json',
    ]);
    expect(unwritable.code).toBe(1);
    expect(json(unwritable.out).environments[0]!.images).toMatchObject([{ name: 'docker.io/library/redis:7.4.1', ok: true }]);

    const reports = path.join(chain.folder, 'reports');
    const { code, out, err } = await chain.release(['--reports', reports]);
    expect(code).toBe(1);
    expect(out).toMatch(/✗ {2}helm-controller +v1\.0\.0 +sha256:[a-f0-9]{12} +verified +failed: 2 findings +- +- +- +-/);
    expect(out).toMatch(/CRITICAL +CVE-2026-0001 +helm-controller +golang\.org\/x\/net v0\.40\.0 +0\.41\.0 +open/);
    expect(out).toContain(`1 of ${ARTIFACTS} failed; the others went through.`);
    expect(err).toMatch(
      /platform\.lock\.yaml:\d+:\d+ error: image helm-controller: CRITICAL CVE-2026-0001 in golang\.org\/x\/net v0\.40\.0 \(usr\/local\/bin\/controller\), fixed in 0\.41\.0\n {2}→ Upgrade/,
    );
    expect(out.match(/^✓/gm)).toHaveLength(ARTIFACTS - 1);
    await expect(digestOf(`${chain.registry.host}/fluxcd/helm-controller:v1.0.0`)).rejects.toThrow('404');

    const junit = fs.readFileSync(path.join(reports, 'dev.junit.xml'), 'utf8');
    expect(junit).toContain(`<testsuite name="dev" tests="${ARTIFACTS}" failures="1">`);
    expect(junit).toContain('<failure message="image helm-controller: CRITICAL CVE-2026-0001');
    const sarif = JSON.parse(fs.readFileSync(path.join(reports, 'dev.sarif'), 'utf8')) as {
      runs: {
        results: { ruleId: string; level: string; locations: { physicalLocation: { region: { startLine: number } } }[] }[];
      }[];
    };
    const [finding] = sarif.runs[0]!.results;
    expect(finding).toMatchObject({ ruleId: 'CVE-2026-0001', level: 'error' });
    const line = finding!.locations[0]!.physicalLocation.region.startLine;
    expect(readFile(chain.folder, 'platform.lock.yaml').split('\n')[line - 1]).toContain(
      chain.images.get('helm-controller')!.digest,
    );
  });

  it('reports findings under audit, and accepts what the reviewed exceptions name until they expire', async () => {
    chain = await supplyChain({ reports: { 'helm-controller': 'critical.json' } });
    const audited = await chain.release(['--scan-only', '--only', 'helm-controller']);
    expect(audited.code).toBe(0);
    expect(audited.out).toMatch(/HIGH +CVE-2026-0002 +helm-controller +libcrypto3 3\.5\.0-r0 +3\.5\.1-r0 +open/);

    edit(chain.folder, 'platform.yaml', 'branch: dev\n', 'branch: dev\n    scan: enforce\n');
    const exception = (id: string): string =>
      `  - { vulnerability: ${id}, images: [helm-controller], reason: not reachable, owner: platform, expires: 2026-11-30 }\n`;
    writeFile(chain.folder, 'scan-exceptions.yaml', `exceptions:\n${exception('CVE-2026-0001')}${exception('CVE-2026-0002')}`);
    const accepted = await chain.release(['--scan-only', '--only', 'helm-controller']);
    expect(accepted.code).toBe(0);
    expect(accepted.out).toContain('accepted until 2026-11-30 by platform');

    const lastDay = await chain.release(['--scan-only', '--only', 'helm-controller'], { date: new Date('2026-11-30T23:59:59Z') });
    expect(lastDay.code).toBe(1); // The database of 21 November is too old by then.
    expect(lastDay.err).toContain('the vulnerability database is 9 days old');
    chain = await supplyChain({ reports: { 'helm-controller': 'critical.json' }, databaseUpdatedAt: '2026-11-30T23:00:00Z' });
    edit(chain.folder, 'platform.yaml', 'branch: dev\n', 'branch: dev\n    scan: enforce\n');
    writeFile(chain.folder, 'scan-exceptions.yaml', `exceptions:\n${exception('CVE-2026-0001')}${exception('CVE-2026-0002')}`);
    const scan = ['--scan-only', '--only', 'helm-controller'];
    expect((await chain.release(scan, { date: new Date('2026-11-30T23:59:59Z') })).code).toBe(0);
    const expired = await chain.release(scan, { date: new Date('2026-12-01T00:00:00Z') });
    expect(expired.code).toBe(1);
    expect(expired.out).toContain("the exception of CVE-2026-0001 in 'helm-controller' expired on 2026-11-30");
  });

  it('does not take a signature after an audited scan for one after an enforced scan', async () => {
    chain = await supplyChain({ reports: { redis: 'critical.json' } });
    const release = (): ReturnType<SupplyChain['release']> => chain.release(['--only', 'redis', '--only', 'flux-operator']);
    expect((await release()).code).toBe(0);
    expect((await release()).out).toContain('nothing to do');
    edit(chain.folder, 'platform.yaml', 'branch: dev\n', 'branch: dev\n    scan: enforce\n');
    const enforced = await release();
    expect(enforced.code).toBe(1);
    expect(enforced.err).toContain('CRITICAL CVE-2026-0001');
    // The operator has no finding, so it is signed again, this time after an enforced scan; its chart is not scanned.
    expect(enforced.out).toMatch(/✓ {2}flux-operator +\S+ +\S+ +verified +clean +present +present +signed +verified/);
    expect(enforced.out).toMatch(/✓ {2}flux-operator \(chart\) +\S+ +\S+ +present +chart +present +chart +present +present/);
    const verified = await chain.run([
      'images',
      'verify',
      '--env',
      'dev',
      '--only',
      'redis',
      '--public-key',
      chain.platform.publicKey,
    ]);
    expect(verified.code).toBe(1);
    edit(chain.folder, 'platform.yaml', '    scan: enforce\n', '');
    expect((await release()).out).toContain('nothing to do');
  });

  it('releases nothing as a chart, and so without a scan, that is none', async () => {
    const lock = parse(readFile(chain.folder, 'platform.lock.yaml')) as LockFile;
    const name = 'docker.io/library/redis:7.4.1';
    const { [name]: redis, ...images } = lock.images;
    const charts = { ...lock.charts, [name]: redis };
    writeFile(chain.folder, 'platform.lock.yaml', stringify({ ...lock, images, charts }));
    edit(chain.folder, 'systems/cache.yaml', 'docker.io', 'oci://docker.io');
    const { code, err } = await chain.release(['--only', 'redis']);
    expect(code).toBe(1);
    expect(err).toMatch(
      /chart docker\.io\/library\/redis:7\.4\.1: \S+ is no Helm chart, and nothing but a chart is released without a scan/,
    );
    await expect(digestOf(`${chain.registry.host}/library/redis:7.4.1`)).rejects.toThrow();
    await tool('crane', [
      'copy',
      `${chain.upstream.host}/published/library/redis:7.4.1`,
      `${chain.registry.host}/library/redis:7.4.1`,
    ]);
    expect((await chain.release(['--only', 'redis'])).err).toContain('is no Helm chart');
  });

  it('takes what another run, or an answer that was lost, has copied already', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    let lost = 0;
    proxy.lose = ({ method, url }) => method === 'PUT' && url.endsWith('/library/redis/manifests/7.4.1') && ++lost <= 4;
    const { code, out } = await chain.release(['--only', 'redis']);
    expect(out).toMatch(/✓ {2}redis .* copied +attested +signed +verified/);
    expect(code).toBe(0);
    const both = await Promise.all([chain.release(), chain.release()]);
    expect(both.map((result) => result.code)).toEqual([0, 0]);
  });

  it('does not call an image clean that Trivy does not understand', async () => {
    chain = await supplyChain({ reports: { redis: 'nothing-recognized.json' } });
    edit(chain.folder, 'platform.yaml', 'branch: dev\n', 'branch: dev\n    scan: enforce\n');
    const { code, err } = await chain.release(['--only', 'redis']);
    expect(code).toBe(1);
    expect(err).toContain('NOTHING-RECOGNIZED: Trivy recognized neither an operating system nor a language in it');
    const image = 'docker.io/library/redis:7.4.1';
    const rest = 'reason: built from scratch, owner: ada, expires: 2026-12-31';
    writeFile(
      chain.folder,
      'scan-exceptions.yaml',
      `exceptions: [{ vulnerability: NOTHING-RECOGNIZED, images: ['${image}'], ${rest} }]\n`,
    );
    expect((await chain.release(['--only', 'redis'])).code).toBe(0);
  });

  it('finds out that a key is wrong before it has signed anything', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    const run = (key: string, publicKey: string, environment = {}): ReturnType<SupplyChain['run']> =>
      chain.run(['images', 'release', '--env', 'dev', '--key', key, '--public-key', publicKey], { environment });
    const { applications, platform } = chain;
    const mixed = await run(applications.key, platform.publicKey);
    expect(mixed.err).toMatch(
      /cosign\.key error: the public key cosign\.pub does not belong to it\n {2}→ Give the platform key of 'dev'/,
    );
    // Told once, not for each image.
    expect(mixed.err).toContain('1 problem.');
    const locked = await run(platform.key, platform.publicKey, { COSIGN_PASSWORD: undefined });
    expect(locked.err).toContain('needs a password, and COSIGN_PASSWORD is not set');
    const wrong = await run(platform.publicKey, platform.publicKey);
    expect(wrong.err).toContain('is not a private key of cosign');
    expect([mixed.code, locked.code, wrong.code]).toEqual([1, 1, 1]);
    expect(proxy.requests.filter((request) => !/^(?:GET|HEAD) /.test(request))).toEqual([]);
  });

  it('asks cosign for the public key of a key that stands alone', async () => {
    const { key, publicKey } = chain.platform;
    const { code, err } = await chain.run(['images', 'release', '--env', 'dev', '--only', 'source-controller', '--key', key]);
    expect({ code, problems: err.includes('error:') }).toEqual({ code: 0, problems: false });
    const verified = ['images', 'verify', '--env', 'dev', '--only', 'source-controller', '--public-key', publicKey];
    expect((await chain.run(verified)).code).toBe(0);
    expect((await chain.run(['images', 'public-key', '--key', key])).out).toBe(fs.readFileSync(publicKey, 'utf8'));
  });

  it('does not release what its publisher did not sign', async () => {
    const unsigned = await pushImage(`${chain.upstream.host}/published/fluxcd/source-controller:v1.0.0`, 'unsigned');
    const forged = await pushImage(`${chain.upstream.host}/published/fluxcd/helm-controller:v1.0.0`, 'forged');
    await signAs(await generateKeys(), `${chain.upstream.host}/published/fluxcd/helm-controller@${forged.digest}`);
    edit(chain.folder, 'platform.lock.yaml', chain.images.get('source-controller')!.digest, unsigned.digest);
    edit(chain.folder, 'platform.lock.yaml', chain.images.get('helm-controller')!.digest, forged.digest);
    const { code, err, out } = await chain.release();
    expect(code).toBe(1);
    expect(err).toMatch(/image source-controller: \S+ is not signed by whom the lock names: cosign: no signatures found/);
    expect(err).toMatch(/image helm-controller: \S+ is not signed by whom the lock names: cosign: no matching signatures/);
    expect(out).toContain(`2 of ${ARTIFACTS} failed`);
    for (const name of ['source-controller', 'helm-controller']) {
      await expect(digestOf(`${chain.registry.host}/fluxcd/${name}:v1.0.0`)).rejects.toThrow();
    }
  });

  it('never moves a tag that has another digest', async () => {
    const other = await pushImage(`${chain.registry.host}/fluxcd/source-controller:v1.0.0`, 'other');
    const { code, err } = await chain.release(['--only', 'source-controller']);
    expect(code).toBe(1);
    expect(err).toContain(`is something else: expected ${chain.images.get('source-controller')!.digest}, found ${other.digest}`);
    expect(await digestOf(`${chain.registry.host}/fluxcd/source-controller:v1.0.0`)).toBe(other.digest);
  });

  it('stops at a flipped byte in a layer, with the digest expected and found', async () => {
    const { layer } = chain.images.get('source-controller')!;
    const proxy = await startFaultyProxy(chain.upstream.host);
    pointAt(chain.folder, { upstream: proxy.host, registry: chain.registry.host });
    proxy.plan = ({ method, url }) => (method === 'GET' && url.endsWith(`/blobs/${layer}`) ? 'flip' : undefined);
    const { code, err, out } = await chain.release(['--only', 'source-controller', '--only', 'helm-controller']);
    expect(code).toBe(1);
    expect(err).toMatch(
      new RegExp(`image source-controller: mirroring met content that was changed: expected ${layer}, found sha256:[a-f0-9]{64}`),
    );
    expect(out).toMatch(/✓ {2}helm-controller/);
    await expect(digestOf(`${chain.registry.host}/fluxcd/source-controller:v1.0.0`)).rejects.toThrow();
  });

  it('stops at a flipped byte in a manifest', async () => {
    const proxy = await startFaultyProxy(chain.upstream.host);
    pointAt(chain.folder, { upstream: proxy.host, registry: chain.registry.host });
    const { digest } = chain.images.get('redis') ?? chain.images.get('docker.io/library/redis:7.4.1')!;
    proxy.plan = ({ method, url }) => (method === 'GET' && url.endsWith(`/manifests/${digest}`) ? 'flip' : undefined);
    const { code, err } = await chain.release(['--only', 'redis']);
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`image docker\\.io/library/redis:7\\.4\\.1: .*expected ${digest}, found sha256:[a-f0-9]{64}`));
  });

  it('does not believe what a registry says of a digest', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    await pushImage(`${chain.registry.host}/library/redis:7.4.1`, 'other');
    // Claims by header to have another digest than its content has.
    proxy.plan = ({ url }) => (url.includes('/manifests/7.4.1') ? 'lie' : undefined);
    const { code, err } = await chain.release(['--only', 'redis']);
    expect(code).toBe(1);
    expect(err).not.toContain('found sha256:0000');
    expect(err).toContain('is something else: expected');
  });

  it('waits and goes on when a registry throttles or drops connections', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    let faults = 0;
    proxy.plan = ({ method, url }) => {
      if (method === 'GET' && url === '/v2/' && faults < 1) {
        faults++;
        return {
          status: 429,
          headers: { 'retry-after': '1' },
          body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}',
        };
      }
      if (url.includes('/blobs/uploads/') && faults < 3) {
        faults++;
        return 'drop';
      }
      return undefined;
    };
    const { code, out, err } = await chain.release(['--only', 'redis']);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('1 released.');
    expect(faults).toBe(3);
  });

  it('says so when the registry stays overloaded, is full, or does not answer', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    proxy.plan = ({ method }) =>
      method === 'POST'
        ? { status: 507, body: '{"errors":[{"code":"UNKNOWN","message":"no space left on device"}]}' }
        : undefined;
    const full = await chain.release(['--only', 'redis']);
    expect(full.code).toBe(1);
    expect(full.err).toMatch(/mirroring failed: crane: .*no space left on device\n {2}→ Make room in the registry/);

    proxy.plan = () => 'hang';
    const silent = await chain.release(['--only', 'redis', '--timeout', '2']);
    expect(silent.code).toBe(1);
    expect(silent.err).toMatch(
      /looking at \S+ failed: crane: it did not end within 2 s\n {2}→ Run it again; --timeout gives it more time\./,
    );

    proxy.plan = () => ({ status: 401, body: '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}' });
    const refused = await chain.release(['--only', 'redis']);
    expect(refused.err).toContain('→ Sign in: `az acr login --name myorgdev`');
  });

  it('releases nothing that is unresolved, while the others finish', async () => {
    edit(chain.folder, 'platform.lock.yaml', `digest: ${chain.images.get('source-controller')!.digest}`, 'digest: unresolved');
    edit(chain.folder, 'platform.lock.yaml', 'signer: none', 'signer: unresolved');
    const { code, out, err } = await chain.release();
    expect(code).toBe(1);
    expect(err).toMatch(
      /image source-controller: its digest is unresolved, and nothing unresolved is released\n {2}→ Run `npx k8s-gitops upgrade`/,
    );
    expect(err).toMatch(
      /image docker\.io\/library\/redis:7\.4\.1: nobody has said who signs it upstream\n {2}→ .*--signer docker\.io\/library\/redis=none/,
    );
    expect(out).toContain(`2 of ${ARTIFACTS} failed`);
  });

  it('says what it would do, with every command, and writes nothing', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    const { code, out } = await chain.release(['--dry-run', '--only', 'source-controller']);
    expect(code).toBe(0);
    const { digest } = chain.images.get('source-controller')!;
    expect(out).toMatch(/source-controller +v1\.0\.0 +sha256:[a-f0-9]{12} +planned +planned +planned +planned +planned +planned/);
    expect(out).toContain(
      `  crane copy --no-clobber ${chain.upstream.host}/published/fluxcd/source-controller@${digest} ${proxy.host}/fluxcd/source-controller:v1.0.0\n`,
    );
    expect(out).toContain(
      `  cosign sign --key ${chain.platform.key} --tlog-upload=false --yes --annotations repository=fluxcd/source-controller --annotations scan=audit --annotations platform=linux/amd64 --allow-http-registry ${proxy.host}/fluxcd/source-controller@${digest}\n`,
    );
    expect(proxy.requests.filter((request) => !/^(?:GET|HEAD) /.test(request))).toEqual([]);
    expect(chain.trivy.calls()).toEqual([]);
  });

  it('only verifies and scans on a pull request, without a key', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    const { code, out } = await chain.run(['images', 'release', '--env', 'dev', '--scan-only']);
    expect(code).toBe(0);
    expect(out).toContain(`${ARTIFACTS} looked at; nothing was written.`);
    expect(proxy.requests).toEqual([]);
  });

  it('keeps the password of the key to cosign', async () => {
    const environment = {
      COSIGN_PASSWORD: 'wrong-password-of-the-key',
      // Would look for signatures elsewhere, and ignore findings.
      COSIGN_REPOSITORY: 'registry.example.com/elsewhere',
      COSIGN_CHECK_CLAIMS: 'false',
      TRIVY_IGNOREFILE: '/tmp/ignore-everything',
      TRIVY_USERNAME: 'reader',
    };
    const { code, out, err } = await chain.release(['--only', 'redis'], { environment });
    expect(code).toBe(1);
    expect(err).toContain('→ Set COSIGN_PASSWORD to the password of the key file.');
    expect(out + err).not.toContain('wrong-password');
    expect((await chain.release(['--only', 'redis', '--scan-only'], { environment })).code).toBe(0);
    const seen = chain.trivy.lastEnvironment();
    expect(seen).toMatchObject({ TRIVY_USERNAME: 'reader' });
    expect(Object.keys(seen)).not.toContain('COSIGN_PASSWORD');
    expect(Object.keys(seen)).not.toContain('TRIVY_IGNOREFILE');
    expect(chain.trivy.calls().flat().join(' ')).not.toContain('password');
  });

  it('prints data for machines', async () => {
    const { out, err } = await chain.release(['--json']);
    expect(err).toBe('');
    const { images } = json(out).environments[0]!;
    expect(images).toHaveLength(ARTIFACTS);
    expect(images.every(({ ok, steps }) => ok && steps['verify']!.state === 'done')).toBe(true);
  });
});
