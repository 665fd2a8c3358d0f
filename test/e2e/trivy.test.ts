import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { downloadDatabaseCalls, sbomCall, scanCall, versionCall } from '../../src/images/trivy';
import { parseTrivyState } from '../../src/images/database-age';
import { temporaryFolder } from '../support/platform-folder';

const trivy = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'trivy'))
  .find((file) => fs.existsSync(file));

/** Trivy cannot be built from its Go module; where it is on PATH, what needs no database is compared with it. */
(trivy === undefined ? describe.skip : describe)('the real Trivy (only where it is on PATH)', () => {
  const settings = { loginServer: '127.0.0.1:9', cache: '/cache', platform: 'linux/amd64', timeout: '60s' };

  it('knows every option that is used', () => {
    const help = execFileSync(trivy!, ['image', '--help'], { encoding: 'utf8' });
    const calls = [...downloadDatabaseCalls(settings), scanCall(settings, 'o', 'r'), sbomCall(settings, 'o', 'r')];
    const used = calls.flatMap(({ args }) => args.filter((arg) => arg.startsWith('--')));
    expect(used.filter((option) => !help.includes(option))).toEqual([]);
  });

  it('tells its version in the form that is read', () => {
    const { args } = versionCall({ cache: temporaryFolder() });
    expect(parseTrivyState(execFileSync(trivy!, args, { encoding: 'utf8' }))?.version).toMatch(/^\d+\.\d+\.\d+/);
  });
});
