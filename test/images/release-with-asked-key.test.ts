import * as fs from 'node:fs';
import * as path from 'node:path';
import { releaseImages, selectArtifacts, type SessionOptions } from '../../src/images';
import { type Problem } from '../../src/model';
import { loadPlatform } from '../support/load-platform';
import { temporaryFolder, writeFile } from '../support/platform-folder';
import { runCli } from '../support/run-cli';
import { StandInChain, VAULT_KEY } from './stand-in-chain';

const KEY_VAULT_FORBIDS =
  'Error: signing: RESPONSE 403: 403 Forbidden ERROR CODE: Forbidden "innererror": {"code": "ForbiddenByRbac"}';
const REGISTRY_DENIES =
  'Error: GET https://myorgdev.azurecr.io/oauth2/token?scope=repository: unexpected status code 401 Unauthorized';

/** Releases the operator's chart. */
async function release(
  chain: StandInChain,
  options: Partial<SessionOptions> = {},
): Promise<{ readonly problems: readonly Problem[]; readonly told: readonly string[] }> {
  const platform = loadPlatform(chain.folder);
  const environment = platform.environments[0]!;
  const { artifacts } = selectArtifacts(platform, environment, ['flux-operator']);
  const told: string[] = [];
  const outcome = await releaseImages(
    platform,
    environment,
    artifacts.filter(({ kind }) => kind === 'chart'),
    'release',
    {
      environment: { PATH: chain.tools, HOME: chain.folder },
      keys: { key: VAULT_KEY },
      accessIntervalMilliseconds: 1,
      signal: new AbortController().signal,
      today: new Date('2026-11-21T12:00:00Z'),
      tell: (line) => told.push(line),
      ...options,
    },
  );
  const problems = 'results' in outcome ? outcome.results.flatMap((result) => result.problems) : outcome.problems;
  return { problems, told };
}

describe('a release with a key alone', () => {
  it('asks cosign for the public key, and verifies with it', async () => {
    const chain = new StandInChain();
    expect((await release(chain)).problems).toEqual([]);
    expect(chain.calls.find(({ kind }) => kind === 'cosign public-key')?.args).toEqual(['public-key', '--key', VAULT_KEY]);
    expect(chain.count('cosign verify')).toBe(1);
  });

  it('does not ask when the public key is given', async () => {
    const chain = new StandInChain();
    expect((await release(chain, { keys: { key: VAULT_KEY, publicKeys: [chain.publicKey] } })).problems).toEqual([]);
    expect(chain.count('cosign public-key')).toBe(0);
  });

  it('tells why cosign does not answer', async () => {
    const chain = new StandInChain();
    chain.refuse({ 'cosign public-key': { times: 1, says: 'Error: public key: KeyNotFound' } });
    expect((await release(chain)).problems).toEqual([
      {
        location: { file: VAULT_KEY },
        message: 'does not tell its public key: cosign: public key: KeyNotFound',
        remedy: 'Sign in to Azure, and check that you may sign with the keys of my-org-dev.vault.azure.net.',
      },
    ]);
  });

  it('needs its version', async () => {
    const chain = new StandInChain();
    const { problems } = await release(chain, { keys: { key: 'azurekms://my-org-dev.vault.azure.net/platform' } });
    expect(problems.map(({ message }) => message)).toEqual([
      "'azurekms://my-org-dev.vault.azure.net/platform' names no version of a key",
    ]);
    expect(chain.calls).toEqual([]);
  });

  it('in a file asks with the password, and without one says what is missing', async () => {
    const chain = new StandInChain();
    writeFile(chain.folder, 'cosign.key', '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n');
    const key = path.join(chain.folder, 'cosign.key');
    const environment = { PATH: chain.tools, HOME: chain.folder };
    expect((await release(chain, { keys: { key }, environment })).problems).toMatchObject([
      { location: { file: '--public-key' }, message: 'is missing, so no signature could be verified' },
    ]);
    expect((await release(chain, { keys: { key }, environment: { ...environment, COSIGN_PASSWORD: 'x' } })).problems).toEqual([]);
  });

  it('is not begun without cosign', async () => {
    const chain = new StandInChain();
    fs.rmSync(path.join(chain.tools, 'cosign'));
    expect((await release(chain)).problems).toMatchObject([
      { location: { file: 'cosign' }, message: 'is neither installed nor on PATH' },
    ]);
  });
});

