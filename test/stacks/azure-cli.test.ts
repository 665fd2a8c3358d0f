import * as fs from 'node:fs';
import * as path from 'node:path';
import { azureCli, azureCommandLine, type AzureCliAnswer } from '../../src/stacks/azure-cli';
import { temporaryFolder } from '../support/platform-folder';
import { StandInAz, SUBSCRIPTION, TENANT } from './stand-in-az';

/** A made-up token of the form that Microsoft Entra ID gives. */
const TOKEN = ['eyJhbGciOiJub25lIn0', 'eyJzdWIiOiJub2JvZHkifQ', 'c2lnbmF0dXJl'].join('.');

/** An `az` that does as told. */
function scriptedAz(script: string): string {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'az'), `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
  return folder;
}

const says = (stderr: string, code = 1): Promise<AzureCliAnswer> =>
  azureCli(['group', 'show', '--name', 'g'], {
    environment: { PATH: scriptedAz(`process.stderr.write(${JSON.stringify(stderr)}); process.exitCode = ${code}`) },
  });

describe('calling the Azure CLI', () => {
  it('gives the JSON that it prints, asked in the subscription', async () => {
    const az = new StandInAz();
    const answer = await azureCli(['account', 'show'], { environment: az.environment, subscription: SUBSCRIPTION });
    expect(answer).toMatchObject({ value: { id: SUBSCRIPTION, tenantId: TENANT } });
    expect(az.calls).toEqual([`account show --subscription ${SUBSCRIPTION} --only-show-errors --output json`]);
  });

  it('gives null where nothing is printed', async () => {
    expect(await azureCli(['x'], { environment: { PATH: scriptedAz('') } })).toEqual({ value: null });
  });

  it.each([undefined, '', 'relative/folder'])('says that it is missing when PATH is %p', async (PATH) => {
    const answer = await azureCli(['account', 'show'], { environment: { PATH } });
    expect(answer).toMatchObject({ reason: 'missing', problem: { message: 'the Azure CLI is not on PATH' } });
  });

  it.each([
    ["ERROR: Please run 'az login' to setup account.\n", 1, 'not-signed-in'],
    ['ERROR: AADSTS700082: The refresh token has expired due to inactivity.\n', 1, 'not-signed-in'],
    ["ERROR: Access to registry 'r' was denied. Response code: 401. Please try running 'az login' again.\n", 1, 'denied'],
    ["ERROR: (AuthorizationFailed) The client 'x' does not have authorization.\n", 1, 'denied'],
    ['ERROR: \nYou do not have the required permissions needed to perform this operation.\n', 1, 'denied'],
    ["ERROR: (ResourceGroupNotFound) Resource group 'g' could not be found.\nCode: ResourceGroupNotFound\n", 3, 'not-found'],
    ['ERROR: (ResourceNotFound) gone\n', 1, 'not-found'],
    ['ERROR: (Conflict) something else\n', 1, 'failed'],
    ['', 1, 'failed'],
  ])('knows why it failed: %p', async (stderr, code, reason) => {
    expect(await says(stderr, code)).toMatchObject({ reason, problem: { location: { file: 'az' } } });
  });

  it('tells the line of error, on one line, with the command and without its options', async () => {
    const answer = await says('WARNING: old\nERROR: (Conflict) It is\u001b[31m locked.\nCode: Conflict\n');
    expect(answer).toMatchObject({
      problem: { message: '`az group show` failed: (Conflict) It is [31m locked. Code: Conflict' },
    });
  });

  it('never repeats a token, whichever way it was printed', async () => {
    const printed = await azureCli(['acr', 'login'], { environment: { PATH: scriptedAz(`console.log('token: ${TOKEN}')`) } });
    expect(printed).toMatchObject({ reason: 'unreadable' });
    const answers = [printed, await says(`ERROR: cannot use ${TOKEN}\n`), await says(`Bearer ${TOKEN}\n`)];
    for (const part of TOKEN.split('.')) expect(JSON.stringify(answers)).not.toContain(part);
  });

  it('is asked for no key of a storage account, and asks nobody', async () => {
    const script = "console.log(JSON.stringify({ ...process.env, stdin: require('fs').readFileSync(0, 'utf8') }))";
    const environment = { PATH: scriptedAz(script), AZURE_STORAGE_KEY: 'a-key', AZURE_CONFIG_DIR: '/config' };
    const answer = await azureCli(['x'], { environment });
    expect(answer).toMatchObject({
      value: { AZURE_CONFIG_DIR: '/config', AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no', AZURE_CORE_NO_COLOR: 'true', stdin: '' },
    });
    expect(JSON.stringify(answer)).not.toContain('a-key');
  });

  it('is stopped by an interruption and by the clock', async () => {
    const environment = { PATH: scriptedAz('setInterval(() => {}, 1000)') };
    expect(await azureCli(['x'], { environment, signal: AbortSignal.abort() })).toMatchObject({ reason: 'interrupted' });
    expect(await azureCli(['x'], { environment, timeoutMilliseconds: 200 })).toMatchObject({
      reason: 'timed-out',
      problem: { message: '`az x`: it did not end within 0.2 s' },
    });
  });

  it('is shown as people would type it', () => {
    expect(azureCommandLine(['rest', '--body', `{"a":"it's"}`], { subscription: SUBSCRIPTION })).toBe(
      `az rest --body '{"a":"it'\\''s"}' --subscription ${SUBSCRIPTION}`,
    );
  });
});
