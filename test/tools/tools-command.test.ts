import * as fs from 'node:fs';
import * as path from 'node:path';
import { type ToolName } from '../../src/model';
import { toolsCommand } from '../../src/cli/commands/tools';
import { Terminal } from '../../src/cli/terminal';
import { PUBLISHED_TOOLS } from '../../src/tools/published-tools';
import { FileServer, serve } from '../support/file-server';
import { edit, platformFolder, readFile } from '../support/platform-folder';
import { type CliResult } from '../support/run-cli';
import { archiveOf, HOST, pathOf, platformWithTools, publish, runTools, sum, urlOf } from './publisher';

const json = ({ out }: CliResult): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;

let server: FileServer;

beforeEach(async () => {
  server = await FileServer.start();
});

describe('k8s-gitops tools install', () => {
  it('installs, says where, and what to put on PATH', async () => {
    const directory = platformWithTools(server, { ...publish(server, 'trivy', '0.67.0'), ...publish(server, 'cosign', '3.0.2') });
    const to = path.join(path.relative(process.cwd(), directory), 'a folder');
    const { code, out, err } = await runTools(['install', '--dir', directory, '--to', to]);
    expect(code).toBe(0);
    expect(out).toMatch(/^tool +version +state +folder$/m);
    expect(out).toContain(`trivy   0.67.0   installed  ${to}/trivy/0.67.0\n`);
    expect(out).toContain(`\nexport PATH="$PWD/${to}/bin:$PATH"\n`);
    expect(err.split('\n').sort()).toEqual(['', '… cosign 3.0.2: downloading', '… trivy 0.67.0: downloading']);
    const again = await runTools(['install', 'trivy', '--dir', directory, '--to', to]);
    expect(again.out).toContain('present');
    expect(again.out).not.toContain('cosign');
    expect(again.err).toBe('');
  });

  it('installs into .tools of the platform folder by default, and prints data for machines', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    const result = await runTools(['install', '--dir', directory, '--json']);
    expect(json(result)).toEqual({
      ok: true,
      problems: [],
      tools: [{ name: 'trivy', version: '0.67.0', state: 'installed', folder: `${directory}/.tools/trivy/0.67.0` }],
      bin: `${directory}/.tools/bin`,
    });
    expect(fs.existsSync(path.join(directory, '.tools', 'bin', 'trivy'))).toBe(true);
  });

  it('makes a line for the shell whatever the folder is called', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    const { out } = await runTools(['install', '--dir', directory, '--to', path.join(directory, 'a"$b')]);
    expect(out).toContain(`export PATH="${directory}/a\\"\\$b/bin:$PATH"\n`);
  });

  it('fails when a tool does, and tells the others all the same', async () => {
    const directory = platformWithTools(server, { ...publish(server, 'trivy', '0.67.0'), ...publish(server, 'cosign', '3.0.2') });
    server.on(pathOf(urlOf('trivy', '0.67.0')), serve.status(404));
    const { code, out, err } = await runTools(['install', '--dir', directory]);
    expect(code).toBe(1);
    expect(out).toMatch(/^trivy +0\.67\.0 +failed +-$/m);
    expect(out).toMatch(/^cosign +3\.0\.2 +installed/m);
    expect(err).toMatch(/^platform\.lock\.yaml:\d+:\d+ error: trivy 0\.67\.0 for .*HTTP 404 \(Not Found\)\n {2}→ Check/m);
    expect(err).toContain('1 problem.');
  });

  it('says how far a long download is', async () => {
    const [content, url] = [Buffer.alloc(2_340_000, 'cosign'), urlOf('cosign', '3.0.2')];
    server.on(pathOf(url), serve.file(content));
    const directory = platformWithTools(server, {
      cosign: { version: '3.0.2', downloads: { [HOST]: { url, sha256: sum('sha256', content) } } },
    });
    const { err } = await runTools(['install', '--dir', directory], { tick: 3000 });
    expect(err).toMatch(/^… cosign 3\.0\.2: \d\.\d of 2\.3 MB$/m);
    expect(err).toContain('… cosign 3.0.2: extracting\n');
  });

  it('tells an interruption', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    const { code, err } = await runTools(['install', '--dir', directory], { signal: AbortSignal.abort() });
    expect(code).toBe(1);
    expect(err).toContain('it was interrupted');
    expect(server.requests).toEqual([]);
  });

  it('knows only the tools of the lock', async () => {
    const directory = platformFolder();
    await expect(runTools(['install', 'kubctl', '--dir', directory])).rejects.toThrow(
      "unknown tool 'kubctl'. Did you mean 'kubectl'?",
    );
    const { code, err } = await runTools(['install', '--dir', directory]);
    expect(code).toBe(1);
    expect(err).toContain('npx k8s-gitops tools lock');
  });

  it('tells what is wrong with the input files', async () => {
    const directory = platformFolder();
    edit(directory, 'platform.yaml', 'git:\n', 'gitt:\n');
    const { code, err } = await runTools(['install', '--dir', directory]);
    expect(code).toBe(1);
    expect(err).toContain('platform.yaml:');
    const without = platformFolder();
    fs.rmSync(path.join(without, 'platform.lock.yaml'));
    expect((await runTools(['verify', '--dir', without])).err).toContain('platform.lock.yaml error: does not exist');
  });
});

