import { preflightAndReport, preflightCommand } from '../../src/cli/commands/preflight';
import { UsageError } from '../../src/cli/command';
import { Terminal } from '../../src/cli/terminal';
import { type Platform } from '../../src/model';
import { type PreflightOptions } from '../../src/stacks';
import { FileServer, serve } from '../support/file-server';
import { platformFolder } from '../support/platform-folder';
import { GitServer, gitVariables } from './preflight-git-server';
import { platformAt } from './preflight-support';

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs on a terminal that is caught. */
async function onTerminal(
  run: (terminal: Terminal) => Promise<number>,
  { environment = gitVariables(), signal = new AbortController().signal, tick = 0 } = {},
): Promise<Result> {
  let out = '';
  let err = '';
  let time = 0;
  const terminal = new Terminal({
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment,
    now: () => (time += tick),
    date: () => new Date(0),
    interruption: () => signal,
  });
  const code = await run(terminal);
  return { code, out, err };
}

const run = (
  platform: Platform,
  options: Partial<Parameters<typeof preflightAndReport>[2]> = {},
  surroundings: Parameters<typeof onTerminal>[1] = {},
  overrides: Partial<PreflightOptions> = {},
): Promise<Result> =>
  onTerminal((terminal) => preflightAndReport(terminal, platform, { dir: '.', env: 'dev', ...options }, overrides), surroundings);

/** Runs the command line itself. */
function runCommand(...args: readonly string[]): Promise<Result> {
  return onTerminal(async (terminal) => {
    let code = -1;
    const command = preflightCommand(terminal, (value) => {
      code = value;
    });
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        terminal.print(text);
      },
      writeErr: (text) => {
        terminal.tell(text);
      },
    });
    await command.parseAsync(args, { from: 'user' });
    return code;
  });
}

let server: GitServer;

beforeEach(async () => {
  server = await GitServer.start();
});

