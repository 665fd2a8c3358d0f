import * as fs from 'node:fs';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'yaml';
import { organizationStackOutputs } from '../../src/model';
import { recordOutputs } from '../../src/stacks';
import { organizationStack } from '../../src/stacks/record-organization';
import { loadPlatform } from '../support/load-platform';
import { edit, FIXTURES, platformFolder, readFile, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';
import { runCli, type CliResult } from '../support/run-cli';
import { StandInTools } from './stand-in-tools';

const FILE = 'outputs/organization.yaml';
const NONPROD = '33333333-3333-4333-8333-333333333301';
const GROUP = `/subscriptions/${NONPROD}/resourceGroups/platform-pipelines/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;

/** The identity of a pipeline, with its keys in another order than that of the schema. */
const identity = (name: string, number: number): object => ({
  resourceId: `${GROUP}/${name}`,
  principalId: `55555555-5555-4555-8555-5555555555${number}`,
  clientId: `66666666-6666-4666-8666-6666666666${number}`,
});
const pipelinesOf = (name: string, number: number): Record<string, object> => ({
  pullRequests: identity(`pull-requests-${name}`, number + 2),
  applications: identity(`applications-${name}`, number + 1),
  platform: identity(`platform-${name}`, number),
});

/** What the stack prints; neither outputs nor environments stand in the order of the file. */
const stackOutputs = (): { [name: string]: unknown; pipelines: Record<string, Record<string, object>> } => ({
  roleAssignmentsToRequest: '[secret]',
  licences: [{ organization: 'my-org', basic: 4, paid: 0 }],
  pipelines: { prod: pipelinesOf('prod', 20), dev: pipelinesOf('dev', 10) },
  entitlementsToRequest: ['a\u0000b'],
  azureDevOps: {
    repositoryId: '77777777-7777-4777-8777-777777777702',
    projectId: '77777777-7777-4777-8777-777777777701',
  },
});

/** The base platform with the stack `organization`. */
function organizationFolder(fixture?: string): string {
  const folder = platformFolder(fixture);
  for (const { name } of loadPlatform(folder).environments) {
    const config = `config:\n  azure-native:location: westeurope\n  azure-native:subscriptionId: ${NONPROD}\n`;
    writeFile(folder, `Pulumi.${name}.yaml`, config);
  }
  writeFile(
    folder,
    'Pulumi.organization.yaml',
    `config:
  azure-native:location: westeurope
  azure-native:subscriptionId: ${NONPROD}
  k8s-gitops:resourceGroup: platform-pipelines
  k8s-gitops:subscriptionNames: { ${NONPROD}: my-org-nonprod }
  k8s-gitops:approvals:
    prod: { approvers: [Platform Approvers] }
`,
  );
  return folder;
}

/** Runs `outputs record --stack organization` on outputs in a file. */
async function record(
  folder: string,
  outputs: unknown,
  args: readonly string[] = [],
  stack = ['--stack', 'organization'],
): Promise<CliResult & { readonly from: string }> {
  const from = path.join(temporaryFolder(), 'stack.json');
  fs.writeFileSync(from, typeof outputs === 'string' ? outputs : JSON.stringify(outputs, undefined, 2));
  const result = await runCli(['outputs', 'record', ...stack, '--from', from, '--dir', folder, ...args], {
    environment: { PATH: '' },
  });
  return { ...result, from };
}

const stepsOf = ({ out }: CliResult): readonly string[] => (JSON.parse(out) as { nextSteps: string[] }).nextSteps;

const WRITTEN = 'Run `npm start`, commit outputs/organization.yaml, and open a pull request.';
const readyStep = (names: string): string =>
  `\`pulumi up\` of ${names} can go on: the identities of the pipelines that it lets in are recorded.`;
const waitingStep = (names: string): string =>
  `Run \`pulumi up --stack organization\` for ${names}, of which the stack has no identities of pipelines yet; then record again.`;

const formerStep = (name: string): string =>
  `'${name}' is no environment any more: \`pulumi up --stack organization\` removes the identities of its pipelines; then record again.`;

const EXPECTED = `# Recorded by \`k8s-gitops outputs record --stack organization\` from the outputs of the stack; not written by hand.
# yaml-language-server: $schema=../schemas/organization-outputs.schema.json
azureDevOps:
  projectId: 77777777-7777-4777-8777-777777777701
  repositoryId: 77777777-7777-4777-8777-777777777702
pipelines:
  dev:
    platform:
      clientId: 66666666-6666-4666-8666-666666666610
      principalId: 55555555-5555-4555-8555-555555555510
      resourceId: ${GROUP}/platform-dev
    applications:
      clientId: 66666666-6666-4666-8666-666666666611
      principalId: 55555555-5555-4555-8555-555555555511
      resourceId: ${GROUP}/applications-dev
    pullRequests:
      clientId: 66666666-6666-4666-8666-666666666612
      principalId: 55555555-5555-4555-8555-555555555512
      resourceId: ${GROUP}/pull-requests-dev
  prod:
    platform:
      clientId: 66666666-6666-4666-8666-666666666620
      principalId: 55555555-5555-4555-8555-555555555520
      resourceId: ${GROUP}/platform-prod
    applications:
      clientId: 66666666-6666-4666-8666-666666666621
      principalId: 55555555-5555-4555-8555-555555555521
      resourceId: ${GROUP}/applications-prod
    pullRequests:
      clientId: 66666666-6666-4666-8666-666666666622
      principalId: 55555555-5555-4555-8555-555555555522
      resourceId: ${GROUP}/pull-requests-prod
`;

describe('recording the stack organization', () => {
  it('writes its outputs in the order of the schema, environments by name, and says what is next', async () => {
    const folder = organizationFolder();
    const { code, out, err } = await record(folder, stackOutputs());
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(readFile(folder, FILE)).toBe(EXPECTED);
    expect(out).toContain(`--- /dev/null\n+++ b/${FILE}\n`);
    expect(out).toContain(`\nwrote ${FILE}\n`);
    expect(out).toContain(`\nNext:\n  ${WRITTEN}\n  ${readyStep('dev, prod')}\n`);
    expect(loadPlatform(folder).environments.map(({ pipelines }) => pipelines?.platform.clientId)).toEqual([
      '66666666-6666-4666-8666-666666666610',
      '66666666-6666-4666-8666-666666666620',
    ]);
    expect(fs.readdirSync(path.join(folder, 'outputs'))).toEqual(['organization.yaml']);
  });

  it('does nothing the second time, whatever the order of the stack', async () => {
    const folder = organizationFolder();
    await record(folder, stackOutputs());
    const inode = fs.statSync(path.join(folder, FILE)).ino;
    const { pipelines, ...others } = stackOutputs();
    const turned = { ...others, pipelines: { dev: pipelines['dev'], prod: pipelines['prod'] } };
    const { code, out } = await record(folder, turned);
    expect({ code, out }).toEqual({ code: 0, out: `${FILE} is what the stack says: nothing to do.\n` });
    expect(readFile(folder, FILE)).toBe(EXPECTED);
    expect(fs.statSync(path.join(folder, FILE)).ino).toBe(inode);
    expect((await record(folder, turned, ['--check'])).code).toBe(0);
  });

  it('only compares with --check', async () => {
    const folder = organizationFolder();
    const first = await record(folder, stackOutputs(), ['--check']);
    expect(first.code).toBe(1);
    expect(fs.existsSync(path.join(folder, 'outputs'))).toBe(false);
    await record(folder, stackOutputs());
    const before = snapshotFolder(folder);
    const changed = stackOutputs();
    changed.pipelines['dev']!['platform'] = identity('platform-dev', 13);
    const { code, out, err } = await record(folder, changed, ['--check']);
    expect(code).toBe(1);
    expect(out).toContain(`--- a/${FILE}\n+++ b/${FILE}\n`);
    expect(out).toContain('-      clientId: 66666666-6666-4666-8666-666666666610\n');
    expect(out).toContain('+      clientId: 66666666-6666-4666-8666-666666666613\n');
    expect(out).not.toContain('wrote');
    expect(err).toContain(`${FILE} differs`);
    const data = JSON.parse((await record(folder, changed, ['--check', '--json'])).out) as object;
    expect(data).toEqual({
      ok: false,
      problems: [],
      file: FILE,
      state: 'different',
      diff: expect.stringContaining('+      principalId: 55555555-5555-4555-8555-555555555513\n') as unknown,
      nextSteps: [
        'Run `npx k8s-gitops outputs record --stack organization`, then `npm start`, and open a pull request with the result.',
      ],
      generated: [],
    });
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('gives data for machines', async () => {
    const { out } = await record(organizationFolder(), stackOutputs(), ['--json']);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      problems: [],
      file: FILE,
      state: 'written',
      nextSteps: [WRITTEN, readyStep('dev, prod')],
    });
  });

  it.each([
    ['of a mistake', (text: string) => text.replace('projectId: 7', 'projectId: x7')],
    ['of an unresolved merge', (text: string) => `<<<<<<< HEAD\n${text}`],
    ['of the line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['of a mark before its first byte', (text: string) => `\ufeff${text}`],
  ])('replaces a file because %s: all of it comes from the stack', async (_why, change) => {
    const folder = organizationFolder();
    writeFile(folder, FILE, change(EXPECTED));
    // Those of an environment may be waiting to be recorded again too.
    writeFile(folder, 'outputs/prod.yaml', 'identities: {}\n');
    expect((await record(folder, stackOutputs(), ['--check'])).code).toBe(1);
    expect((await record(folder, stackOutputs())).code).toBe(0);
    expect(readFile(folder, FILE)).toBe(EXPECTED);
  });

  it('reads standard input', async () => {
    const folder = organizationFolder();
    const printed = JSON.stringify(stackOutputs());
    const request = {
      directory: folder,
      stack: 'organization',
      from: '-',
      environment: {},
      signal: new AbortController().signal,
      tell: () => undefined,
    };
    const parts = [printed.slice(0, 100), printed.slice(100)];
    expect(await recordOutputs({ ...request, standardInput: () => Readable.from(parts) })).toMatchObject({ state: 'written' });
    expect(readFile(folder, FILE)).toBe(EXPECTED);
    expect(await recordOutputs({ ...request, standardInput: () => Readable.from(['nothing']) })).toEqual({
      problems: [
        {
          location: { file: '<stdin>' },
          message: 'is not JSON',
          remedy:
            "Give the outputs of the stack 'organization' as `pulumi stack output --json` prints them; run `pulumi up` first where the stack is older than this program.",
        },
      ],
    });
    const interrupted = { ...request, signal: AbortSignal.abort() };
    expect(await recordOutputs({ ...interrupted, standardInput: () => Readable.from(parts) })).toMatchObject({
      problems: [{ location: { file: '<stdin>' }, message: 'was not read to its end: the work was interrupted' }],
    });
  });

  it('asks Pulumi, in the platform folder', async () => {
    const folder = organizationFolder();
    const tools = new StandInTools('pulumi');
    tools.stackPrints('organization', { text: JSON.stringify(stackOutputs()) });
    const run = (environment = {}): Promise<CliResult> =>
      runCli(['outputs', 'record', '--stack', 'organization', '--dir', folder], {
        environment: { PATH: tools.folder, ...environment },
      });
    expect(await run()).toMatchObject({ code: 0, err: '' });
    expect(readFile(folder, FILE)).toBe(EXPECTED);
    expect(tools.folderOf('pulumi')).toBe(fs.realpathSync(folder));
    expect(tools.calls).toEqual(['pulumi stack output --json --stack organization --non-interactive']);
    tools.stackPrints('organization', { error: 'error: no stack found, {token}' });
    const failed = await run({ PULUMI_ACCESS_TOKEN: 'pul-0123456789' });
    expect(failed.code).toBe(1);
    expect(failed.err).toContain("pulumi stack output error: failed for stack 'organization': no stack found, ***");
    expect(failed.err).toContain(
      '  → Sign in to the state of that stack (`pulumi login`, or PULUMI_BACKEND_URL; the stack organization has a container of its own) and check that `pulumi up --stack organization` ran, or give what',
    );
    tools.stackPrints('organization', { text: '{}' });
    expect((await run()).err).toContain("pulumi stack output error: 'azureDevOps' is missing");
    tools.stackPrints('organization', { text: JSON.stringify({ ...stackOutputs(), large: 'x'.repeat(1024 * 1024) }) });
    expect((await run()).err).toContain('pulumi stack output error: has more than 1048576 bytes');
    expect(readFile(folder, FILE)).toBe(EXPECTED);
  });

  it('names --from where there is no Pulumi', async () => {
    const args = ['outputs', 'record', '--stack', 'organization', '--dir', organizationFolder()];
    const { code, err } = await runCli(args, { environment: { PATH: '' } });
    expect(code).toBe(1);
    expect(err).toContain('pulumi error: is neither installed nor on PATH');
    expect(err).toContain('give what `pulumi stack output --json --stack organization` prints with --from');
  });
});

describe('the environments of the stack', () => {
  it('may be more than those of platform.yaml, because the stack may be older, which is said', async () => {
    const platform = loadPlatform(organizationFolder());
    const stack = organizationStack(platform);
    const makeContent = 'usage' in stack ? stack : stack.takeUp(undefined);
    if (typeof makeContent !== 'function') throw new Error(JSON.stringify(makeContent));
    // A name that every object has by its prototype is a name like any other.
    const pipelines = {
      former: pipelinesOf('former', 30),
      constructor: pipelinesOf('constructor', 40),
      ...stackOutputs().pipelines,
    };
    const outputs = organizationStackOutputs.parse({ ...stackOutputs(), pipelines });
    const content = await makeContent({ outputs, origin: 'here' });
    if (!('text' in content)) throw new Error(JSON.stringify(content));
    expect(Object.keys((parse(content.text) as { pipelines: object }).pipelines)).toEqual([
      'constructor',
      'dev',
      'former',
      'prod',
    ]);
    expect([...content.whenWritten, ...content.open]).toEqual([
      WRITTEN,
      readyStep('dev, prod'),
      formerStep('constructor'),
      formerStep('former'),
    ]);
  });

  it('may still be one that platform.yaml no longer has, which is said as long as it is, and is no mistake', async () => {
    const folder = organizationFolder();
    const { pipelines, ...others } = stackOutputs();
    const outputs = { ...others, pipelines: { old: pipelinesOf('old', 30), ...pipelines } };
    expect(stepsOf(await record(folder, outputs, ['--check', '--json']))).toEqual([
      expect.stringContaining('outputs record --stack organization'),
      formerStep('old'),
    ]);
    const written = await record(folder, outputs);
    expect({ code: written.code, err: written.err }).toEqual({ code: 0, err: '' });
    expect(written.out).toContain(`\n  ${formerStep('old')}\n`);
    const checked = await record(folder, outputs, ['--check', '--json']);
    expect({ code: checked.code, steps: stepsOf(checked) }).toEqual({ code: 0, steps: [formerStep('old')] });
  });

  it('may lack one of platform.yaml, which is said as long as it does', async () => {
    const folder = organizationFolder();
    const { pipelines, ...others } = stackOutputs();
    const outputs = { ...others, pipelines: { prod: pipelines['prod'] } };
    expect(stepsOf(await record(folder, outputs, ['--check', '--json']))).toEqual([
      expect.stringContaining('outputs record --stack organization'),
      waitingStep('dev'),
    ]);
    const written = await record(folder, outputs, ['--json']);
    expect(written.code).toBe(0);
    expect(stepsOf(written)).toEqual([WRITTEN, readyStep('prod'), waitingStep('dev')]);
    expect(stepsOf(await record(folder, outputs, ['--json']))).toEqual([waitingStep('dev')]);
    const none = await record(folder, { ...others, pipelines: {} }, ['--json']);
    expect(stepsOf(none)).toEqual([WRITTEN, waitingStep('dev, prod')]);
    expect(readFile(folder, FILE)).toMatch(/\npipelines: \{\}\n$/);
  });

  it('are lacking when their name is known by the prototype of every object alone', async () => {
    const folder = organizationFolder();
    edit(folder, 'platform.yaml', '  dev:\n', '  constructor:\n');
    fs.renameSync(path.join(folder, 'Pulumi.dev.yaml'), path.join(folder, 'Pulumi.constructor.yaml'));
    const { pipelines, ...others } = stackOutputs();
    const result = await record(folder, { ...others, pipelines: { prod: pipelines['prod'] } }, ['--json']);
    expect({ code: result.code, steps: stepsOf(result) }).toEqual({
      code: 0,
      steps: [WRITTEN, readyStep('prod'), waitingStep('constructor')],
    });
  });

  it('need one that dry-runs where platform.yaml has it', async () => {
    const folder = organizationFolder();
    edit(folder, 'platform.yaml', '    branch: dev\n', '    branch: dev\n    dryRun: cluster\n');
    const outputs = stackOutputs();
    const without = await record(folder, outputs, ['--json']);
    expect(stepsOf(without)).toEqual([
      WRITTEN,
      readyStep('prod'),
      "Run `pulumi up --stack organization` for dev, where 'dryRun: cluster' needs an identity that the stack does not have yet; then record again.",
    ]);
    outputs.pipelines['dev']!['dryRun'] = identity('dry-run-dev', 13);
    expect(stepsOf(await record(folder, outputs, ['--json']))).toEqual([WRITTEN, readyStep('dev, prod')]);
    expect(readFile(folder, FILE)).toContain(`      resourceId: ${GROUP}/dry-run-dev\n  prod:\n`);
  });

  it.each(['registry', 'vault'])('wait for those that share the %s that they own', async (resource) => {
    const folder = organizationFolder();
    const own = { registry: '{ name: myorgdev }', vault: '{ name: my-org-dev }' }[resource]!;
    edit(folder, 'platform.yaml', `${resource}: ${own}`, `${resource}: { sharedWith: prod }`);
    const { pipelines, ...others } = stackOutputs();
    const lacking = { ...others, pipelines: { prod: pipelines['prod'] } };
    expect(stepsOf(await record(folder, lacking, ['--json']))).toEqual([WRITTEN, waitingStep('dev')]);
    const sharing = { ...others, pipelines: { dev: pipelines['dev'] } };
    expect(stepsOf(await record(folder, sharing, ['--json']))).toEqual([WRITTEN, readyStep('dev'), waitingStep('prod')]);
  });
});

describe('what is not the outputs of the stack', () => {
  const withPlatformOf = (change: object): object => {
    const outputs = stackOutputs();
    outputs.pipelines['dev']!['platform'] = { ...identity('platform-dev', 10), ...change };
    return outputs;
  };
  const changed = (change: object): object => ({ ...stackOutputs(), ...change });
  const prototypeKey = JSON.stringify(stackOutputs()).replace('"prod"', '"__proto__"');
  it.each<[string, unknown, string]>([
    [
      'a secret',
      withPlatformOf({ clientId: '[secret]' }),
      "'pipelines.dev.platform.clientId' is a secret, which Pulumi does not tell",
    ],
    ['a secret of all pipelines', changed({ pipelines: '[secret]' }), "'pipelines' is a secret, which Pulumi does not tell"],
    ['a list', [], 'is not a JSON object'],
    ['nothing', '', 'is not JSON'],
    ['half of it', JSON.stringify(stackOutputs()).slice(0, 200), 'is not JSON'],
    ['an empty object', {}, "'pipelines' is missing"],
    ['no repository', changed({ azureDevOps: { projectId: NONPROD } }), "'azureDevOps.repositoryId' is missing"],
    ['a key of every prototype', prototypeKey, "a key cannot be called '__proto__'"],
    ['an environment that cannot be', changed({ pipelines: { 'DE V': {} } }), "the key 'DE V'"],
    [
      'a pipeline too few',
      changed({ pipelines: { dev: { platform: identity('p', 10) } } }),
      "'pipelines.dev.applications' is missing",
    ],
    [
      'an unknown pipeline',
      changed({ pipelines: { dev: { ...pipelinesOf('dev', 10), x: {} } } }),
      "unknown key 'x' in 'pipelines.dev'",
    ],
    ['an unknown key', withPlatformOf({ password: 'a-secret-password' }), "unknown key 'password' in 'pipelines.dev.platform'"],
    ['an id that is none', withPlatformOf({ clientId: 'x' }), "'pipelines.dev.platform.clientId': 'x' is not a valid"],
    ['a NUL', withPlatformOf({ clientId: 'a\u0000b' }), "'pipelines.dev.platform.clientId': 'a\ufffdb' is not a valid"],
    ['a resource of another kind', withPlatformOf({ resourceId: `${GROUP}/x/y` }), "'pipelines.dev.platform.resourceId'"],
    ['a megabyte', changed({ large: 'x'.repeat(1024 * 1024) }), 'has more than 1048576 bytes'],
    ['no end of lists', `{"pipelines": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'is nested too deeply to be read'],
    ['the outputs of an environment', { cluster: {}, identities: {} }, "'azureDevOps' is missing"],
  ])('%s is a problem, and nothing is written', async (_what, outputs, message) => {
    const folder = organizationFolder();
    const before = snapshotFolder(folder);
    const { code, err, out, from } = await record(folder, outputs);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`${from} error: `);
    expect(err).toContain(message);
    expect(err).not.toContain("environment's stack");
    expect(err).not.toContain('a-secret-password');
    expect(err).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('what the model refuses is a problem, and nothing is written', async () => {
    const folder = organizationFolder();
    const before = snapshotFolder(folder);
    const outputs = stackOutputs();
    outputs.pipelines['dev']!['applications'] = {
      ...outputs.pipelines['dev']!['applications'],
      clientId: '66666666-6666-4666-8666-666666666610',
    };
    const { code, err, from } = await record(folder, outputs);
    expect(code).toBe(1);
    expect(err).toContain(`${FILE} error: cannot be recorded from ${from}: `);
    expect(err).toContain("have the same client id '66666666-6666-4666-8666-666666666610'\n");
    // The lines of a file that was not written are nobody's.
    expect(err).not.toMatch(/organization\.yaml:\d/);
    // Recording again is what was just tried.
    expect(err).toContain(
      '\n  → The stack has it so: look at it with `pulumi stack output --json --stack organization`, and run `pulumi up --refresh --stack organization`. Nothing was written.\n',
    );
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('is compared with what the environments have recorded, whose own mistakes are not told here', async () => {
    const folder = organizationFolder();
    const dev = readFile(FIXTURES, 'stacks/recorded/outputs/dev.yaml');
    writeFile(
      folder,
      'outputs/dev.yaml',
      dev.replace('55555555-5555-4555-8555-555555555551', '55555555-5555-4555-8555-555555555510'),
    );
    const { code, err } = await record(folder, stackOutputs());
    expect(code).toBe(1);
    expect(err).toContain("'platform' of 'dev' is '55555555-5555-4555-8555-555555555510', which is the reader of 'dev' too");
    expect(fs.existsSync(path.join(folder, FILE))).toBe(false);
    for (const other of [dev, 'identities: {}\n', 'no: [yaml\n']) {
      writeFile(folder, 'outputs/dev.yaml', other);
      expect((await record(folder, stackOutputs())).code).toBe(0);
    }
  });

  it('a file in UTF-16 is a problem', async () => {
    const from = path.join(temporaryFolder(), 'stack.json');
    fs.writeFileSync(from, Buffer.from(`\ufeff${JSON.stringify(stackOutputs())}`, 'utf16le'));
    const args = ['outputs', 'record', '--stack', 'organization', '--dir', organizationFolder(), '--from', from];
    expect(await runCli(args)).toMatchObject({ code: 1, err: expect.stringContaining('is not valid UTF-8') as unknown });
  });

  it('a file that is not there is a problem', async () => {
    const args = ['outputs', 'record', '--stack', 'organization', '--dir', organizationFolder(), '--from', 'none.json'];
    const message = 'none.json error: cannot be read (ENOENT)';
    expect(await runCli(args)).toMatchObject({ code: 1, err: expect.stringContaining(message) as unknown });
  });

  it('a link in the place of the recorded file is a problem, and stays', async () => {
    const folder = organizationFolder();
    const elsewhere = path.join(temporaryFolder(), 'elsewhere.yaml');
    fs.writeFileSync(elsewhere, EXPECTED);
    fs.mkdirSync(path.join(folder, 'outputs'));
    fs.symlinkSync(elsewhere, path.join(folder, FILE));
    const changedOutputs = changed({ pipelines: {} });
    expect(await record(folder, changedOutputs)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`${FILE} error: is a symbolic link`) as unknown,
    });
    expect(fs.lstatSync(path.join(folder, FILE)).isSymbolicLink()).toBe(true);
    expect(fs.readFileSync(elsewhere, 'utf8')).toBe(EXPECTED);
  });

  it('a file that cannot be written is named, and nothing is left beside it', async () => {
    const folder = organizationFolder();
    const inTheWay = path.join(folder, FILE);
    // It comes between reading and writing.
    function* printed(): Generator<string> {
      fs.mkdirSync(inTheWay, { recursive: true });
      yield JSON.stringify(stackOutputs());
    }
    const result = await recordOutputs({
      directory: folder,
      stack: 'organization',
      from: '-',
      environment: {},
      signal: new AbortController().signal,
      tell: () => undefined,
      standardInput: () => Readable.from(printed()),
    });
    const message = expect.stringMatching(/^cannot be written \(\w+ on rename\)$/) as string;
    expect(result).toMatchObject({ problems: [{ location: { file: FILE }, message }] });
    expect(fs.readdirSync(path.dirname(inTheWay))).toEqual(['organization.yaml']);
  });

  it('a problem elsewhere in the model is told', async () => {
    const folder = organizationFolder();
    edit(folder, 'Pulumi.organization.yaml', 'westeurope', 'west europe');
    const { code, err } = await record(folder, stackOutputs());
    expect(code).toBe(1);
    expect(err).toContain('Pulumi.organization.yaml:2:');
    expect(fs.existsSync(path.join(folder, 'outputs'))).toBe(false);
  });
});

describe('--stack', () => {
  it('records an environment as --env does, byte by byte', async () => {
    const facts = (name: string): object => ({
      resourceId: `/subscriptions/${NONPROD}/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks-${name}`,
      oidcIssuerUrl: 'https://oidc.example.com/1/',
      kubeletPrincipalId: '44444444-4444-4444-8444-444444444444',
    });
    const folders = [0, 1].map(() => organizationFolder('valid/shared-registry-and-vault'));
    const sharer = loadPlatform(folders[0]!).environments.find(({ registry, vault }) => registry.sharedWith ?? vault.sharedWith)!;
    const outputs = {
      cluster: facts(sharer.name),
      identities: { reader: identity('reader', 10), writer: identity('writer', 11) },
    };
    const [stack, env] = [
      await record(folders[0]!, outputs, ['--json'], ['--stack', sharer.name]),
      await record(folders[1]!, outputs, ['--json'], ['--env', sharer.name]),
    ];
    expect({ code: stack.code, out: stack.out, err: stack.err }).toEqual({ code: 0, out: env.out, err: '' });
    expect(snapshotFolder(folders[0]!)).toEqual(snapshotFolder(folders[1]!));
    expect(readFile(folders[0]!, `outputs/${sharer.name}.yaml`)).toContain(`outputs record --env ${sharer.name}\``);
  });

  it.each([
    [[], "required option '--env <environment>' not specified, nor '--stack <stack>': one of them names the stack"],
    [
      ['--env', 'dev', '--stack', 'organization'],
      "'--env dev' and '--stack organization' are given: one of them names the stack",
    ],
    [['--env', 'dev', '--stack', 'dev'], "'--env dev' and '--stack dev' are given: one of them names the stack"],
    [['--stack', 'organization', '--stack', 'dev'], 'It is given once'],
    [['--stack', 'organisation'], "unknown stack 'organisation'. Did you mean 'organization'?"],
    [['--stack', 'elsewhere'], "unknown stack 'elsewhere'. The stacks are organization, dev, prod."],
    [['--env', 'organization'], "unknown environment 'organization': it is a stack. Give '--stack organization'"],
    ...['--sign-with', '--retire-key', '--add-key'].map((option): [string[], string] => [
      ['--stack', 'organization', option, `${option === '--add-key' ? 'platform=' : ''}https://v.vault.azure.net/keys/k/1`],
      "the stack 'organization' has no signing keys. Give '--sign-with', '--add-key' and '--retire-key' with the environment",
    ]),
  ])('the command line %j is an error of usage', async (args, message) => {
    const folder = organizationFolder();
    const before = snapshotFolder(folder);
    const { code, err, out } = await record(folder, stackOutputs(), [], args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`error: ${message.startsWith('It is') ? '' : message}`);
    expect(err).toContain(message);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('knows organization only where it is configured', async () => {
    const folder = platformFolder();
    const { code, err } = await record(folder, stackOutputs());
    expect(code).toBe(2);
    expect(err).toBe(
      "error: there is no stack 'organization', because there is no Pulumi.organization.yaml. Make it (docs/organization.md), or name the stack of an environment\n",
    );
    expect(fs.existsSync(path.join(folder, 'outputs'))).toBe(false);
    const unknown = await record(folder, stackOutputs(), [], ['--stack', 'elsewhere']);
    expect(unknown).toMatchObject({ code: 2, err: "error: unknown stack 'elsewhere'. The stacks are dev, prod.\n" });
    const asData = await record(folder, stackOutputs(), ['--json']);
    expect(JSON.parse(asData.out)).toEqual({ ok: false, usage: expect.stringContaining('docs/organization.md') as unknown });
  });

  it('stands in the help, with an example', async () => {
    const { code, out } = await runCli(['outputs', 'record', '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ +--stack <stack> /m);
    expect(out).toContain('\n  $ k8s-gitops outputs record --stack organization\n');
  });
});

describe('the schema of the outputs', () => {
  it('ignores what is not recorded, and is strict below the names that it knows', () => {
    const { azureDevOps, pipelines } = stackOutputs();
    expect(organizationStackOutputs.parse(stackOutputs())).toEqual({ azureDevOps, pipelines });
    expect(organizationStackOutputs.safeParse({ azureDevOps: { ...(azureDevOps as object), x: 1 }, pipelines }).success).toBe(
      false,
    );
  });
});
