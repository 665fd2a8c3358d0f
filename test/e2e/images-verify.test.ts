import { startFaultyProxy } from './support/faulty-proxy';
import { pushImage } from './support/image-layout';
import {
  generateKeys,
  KEY_ENVIRONMENT,
  keyOptions,
  pointAt,
  signAs,
  supplyChain,
  type KeyPair,
  type SupplyChain,
} from './support/supply-chain';
import { tool } from './support/tools';

const verify = (chain: SupplyChain, ...accepted: readonly KeyPair[]): ReturnType<SupplyChain['run']> =>
  chain.run(['images', 'verify', '--env', 'dev', ...keyOptions(accepted)]);

describe('images verify', () => {
  let chain: SupplyChain;

  beforeAll(async () => {
    chain = await supplyChain();
    expect((await chain.release()).code).toBe(0);
  });

  beforeEach(() => {
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: chain.registry.host });
  });

  it('reads everything and finds it as the lock says', async () => {
    const { code, out } = await verify(chain, chain.platform);
    expect(code).toBe(0);
    // An index, two manifests, two configs, two layers.
    expect(out).toMatch(/✓ {2}source-controller +v1\.0\.0 +sha256:[a-f0-9]{12} +7 +current key/);
    expect(out).toMatch(/✓ {2}flux-operator \(chart\) +0\.59\.0 +sha256:[a-f0-9]{12} +3 +current key/);
    expect(out).toContain('All 9 are what platform.lock.yaml says, and signed.');
  });

  it('finds a flipped byte anywhere, with the digest expected and found', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    const { digest, layer } = chain.images.get('source-controller')!;
    const index = JSON.parse(await tool('crane', ['manifest', `${chain.registry.host}/fluxcd/source-controller@${digest}`])) as {
      manifests: { digest: string }[];
    };
    const child = index.manifests[1]!.digest;
    for (const [place, expected] of [
      ['/manifests/v1.0.0', digest],
      [`/manifests/${child}`, child],
      [`/blobs/${layer}`, layer],
    ] as const) {
      proxy.plan = ({ method, url }) =>
        method === 'GET' && url.endsWith(`/fluxcd/source-controller${place}`) ? 'flip' : undefined;
      const { code, out, err } = await verify(chain, chain.platform);
      expect(code).toBe(1);
      expect(err).toMatch(
        new RegExp(`image source-controller: .*expected ${expected}, found sha256:[a-f0-9]{64}\n {2}→ .*never set the lock`),
      );
      expect(out).toContain('1 of 9 are not what platform.lock.yaml says, or not signed.');
      proxy.plan = () => undefined;
    }
  });

  it('refuses the wrong key of the two, no signature, and a moved tag', async () => {
    const other = await supplyChain();
    expect((await other.release(['--only', 'redis', '--only', 'flux-operator'])).code).toBe(0);
    const at = (name: string): string => `${other.registry.host}/fluxcd/${name}`;
    const upstream = (name: string): string =>
      `${other.upstream.host}/published/fluxcd/${name}@${other.images.get(name)!.digest}`;
    // Copied by hand: one signed with the key of applications, one not at all.
    for (const name of ['source-controller', 'helm-controller'])
      await tool('crane', ['copy', upstream(name), `${at(name)}:v1.0.0`]);
    await signAs(other.applications, `${at('source-controller')}@${other.images.get('source-controller')!.digest}`);
    // Another image under the tag.
    const moved = await pushImage(`${at('kustomize-controller')}:v1.0.0`, 'moved');
    const { code, err, out } = await verify(other, other.platform);
    expect(code).toBe(1);
    expect(err).toMatch(/image source-controller: no accepted key has signed \S+: cosign: no matching signatures/);
    expect(err).toMatch(/image helm-controller: no accepted key has signed \S+: cosign: no signatures found/);
    expect(err).toContain(`expected ${other.images.get('kustomize-controller')!.digest}, found ${moved.digest}`);
    expect(err).toMatch(
      /image notification-controller: the registry does not have \S+\n {2}→ Run `npx k8s-gitops images release --env dev`/,
    );
    expect(out).toMatch(/✓ {2}redis /);
    // A release does not take the foreign signature for its own.
    const released = await other.release(['--only', 'source-controller']);
    expect(released.out).toMatch(/✓ {2}source-controller +\S+ +\S+ +verified +clean +present +attested +signed +verified/);
  });

  it('follows the rotation of the key: both live, everything signed again, the earlier one retired', async () => {
    const next = await generateKeys();
    const bothLive = await verify(chain, next, chain.platform);
    expect(bothLive.code).toBe(0);
    expect(bothLive.out).toMatch(/source-controller +v1\.0\.0 +\S+ +7 +earlier key/);
    expect(bothLive.out).toContain('image source-controller: only an earlier key has signed');

    const tooEarly = await verify(chain, next);
    expect(tooEarly.code).toBe(1);
    expect(tooEarly.out).toContain('9 of 9 are not');

    pointAt(chain.folder, { upstream: '127.0.0.1:9', registry: chain.registry.host });
    const rotation = ['images', 'release', '--env', 'dev', ...keyOptions([next, chain.platform], { sign: true })];
    const withoutTrivy = await chain.run(rotation, { path: '/nowhere' });
    expect(withoutTrivy.code).toBe(1);
    expect(withoutTrivy.err).toContain('trivy error: is neither installed nor on PATH');
    const rotated = await chain.run(rotation);
    // What the earlier key vouches for need not be there upstream any more.
    expect(rotated.out).toMatch(/✓ {2}source-controller +\S+ +\S+ +present +present +present +attested +signed +verified/);

    const retired = await verify(chain, next);
    expect({ code: retired.code, current: retired.out.match(/current key/g)?.length }).toEqual({ code: 0, current: 9 });
    // Who still holds the earlier key only sees it too, until it is retired everywhere.
    expect((await verify(chain, chain.platform)).code).toBe(0);
  });

  it('does not call a download that stopped half way a change', async () => {
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    proxy.plan = ({ url }) => (url.includes('/library/redis/blobs/') ? 'half' : undefined);
    const { code, err } = await chain.run([
      'images',
      'verify',
      '--env',
      'dev',
      '--only',
      'redis',
      '--public-key',
      chain.platform.publicKey,
      '--timeout',
      '3',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('it did not end within 3 s');
    expect(err).not.toContain('was changed');
  });

  it('does not take a signature that was made for another repository', async () => {
    const other = await supplyChain();
    const at = (repository: string): string => `${other.registry.host}/${repository}`;
    const source = `${other.upstream.host}/published/fluxcd/source-controller`;
    const { digest } = other.images.get('source-controller')!;
    await tool('crane', ['copy', `${source}@${digest}`, `${at('shop/web')}:1`]);
    // The platform's key, taken by mistake where that of applications belongs.
    const { key, publicKey } = other.platform;
    const keys = ['--key', key, '--public-key', publicKey];
    expect((await other.run(['images', 'sign', `${at('shop/web')}:1@${digest}`, '--env', 'dev', ...keys])).code).toBe(0);
    await tool('crane', ['copy', `${at('shop/web')}:1`, `${at('fluxcd/source-controller')}:v1.0.0`]);
    for (const suffix of ['sig', 'att']) {
      const tag = `${digest.replace(':', '-')}.${suffix}`;
      await tool('crane', ['copy', `${at('shop/web')}:${tag}`, `${at('fluxcd/source-controller')}:${tag}`]);
    }
    const verified = await other.run([
      'images',
      'verify',
      '--env',
      'dev',
      '--only',
      'source-controller',
      '--public-key',
      publicKey,
    ]);
    expect(verified.err).toContain('no accepted key has signed');
    const released = await other.release(['--only', 'source-controller']);
    expect(released.out).toMatch(/✓ {2}source-controller +\S+ +\S+ +verified +clean +present +present +signed +verified/);
  });

  it('is not misled by a variable that switches the check of claims off, or looks for signatures elsewhere', async () => {
    const other = await supplyChain();
    expect((await other.release(['--only', 'source-controller'])).code).toBe(0);
    // An image that was never released, with the signature and attestation of another one.
    const at = (repository: string): string => `${other.registry.host}/${repository}`;
    const redis = other.images.get('docker.io/library/redis:7.4.1')!.digest;
    await tool('crane', ['copy', `${other.upstream.host}/published/library/redis@${redis}`, `${at('library/redis')}:7.4.1`]);
    const { digest } = other.images.get('source-controller')!;
    for (const suffix of ['sig', 'att']) {
      const from = `${at('fluxcd/source-controller')}:${digest.replace(':', '-')}.${suffix}`;
      await tool('crane', ['copy', from, `${at('library/redis')}:${redis.replace(':', '-')}.${suffix}`]);
    }
    const environment = { COSIGN_CHECK_CLAIMS: 'false', COSIGN_REPOSITORY: at('fluxcd/source-controller') };
    const { code, err } = await other.run(
      ['images', 'verify', '--env', 'dev', '--only', 'redis', '--public-key', other.platform.publicKey],
      {
        environment,
      },
    );
    expect(code).toBe(1);
    expect(err).toMatch(/image docker\.io\/library\/redis:7\.4\.1: no accepted key has signed/);
  });

  it('needs a tool that it can trust to mean what it says', async () => {
    expect(Object.keys(KEY_ENVIRONMENT)).toEqual(['COSIGN_PASSWORD']);
    const { code, err } = await chain.run(['images', 'verify', '--env', 'dev', '--public-key', chain.platform.publicKey], {
      environment: { PATH: '/nowhere' },
    });
    expect(code).toBe(1);
    expect(err).toContain('crane error: is neither installed nor on PATH\n  → Run `npx k8s-gitops tools install crane`.');
    expect(err).toContain('cosign error: is neither installed nor on PATH');
  });
});
