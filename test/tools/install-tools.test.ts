import * as fs from 'node:fs';
import * as path from 'node:path';
import { loadLockRequirements, type LockFile, type ToolName } from '../../src/model';
import { installTools, type Installation, type InstallRequest } from '../../src/tools';
import { hostPlatform } from '../../src/tools/host-platform';
import { FileServer, serve } from '../support/file-server';
import { edit, snapshotFolder } from '../support/platform-folder';
import { rawTarGz } from './archives';
import { archiveOf, HOST, mirrors, pathOf, platformWithTools, publish, sum, urlOf } from './publisher';

const QUICK = { attempts: 2, backOffMilliseconds: 5, idleMilliseconds: 300 };
const [OS, ARCH] = HOST.split('/') as [string, string];

let server: FileServer;

beforeEach(async () => {
  server = await FileServer.start();
});

/** Installs what the lock of a folder pins. */
function install(directory: string, more: Partial<InstallRequest> = {}): Promise<Installation> {
  const result = loadLockRequirements(directory);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  const { tools } = result.requirements.lock!;
  const { downloads } = result.requirements.platform.supplyChain;
  return installTools({ directory, tools, downloads, environment: {}, limits: QUICK, ...more });
}

const installed = (directory: string): Record<string, string> => snapshotFolder(path.join(directory, '.tools'));

const contentOf = (member: string, version: string): string => `#!/bin/sh\necho ${member} ${version} ${HOST}\n`;

