import * as http from 'node:http';
import { type AddressInfo } from 'node:net';
import { parse } from 'yaml';
import { edit, readFile, snapshotFolder } from '../support/platform-folder';
import { classicFolder, MANIFESTS, runUpgrade } from './run-upgrade';
import { StandInCrane } from './stand-in-crane';

const CHECKSUMS = '/google/go-containerregistry/releases/download/v0.20.3/checksums.txt';
const FILES = ['Linux_x86_64', 'Linux_arm64', 'Darwin_x86_64', 'Darwin_arm64'].map(
  (platform, index) => `${String(index).repeat(64)}  go-containerregistry_${platform}.tar.gz\n`,
);

let server: http.Server;
let address: string;
beforeAll(async () => {
  server = http.createServer((request, response) => {
    if (request.url === CHECKSUMS) response.end(FILES.join(''));
    else if (request.url === '/google/go-containerregistry/releases/latest')
      response.writeHead(302, { location: `${address}google/go-containerregistry/releases/tag/v0.20.9` }).end();
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function folderWithMirror(): Promise<string> {
  const folder = await classicFolder();
  edit(
    folder,
    'platform.yaml',
    'tenancy: shared\n',
    `tenancy: shared\nsupplyChain: { downloads: { 'https://github.com/': '${address}' } }\n`,
  );
  return folder;
}

describe('a tool', () => {
  it('gets the version that is asked for, with the checksums of its publisher', async () => {
    const folder = await folderWithMirror();
    const { code, out, err } = await runUpgrade(['--dir', folder, '--tool', 'crane=0.20.3']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { tools } = parse(readFile(folder, 'platform.lock.yaml')) as {
      tools: { crane: { version: string; downloads: Record<string, { sha256: string }> } };
    };
    expect(tools.crane.version).toBe('0.20.3');
    expect(tools.crane.downloads['linux/arm64']!.sha256).toBe('1'.repeat(64));
    expect(out).toMatch(/^crane +- +0\.20\.3$/m);
    expect(out).toContain('https://github.com/google/go-containerregistry/releases/tag/v0.20.3');
    const before = snapshotFolder(folder);
    const again = await runUpgrade(['--dir', folder, '--tool', 'crane=0.20.3']);
    expect(again.out).toContain('Nothing to do');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('is refused in a version that its publisher does not know, and in an older one', async () => {
    const folder = await folderWithMirror();
    await runUpgrade(['--dir', folder, '--tool', 'crane=0.20.3']);
    const before = snapshotFolder(folder);
    const unknown = await runUpgrade(['--dir', folder, '--tool', 'crane=0.20.4']);
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain('no checksum of crane 0.20.4 can be learned');
    const older = await runUpgrade(['--dir', folder, '--tool', 'crane=0.19.0']);
    expect(older.code).toBe(1);
    expect(older.err).toMatch(/platform\.lock\.yaml:\d+:14 error: crane would go back from 0\.20\.3 to 0\.19\.0/);
    expect(snapshotFolder(folder)).toEqual(before);
  });
});

describe('--check', () => {
  it('compares with the newest published versions, and writes nothing', async () => {
    const folder = await folderWithMirror();
    await runUpgrade(['--dir', folder, '--tool', 'crane=0.20.3']);
    const before = snapshotFolder(folder);
    const crane = new StandInCrane();
    const repository = 'ghcr.io/controlplaneio-fluxcd/flux-operator-manifests';
    crane.publishTags(repository, ['latest', 'v0.9.0', 'v0.59.0', 'v0.60.0-1790000000', 'v0.58.0', 'sha256-abc.sig']);
    crane.publishFiles(repository, 'v0.59.0', snapshotFolder(MANIFESTS));
    const { code, out, err } = await runUpgrade(['--dir', folder, '--check'], crane);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.split(/ {2,}/).join(' | '))).toEqual([
      'what | current | newest',
      'Flux | 2.8.3 | 2.10.0 | outdated',
      'Flux Operator | 0.45.1 | 0.59.0 | outdated',
      'crane | 0.20.3 | 0.20.9 | outdated',
      '',
      'To upgrade: npx k8s-gitops upgrade --flux 2.10.0 --operator 0.59.0 --tool crane=0.20.9',
      '',
    ]);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('knows the newest Flux from a folder, and says what it could not learn', async () => {
    const folder = await classicFolder();
    const { code, out } = await runUpgrade(['--dir', folder, '--check', '--manifests', MANIFESTS, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      ok: true,
      problems: [],
      versions: [
        { what: 'Flux', current: '2.8.3', newest: '2.10.0', outdated: true },
        { what: 'Flux Operator', current: '0.45.1', outdated: false, reason: 'crane is not installed' },
      ],
    });
  });

  it('fails when nothing at all could be learned', async () => {
    const folder = await classicFolder();
    const { code, out, err } = await runUpgrade(['--dir', folder, '--check']);
    expect(code).toBe(1);
    expect(out).toContain('unknown  crane is not installed');
    expect(err).toContain('no newest version could be learned');
  });
});