describe('k8s-gitops preflight', () => {
  it('shows what is fine, and ends with 0', async () => {
    const commit = server.push('dev', ['clusters/dev/systems/shop.yaml']);
    expect(await run(platformAt(server.url).platform)).toEqual({
      code: 0,
      out: [
        `   check   result  detail`,
        `✓  branch  ok      'dev' of ${server.url} is at ${commit.slice(0, 12)}`,
        `✓  path    ok      clusters/dev/systems holds 1 .yaml file`,
        '',
      ].join('\n'),
      err: '',
    });
  });

  it('names what is missing, and ends with 1', async () => {
    server.push('dev', ['README.md']);
    const { code, out, err } = await run(platformAt(server.url).platform);
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ {2}path +missing +clusters\/dev\/systems is not there on branch 'dev'/m);
    expect(err).toContain(
      `clusters/dev/systems error: clusters/dev/systems is not there on branch 'dev' of ${server.url}\n  → Run \`npm start\``,
    );
    expect(err).toContain('1 problem.');
  });

  it('looks again while somebody mends what is missing, and tells it meanwhile', async () => {
    let looks = 0;
    const patience = { deadlineMilliseconds: 30_000, pauseMilliseconds: 20 };
    const { code, out, err } = await run(
      platformAt(server.url).platform,
      { wait: 30 },
      {},
      {
        patience,
        onStep: () => {
          if (++looks === 3) server.push('dev', ['clusters/dev/systems/shop.yaml']);
        },
      },
    );
    expect(code).toBe(0);
    expect(looks).toBeGreaterThanOrEqual(3);
    expect(out).toMatch(/^✓ {2}path +ok/m);
    // Told once, however often it was looked at.
    expect(err.match(/branch 'dev' of \S+ does not exist/g)).toHaveLength(1);
    expect(err).toContain('Looking again for up to 30 s, while somebody mends it.');
  });

  it('gives up when the time is over', async () => {
    server.push('dev', ['README.md']);
    const patience = { deadlineMilliseconds: 60, pauseMilliseconds: 20 };
    const { code, err } = await run(platformAt(server.url).platform, { wait: 1 }, {}, { patience });
    expect(code).toBe(1);
    expect(err).toContain('1 problem.');
  });

  it('looks once when nobody asked it to wait', async () => {
    server.push('dev', ['README.md']);
    let looks = 0;
    const { code, err } = await run(platformAt(server.url).platform, {}, {}, { onStep: () => looks++ });
    expect([code, looks]).toEqual([1, 1]);
    expect(err).not.toContain('Looking again');
  });

  it.each([
    [{}, 0, 'warning'],
    [{ strict: true }, 1, 'error'],
  ])('tells what it could not check, with %j: exit code %d', async (options, expected, kind) => {
    server.intercept = (_request, response) => {
      response.writeHead(401).end();
      return true;
    };
    const { code, out, err } = await run(platformAt(server.url).platform, options);
    expect(code).toBe(expected);
    expect(out).toMatch(/^\? {2}branch +not checked +the Git server does not let this run read/m);
    expect(out).toMatch(/^\? {2}path +not checked +the branch could not be looked at$/m);
    expect(err).toContain(`platform.yaml:13:13 ${kind}: not checked: the Git server does not let this run read ${server.url}`);
    expect(err.match(/not checked/g)).toEqual(['not checked']);
  });

  it('prints data for machines', async () => {
    server.push('other', []);
    const { platform } = platformAt(server.url, { secretName: 'git-credentials' });
    const { code, out, err } = await run(platform, { json: true });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toEqual({
      ok: false,
      problems: [
        {
          location: { file: 'platform.yaml', line: 13, column: 13 },
          message: `branch 'dev' of ${server.url} does not exist`,
          remedy: 'The branches there are other. Push it: `git push origin HEAD:refs/heads/dev`.',
        },
      ],
      environment: 'dev',
      branch: 'dev',
      checks: [
        { check: 'branch', result: 'missing', detail: `branch 'dev' of ${server.url} does not exist` },
        { check: 'path', result: 'unknown', detail: "branch 'dev' does not exist" },
        { check: 'secret', result: 'unknown', detail: expect.stringContaining("Secret 'git-credentials'") as string },
      ],
      notes: [
        {
          location: { file: 'platform.yaml' },
          message: expect.stringMatching(/^not checked: Secret 'git-credentials'/) as string,
          remedy: expect.stringContaining('kubectl') as string,
        },
      ],
    });
  });

  it('asks about the identities that the options name', async () => {
    server.push('dev', ['clusters/dev/systems/shop.yaml']);
    const graph = (await FileServer.start()).on('my-org/_apis/graph/serviceprincipals', serve.file('{"value":[]}'));
    const { platform } = platformAt(server.url, { host: 'azure-devops', provider: 'azure' });
    const environment = { ...gitVariables(), SYSTEM_ACCESSTOKEN: 'the-token-of-nobody' };
    const options = { readerPrincipal: '33333333-3333-3333-3333-333333333331' };
    const { code, out, err } = await run(platform, options, { environment }, { graphAddress: graph.url.slice(0, -1) });
    expect(code).toBe(1);
    expect(err).toContain(
      "--reader-principal error: identity 'aks-dev-flux-source-controller' (object id 33333333-3333-3333-3333-333333333331) is not entitled in the organization 'my-org'\n",
    );
    expect(err).toContain(
      "outputs/dev.yaml warning: not checked: the object id of identity 'aks-dev-flux-image-automation-controller'",
    );
    expect(out + err).not.toContain('the-token-of-nobody');
  });

  it('fails when it is interrupted: what nobody looked at is not fine', async () => {
    server.intercept = () => true;
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 300);
    const { code, err } = await run(platformAt(server.url).platform, {}, { signal: controller.signal });
    expect(code).toBe(1);
    expect(err).toContain('preflight of dev error: the work was interrupted before everything was looked at');
  });

  it('tells what it looks at once that takes longer than a second', async () => {
    server.push('dev', ['clusters/dev/systems/shop.yaml']);
    const { err } = await run(platformAt(server.url).platform, {}, { tick: 1001 });
    expect(err).toBe(`… looking at branch 'dev' of ${server.url}\n`);
  });
});

describe('the command line of preflight', () => {
  it('takes an unknown environment for a mistake', async () => {
    await expect(runCommand('--dir', platformFolder(), '--env', 'dve')).rejects.toThrow(UsageError);
  });

  it.each([
    [[], "required option '--env <environment>' not specified"],
    [['--env', 'dev', '--reader-principal', 'me'], 'It is the object id of a service principal'],
    [['--env', 'dev', '--writer-principal', ''], 'It is the object id of a service principal'],
    [['--env', 'dev', '--reader-principal', '00000000-0000-0000-0000-000000000000'], 'not all zero'],
    [['--env', 'dev', '--env', 'prod'], "It is given once; 'dev' stands before."],
  ])('refuses %j', async (args, message) => {
    await expect(runCommand(...args)).rejects.toThrow(message);
  });

  it('refuses one identity for reading and writing', async () => {
    const id = '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e77';
    const given = ['--reader-principal', id, '--writer-principal', id.toUpperCase()];
    const running = runCommand('--dir', platformFolder(), '--env', 'dev', ...given);
    await expect(running).rejects.toThrow(UsageError);
    await expect(running).rejects.toThrow(`'--reader-principal' and '--writer-principal' are both '${id}'`);
  });

  it('tells a broken model', async () => {
    const { code, err } = await runCommand('--dir', platformFolder('invalid/unknown-sku'), '--env', 'dev');
    expect(code).toBe(1);
    expect(err).toContain("'sku' is 'sku-huge'");
  });
});
