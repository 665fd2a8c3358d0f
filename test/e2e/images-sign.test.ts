import { pushImage } from './support/image-layout';
import { supplyChain, type SupplyChain } from './support/supply-chain';
import { tool } from './support/tools';
import { edit, writeFile } from '../support/platform-folder';

describe('images sign', () => {
  let chain: SupplyChain;
  let image: string;
  const sign = (reference: string, ...args: readonly string[]): ReturnType<SupplyChain['run']> => {
    const { key, publicKey } = chain.applications;
    return chain.run(['images', 'sign', reference, '--env', 'dev', '--key', key, '--public-key', publicKey, ...args]);
  };

  beforeAll(async () => {
    chain = await supplyChain({ reports: { 'web-shop': 'critical.json' } });
    const pushed = await pushImage(`${chain.registry.host}/shop/api:1.8.0`, 'api');
    image = `${chain.registry.host}/shop/api:1.8.0@${pushed.digest}`;
  });

  it("signs an application's image with the key of applications", async () => {
    const { code, out } = await sign(image);
    expect(out).toMatch(/✓ {2}api +1\.8\.0 +sha256:[a-f0-9]{12} +own build +clean +present +attested +signed +verified/);
    expect(code).toBe(0);
    const verify = (publicKey: string): Promise<string> =>
      tool('cosign', ['verify', '--key', publicKey, '--insecure-ignore-tlog=true', '--allow-http-registry', image]);
    await verify(chain.applications.publicKey);
    await expect(verify(chain.platform.publicKey)).rejects.toThrow('no matching signatures');
  });

  it('scans again and signs nothing twice', async () => {
    const { out } = await sign(image);
    expect(out).toMatch(/✓ {2}api +\S+ +\S+ +own build +clean +present +present +present +verified/);
  });

  it('does not sign what has a CRITICAL finding under enforce, unless the team has accepted it for this application', async () => {
    const { digest } = await pushImage(`${chain.registry.host}/shop/web-shop:2`, 'web-shop');
    edit(chain.folder, 'platform.yaml', 'branch: dev\n', 'branch: dev\n    scan: enforce\n');
    const { code, err } = await sign(`${chain.registry.host}/shop/web-shop:2@${digest}`);
    edit(chain.folder, 'platform.yaml', '    scan: enforce\n', '');
    expect(code).toBe(1);
    expect(err).toContain('CRITICAL CVE-2026-0001');
    expect(await tool('crane', ['ls', `${chain.registry.host}/shop/web-shop`])).toBe('2\n');
    const exception = (id: string): string =>
      `  - { vulnerability: ${id}, images: ['{registry}/shop/web-shop'], reason: r, owner: ada, expires: 2026-12-31 }\n`;
    writeFile(chain.folder, 'scan-exceptions.yaml', `exceptions:\n${exception('CVE-2026-0001')}${exception('CVE-2026-0002')}`);
    edit(chain.folder, 'platform.yaml', 'branch: dev\n', 'branch: dev\n    scan: enforce\n');
    expect((await sign(`${chain.registry.host}/shop/web-shop:2@${digest}`)).code).toBe(0);
    edit(chain.folder, 'platform.yaml', '    scan: enforce\n', '');
  });

  it.each([
    ['without a digest', (reference: string) => reference.split('@')[0]!, 1, 'names no digest'],
    ['elsewhere', () => `ghcr.io/shop/api:1@sha256:${'0'.repeat(64)}`, 1, "is not in the registry of 'dev'"],
    [
      'that is not there',
      (reference: string) => `${reference.split('@')[0]!}@sha256:${'0'.repeat(64)}`,
      1,
      'is not in the registry',
    ],
    ['that is no reference', () => 'api', 2, 'is not a valid image or chart reference'],
  ])('refuses an image %s', async (_what, reference, exitCode, message) => {
    const { code, err } = await sign(reference(image));
    expect(err).toContain(message);
    expect(code).toBe(exitCode);
  });

  it("refuses the platform's own repositories", async () => {
    const at = `${chain.registry.host}/fluxcd/anything:1`;
    const { digest } = await pushImage(at, 'anything');
    const { code, err } = await sign(`${at}@${digest}`);
    expect(code).toBe(1);
    expect(err).toContain("'fluxcd/anything' is a repository of the platform, which the key of applications does not sign");
  });
});
