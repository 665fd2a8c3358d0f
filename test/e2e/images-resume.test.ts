import { spawn } from 'node:child_process';
import * as path from 'node:path';
import { REPOSITORY } from '../support/platform-folder';
import { startFaultyProxy } from './support/faulty-proxy';
import { KEY_ENVIRONMENT, pointAt, supplyChain } from './support/supply-chain';
import { toolsFolder } from './support/tools';

const RELEASED = /✓ {2}\S+/g;

describe('an interrupted release', () => {
  it('ends in order when it is asked to, and the next one goes on', async () => {
    const chain = await supplyChain();
    const controller = new AbortController();
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    proxy.plan = ({ method, url }) => {
      if (method === 'PUT' && url.includes('/library/redis/')) {
        controller.abort();
        return 'hang';
      }
      return undefined;
    };
    const interrupted = await chain.release([], { signal: controller.signal });
    expect(interrupted.code).toBe(1);
    expect(interrupted.err).toMatch(
      /images of dev error: the work was interrupted before everything was done\n {2}→ Run it again; what is done already is found/,
    );
    expect(interrupted.err).toContain('1 problem.');
    expect(interrupted.out.match(RELEASED)!.length).toBeGreaterThan(0);

    proxy.plan = () => undefined;
    const resumed = await chain.release();
    expect(resumed.code).toBe(0);
    expect(resumed.out.match(RELEASED)).toHaveLength(9);
    expect(resumed.out).toMatch(/source-controller .* present +present/);
  });

  it('goes on after it was killed', async () => {
    // A process of its own has the real clock.
    const chain = await supplyChain({ databaseUpdatedAt: new Date().toISOString() });
    const proxy = await startFaultyProxy(chain.registry.host);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: proxy.host });
    const child = spawn(
      process.execPath,
      [
        path.join(REPOSITORY, 'bin', 'k8s-gitops.js'),
        ...['images', 'release', '--env', 'dev', '--dir', chain.folder, '--concurrency', '2'],
        ...['--key', chain.platform.key, '--public-key', chain.platform.publicKey],
      ],
      {
        env: {
          ...KEY_ENVIRONMENT,
          HOME: chain.folder,
          PATH: [chain.trivy.folder, toolsFolder(), process.env['PATH']].join(path.delimiter),
        },
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => {
      child.once('exit', (_code, signal) => {
        resolve(signal);
      });
    });
    let uploads = 0;
    proxy.plan = ({ method, url }) => {
      // In the middle of the third image: some of its blobs are there, its manifest is not.
      if (method === 'PUT' && url.includes('/manifests/') && !url.includes('.sig') && !url.includes('.att') && ++uploads === 7) {
        child.kill('SIGKILL');
        return 'drop';
      }
      return undefined;
    };
    expect(await ended).toBe('SIGKILL');
    proxy.plan = () => undefined;
    const resumed = await chain.run(
      ['images', 'release', '--env', 'dev', '--key', chain.platform.key, '--public-key', chain.platform.publicKey],
      {
        date: new Date(),
      },
    );
    expect(resumed.err).not.toContain('error:');
    expect(resumed.code).toBe(0);
    expect(resumed.out.match(RELEASED)).toHaveLength(9);
    expect((await chain.run(['images', 'verify', '--env', 'dev', '--public-key', chain.platform.publicKey])).code).toBe(0);
  });
});
