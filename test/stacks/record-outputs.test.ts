import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/cli/commands';
import { outputsCommand } from '../../src/cli/commands/outputs';
import { type OutputsFile } from '../../src/model';
import { recordOutputs } from '../../src/stacks';
import { withOutputsTrial } from '../../src/stacks/record-model';
import { loadPlatform } from '../support/load-platform';
import {
  edit,
  platformFolder,
  readFile,
  REPOSITORY,
  snapshotFolder,
  temporaryFolder,
  writeFile,
} from '../support/platform-folder';
import { runCli, type CliResult } from '../support/run-cli';
import { newPublicKey, StandInTools } from './stand-in-tools';

type Outputs = Record<string, unknown> & { signingKeys: Record<'platform' | 'applications', { id: string; publicKey?: string }> };

// As long as the list of commands has it not.
if (!('outputs' in COMMANDS)) Object.assign(COMMANDS, { outputs: { description: '', load: () => outputsCommand } });

const FILE = 'outputs/dev.yaml';
const VAULT = 'https://my-org-dev.vault.azure.net/';
const idOf = (nameAndVersion: string): string => `${VAULT}keys/${nameAndVersion}`;
const KEYS = Object.fromEntries(
  ['platform/1111', 'platform/2222', 'applications/1111', 'applications/2222'].map((name) => [name, newPublicKey()]),
);
const keyOf = (name: string): string => KEYS[name]!;
const identity = (digit: string): object => ({
  resourceId: `/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i${digit}`,
  principalId: `33333333-3333-3333-3333-33333333333${digit}`,
  clientId: `11111111-1111-1111-1111-11111111111${digit}`,
});

/** What the stack of `dev` prints; the order of the keys is not that of the schema. */
const stackOutputs = (platform = '1111', applications = '1111'): Outputs => ({
  somethingElse: '[secret]',
  signingKeys: {
    applications: { id: idOf(`applications/${applications}`), publicKey: keyOf(`applications/${applications}`) },
    platform: { id: idOf(`platform/${platform}`), publicKey: keyOf(`platform/${platform}`) },
  },
  vault: {
    uri: VAULT,
    resourceId:
      '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.KeyVault/vaults/my-org-dev',
  },
  registry: {
    loginServer: 'myorgdev.azurecr.io',
    resourceId:
      '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/myorgdev',
  },
  identities: { writer: identity('2'), reader: identity('1') },
  cluster: {
    kubeletPrincipalId: '44444444-4444-4444-4444-444444444444',
    oidcIssuerUrl: 'https://oidc.example.com/1/',
    resourceId:
      '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks-dev',
  },
});

/** Runs `outputs record --env dev` on outputs in a file. */
async function record(
  folder: string,
  outputs: unknown,
  args: readonly string[] = [],
  tools = new StandInTools(),
): Promise<CliResult & { readonly from: string }> {
  const from = path.join(temporaryFolder(), 'stack.json');
  fs.writeFileSync(from, typeof outputs === 'string' ? outputs : JSON.stringify(outputs, undefined, 2));
  const result = await runCli(['outputs', 'record', '--env', 'dev', '--from', from, '--dir', folder, ...args], {
    environment: { PATH: tools.folder },
  });
  return { ...result, from };
}

const recordedIn = (folder: string): OutputsFile => parse(readFile(folder, FILE)) as OutputsFile;
const usesIn = (folder: string, list: 'platform' | 'applications'): readonly string[] =>
  recordedIn(folder).signingKeys![list].map(({ id, use }) => `${id.split('/').at(-1)!} ${use}`);