describe('installTools', () => {
  it('keeps the archive, installs the executables and links them', async () => {
    const directory = platformWithTools(server, publish(server, 'kubectl', '1.34.7'));
    const { tools, problems, bin } = await install(directory);
    expect(problems).toEqual([]);
    const folder = path.join(directory, '.tools', 'kubectl', '1.34.7');
    expect(tools).toEqual([{ name: 'kubectl', version: '1.34.7', state: 'installed', folder }]);
    expect(bin).toBe(path.join(directory, '.tools', 'bin'));
    const files = installed(directory);
    expect(Object.keys(files).sort()).toEqual([
      `archives/kubectl-1.34.7-${OS}-${ARCH}.tar.gz`,
      'bin/kubectl',
      'kubectl/1.34.7/kubectl',
    ]);
    expect(files['bin/kubectl']).toBe('../kubectl/1.34.7/kubectl');
    expect(fs.readFileSync(path.join(bin, 'kubectl'), 'utf8')).toBe(contentOf('kubernetes/client/bin/kubectl', '1.34.7'));
    fs.accessSync(path.join(bin, 'kubectl'), fs.constants.X_OK);
  });

  it.each([
    ['kubelogin', '0.2.12', 'zip', ['kubelogin'], ['kubelogin']],
    ['cosign', '3.0.2', 'bin', ['cosign'], ['cosign']],
    ['trivy', '0.67.0', 'tar.gz', ['trivy'], ['trivy']],
    ['pulumi', '3.200.0', 'tar.gz', ['pulumi', 'pulumi-language-nodejs'], ['pulumi', 'pulumi-language-nodejs']],
    ['envtest', '1.34.1', 'tar.gz', ['etcd', 'kube-apiserver'], ['etcd', 'kube-apiserver', 'kubectl']],
  ] as const)('installs %s', async (name, version, extension, commands, files) => {
    const directory = platformWithTools(server, publish(server, name, version));
    expect((await install(directory)).problems).toEqual([]);
    expect(Object.keys(installed(directory)).sort()).toEqual(
      [
        `archives/${name}-${version}-${OS}-${ARCH}.${extension}`,
        ...commands.map((command) => `bin/${command}`),
        ...files.map((file) => `${name}/${version}/${file}`),
      ].sort(),
    );
    expect(server.requests).toEqual([pathOf(urlOf(name, version))]);
  });

  it('downloads nothing the second time', async () => {
    const directory = platformWithTools(server, { ...publish(server, 'trivy', '0.67.0'), ...publish(server, 'cosign', '3.0.2') });
    await install(directory);
    const before = installed(directory);
    expect(server.requests.length).toBe(2);
    const { tools, problems } = await install(directory);
    expect(problems).toEqual([]);
    expect(tools.map(({ state }) => state)).toEqual(['present', 'present']);
    expect(server.requests.length).toBe(2);
    expect(installed(directory)).toEqual(before);
  });

  it.each([
    [
      'changed',
      (file: string) => {
        fs.writeFileSync(file, 'evil');
      },
    ],
    [
      'removed',
      (file: string) => {
        fs.rmSync(file);
      },
    ],
    [
      'made a link',
      (file: string) => {
        fs.rmSync(file);
        fs.symlinkSync('/bin/true', file);
      },
    ],
    [
      'made unusable',
      (file: string) => {
        fs.chmodSync(file, 0o644);
      },
    ],
    [
      'given company',
      (file: string) => {
        fs.writeFileSync(`${file}-plugin`, 'evil');
      },
    ],
  ])('installs a tool anew whose file was %s, from the archive', async (_what, tamper) => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    await install(directory);
    const before = installed(directory);
    tamper(path.join(directory, '.tools', 'trivy', '0.67.0', 'trivy'));
    expect((await install(directory)).tools).toMatchObject([{ state: 'installed' }]);
    expect(installed(directory)).toEqual(before);
    fs.accessSync(path.join(directory, '.tools', 'bin', 'trivy'), fs.constants.X_OK);
    expect(server.requests.length).toBe(1);
  });

  it('downloads an archive anew that was changed', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    await install(directory);
    const before = installed(directory);
    const archive = path.join(directory, '.tools', 'archives', `trivy-0.67.0-${OS}-${ARCH}.tar.gz`);
    fs.appendFileSync(archive, 'x');
    expect((await install(directory)).problems).toEqual([]);
    expect(installed(directory)).toEqual(before);
    expect(server.requests.length).toBe(2);
    fs.appendFileSync(archive, 'x');
    server.on(pathOf(urlOf('trivy', '0.67.0')), serve.status(404));
    expect((await install(directory)).tools).toMatchObject([{ state: 'failed' }]);
    expect(fs.existsSync(archive)).toBe(false);
  });

  it('links to the new version and drops the commands that it has no more', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    await install(directory);
    const bin = path.join(directory, '.tools', 'bin');
    fs.symlinkSync('../trivy/0.67.0/trivy-plugin', path.join(bin, 'trivy-plugin'));
    fs.symlinkSync('../../mine', path.join(bin, 'mine'));
    const { trivy } = publish(server, 'trivy', '0.68.0');
    expect((await install(directory, { tools: { trivy: trivy! } })).problems).toEqual([]);
    expect(snapshotFolder(bin)).toEqual({ trivy: '../trivy/0.68.0/trivy', mine: '../../mine' });
    expect(fs.existsSync(path.join(directory, '.tools', 'trivy', '0.67.0', 'trivy'))).toBe(true);
  });

  it('leaves nothing at all of an archive with another checksum', async () => {
    const { trivy } = publish(server, 'trivy', '0.67.0');
    const directory = platformWithTools(server, { trivy: trivy! });
    const flipped = archiveOf('trivy', '0.67.0');
    flipped[flipped.length >> 1]! ^= 1;
    server.on(pathOf(urlOf('trivy', '0.67.0')), serve.file(flipped));
    const { tools, problems } = await install(directory);
    expect(tools).toEqual([{ name: 'trivy', version: '0.67.0', state: 'failed' }]);
    expect(problems).toEqual([
      {
        location: { file: 'platform.lock.yaml', line: expect.any(Number) as number, column: expect.any(Number) as number },
        message: `trivy 0.67.0 for ${HOST} cannot be downloaded from ${server.url}${pathOf(urlOf('trivy', '0.67.0'))} (in place of ${urlOf('trivy', '0.67.0')}): its SHA-256 should be ${trivy!.downloads[HOST]!.sha256!}, but what came (${flipped.length} bytes) has ${sum('sha256', flipped)}`,
        remedy: expect.stringContaining('https://github.com/aquasecurity/trivy/releases/tag/v0.67.0') as string,
      },
    ]);
    expect(
      fs.readFileSync(path.join(directory, 'platform.lock.yaml'), 'utf8').split('\n')[problems[0]!.location.line! - 1],
    ).toContain(trivy!.downloads[HOST]!.sha256!);
    expect(fs.existsSync(path.join(directory, '.tools'))).toBe(false);
  });

  it('installs the others when one fails', async () => {
    const directory = platformWithTools(server, {
      ...publish(server, 'cosign', '3.0.2'),
      ...publish(server, 'trivy', '0.67.0'),
      ...publish(server, 'crane', '0.20.6'),
    });
    server.on(pathOf(urlOf('cosign', '3.0.2')), serve.status(404));
    const { tools, problems } = await install(directory);
    expect(tools.map(({ name, state }) => `${name} ${state}`)).toEqual(['trivy installed', 'cosign failed', 'crane installed']);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('cosign 3.0.2')]);
    expect(Object.keys(snapshotFolder(path.join(directory, '.tools', 'bin')))).toEqual(['crane', 'trivy']);
    expect(fs.readdirSync(path.join(directory, '.tools')).sort()).toEqual(['archives', 'bin', 'crane', 'trivy']);
  });

  it.each([
    ['a member that leads out', rawTarGz([{ path: 'trivy', content: 'x' }, { path: '../../evil', content: 'x' }]), 'leads out of the folder'], // prettier-ignore
    ['a link', rawTarGz([{ path: 'trivy', type: 'SymbolicLink', linkpath: '/bin/sh' }]), 'is no file but a SymbolicLink'],
    ['the type of another tool', archiveOf('kubelogin', '0.2.12'), 'cannot be unpacked'],
    ['the content of another tool', archiveOf('kubectl', '1.34.7'), "it has no 'trivy'"],
  ])('installs nothing of an archive with %s, although its checksum is right', async (_what, content, message) => {
    const url = urlOf('trivy', '0.67.0');
    server.on(pathOf(url), serve.file(content));
    const directory = platformWithTools(server, {
      trivy: { version: '0.67.0', downloads: { [HOST]: { url, sha256: sum('sha256', content) } } },
    });
    const { tools, problems } = await install(directory);
    expect(tools).toMatchObject([{ state: 'failed' }]);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.message).toContain(`trivy 0.67.0 for ${HOST}`);
    expect(Object.keys(installed(directory))).toEqual([`archives/trivy-0.67.0-${OS}-${ARCH}.tar.gz`]);
    expect(fs.readdirSync(path.join(directory, '.tools'))).toEqual(['archives']);
  });

  it('never downloads what is unresolved', async () => {
    const { trivy } = publish(server, 'trivy', '0.67.0');
    const directory = platformWithTools(server, { trivy: trivy! });
    edit(directory, 'platform.lock.yaml', trivy!.downloads[HOST]!.sha256!, 'unresolved');
    const { tools, problems } = await install(directory);
    expect(tools).toEqual([{ name: 'trivy', version: '0.67.0', state: 'failed' }]);
    expect(problems).toMatchObject([
      {
        message: `the sha256 of trivy 0.67.0 for ${HOST} is 'unresolved', so it is not downloaded`,
        remedy: expect.stringContaining('`npx k8s-gitops tools lock`') as string,
      },
    ]);
    expect(server.requests).toEqual([]);
    expect(fs.existsSync(path.join(directory, '.tools'))).toBe(false);
  });

  it('tells what the lock lacks', async () => {
    const other = HOST === 'linux/amd64' ? 'linux/arm64' : 'linux/amd64';
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    const { problems } = await install(directory, { names: ['trivy', 'helm'], platform: other });
    expect(problems.map(({ message }) => message)).toEqual([
      `'tools.trivy.downloads' has no entry '${other}'`,
      "'tools' has no entry 'helm'",
    ]);
    for (const { remedy } of problems) expect(remedy).toContain('`npx k8s-gitops tools lock`');
    expect((await install(directory, { tools: {} })).problems).toMatchObject([{ message: "'tools' has no entries" }]);
  });

  it('installs only what is named, where it is wanted', async () => {
    const directory = platformWithTools(server, { ...publish(server, 'trivy', '0.67.0'), ...publish(server, 'crane', '0.20.6') });
    const to = path.join(directory, 'else where', 'tools');
    const { tools, bin } = await install(directory, { names: ['crane'], to });
    expect(tools).toEqual([{ name: 'crane', version: '0.20.6', state: 'installed', folder: path.join(to, 'crane', '0.20.6') }]);
    expect(bin).toBe(path.join(to, 'bin'));
    expect(fs.existsSync(path.join(directory, '.tools'))).toBe(false);
    expect(fs.readdirSync(path.join(to, 'bin'))).toEqual(['crane']);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const directory = platformWithTools(server, { ...publish(server, 'trivy', '0.67.0'), ...publish(server, 'crane', '0.20.6') });
    const stop = new AbortController();
    server.on(pathOf(urlOf('trivy', '0.67.0')), serve.trickle(5));
    server.on(pathOf(urlOf('crane', '0.20.6')), (request, response) => {
      setTimeout(() => {
        stop.abort();
      }, 50);
      serve.stalled(archiveOf('crane', '0.20.6'))(request, response);
    });
    const { tools, problems } = await install(directory, { signal: stop.signal });
    expect(tools.map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^trivy .*: it was interrupted$/),
      expect.stringMatching(/^crane .*: it was interrupted$/),
    ]);
    expect(fs.existsSync(path.join(directory, '.tools'))).toBe(false);
  });

  it('works on four tools at a time', async () => {
    const versions = {
      trivy: '0.67.0',
      cosign: '3.0.2',
      crane: '0.20.6',
      helm: '3.19.2',
      pulumi: '3.200.0',
      kubelogin: '0.2.12',
    };
    let [running, most] = [0, 0];
    let tools: LockFile['tools'] = {};
    for (const [name, version] of Object.entries(versions) as [ToolName, string][]) {
      tools = { ...tools, ...publish(server, name, version) };
      const content = archiveOf(name, version);
      server.on(pathOf(urlOf(name, version)), (request, response) => {
        most = Math.max(most, ++running);
        setTimeout(() => {
          running -= 1;
          serve.file(content)(request, response);
        }, 60);
      });
    }
    const directory = platformWithTools(server, tools);
    expect((await install(directory)).problems).toEqual([]);
    expect(most).toBe(4);
  });

  it('removes what a run left that was killed long ago, but not what may belong to another one', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    const archives = path.join(directory, '.tools', 'archives');
    fs.mkdirSync(archives, { recursive: true });
    for (const file of ['.old.1.1.tmp', '.new.1.1.tmp']) fs.writeFileSync(path.join(archives, file), 'half');
    const long = new Date(Date.now() - 24 * 60 * 60 * 1000);
    fs.utimesSync(path.join(archives, '.old.1.1.tmp'), long, long);
    expect((await install(directory)).problems).toEqual([]);
    expect(fs.readdirSync(archives)).toEqual(['.new.1.1.tmp', `trivy-0.67.0-${OS}-${ARCH}.tar.gz`]);
  });

  it('tells what stands in the way', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    fs.mkdirSync(path.join(directory, '.tools', 'bin', 'trivy', 'folder'), { recursive: true });
    const { tools, problems } = await install(directory);
    expect(tools).toMatchObject([{ state: 'failed' }]);
    expect(problems[0]?.message).toMatch(/^cannot be read or written \(EISDIR on rename\)$/);
    expect(problems[0]?.location.file).toMatch(/\.tools\/bin\/trivy$/);
    expect(fs.readdirSync(path.join(directory, '.tools', 'bin'))).toEqual(['trivy']);
  });

  it('says what it does', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    const steps: string[] = [];
    await install(directory, { onProgress: ({ step }) => steps.push(step) });
    expect([...new Set(steps)]).toEqual(['verifying', 'downloading', 'extracting']);
  });

  it('fetches from the mirror that knows the longest beginning of the address', async () => {
    const directory = platformWithTools(server, publish(server, 'trivy', '0.67.0'));
    const downloads = { ...mirrors(server), 'https://github.com/aquasecurity/': `${server.url}more-specific/` };
    const { problems } = await install(directory, { downloads });
    expect(problems[0]?.message).toContain(`${server.url}more-specific/trivy/releases/download/`);
  });
});

describe('hostPlatform', () => {
  it('knows the machines for which tools are pinned', () => {
    expect(hostPlatform('linux', 'x64')).toBe('linux/amd64');
    expect(hostPlatform('darwin', 'arm64')).toBe('darwin/arm64');
    expect(hostPlatform('win32', 'x64')).toBeUndefined();
    expect(hostPlatform('linux', 'ppc64')).toBeUndefined();
  });
});