describe('k8s-gitops tools verify', () => {
  it('is content with what was installed, and fails when it was changed', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    await runTools(['install', '--dir', directory]);
    const { code, out, err } = await runTools(['verify', '--dir', directory]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^trivy +0\.67\.0 +intact$/m);
    fs.appendFileSync(path.join(directory, '.tools', 'trivy', '0.67.0', 'trivy'), 'x');
    const result = await runTools(['verify', '--dir', directory, '--json']);
    expect(result.code).toBe(1);
    expect(json(result)).toEqual({
      ok: false,
      problems: [
        {
          location: { file: `${directory}/.tools/trivy/0.67.0/trivy` },
          message: `is not what its archive has (trivy 0.67.0 for ${HOST})`,
          remedy: 'Run `npx k8s-gitops tools install trivy`, which installs it anew.',
        },
      ],
      tools: [{ name: 'trivy', version: '0.67.0', state: 'not intact' }],
    });
  });

  it('fails for what is not installed', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    const { code, out, err } = await runTools(['verify', '--dir', directory, '--to', path.join(directory, 'elsewhere')]);
    expect(code).toBe(1);
    expect(out).toMatch(/^trivy +0\.67\.0 +not installed$/m);
    expect(err).toContain('the lock pins trivy 0.67.0, but it is not installed');
  });
});

