import * as fs from 'node:fs';
import * as path from 'node:path';
import { registryLogin, removeRegistryLogin, type RegistryLoginProps } from '../../src/stacks';
import { temporaryFolder } from '../support/platform-folder';
import { StandInAz, SUBSCRIPTION } from './stand-in-az';

const LOGIN_SERVER = 'myorgdev.azurecr.io';
const TOKEN = ['eyJhbGciOiJub25lIn0', 'eyJzdWIiOiJub2JvZHkifQ', 'c2lnbmF0dXJl'].join('.');
const QUICK = { deadlineMilliseconds: 5000, pauseMilliseconds: 1 };

const registry = (token = TOKEN, loginServer = LOGIN_SERVER): StandInAz =>
  new StandInAz({ registries: { myorgdev: { loginServer, token } } });

const props = (az: StandInAz, more: Partial<RegistryLoginProps> = {}): RegistryLoginProps => ({
  registry: 'myorgdev',
  loginServer: LOGIN_SERVER,
  configFile: path.join(temporaryFolder(), 'login', 'config.json'),
  environment: az.environment,
  patience: QUICK,
  ...more,
});

/** What went wrong, which must hold nothing of the token and leave nothing behind. */
async function problemOf(asked: RegistryLoginProps): Promise<{ message: string; remedy: string }> {
  const problem = await registryLogin(asked);
  if (problem === undefined) throw new Error('nothing went wrong');
  for (const part of TOKEN.split('.')) expect(JSON.stringify(problem)).not.toContain(part);
  const folder = path.dirname(asked.configFile);
  expect(fs.existsSync(folder) ? fs.readdirSync(folder) : []).toEqual([]);
  return problem;
}

describe('signing in to a registry', () => {
  it("writes Docker's format, for nobody else to read", async () => {
    const az = registry();
    const asked = props(az, { subscription: SUBSCRIPTION });
    expect(await registryLogin(asked)).toBeUndefined();
    const config = JSON.parse(fs.readFileSync(asked.configFile, 'utf8')) as { auths: Record<string, { auth: string }> };
    expect(Object.keys(config.auths)).toEqual([LOGIN_SERVER]);
    expect(Buffer.from(config.auths[LOGIN_SERVER]!.auth, 'base64').toString()).toBe(
      `00000000-0000-0000-0000-000000000000:${TOKEN}`,
    );
    expect(fs.statSync(asked.configFile).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.dirname(asked.configFile)).mode & 0o777).toBe(0o700);
    expect(fs.readdirSync(path.dirname(asked.configFile))).toEqual(['config.json']);
    expect(az.calls).toEqual([
      `acr login --name myorgdev --expose-token --subscription ${SUBSCRIPTION} --only-show-errors --output json`,
    ]);
  });

  it('replaces the file of an earlier time', async () => {
    const asked = props(registry());
    expect(await registryLogin(asked)).toBeUndefined();
    expect(await registryLogin({ ...asked, environment: registry('another').environment })).toBeUndefined();
    const { auths } = JSON.parse(fs.readFileSync(asked.configFile, 'utf8')) as { auths: Record<string, { auth: string }> };
    expect(Buffer.from(auths[LOGIN_SERVER]!.auth, 'base64').toString()).toMatch(/:another$/);
  });

  it.each([
    "Access to registry 'myorgdev.azurecr.io' was denied. Response code: 401. Please try running 'az login' again.",
    "Looks like you don't have access to registry 'myorgdev.azurecr.io'. Response code: 403.",
    "Could not connect to the registry login server 'myorgdev.azurecr.io'.",
    "The resource with name 'myorgdev' and type 'Microsoft.ContainerRegistry/registries' could not be found in subscription.",
  ])('waits while a new registry or role answers: %s', async (stderr) => {
    const az = registry().change((state) => (state.failures['acr login'] = { times: 2, stderr }));
    expect(await registryLogin(props(az))).toBeUndefined();
    expect(az.calls).toHaveLength(3);
  });

  it('gives up in the end', async () => {
    const asked = props(new StandInAz(), { patience: { deadlineMilliseconds: 0, pauseMilliseconds: 1 } });
    const { message, remedy } = await problemOf(asked);
    expect(message).toContain("no token for the registry 'myorgdev' within 0 s: `az acr login` failed: Could not connect");
    expect(remedy).toContain('AcrPush or AcrPull');
  });

  it('does not wait for somebody who is not signed in', async () => {
    const az = registry().change((state) => (state.user = null));
    expect((await problemOf(props(az))).remedy).toContain('az login');
    expect(az.calls).toHaveLength(1);
  });

  it('stops waiting when it is interrupted', async () => {
    const az = new StandInAz();
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 300);
    const begin = Date.now();
    const patience = { deadlineMilliseconds: 60_000, pauseMilliseconds: 30_000 };
    await problemOf(props(az, { signal: controller.signal, patience }));
    expect(Date.now() - begin).toBeLessThan(15_000);
  });

  it('takes no token of another registry', async () => {
    const { message } = await problemOf(props(registry(TOKEN, 'myorgdev.azurecr.cn')));
    expect(message).toBe("the registry 'myorgdev' is 'myorgdev.azurecr.cn', not 'myorgdev.azurecr.io'");
  });

  it.each([`{"accessToken": "${TOKEN}"}`, `{"loginServer": "${LOGIN_SERVER}"}`, `"${TOKEN}"`, TOKEN, ''])(
    'understands no answer but the expected one: %p',
    async (garbage) => {
      const az = registry().change((state) => (state.garbage['acr login'] = garbage));
      expect((await problemOf(props(az))).remedy).toContain('az upgrade');
    },
  );

  it('writes no token where others can read', async () => {
    const folder = temporaryFolder();
    fs.chmodSync(folder, 0o755);
    const { message } = await problemOf(props(registry(), { configFile: path.join(folder, 'config.json') }));
    expect(message).toBe('would hold a token in a folder that others can read (mode 755, not 700)');
    expect(fs.statSync(folder).mode & 0o777).toBe(0o755);
  });

  it('says when the file cannot be written, and leaves the mask of permissions as it was', async () => {
    const before = process.umask(0o022);
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, '');
    const problem = await registryLogin(props(registry(), { configFile: path.join(file, 'config.json') }));
    expect(problem?.message).toContain('ENOTDIR');
    expect(process.umask(before)).toBe(0o022);
  });
});

describe('signing out of a registry', () => {
  it('removes the file and never complains', async () => {
    const asked = props(registry());
    await registryLogin(asked);
    removeRegistryLogin(asked.configFile);
    expect(fs.existsSync(asked.configFile)).toBe(false);
    removeRegistryLogin(asked.configFile);
    removeRegistryLogin(path.dirname(asked.configFile));
    expect(fs.existsSync(path.dirname(asked.configFile))).toBe(true);
  });
});