describe('waiting for access', () => {
  it.each([
    ['cosign public-key', 'Error: public key: Forbidden'],
    ['cosign sign-blob', KEY_VAULT_FORBIDS],
    ['cosign sign-blob', 'Error: user does not have keys sign permission on key vault'],
    ['cosign sign', KEY_VAULT_FORBIDS],
    ['cosign sign', 'Error: PUT https://myorgdev.azurecr.io/v2/a: DENIED: requested access to the resource is denied'],
    ['crane manifest', REGISTRY_DENIES],
    ['crane copy', REGISTRY_DENIES.replace('401 Unauthorized', '403 Forbidden')],
  ])('goes on once %s is let through after: %s', async (kind, says) => {
    const chain = new StandInChain();
    chain.refuse({ [kind]: { times: 2, says } });
    const { problems, told } = await release(chain, { waitForAccessMilliseconds: 60_000 });
    expect(problems).toEqual([]);
    expect(told.filter((line) => line.includes('access is denied'))).toEqual([
      `access is denied (${kind}); trying again for up to 60 s`,
    ]);
  });

  it('is not done by itself', async () => {
    const chain = new StandInChain();
    chain.refuse({ 'cosign sign-blob': { times: 2, says: KEY_VAULT_FORBIDS } });
    const { problems } = await release(chain);
    expect(problems).toMatchObject([
      {
        location: { file: VAULT_KEY },
        message: expect.stringContaining('does not sign: cosign: signing: RESPONSE 403') as unknown,
      },
    ]);
    expect(chain.count('cosign sign-blob')).toBe(1);
  });

  it('ends with the usual message', async () => {
    const chain = new StandInChain();
    chain.refuse({ 'crane copy': { times: 1_000_000, says: REGISTRY_DENIES } });
    const { problems } = await release(chain, { waitForAccessMilliseconds: 300, accessIntervalMilliseconds: 50 });
    expect(problems).toMatchObject([
      {
        message: expect.stringContaining('mirroring failed: crane: GET https://myorgdev.azurecr.io') as unknown,
        remedy: expect.stringContaining('az acr login') as unknown,
      },
    ]);
    expect(chain.count('crane copy')).toBeGreaterThan(1);
  });

  it.each([
    ['a firewall', 'cosign sign-blob', 'Error: 403 Forbidden "innererror": {"code": "ForbiddenByFirewall"}'],
    ['another registry', 'crane manifest', 'Error: GET https://ghcr.io/token: DENIED: denied'],
    ['a wrong key', 'cosign sign-blob', 'Error: KeyNotFound'],
  ])('is not done for %s', async (_what, kind, says) => {
    const chain = new StandInChain();
    chain.refuse({ [kind]: { times: 1, says } });
    expect((await release(chain, { waitForAccessMilliseconds: 60_000 })).problems).toHaveLength(1);
  });

  it('ends when the work is interrupted', async () => {
    const chain = new StandInChain();
    chain.refuse({ 'cosign sign-blob': { times: 1_000_000, says: KEY_VAULT_FORBIDS } });
    const controller = new AbortController();
    const { problems } = await release(chain, {
      waitForAccessMilliseconds: 3_600_000,
      accessIntervalMilliseconds: 3_600_000,
      signal: controller.signal,
      tell: (line) => {
        if (line.includes('access is denied'))
          setTimeout(() => {
            controller.abort();
          });
      },
    });
    expect(problems).toHaveLength(1);
  });
});

/** The command line that releases the operator's chart. */
const args = (chain: StandInChain): readonly string[] => [
  ...['images', 'release', '--env', 'dev', '--only', 'flux-operator', '--dir', chain.folder, '--key', VAULT_KEY],
];

describe('the command', () => {
  it('waits for access as long as it is told to', async () => {
    const chain = new StandInChain();
    chain.refuse({ 'cosign sign-blob': { times: 1, says: KEY_VAULT_FORBIDS } });
    const { out, err } = await runCli([...args(chain), '--wait-for-access', '1'], { environment: { PATH: chain.tools } });
    expect(err).toContain('… access is denied (cosign sign-blob); trying again for up to 1 s\n');
    expect(out).toMatch(/✓ {2}flux-operator \(chart\) .* signed +verified/);
  });
});

describe('the credentials of registries', () => {
  it('come from the folder that is given, wherever the tools run', async () => {
    const chain = new StandInChain();
    const folder = temporaryFolder();
    writeFile(folder, 'config.json', '{"auths":{}}');
    const relative = path.relative(process.cwd(), folder);
    await runCli([...args(chain), '--docker-config', relative], {
      environment: { PATH: chain.tools, DOCKER_CONFIG: '/elsewhere' },
    });
    expect(new Set(chain.calls.map(({ dockerConfig }) => dockerConfig))).toEqual(new Set([folder]));
  });

  it('have to be there', async () => {
    const chain = new StandInChain();
    const folder = temporaryFolder();
    const { code, err } = await runCli([...args(chain), '--docker-config', folder], { environment: { PATH: chain.tools } });
    expect(code).toBe(1);
    expect(err).toContain(`${path.join(folder, 'config.json')} error: does not exist, but --docker-config names its folder`);
    expect(chain.calls).toEqual([]);
  });
});

describe('images public-key', () => {
  const run = (chain: StandInChain, key: string, ...more: readonly string[]): ReturnType<typeof runCli> =>
    runCli(['images', 'public-key', '--key', key, '--dir', chain.folder, ...more], { environment: { PATH: chain.tools } });

  it('prints the key in PEM form and nothing else', async () => {
    const chain = new StandInChain();
    const pem = fs.readFileSync(chain.publicKey, 'utf8');
    expect(await run(chain, VAULT_KEY)).toEqual({ code: 0, out: pem, err: '' });
    expect(JSON.parse((await run(chain, VAULT_KEY, '--json')).out)).toEqual({ ok: true, problems: [], publicKey: pem });
  });

  it.each([
    ['azurekms://my-org-dev.vault.azure.net/platform', 'names no version of a key'],
    ['gcpkms://x', 'is neither a file nor azurekms://...'],
    ['/nowhere.key', '/nowhere.key error: does not exist'],
  ])('refuses %s', async (key, message) => {
    const { code, out, err } = await run(new StandInChain(), key);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  });

  it('takes the time to wait in whole seconds', async () => {
    const chain = new StandInChain();
    chain.refuse({ 'cosign public-key': { times: 1, says: 'Error: public key: Forbidden' } });
    expect(await run(chain, VAULT_KEY)).toMatchObject({ code: 1, out: '' });
    for (const seconds of ['-1', '1.5', 'x']) {
      expect(await run(chain, VAULT_KEY, '--wait-for-access', seconds)).toMatchObject({ code: 2 });
    }
    expect(await run(chain, VAULT_KEY, '--wait-for-access', '0')).toMatchObject({ code: 0 });
  });
});
