import { startFaultyProxy } from './support/faulty-proxy';
import { pushImage } from './support/image-layout';
import { pointAt, supplyChain, type SupplyChain } from './support/supply-chain';
import { tool } from './support/tools';

describe('images databases', () => {
  let chain: SupplyChain;
  const publish = async (seed: string): Promise<void> => {
    await pushImage(`${chain.upstream.host}/published/aquasecurity/trivy-db:2`, `database ${seed}`);
    await pushImage(`${chain.upstream.host}/published/aquasecurity/trivy-java-db:1`, `java ${seed}`);
  };
  const digest = async (reference: string): Promise<string> => (await tool('crane', ['digest', reference])).trim();

  beforeEach(async () => {
    chain = await supplyChain();
    await publish('monday');
  });

  it('copies them, has nothing to do, and follows the tag when it moves', async () => {
    const first = await chain.run(['images', 'databases', '--env', 'dev']);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/✓ {2}trivy-db +127\.0\.0\.1:\d+\/trivy\/trivy-db:2 +sha256:[a-f0-9]{12} +copied/);
    const second = await chain.run(['images', 'databases', '--env', 'dev']);
    expect(second.out).toMatch(/trivy-java-db .* present/);
    await publish('tuesday');
    expect((await chain.run(['images', 'databases', '--env', 'dev'])).out).toMatch(/trivy-db .* copied/);
    expect(await digest(`${chain.registry.host}/trivy/trivy-db:2`)).toBe(
      await digest(`${chain.upstream.host}/published/aquasecurity/trivy-db:2`),
    );
  });

  it('tells which of the two could not be had', async () => {
    const proxy = await startFaultyProxy(chain.upstream.host);
    pointAt(chain.folder, { upstream: proxy.host, registry: chain.registry.host });
    proxy.plan = ({ url }) =>
      url.includes('java') ? { status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"?"}]}' } : undefined;
    const { code, out, err } = await chain.run(['images', 'databases', '--env', 'dev']);
    expect(code).toBe(1);
    expect(out).toMatch(/✓ {2}trivy-db /);
    expect(err).toMatch(/trivy\/trivy-java-db:1 error: trivy-java-db cannot be read: there is no \S+trivy-java-db:1\n/);
  });

  it('is what a scan asks for when they are missing or too old', async () => {
    const missing = await supplyChain({ databaseError: 'failed to download vulnerability DB: MANIFEST_UNKNOWN' });
    const unscanned = await missing.release(['--only', 'redis']);
    expect(unscanned.code).toBe(1);
    expect(unscanned.err).toMatch(
      /the vulnerability databases cannot be had: trivy: .*MANIFEST_UNKNOWN\n {2}→ Run `npx k8s-gitops images databases --env dev`/,
    );
    const old = await supplyChain({ databaseUpdatedAt: '2026-11-18T11:00:00Z' });
    const refused = await old.release(['--only', 'redis', '--only', 'source-controller']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(
      'the vulnerability database is 3 days old (of 2026-11-18T11:00:00.000Z), more than supplyChain.databaseMaxAge allows (72h)',
    );
    // Told once, not for each image.
    expect(refused.err.match(/is 3 days old/g)).toHaveLength(1);
  });
});