describe('recording the outputs of a stack', () => {
  it('writes them in the order of the schema, keys as blocks, and says what is next', async () => {
    const folder = platformFolder();
    const { code, out, err } = await record(folder, stackOutputs());
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const block = (name: string): string => keyOf(name).trimEnd().replaceAll(/^/gm, '        ');
    expect(readFile(folder, FILE))
      .toBe(`# Recorded by \`k8s-gitops outputs record --env dev\` from the outputs of the stack; not written by hand.
# yaml-language-server: $schema=../schemas/outputs.schema.json
cluster:
  resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks-dev
  oidcIssuerUrl: https://oidc.example.com/1/
  kubeletPrincipalId: 44444444-4444-4444-4444-444444444444
identities:
  reader:
    clientId: 11111111-1111-1111-1111-111111111111
    principalId: 33333333-3333-3333-3333-333333333331
    resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i1
  writer:
    clientId: 11111111-1111-1111-1111-111111111112
    principalId: 33333333-3333-3333-3333-333333333332
    resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i2
registry:
  resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/myorgdev
  loginServer: myorgdev.azurecr.io
vault:
  resourceId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.KeyVault/vaults/my-org-dev
  uri: https://my-org-dev.vault.azure.net/
signingKeys:
  platform:
    - id: https://my-org-dev.vault.azure.net/keys/platform/1111
      publicKey: |
${block('platform/1111')}
      use: sign
  applications:
    - id: https://my-org-dev.vault.azure.net/keys/applications/1111
      publicKey: |
${block('applications/1111')}
      use: sign
`);
    expect(out).toContain('--- /dev/null\n+++ b/outputs/dev.yaml\n');
    expect(out).toContain('wrote outputs/dev.yaml');
    expect(out).toContain('+ clusters/dev/flux-instance.yaml');
    expect(out).toContain('Run `npm start`, commit outputs/dev.yaml');
    expect(loadPlatform(folder).environments[0]!.outputs?.cluster?.kubeletPrincipalId).toBe(
      '44444444-4444-4444-4444-444444444444',
    );
    expect(fs.readdirSync(path.join(folder, 'outputs'))).toEqual(['dev.yaml']);
  });

  it('does nothing the second time', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    const before = readFile(folder, FILE);
    const inode = fs.statSync(path.join(folder, FILE)).ino;
    const { code, out } = await record(folder, stackOutputs());
    expect({ code, out }).toEqual({ code: 0, out: 'outputs/dev.yaml is what the stack says: nothing to do.\n' });
    expect(readFile(folder, FILE)).toBe(before);
    expect(fs.statSync(path.join(folder, FILE)).ino).toBe(inode);
    expect((await record(folder, stackOutputs(), ['--check'])).code).toBe(0);
  });

  it('only compares with --check', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    const before = snapshotFolder(folder);
    const changed = { ...stackOutputs(), identities: { reader: identity('3'), writer: identity('2') } };
    const { code, out, err } = await record(folder, changed, ['--check']);
    expect(code).toBe(1);
    expect(out).toContain('-    clientId: 11111111-1111-1111-1111-111111111111\n');
    expect(out).toContain('+    clientId: 11111111-1111-1111-1111-111111111113\n');
    expect(err).toContain('outputs/dev.yaml differs');
    const data = JSON.parse((await record(folder, changed, ['--check', '--json'])).out) as object;
    expect(data).toMatchObject({ ok: false, problems: [], file: FILE, state: 'different', generated: [] });
    expect(snapshotFolder(folder)).toEqual(before);
    const first = await record(platformFolder(), stackOutputs(), ['--check']);
    expect(first.code).toBe(1);
  });

  it('replaces a file that no longer fits the model, which only recording again can mend', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    edit(folder, FILE, 'my-org-dev.vault.azure.net/\n', 'former.vault.azure.net/\n');
    writeFile(folder, 'outputs/prod.yaml', 'identities: {}\n');
    const { code } = await record(folder, stackOutputs());
    expect(code).toBe(0);
    expect(recordedIn(folder).vault?.uri).toBe(VAULT);
  });

  it('gives data for machines', async () => {
    const { out } = await record(platformFolder(), stackOutputs(), ['--json']);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      file: FILE,
      state: 'written',
      nextSteps: [expect.stringContaining('npm start')],
      generated: expect.arrayContaining([{ kind: 'create', path: 'clusters/dev/flux-instance.yaml' }]) as unknown,
    });
  });

  it('has no keys, registry or vault of an environment that shares them', async () => {
    const folder = platformFolder('valid/shared-registry-and-vault');
    const sharing = loadPlatform(folder).environments.find(({ vault }) => vault.sharedWith !== undefined)!;
    const { identities, cluster } = stackOutputs();
    const from = path.join(temporaryFolder(), 'stack.json');
    fs.writeFileSync(from, JSON.stringify({ identities, cluster }));
    const args = ['outputs', 'record', '--env', sharing.name, '--from', from, '--dir', folder];
    expect((await runCli(args)).code).toBe(0);
    expect(Object.keys(parse(readFile(folder, `outputs/${sharing.name}.yaml`)) as object)).toEqual(['cluster', 'identities']);
    const rotating = await runCli([...args, '--sign-with', idOf('platform/1111')]);
    expect(rotating).toMatchObject({
      code: 2,
      err: expect.stringContaining(`Give '--env ${sharing.vault.sharedWith!}'`) as unknown,
    });
    fs.writeFileSync(from, JSON.stringify(stackOutputs()));
    const owning = await runCli(args);
    expect(owning.code).toBe(1);
    expect(owning.err).toContain(
      `outputs/${sharing.name}.yaml error: cannot be recorded from ${from}: 'registry' is recorded, but`,
    );
    // The stack is older than the sharing.
    expect(owning.err).toContain(`\`pulumi up --refresh --stack ${sharing.name}\`. Nothing was written.`);
    expect(owning.err).not.toContain('Record it in');
  });

  it('works with files that nobody may write, and leaves no copy of them', async () => {
    const folder = platformFolder();
    const systems = path.join(folder, 'systems');
    const mark = `${path.basename(folder)}.yaml`;
    writeFile(folder, mark, '');
    const copies = (): readonly string[] =>
      fs
        .readdirSync(os.tmpdir())
        .filter((name) => name.startsWith('k8s-gitops-record-'))
        .map((name) => path.join(os.tmpdir(), name))
        .filter((copy) => fs.existsSync(path.join(copy, mark)));
    const inputs = ['systems', 'systems/shop.yaml', 'systems/ingress.yaml', 'platform.yaml'];
    for (const file of inputs.slice(1)) fs.chmodSync(path.join(folder, file), 0o444);
    fs.chmodSync(systems, 0o555);
    try {
      const isWritable = await withOutputsTrial(folder, () => {
        const modes = inputs.map((file) => fs.statSync(path.join(copies()[0]!, file)).mode);
        return Promise.resolve(modes.map((mode) => (mode & 0o200) !== 0));
      });
      expect(isWritable).toEqual(inputs.map(() => true));
      expect((await record(folder, stackOutputs())).code).toBe(0);
      expect(copies()).toEqual([]);
    } finally {
      fs.chmodSync(systems, 0o755);
    }
  });

  it('tells its result, whether or not the copy could be removed', () => {
    const temporary = path.join(temporaryFolder(), 'tmp');
    fs.mkdirSync(temporary);
    // A process of its own, because only its first environment says where temporary files are.
    const program = `
      import * as fs from 'node:fs';
      import { withOutputsTrial } from ${JSON.stringify(path.join(REPOSITORY, 'src/stacks/record-model.ts'))};
      void withOutputsTrial(${JSON.stringify(platformFolder())}, async () => {
        // Below a file there is nothing that could be removed.
        fs.renameSync(${JSON.stringify(temporary)}, ${JSON.stringify(`${temporary}-moved`)});
        fs.writeFileSync(${JSON.stringify(temporary)}, '');
        return 'done';
      }).then((result) => { console.log(result); });`;
    const file = path.join(temporaryFolder(), 'program.mts');
    fs.writeFileSync(file, program);
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', file], {
      cwd: REPOSITORY,
      env: { ...process.env, TMPDIR: temporary, TSX_DISABLE_CACHE: '1' },
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'done\n' });
  });

  it('names the file that cannot be written, and leaves nothing beside it', async () => {
    const folder = platformFolder();
    const request = {
      directory: folder,
      environmentName: 'dev',
      from: '-',
      environment: {},
      signal: new AbortController().signal,
      tell: () => undefined,
    };
    const inTheWay = path.join(folder, FILE);
    // It comes between reading and writing.
    function* printed(): Generator<string> {
      fs.mkdirSync(inTheWay, { recursive: true });
      yield JSON.stringify(stackOutputs());
    }
    expect(await recordOutputs({ ...request, standardInput: () => Readable.from(printed()) })).toEqual({
      problems: [
        {
          location: { file: FILE },
          message: expect.stringMatching(/^cannot be written \(\w+ on rename\)$/) as string,
          remedy: expect.any(String) as string,
        },
      ],
    });
    expect(fs.readdirSync(path.dirname(inTheWay))).toEqual(['dev.yaml']);
    expect(await record(folder, stackOutputs())).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${FILE} error: is not a regular file`) as unknown,
    });
  });

  it('refuses a pipe in the place of a file, and does not wait for it', async () => {
    const folder = platformFolder();
    fs.rmSync(path.join(folder, 'systems/shop.yaml'));
    execFileSync('mkfifo', [path.join(folder, 'systems/shop.yaml')]);
    const { code, err } = await record(folder, stackOutputs());
    expect(code).toBe(1);
    expect(err).toContain('systems/shop.yaml error: is not a regular file');
  });

  it('reads standard input', async () => {
    const folder = platformFolder();
    const request = {
      directory: folder,
      environmentName: 'dev',
      from: '-',
      environment: {},
      signal: new AbortController().signal,
      tell: () => undefined,
    };
    const printed = JSON.stringify(stackOutputs());
    const parts = [printed.slice(0, 100), printed.slice(100)];
    expect(await recordOutputs({ ...request, standardInput: () => Readable.from(parts) })).toMatchObject({ state: 'written' });
    expect(await recordOutputs({ ...request, standardInput: () => Readable.from(['nothing']) })).toMatchObject({
      problems: [{ location: { file: '<stdin>' }, message: 'is not JSON' }],
    });
  });

  it('asks Pulumi, in the platform folder', async () => {
    const folder = platformFolder();
    const tools = new StandInTools('pulumi');
    tools.stackPrints('dev', { text: JSON.stringify(stackOutputs()) });
    const run = (environment = {}): Promise<CliResult> =>
      runCli(['outputs', 'record', '--env', 'dev', '--dir', folder], { environment: { PATH: tools.folder, ...environment } });
    expect(await run()).toMatchObject({ code: 0, err: '' });
    expect(tools.folderOf('pulumi')).toBe(fs.realpathSync(folder));
    tools.stackPrints('dev', { error: "error: no stack named 'dev' found, {token}" });
    const failed = await run({ PULUMI_ACCESS_TOKEN: 'pul-0123456789' });
    expect(failed.code).toBe(1);
    expect(failed.err).toContain("pulumi stack output error: failed for stack 'dev': no stack named 'dev' found, ***");
    expect(failed.err).toContain('pulumi stack output --json --stack dev');
    tools.stackPrints('dev', { text: '{}' });
    expect((await run()).err).toContain("pulumi stack output error: 'identities' is missing");
  });

  it('names --from where there is no Pulumi', async () => {
    const folder = platformFolder();
    const { code, err } = await runCli(['outputs', 'record', '--env', 'dev', '--dir', folder], { environment: { PATH: '' } });
    expect(code).toBe(1);
    expect(err).toContain('pulumi error: is neither installed nor on PATH');
    expect(err).toContain('with --from');
  });
});

describe('the public keys', () => {
  it('are asked from cosign where the stack does not give them', async () => {
    const folder = platformFolder();
    const outputs = stackOutputs();
    delete outputs.signingKeys.platform.publicKey;
    const tools = new StandInTools('cosign');
    tools.keyIs('platform/1111', { text: keyOf('platform/1111').replaceAll('\n', '\r\n') });
    const { code, err } = await record(folder, outputs, [], tools);
    expect({ code, err }).toEqual({ code: 0, err: `… asking cosign for the public key of ${idOf('platform/1111')}\n` });
    expect(recordedIn(folder).signingKeys!.platform[0]!.publicKey).toBe(keyOf('platform/1111'));
    expect(tools.calls).toEqual(['cosign public-key --key azurekms://my-org-dev.vault.azure.net/platform/1111']);
  });

  it('are told apart from everything else that cosign may say', async () => {
    const outputs = stackOutputs();
    delete outputs.signingKeys.platform.publicKey;
    const tools = new StandInTools('cosign');
    tools.keyIs('platform/1111', { text: `<html>\n${keyOf('platform/1111')}` });
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    expect((await record(folder, outputs, [], tools)).err).toContain('cosign printed something else than its public key');
    tools.keyIs('platform/1111', { error: 'Error: public key: Forbidden' });
    const refused = await record(folder, outputs, [], tools);
    expect(refused.err).toContain('does not tell its public key: cosign: public key: Forbidden');
    expect(refused.err).toContain('Sign in to Azure');
    const missing = await record(folder, outputs);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.err).toContain('cosign error: is neither installed nor on PATH');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('have the line ends of YAML, whatever the stack has', async () => {
    const outputs = stackOutputs();
    const { platform, applications } = outputs.signingKeys;
    platform.publicKey = platform.publicKey!.replaceAll('\n', '\r\n');
    applications.publicKey = applications.publicKey!.trimEnd();
    const [one, other] = [platformFolder(), platformFolder()];
    expect((await record(one, outputs)).code).toBe(0);
    await record(other, stackOutputs());
    expect(readFile(one, FILE)).toBe(readFile(other, FILE));
  });

  it.each([
    ['are no text', 'hello', "'signingKeys.platform.publicKey': 'hello' is not a valid public key"],
    [
      'hold no key',
      '-----BEGIN PUBLIC KEY-----\nMFkwEwYH\n-----END PUBLIC KEY-----\n',
      "'signingKeys.platform': the public key is not a public key in PEM form",
    ],
  ])('are refused where they %s', async (_what, publicKey, message) => {
    const outputs = stackOutputs();
    outputs.signingKeys.platform.publicKey = publicKey;
    const folder = platformFolder();
    const { code, err, from } = await record(folder, outputs);
    expect(code).toBe(1);
    expect(err).toContain(`${from} error: ${message}`);
    expect(fs.existsSync(path.join(folder, FILE))).toBe(false);
  });

  it('belong to a version of a key', async () => {
    const outputs = stackOutputs();
    outputs.signingKeys.platform.id = idOf('platform');
    const { err } = await record(platformFolder(), outputs);
    expect(err).toContain(`'signingKeys.platform': '${idOf('platform')}' names no version of a key`);
  });

  it('differ between the lists', async () => {
    const outputs = stackOutputs();
    outputs.signingKeys.applications.publicKey = keyOf('platform/1111');
    const { code, err, from } = await record(platformFolder(), outputs);
    expect(code).toBe(1);
    expect(err).toContain(
      `outputs/dev.yaml error: cannot be recorded from ${from}: a key of applications is also a key of the platform\n`,
    );
  });
});

describe('what does not fit', () => {
  const secret = { ...stackOutputs(), vault: { uri: '[secret]', resourceId: '[secret]' } };
  const otherRegistry = {
    ...stackOutputs(),
    registry: { ...(stackOutputs()['registry'] as object), loginServer: 'x.azurecr.io' },
  };
  const noWriter = { ...stackOutputs(), identities: { reader: identity('1') } };
  const extra = { ...stackOutputs(), cluster: { ...(stackOutputs()['cluster'] as object), kubeconfig: 'a-secret-kubeconfig' } };
  it.each<[string, unknown, string]>([
    ['a secret', secret, "'vault.uri' is a secret, which Pulumi does not tell"],
    ['a list', [], 'is not a JSON object'],
    ['null', null, 'is not a JSON object'],
    ['a text', '"text"', 'is not a JSON object'],
    ['nothing', '', 'is not JSON'],
    ['half of it', JSON.stringify(stackOutputs()).slice(0, 200), 'is not JSON'],
    ['an empty object', {}, "'cluster' is missing"],
    ['a null where a mapping belongs', { ...stackOutputs(), identities: null }, "'identities' is empty, expected a mapping"],
    ['a list where a mapping belongs', { ...stackOutputs(), cluster: [1] }, "'cluster' is a list, expected a mapping"],
    ['a number where a text belongs', { ...stackOutputs(), vault: { uri: 1, resourceId: 2 } }, "'vault.uri' is the number 1"],
    ['a text where a mapping belongs', { ...stackOutputs(), signingKeys: 'x' }, "'signingKeys' is the text 'x'"],
    ['a NUL', { ...stackOutputs(), vault: { uri: 'a\u0000b', resourceId: 'x' } }, "'vault.uri': 'a\ufffdb' is not a valid URL"],
    ['an unknown key', extra, "unknown key 'kubeconfig' in 'cluster'"],
    ['five megabytes', { ...stackOutputs(), large: 'x'.repeat(5 * 1024 * 1024) }, 'has more than 1048576 bytes'],
    ['no end of lists', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'is nested too deeply to be read'],
    ['no end of lists in a field', `{"cluster": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'is nested too deeply to be read'],
    [
      'another registry than platform.yaml',
      otherRegistry,
      "the registry is recorded as 'x.azurecr.io', but platform.yaml makes it",
    ],
    ['no identity that writes', noWriter, "'identities.writer' is missing, although flux.components of platform.yaml has"],
  ])('%s is a problem, and nothing is written', async (_what, outputs, message) => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    const { code, err, out, from } = await record(folder, outputs);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(from);
    expect(err).not.toContain('a-secret-kubeconfig');
    expect(err).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  const UP = 'run `pulumi up --refresh --stack dev`';
  const STACK_HAS_IT = `The stack has it so: look at it with \`pulumi stack output --json --stack dev\`, and ${UP}.`;
  const withFacts = (section: string, facts: object): object => ({
    ...stackOutputs(),
    [section]: { ...(stackOutputs()[section] as object), ...facts },
  });
  it.each<[string, object, string]>([
    ['one identity for both', withFacts('identities', { writer: identity('1') }), STACK_HAS_IT],
    ['the kubelet as reader', withFacts('cluster', { kubeletPrincipalId: '33333333-3333-3333-3333-333333333331' }), STACK_HAS_IT],
    ['no identity that writes', { ...stackOutputs(), identities: { reader: identity('1') } }, STACK_HAS_IT],
    ['no registry', { ...stackOutputs(), registry: undefined }, STACK_HAS_IT],
    [
      'another registry',
      withFacts('registry', { loginServer: 'x.azurecr.io' }),
      `Give 'environments.dev.registry.loginServer' in platform.yaml, or ${UP}.`,
    ],
    [
      'another Key Vault',
      withFacts('vault', {
        resourceId: (stackOutputs()['vault'] as { resourceId: string }).resourceId.replace(/dev$/, 'x'),
      }),
      `Correct 'environments.dev.vault.name' in platform.yaml, or ${UP}.`,
    ],
    [
      'one key for both lists',
      {
        ...stackOutputs(),
        signingKeys: {
          ...stackOutputs().signingKeys,
          applications: { id: idOf('applications/1111'), publicKey: keyOf('platform/1111') },
        },
      },
      `Retire the wrong one (\`npx k8s-gitops outputs record --env dev --retire-key <id>\`), or ${UP}: a team must not be able to sign the platform's images.`,
    ],
  ])('of %s, the stack has to be mended: recording again is what was just tried', async (_what, outputs, remedy) => {
    const folder = platformFolder();
    const { code, err } = await record(folder, outputs);
    expect(code).toBe(1);
    expect(err).toContain(`\n  → ${remedy} Nothing was written.\n`);
    expect(err).not.toMatch(/record (?:it|the outputs)/i);
    expect(fs.existsSync(path.join(folder, 'outputs'))).toBe(false);
  });

  it('keys of a Key Vault that was replaced are retired, as the problem says', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    for (const version of ['platform/1111', 'applications/1111']) {
      edit(folder, FILE, idOf(version), idOf(version).replace('my-org-dev', 'former'));
    }
    const changed = stackOutputs('2222', '2222');
    const { code, err } = await record(folder, changed);
    expect(code).toBe(1);
    expect(err).toContain(
      '\n  → Retire it (`npx k8s-gitops outputs record --env dev --retire-key <id>`, with --sign-with of another if it signs): recording keeps what is recorded. Nothing was written.\n',
    );
    const rotation = ['platform', 'applications'].flatMap((list) => [
      ...['--sign-with', idOf(`${list}/2222`)],
      ...['--retire-key', idOf(`${list}/1111`).replace('my-org-dev', 'former')],
    ]);
    expect((await record(folder, changed, rotation)).code).toBe(0);
    expect(usesIn(folder, 'platform')).toEqual(['2222 sign']);
    expect(usesIn(folder, 'applications')).toEqual(['2222 sign']);
  });

  it.each([
    ['is not there', 'none.json', 'none.json error: cannot be read (ENOENT)'],
    ['is a folder', '.', '. error: cannot be read (EISDIR)'],
  ])('a file that %s is a problem', async (_what, from, message) => {
    const args = ['outputs', 'record', '--env', 'dev', '--dir', platformFolder(), '--from', from];
    expect(await runCli(args)).toMatchObject({ code: 1, err: expect.stringContaining(message) as unknown });
  });

  it('a file in UTF-16 is a problem', async () => {
    const from = path.join(temporaryFolder(), 'stack.json');
    fs.writeFileSync(from, Buffer.from(`\ufeff${JSON.stringify(stackOutputs())}`, 'utf16le'));
    const { err } = await runCli(['outputs', 'record', '--env', 'dev', '--dir', platformFolder(), '--from', from]);
    expect(err).toContain('is not valid UTF-8');
  });

  it('a recorded file that cannot be read keeps its keys', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    edit(folder, FILE, 'use: sign', 'use: sometimes');
    const before = readFile(folder, FILE);
    const { code, err } = await record(folder, stackOutputs());
    expect(code).toBe(1);
    expect(err).toMatch(/outputs\/dev.yaml:\d+:\d+ error: 'signingKeys.platform\[0\].use' is 'sometimes'/);
    expect(readFile(folder, FILE)).toBe(before);
    writeFile(folder, FILE, '<<<<<<< HEAD\n');
    expect((await record(folder, stackOutputs())).code).toBe(1);
    expect(readFile(folder, FILE)).toBe('<<<<<<< HEAD\n');
  });

  it('a file where the folder belongs is a problem', async () => {
    const folder = platformFolder();
    writeFile(folder, 'outputs', 'x');
    expect(await record(folder, stackOutputs())).toMatchObject({
      code: 1,
      err: expect.stringContaining('outputs error: is not a folder') as unknown,
    });
    expect(await record('/nowhere/at/all', stackOutputs())).toMatchObject({
      code: 1,
      err: expect.stringContaining('/nowhere/at/all error: does not exist') as unknown,
    });
  });

  it('a problem elsewhere in the model is told', async () => {
    const folder = platformFolder('invalid/unknown-key');
    expect((await record(folder, stackOutputs())).code).toBe(1);
    expect(fs.existsSync(path.join(folder, 'outputs'))).toBe(false);
  });

  it.each([
    [['--env', 'dve'], "unknown environment 'dve'. Did you mean 'dev'?"],
    [['--env', 'dev', '--env', 'prod'], 'It is given once'],
    [[], "required option '--env <environment>' not specified"],
    [['--env', 'dev', '--add-key', 'platform'], "It is 'platform=<id>' or 'applications=<id>'"],
    [['--env', 'dev', '--add-key', `other=${idOf('platform/2222')}`], "It is 'platform=<id>' or 'applications=<id>'"],
  ])('the command line %j is an error of usage', async (args, message) => {
    const { code, err } = await runCli(['outputs', 'record', ...args, '--dir', platformFolder()]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('a rotation', () => {
  it('goes from the old key to the new one, step by step', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    // The stack learned the new version.
    const announced = await record(folder, stackOutputs('2222'));
    expect(usesIn(folder, 'platform')).toEqual(['2222 verify', '1111 sign']);
    expect(announced.out).toContain(`outputs record --env dev --sign-with ${idOf('platform/2222')}`);
    const early = await record(folder, stackOutputs('2222'), ['--retire-key', idOf('platform/1111')]);
    expect(early.code).toBe(1);
    expect(early.err).toContain(`the key '${idOf('platform/1111')}' of platform cannot be retired: it signs`);

    const switched = await record(folder, stackOutputs('2222'), ['--sign-with', idOf('platform/2222')]);
    expect(usesIn(folder, 'platform')).toEqual(['2222 sign', '1111 verify']);
    expect(switched.out).toContain('images release --env dev');
    expect(switched.out).toContain(`--retire-key ${idOf('platform/1111')}`);
    // It stays so, and says what is still to be done.
    const idle = await record(folder, stackOutputs('2222'));
    expect(idle.out).toContain('nothing to do');
    expect(idle.out).toContain('--retire-key');

    const retired = await record(folder, stackOutputs('2222'), ['--retire-key', idOf('platform/1111')]);
    expect(retired.code).toBe(0);
    expect(usesIn(folder, 'platform')).toEqual(['2222 sign']);
    expect(usesIn(folder, 'applications')).toEqual(['1111 sign']);
    expect((await record(folder, stackOutputs('2222'), ['--check'])).code).toBe(0);
    const last = await record(folder, stackOutputs('2222'), ['--retire-key', idOf('platform/2222')]);
    expect(last.err).toContain('cannot be retired: it is the last one');
  });

  it('adds a key that the stack does not know yet, which stays', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    const tools = new StandInTools('cosign');
    tools.keyIs('applications/2222', { text: keyOf('applications/2222') });
    const add = ['--add-key', `applications=${idOf('applications/2222')}`];
    expect((await record(folder, stackOutputs(), add, tools)).code).toBe(0);
    expect(usesIn(folder, 'applications')).toEqual(['2222 verify', '1111 sign']);
    expect((await record(folder, stackOutputs(), add, tools)).out).toContain('nothing to do');
    await record(folder, stackOutputs(), ['--sign-with', idOf('applications/2222')]);
    expect(usesIn(folder, 'applications')).toEqual(['2222 sign', '1111 verify']);
    const kept = await record(folder, stackOutputs(), ['--retire-key', idOf('applications/1111')]);
    expect(kept.code).toBe(1);
    expect(kept.err).toContain('it is the version that the stack names');
    expect(kept.err).toContain('pulumi up --refresh --stack dev');
    await record(folder, stackOutputs('1111', '2222'), ['--retire-key', idOf('applications/1111')]);
    expect(usesIn(folder, 'applications')).toEqual(['2222 sign']);
  });

  it('may be of both keys at once', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    await record(folder, stackOutputs('2222', '2222'));
    const options = ['--sign-with', idOf('platform/2222'), '--sign-with', idOf('applications/2222')];
    const retire = ['--retire-key', idOf('platform/1111'), '--retire-key', idOf('applications/1111')];
    expect((await record(folder, stackOutputs('2222', '2222'), [...options, ...retire])).code).toBe(0);
    expect([usesIn(folder, 'platform'), usesIn(folder, 'applications')]).toEqual([['2222 sign'], ['2222 sign']]);
  });

  it.each([
    [['--sign-with', idOf('platform/11111')], 'is not a key that is recorded'],
    [
      ['--sign-with', idOf('platform/1111').toUpperCase()],
      `The known keys are ${idOf('platform/1111')}, ${idOf('applications/1111')}.`,
    ],
    [['--retire-key', 'x'], 'is not a key that is recorded'],
    [['--add-key', 'platform=https://other.vault.azure.net/keys/platform/3333'], 'is not in the Key Vault of the environment'],
    [['--add-key', `platform=${idOf('platform')}`], 'names no version of a key'],
    [['--add-key', `platform=${idOf('applications/1111')}`], 'is recorded as a key of applications'],
  ])('with %j is an error of usage', async (args, message) => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    const before = readFile(folder, FILE);
    const { code, err } = await record(folder, stackOutputs(), args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(readFile(folder, FILE)).toBe(before);
  });

  it('lets one key of a list sign', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    await record(folder, stackOutputs('2222'));
    const both = ['--sign-with', idOf('platform/1111'), '--sign-with', idOf('platform/2222')];
    expect(await record(folder, stackOutputs('2222'), both)).toMatchObject({
      code: 2,
      err: expect.stringContaining("'--sign-with' names two keys of platform") as unknown,
    });
  });

  it('brings back what was changed by hand in a public key', async () => {
    const folder = platformFolder();
    await record(folder, stackOutputs());
    const [line] = keyOf('platform/1111').split('\n').slice(1);
    const [other] = keyOf('platform/2222').split('\n').slice(1);
    edit(folder, FILE, line!, other!);
    expect((await record(folder, stackOutputs(), ['--check'])).code).toBe(1);
    expect((await record(folder, stackOutputs())).code).toBe(0);
    expect(recordedIn(folder).signingKeys!.platform[0]!.publicKey).toBe(keyOf('platform/1111'));
  });
});