describe('k8s-gitops tools lock', () => {
  /** Publishes the checksums of a version of trivy. */
  function publishTrivy(version: string): void {
    const files = ['Linux-64bit', 'Linux-ARM64', 'macOS-64bit', 'macOS-ARM64'].map((os) => `trivy_${version}_${os}.tar.gz`);
    const text = files.map((file) => `${sum('sha256', file)}  ${file}\n`).join('');
    server.on(`github.com/aquasecurity/trivy/releases/download/v${version}/trivy_${version}_checksums.txt`, serve.file(text));
  }

  it('tells old, new, and where to read what is new', async () => {
    publishTrivy('0.67.0');
    publishTrivy('0.68.1');
    const directory = platformWithTools(server, {});
    const first = await runTools(['lock', '--dir', directory, '--tool', 'trivy=0.67.0']);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^trivy +- -> 0\.67\.0 +- +https:\/\/github\.com\/aquasecurity\/trivy\/releases\/tag\/v0\.67\.0$/m);
    // The other tools have no publisher here.
    expect(first.out).toContain('the newest version of helm cannot be read');
    const second = await runTools(['lock', '--dir', directory, '--tool', 'trivy=0.68.1']);
    expect(second.out).toMatch(/^trivy +0\.67\.0 -> 0\.68\.1 +- /m);
    expect(second.out).toContain('platform.lock.yaml was written: read `git diff platform.lock.yaml`');
    expect(readFile(directory, 'platform.lock.yaml')).toContain('version: 0.68.1');
    const third = await runTools(['lock', '--dir', directory]);
    expect(third.code).toBe(0);
    expect(third.out).toContain('platform.lock.yaml stays as it is.');
  });

  it('writes nothing with --check and fails when something would change', async () => {
    publishTrivy('0.67.0');
    const directory = platformWithTools(server, {});
    const before = readFile(directory, 'platform.lock.yaml');
    const args = ['lock', '--dir', directory, '--tool', 'trivy=0.67.0'];
    const checked = await runTools([...args, '--check']);
    expect(checked.code).toBe(1);
    expect(checked.err).toContain('1 tool would change. Run `npx k8s-gitops tools lock`.');
    expect(json(await runTools([...args, '--check', '--json']))).toMatchObject({ ok: false, problems: [], written: false });
    expect(readFile(directory, 'platform.lock.yaml')).toBe(before);
    expect((await runTools(args)).code).toBe(0);
    expect((await runTools([...args, '--check'])).code).toBe(0);
  });

  it('refuses a downgrade', async () => {
    publishTrivy('0.67.0');
    publishTrivy('0.9.0');
    const directory = platformWithTools(server, {});
    await runTools(['lock', '--dir', directory, '--tool', 'trivy=0.67.0']);
    const args = ['lock', '--dir', directory, '--tool', 'trivy=0.9.0'];
    const { code, err } = await runTools(args);
    expect(code).toBe(1);
    expect(err).toContain("'tools.trivy.version' is '0.67.0', and '0.9.0' is older");
    expect(err).toContain('Nothing was written.');
    expect((await runTools([...args, '--allow-downgrade'])).code).toBe(0);
  });

  it.each([
    'trivy',
    'trivy=',
    'trivy=v0.67.0',
    'trivy=0.67',
    'trivy=0.67.0-rc.1',
    'trivy=../../x',
    'trivy=1.0.0=2',
    'trvy=0.67.0',
  ])("does not understand --tool '%s'", async (given) => {
    await expect(runTools(['lock', '--dir', platformFolder(), '--tool', given])).rejects.toThrow(
      given.startsWith('trvy') ? "Did you mean 'trivy'?" : 'is not of the form NAME=VERSION',
    );
  });

  it('makes a lock from which tools can be installed', async () => {
    const name: ToolName = 'cosign';
    const content = archiveOf(name, '3.0.2');
    const url = urlOf(name, '3.0.2');
    server
      .on(pathOf(PUBLISHED_TOOLS.cosign.newest.url), serve.redirect('https://github.com/sigstore/cosign/releases/tag/v3.0.2'))
      .on(pathOf(url), serve.file(content))
      .on(
        `${path.posix.dirname(pathOf(url))}/cosign_checksums.txt`,
        serve.file(`${sum('sha256', content)}  ${path.basename(url)}\n`),
      );
    const directory = platformWithTools(server, {});
    expect((await runTools(['lock', '--dir', directory])).out).toMatch(/^cosign +- -> 3\.0\.2/m);
    expect((await runTools(['install', '--dir', directory])).code).toBe(0);
    expect((await runTools(['verify', '--dir', directory])).code).toBe(0);
  });
});

describe('k8s-gitops tools', () => {
  it.each(['install', 'lock', 'verify'])('has help for %s with an example', (name) => {
    const terminal = new Terminal({
      out: { write: () => undefined },
      err: { write: () => undefined },
      environment: {},
      now: () => 0,
      date: () => new Date(0),
      interruption: () => AbortSignal.abort(),
    });
    const command = toolsCommand(terminal, () => undefined).commands.find((candidate) => candidate.name() === name)!;
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toContain(`$ k8s-gitops tools ${name}`);
  });
});
