import * as path from 'node:path';
import { load, loadLockRequirements, lockText, TOOL_NAMES, TOOL_PLATFORMS, type LockFile, type ToolName } from '../../src/model';
import { lockTools, newestVersion, releaseNotes, resolveTool, type LockRequest, type LockResult } from '../../src/tools';
import { PUBLISHED_TOOLS, targetOf } from '../../src/tools/published-tools';
import { checksumInSums, parseEnvtestReleases } from '../../src/tools/checksum-lists';
import { FileServer, serve } from '../support/file-server';
import { readFile, snapshotFolder, writeFile } from '../support/platform-folder';
import { mirrors, pathOf, platformWithTools, sum, urlOf } from './publisher';

const QUICK = { attempts: 1, idleMilliseconds: 300 };
const VERSIONS: Readonly<Record<ToolName, string>> = {
  kubectl: '1.34.7',
  kubelogin: '0.2.12',
  trivy: '0.67.0',
  cosign: '3.0.2',
  crane: '0.20.6',
  helm: '4.0.1',
  'flux-operator': '0.59.0',
  pulumi: '3.200.0',
  envtest: '1.34.1',
};

let server: FileServer;

beforeEach(async () => {
  server = await FileServer.start();
});

/** The checksum that the publisher of the tests names for a file. */
const checksum = (name: ToolName, url: string): string => sum(PUBLISHED_TOOLS[name].checksums.algorithm, url);

/** Publishes checksums of a version as its publisher does, written out here apart from the code that reads them. */
function publishChecksums(name: ToolName, version: string): void {
  const urls = TOOL_PLATFORMS.map((platform) => urlOf(name, version, platform));
  const file = (url: string): string => path.posix.basename(url);
  const line = (url: string): string => `${checksum(name, url)}  ${file(url)}\n`;
  const asset = (list: string): string => `${path.posix.dirname(pathOf(urls[0]!))}/${list}`;
  const together = (list: string): FileServer => server.on(asset(list), serve.file(`${urls.map(line).join('')}0000  other\n`));
  const each = (suffix: string, text: (url: string) => string): void => {
    for (const url of urls) server.on(`${pathOf(url)}${suffix}`, serve.file(text(url)));
  };
  switch (name) {
    case 'kubectl':
      each('.sha512', (url) => checksum(name, url));
      break;
    case 'kubelogin':
      each('.sha256', line);
      break;
    case 'helm':
      each('.sha256sum', line);
      break;
    case 'trivy':
    case 'flux-operator':
      together(`${name}_${version}_checksums.txt`);
      break;
    case 'cosign':
      together('cosign_checksums.txt');
      break;
    case 'crane':
      together('checksums.txt');
      break;
    case 'pulumi':
      together(`pulumi-${version}-checksums.txt`);
      break;
    case 'envtest':
      server.on(
        'raw.githubusercontent.com/kubernetes-sigs/controller-tools/HEAD/envtest-releases.yaml',
        serve.file(
          [
            'releases:',
            '  v1.9.0: {}',
            '  v1.35.0-alpha.1: {}',
            `  v${version}:`,
            ...urls.map((url) => `    ${file(url)}:\n      hash: ${checksum(name, url)}\n      selfLink: ${url}`),
          ].join('\n'),
        ),
      );
      break;
  }
}

/** Publishes which version is the newest. */
function publishNewest(name: ToolName, version: string): void {
  const { newest } = PUBLISHED_TOOLS[name];
  if (newest.form === 'text') server.on(pathOf(newest.url), serve.file(`v${version}\n`));
  if (newest.form === 'latest-release')
    server.on(pathOf(newest.url), serve.redirect(`${newest.url.replace(/latest$/, 'tag')}/v${version}`));
}

function publishEverything(): void {
  for (const name of TOOL_NAMES) {
    publishChecksums(name, VERSIONS[name]);
    publishNewest(name, VERSIONS[name]);
  }
}

function lockOf(directory: string): LockFile {
  const result = loadLockRequirements(directory);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.requirements.lock!;
}

const context = (): Pick<LockRequest, 'environment' | 'downloads' | 'limits'> => ({
  environment: {},
  downloads: mirrors(server),
  limits: QUICK,
});

