import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { onCleanup } from '../support/cleanup';
import { REPOSITORY, temporaryFolder } from '../support/platform-folder';

/** Signs in to a registry in a process of its own, says so, and stays. */
const PROGRAM = `
require('tsx/cjs');
const { liveEffects } = require('./infra/live-effects.ts');
const effects = liveEffects(process.argv[1], { name: 'dev' }, {});
effects
  .signInToRegistry({ name: 'myorgdev', loginServer: 'myorgdev.azurecr.io', subscriptionId: '33333333-3333-4333-8333-333333333301' })
  .then(() => console.log('signed in'));
setInterval(() => undefined, 1000);
`;

describe('credentials of the registry', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('are gone when the run is ended by %s', async (signal) => {
    const folder = temporaryFolder();
    const bin = temporaryFolder();
    const answer = JSON.stringify({ accessToken: 'token', loginServer: 'myorgdev.azurecr.io' });
    fs.writeFileSync(path.join(bin, 'az'), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
    const child = spawn(process.execPath, ['-e', PROGRAM, folder], {
      cwd: REPOSITORY,
      env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onCleanup(() => {
      child.kill('SIGKILL');
    });
    const file = path.join(folder, '.registry-credentials', 'dev', 'config.json');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    const ended = new Promise((resolve) =>
      child.once('exit', (_code, by) => {
        resolve(by);
      }),
    );
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(fs.existsSync(file)).toBe(false);
  });
});
