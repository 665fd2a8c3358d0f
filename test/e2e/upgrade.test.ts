import * as fs from 'node:fs';
import * as path from 'node:path';
import * as tar from 'tar';
import { parse } from 'yaml';
import { type LockFile } from '../../src/model';
import {
  edit,
  FIXTURES,
  readFile,
  snapshotFolder,
  temporaryFolder,
  wholePlatformFolder,
  writeFile,
} from '../support/platform-folder';
import { runCli, type CliResult } from '../support/run-cli';
import { startFaultyProxy } from './support/faulty-proxy';
import { pushArtifact, pushImage } from './support/image-layout';
import { startRegistry } from './support/registry';
import { pushChart } from './support/supply-chain';
import { tool, toolsFolder } from './support/tools';

const MANIFESTS = path.join(FIXTURES, 'flux-manifests');

describe('upgrade, with the real crane', () => {
  it('reads what the operator publishes, resolves every digest, and notices a tag that was moved and a flipped byte', async () => {
    const registry = await startRegistry();
    const proxy = await startFaultyProxy(registry.host);
    const at = (repository: string): string => `${registry.host}/controlplaneio-fluxcd/${repository}`;
    const archive = path.join(temporaryFolder(), 'manifests.tgz');
    await tar.create({ gzip: true, portable: true, file: archive, cwd: MANIFESTS }, ['flux', 'flux-images']);
    const content = fs.readFileSync(archive);
    const manifests = await pushArtifact(`${at('flux-operator-manifests')}:v0.59.0`, content);
    await tool('crane', ['tag', `${at('flux-operator-manifests')}:v0.59.0`, 'v0.60.0']);
    const operator = await pushImage(`${at('flux-operator')}:v0.59.0`, 'operator');
    const chart = await pushChart(at('charts').replace(/\/$/, ''), '0.59.0');
    const redis = await pushImage(`${registry.host}/library/redis:7.4.1`, 'redis');

    const folder = wholePlatformFolder('classic');
    const run = (...args: readonly string[]): Promise<CliResult> =>
      runCli([...args, '--dir', folder], { environment: { PATH: toolsFolder(), HOME: folder } });
    edit(
      folder,
      'platform.yaml',
      'flux:\n',
      `supplyChain:\n  registries: { ghcr.io: '${proxy.host}', docker.io: '${proxy.host}' }\nflux:\n`,
    );
    expect((await run('start')).code).toBe(0);

    const checked = await run('upgrade', '--check');
    expect(checked.code).toBe(0);
    expect(checked.out).toMatch(/Flux Operator +0\.45\.1 +0\.60\.0/);

    const before = snapshotFolder(folder);
    const upgraded = await run('upgrade', '--flux', '2.9.5', '--operator', '0.59.0');
    expect({ code: upgraded.code, err: upgraded.err }).toEqual({ code: 0, err: '' });
    const lock = parse(readFile(folder, 'platform.lock.yaml')) as LockFile;
    expect(lock.flux.resolvedFrom).toBe(`ghcr.io/controlplaneio-fluxcd/flux-operator-manifests:v0.59.0@${manifests}`);
    expect(lock.images['flux-operator']).toMatchObject({ tag: 'v0.59.0', digest: operator.digest });
    expect(lock.charts['flux-operator']).toMatchObject({ tag: '0.59.0', digest: chart });
    const after = snapshotFolder(folder);
    const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
    expect(changed.filter((file) => !file.startsWith('clusters/'))).toEqual(['platform.lock.yaml', 'platform.yaml']);
    expect((await run('start')).code).toBe(0);

    // A system that mirrors something new.
    writeFile(folder, 'systems/cache.yaml', 'pattern: A\nteam: platform\nmirror: ["docker.io/library/redis:7.4.1"]\n');
    expect((await run('start')).err).toContain('→ Run `npx k8s-gitops upgrade`');
    const mirrored = await run('upgrade', '--signer', 'docker.io/library/redis=none');
    expect(mirrored.code).toBe(0);
    expect((parse(readFile(folder, 'platform.lock.yaml')) as LockFile).images['docker.io/library/redis:7.4.1']).toEqual({
      upstream: 'docker.io/library/redis',
      tag: '7.4.1',
      digest: redis.digest,
      target: 'library/redis',
      signer: 'none',
    });

    const settled = snapshotFolder(folder);
    const idle = await run('upgrade');
    expect(idle.out).toContain('Nothing to do');
    const moved = await pushImage(`${at('flux-operator')}:v0.59.0`, 'moved');
    const refused = await run('upgrade');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(operator.digest);
    expect(refused.err).toContain(moved.digest);
    expect(snapshotFolder(folder)).toEqual(settled);

    proxy.plan = ({ method, url }) => (method === 'GET' && url.includes('flux-operator-manifests/blobs/') ? 'flip' : undefined);
    await tool('crane', ['tag', `${at('flux-operator')}@${operator.digest}`, 'v0.59.0']);
    const flipped = await run('upgrade', '--flux', '2.10.0');
    expect(flipped.code).toBe(1);
    expect(flipped.err).toMatch(
      /flux-operator-manifests\S* cannot be used: expected sha256:[a-f0-9]{64}, found sha256:[a-f0-9]{64}/,
    );
    expect(snapshotFolder(folder)).toEqual(settled);
  });
});