const run = (directory: string, more: Partial<LockRequest> = {}): Promise<LockResult> =>
  lockTools({ directory, lock: lockOf(directory), ...context(), ...more });

/** What the lock has to hold of a version whose checksums are all known. */
function resolved(name: ToolName, version: string): NonNullable<LockFile['tools'][ToolName]> {
  return {
    version,
    downloads: Object.fromEntries(
      TOOL_PLATFORMS.map((platform) => {
        const url = urlOf(name, version, platform);
        return [platform, { url, [PUBLISHED_TOOLS[name].checksums.algorithm]: checksum(name, url) }];
      }),
    ),
  };
}

describe('lockTools', () => {
  it('pins the newest version of every tool, with the checksums that its publisher names', async () => {
    publishEverything();
    const directory = platformWithTools(server, {});
    const before = lockOf(directory);
    const { changes, notes, problems, written } = await run(directory);
    expect({ notes, problems, written }).toEqual({ notes: [], problems: [], written: true });
    expect(changes).toEqual(
      TOOL_NAMES.map((name) => ({
        name,
        to: VERSIONS[name],
        platforms: TOOL_PLATFORMS,
        unresolved: [],
        releaseNotes: releaseNotes(name, VERSIONS[name]),
      })),
    );
    const tools = Object.fromEntries(TOOL_NAMES.map((name) => [name, resolved(name, VERSIONS[name])]));
    expect(lockOf(directory)).toEqual({ ...before, tools });
    expect(readFile(directory, 'platform.lock.yaml')).toBe(lockText(lockOf(directory)));
    expect(Object.keys(snapshotFolder(directory)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it('has nothing to change the second time', async () => {
    publishEverything();
    const directory = platformWithTools(server, {});
    await run(directory);
    const before = readFile(directory, 'platform.lock.yaml');
    expect(await run(directory)).toEqual({ changes: [], notes: [], problems: [], written: false });
    expect(readFile(directory, 'platform.lock.yaml')).toBe(before);
  });

  it('fills in what is missing or unresolved, and leaves the version as it is', async () => {
    publishEverything();
    publishChecksums('trivy', '0.60.0');
    const directory = platformWithTools(server, {
      trivy: {
        version: '0.60.0',
        downloads: { 'linux/amd64': { url: urlOf('trivy', '0.60.0', 'linux/amd64'), sha256: 'unresolved' } },
      },
    });
    const { changes } = await run(directory);
    expect(changes.find(({ name }) => name === 'trivy')).toMatchObject({
      from: '0.60.0',
      to: '0.60.0',
      platforms: TOOL_PLATFORMS,
    });
    expect(lockOf(directory).tools.trivy).toEqual(resolved('trivy', '0.60.0'));
  });

  it('changes a version when asked', async () => {
    publishEverything();
    publishChecksums('trivy', '0.68.1');
    const directory = platformWithTools(server, { trivy: resolved('trivy', '0.67.0') });
    const { changes, problems } = await run(directory, { versions: { trivy: '0.68.1', crane: VERSIONS.crane } });
    expect(problems).toEqual([]);
    expect(changes.find(({ name }) => name === 'trivy')).toEqual({
      name: 'trivy',
      from: '0.67.0',
      to: '0.68.1',
      platforms: TOOL_PLATFORMS,
      unresolved: [],
      releaseNotes: 'https://github.com/aquasecurity/trivy/releases/tag/v0.68.1',
    });
    expect(lockOf(directory).tools.trivy).toEqual(resolved('trivy', '0.68.1'));
    expect(server.requests).not.toContain(pathOf(PUBLISHED_TOOLS.crane.newest.url));
  });

  it('refuses an older version unless that is said to be meant', async () => {
    publishEverything();
    publishChecksums('trivy', '0.9.0');
    const directory = platformWithTools(server, { trivy: resolved('trivy', '0.67.0') });
    const before = readFile(directory, 'platform.lock.yaml');
    const { problems, written } = await run(directory, { versions: { trivy: '0.9.0' } });
    expect(problems).toEqual([
      {
        location: { file: 'platform.lock.yaml', line: expect.any(Number) as number, column: expect.any(Number) as number },
        message: "'tools.trivy.version' is '0.67.0', and '0.9.0' is older",
        remedy: 'If that is meant, add --allow-downgrade.',
      },
    ]);
    expect(written).toBe(false);
    expect(readFile(directory, 'platform.lock.yaml')).toBe(before);
    expect((await run(directory, { versions: { trivy: '0.9.0' }, allowDowngrade: true })).problems).toEqual([]);
    expect(lockOf(directory).tools.trivy).toEqual(resolved('trivy', '0.9.0'));
  });

  it('writes nothing when a release was replaced, and names both checksums', async () => {
    publishEverything();
    const locked = resolved('kubectl', '1.34.7');
    const reviewed = 'ab'.repeat(64);
    const url = urlOf('kubectl', '1.34.7', 'darwin/arm64');
    const directory = platformWithTools(server, {
      kubectl: { ...locked, downloads: { ...locked.downloads, 'darwin/arm64': { url, sha512: reviewed } } },
    });
    const before = readFile(directory, 'platform.lock.yaml');
    const { problems, written } = await run(directory);
    expect(problems.map(({ message }) => message)).toEqual([
      `the publisher replaced kubectl 1.34.7 for darwin/arm64: SHA-512 ${reviewed} is in the lock, ${checksum('kubectl', url)} is what it says now`,
    ]);
    expect(before.split('\n')[problems[0]!.location.line! - 1]).toContain(reviewed);
    expect(written).toBe(false);
    expect(readFile(directory, 'platform.lock.yaml')).toBe(before);
  });

  it('leaves unresolved what cannot be learned, and says why', async () => {
    publishEverything();
    server.on(`${pathOf(urlOf('helm', '4.0.1', 'linux/arm64'))}.sha256sum`, serve.status(404));
    const trivy = pathOf(urlOf('trivy', '0.67.0', 'darwin/amd64'));
    server.on(
      `${path.posix.dirname(trivy)}/trivy_0.67.0_checksums.txt`,
      serve.file(`${'a'.repeat(64)}  trivy_0.67.0_Linux-64bit.tar.gz\n`),
    );
    const directory = platformWithTools(server, {});
    const { notes, problems, changes, written } = await run(directory);
    expect({ problems, written }).toEqual({ problems: [], written: true });
    expect(changes.find(({ name }) => name === 'helm')?.unresolved).toEqual(['linux/arm64']);
    expect(lockOf(directory).tools.helm?.downloads['linux/arm64']?.sha256).toBe('unresolved');
    expect(lockOf(directory).tools.trivy?.downloads).toMatchObject({
      'linux/amd64': { sha256: 'a'.repeat(64) },
      'darwin/amd64': { sha256: 'unresolved' },
    });
    const messages = notes.map(({ message }) => message);
    expect(messages.length).toBe(4);
    expect(messages.filter((message) => message.includes('trivy_0.67.0_checksums.txt names no SHA-256 of')).length).toBe(3);
    expect(messages.at(-1)).toMatch(
      /^the checksums of helm 4\.0\.1 cannot be read from .*linux-arm64.*: HTTP 404 \(Not Found\)$/,
    );
  });

  it('keeps what the lock knows while publishers cannot be reached, and leaves out what it does not', async () => {
    const directory = platformWithTools(server, { trivy: resolved('trivy', '0.67.0') });
    const before = readFile(directory, 'platform.lock.yaml');
    const { changes, notes, problems, written } = await run(directory);
    expect({ changes, problems, written }).toEqual({ changes: [], problems: [], written: false });
    expect(notes.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^the newest version of helm cannot be read from .*: HTTP 404/),
    );
    expect(notes.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^the checksums of trivy 0\.67\.0 cannot be read/),
    );
    expect(readFile(directory, 'platform.lock.yaml')).toBe(before);
  });

  it('locks a named version of a new tool without its publisher, unresolved', async () => {
    const directory = platformWithTools(server, {});
    const { changes, written } = await run(directory, { versions: { helm: '3.19.2' } });
    expect(written).toBe(true);
    expect(changes).toMatchObject([{ name: 'helm', to: '3.19.2', unresolved: TOOL_PLATFORMS }]);
    expect(Object.keys(lockOf(directory).tools)).toEqual(['helm']);
  });

  it('does not give known checksums away for a version of which nothing can be learned', async () => {
    const directory = platformWithTools(server, { trivy: resolved('trivy', '0.67.0') });
    const before = readFile(directory, 'platform.lock.yaml');
    const { problems, written } = await run(directory, { versions: { trivy: '9.9.9' } });
    expect(problems.map(({ message }) => message)).toEqual([
      'no checksum of trivy 9.9.9 can be learned, so the lock would lose those of 0.67.0',
    ]);
    expect(written).toBe(false);
    expect(readFile(directory, 'platform.lock.yaml')).toBe(before);
  });

  it('only compares with --check', async () => {
    publishEverything();
    const directory = platformWithTools(server, {});
    const before = readFile(directory, 'platform.lock.yaml');
    const { changes, written } = await run(directory, { check: true });
    expect(changes.length).toBe(TOOL_NAMES.length);
    expect(written).toBe(false);
    expect(readFile(directory, 'platform.lock.yaml')).toBe(before);
  });

  it('works while the lock lacks what systems mirror, and preserves what else it holds', async () => {
    publishEverything();
    const directory = platformWithTools(server, {});
    writeFile(
      directory,
      'systems/mirrored.yaml',
      'pattern: B\nteam: shop\naadGroupId: 3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e77\nsku: sku-small\nmirror: [docker.io/library/nginx:1.29.0]\n',
    );
    expect(load(directory)).toHaveProperty('problems');
    const before = lockOf(directory);
    expect((await run(directory)).written).toBe(true);
    const { tools, ...rest } = lockOf(directory);
    expect(Object.keys(tools).length).toBe(TOOL_NAMES.length);
    expect({ ...rest, tools: {} }).toEqual(before);
  });

  it('writes nothing when it is interrupted', async () => {
    publishEverything();
    const directory = platformWithTools(server, {});
    const before = readFile(directory, 'platform.lock.yaml');
    const stop = new AbortController();
    server.on(pathOf(PUBLISHED_TOOLS.kubelogin.newest.url), () => {
      stop.abort();
    });
    const { problems, written } = await run(directory, { signal: stop.signal });
    expect(problems).toMatchObject([{ message: 'the lock was not written: it was interrupted' }]);
    expect(written).toBe(false);
    expect(readFile(directory, 'platform.lock.yaml')).toBe(before);
  });
});

describe('resolveTool', () => {
  it('is of use by itself', async () => {
    publishChecksums('kubelogin', '0.2.12');
    expect(await resolveTool('kubelogin', '0.2.12', context())).toEqual({ tool: resolved('kubelogin', '0.2.12'), notes: [] });
    expect(server.requests.length).toBe(4);
  });

  it('reads a list that is for all platforms once', async () => {
    publishChecksums('crane', '0.20.6');
    expect((await resolveTool('crane', '0.20.6', context())).notes).toEqual([]);
    expect(server.requests.length).toBe(1);
  });
});

describe('newestVersion', () => {
  it.each(TOOL_NAMES)('of %s', async (name) => {
    publishEverything();
    expect(await newestVersion(name, context())).toBe(VERSIONS[name]);
  });

  it.each([
    ['a pre-release', serve.redirect('https://github.com/helm/helm/releases/tag/v4.1.0-rc.1')],
    ['another page', serve.redirect('https://github.com/login')],
    ['no redirect', serve.file('<html></html>')],
  ])('is not known from %s', async (_what, behaviour) => {
    server.on(pathOf(PUBLISHED_TOOLS.helm.newest.url), behaviour);
    expect(await newestVersion('helm', context())).toMatchObject({
      message: 'the newest version of helm does not follow from what https://github.com/helm/helm/releases/latest answers',
      remedy: 'Name a version: `npx k8s-gitops tools lock --tool helm=VERSION`.',
    });
  });
});

describe('PUBLISHED_TOOLS', () => {
  it.each([
    ['kubectl', '1.34.7', 'linux/arm64', 'https://dl.k8s.io/v1.34.7/kubernetes-client-linux-arm64.tar.gz'],
    ['kubelogin', '0.2.12', 'darwin/arm64', 'https://github.com/Azure/kubelogin/releases/download/v0.2.12/kubelogin-darwin-arm64.zip'],
    ['trivy', '0.67.0', 'darwin/amd64', 'https://github.com/aquasecurity/trivy/releases/download/v0.67.0/trivy_0.67.0_macOS-64bit.tar.gz'],
    ['trivy', '0.67.0', 'linux/arm64', 'https://github.com/aquasecurity/trivy/releases/download/v0.67.0/trivy_0.67.0_Linux-ARM64.tar.gz'],
    ['cosign', '3.0.2', 'linux/amd64', 'https://github.com/sigstore/cosign/releases/download/v3.0.2/cosign-linux-amd64'],
    ['crane', '0.20.6', 'linux/amd64', 'https://github.com/google/go-containerregistry/releases/download/v0.20.6/go-containerregistry_Linux_x86_64.tar.gz'],
    ['helm', '4.0.1', 'darwin/arm64', 'https://get.helm.sh/helm-v4.0.1-darwin-arm64.tar.gz'],
    ['flux-operator', '0.59.0', 'linux/amd64', 'https://github.com/controlplaneio-fluxcd/flux-operator/releases/download/v0.59.0/flux-operator_0.59.0_linux_amd64.tar.gz'],
    ['pulumi', '3.200.0', 'linux/amd64', 'https://github.com/pulumi/pulumi/releases/download/v3.200.0/pulumi-v3.200.0-linux-x64.tar.gz'],
    ['envtest', '1.34.1', 'darwin/arm64', 'https://github.com/kubernetes-sigs/controller-tools/releases/download/envtest-v1.34.1/envtest-v1.34.1-darwin-arm64.tar.gz'],
  ] as const)('has the address of %s %s for %s', (name, version, platform, url) => {
    expect(PUBLISHED_TOOLS[name].url(version, targetOf(platform))).toBe(url);
  }); // prettier-ignore

  it('has release notes of every tool', () => {
    expect(TOOL_NAMES.map((name) => releaseNotes(name, '1.2.3'))).toEqual([
      'https://github.com/kubernetes/kubernetes/releases/tag/v1.2.3',
      'https://github.com/Azure/kubelogin/releases/tag/v1.2.3',
      'https://github.com/aquasecurity/trivy/releases/tag/v1.2.3',
      'https://github.com/sigstore/cosign/releases/tag/v1.2.3',
      'https://github.com/google/go-containerregistry/releases/tag/v1.2.3',
      'https://github.com/helm/helm/releases/tag/v1.2.3',
      'https://github.com/controlplaneio-fluxcd/flux-operator/releases/tag/v1.2.3',
      'https://github.com/pulumi/pulumi/releases/tag/v1.2.3',
      'https://github.com/kubernetes-sigs/controller-tools/releases/tag/envtest-v1.2.3',
    ]);
  });
});

describe('lists of checksums', () => {
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

  it.each([
    ['what sha256sum prints', `${b}  other\n${a}  tool\n`, a],
    ['its form for binary files', `${a} *tool\r\n`, a],
    ['paths', `${a}  ./dist/tool\n`, a],
    ['large digits', `${'A'.repeat(64)}  tool\n`, a],
    ['the checksum alone', `${a}\n`, a],
    ['the same twice', `${a}  tool\n${a}  tool\n`, a],
    ['two that differ', `${a}  tool\n${b}  tool\n`, undefined],
    ['several without names', `${a}\n${b}\n`, undefined],
    ['another file', `${a}  tool.sig\n`, undefined],
    ['another algorithm', `${'a'.repeat(128)}  tool\n`, undefined],
    ['a web page', '<html>tool</html>', undefined],
    ['nothing', '', undefined],
  ])('with %s', (_what, text, expected) => {
    expect(checksumInSums(text, 'tool', 'sha256')).toBe(expected);
  });

  it.each(['', '[', 'releases: 1', 'a: &a [*a]', '<html>'])("are no index of envtest: '%s'", (text) => {
    expect(parseEnvtestReleases(text)).toBeUndefined();
  });
});
