import * as fs from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { extract } from '../../src/tools/extract';
import { type WantedMembers } from '../../src/tools/member-path';
import { snapshotFolder, temporaryFolder } from '../support/platform-folder';
import { storedZip } from '../support/stored-zip';
import { rawTarGz, tarGz } from './archives';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

/** Extracts an archive; whatever happens, only `out` may have come to stand beside it. */
async function unpack(
  kind: WantedMembers['kind'],
  content: Buffer,
  members: readonly string[],
  more: Partial<WantedMembers> = {},
): Promise<readonly string[]> {
  const archive = path.join(folder, 'archive');
  fs.writeFileSync(archive, content);
  return extract({ archive, kind, members, ...more }, path.join(folder, 'out'));
}

const extracted = (): Record<string, string> => snapshotFolder(path.join(folder, 'out'));

async function expectRefusal(extraction: Promise<unknown>, message: RegExp | string): Promise<void> {
  await expect(extraction).rejects.toThrow(message);
  await expect(extraction).rejects.toHaveProperty('remedy');
  expect(fs.readdirSync(folder)).toEqual(['archive']);
}

describe('extract', () => {
  it('takes the named members of a .tar.gz and nothing else', async () => {
    const content = tarGz({ 'a/b/tool': 'tool', 'a/b/other': 'other', README: 'read me' });
    expect(await unpack('tar.gz', content, ['a/b/tool'])).toEqual(['tool']);
    expect(extracted()).toEqual({ tool: 'tool' });
    expect(fs.statSync(path.join(folder, 'out', 'tool')).mode & 0o777).toBe(0o755);
  });

  it('takes every file below a folder', async () => {
    const content = tarGz({ 'pulumi/pulumi': 'a', 'pulumi/pulumi-language-go': 'b', 'pulumi/more/c': 'c', 'pulumix/d': 'd' });
    expect(await unpack('tar.gz', content, ['pulumi/'])).toEqual(['more/c', 'pulumi', 'pulumi-language-go']);
    expect(extracted()).toEqual({ pulumi: 'a', 'pulumi-language-go': 'b', 'more/c': 'c' });
  });

  it('takes members that are written with a leading ./', async () => {
    await unpack('tar.gz', rawTarGz([{ path: './tool', content: 'tool' }]), ['tool']);
    expect(extracted()).toEqual({ tool: 'tool' });
  });

  it('takes the named members of a .zip and nothing else', async () => {
    const content = storedZip([
      { path: 'bin/linux_amd64/', content: '', mode: 0o040755 },
      { path: 'bin/linux_amd64/tool', content: 'tool' },
      { path: 'LICENSE', content: 'free' },
    ]);
    expect(await unpack('zip', content, ['bin/linux_amd64/tool'])).toEqual(['tool']);
    expect(extracted()).toEqual({ tool: 'tool' });
    expect(fs.statSync(path.join(folder, 'out', 'tool')).mode & 0o777).toBe(0o755);
  });

  it('takes an executable as it is', async () => {
    expect(await unpack('binary', Buffer.from('tool'), ['cosign'])).toEqual(['cosign']);
    expect(extracted()).toEqual({ cosign: 'tool' });
  });

  it('takes members larger than any buffer whole', async () => {
    const large = Buffer.alloc(5 * 1024 * 1024, 'abcdefg');
    await unpack('tar.gz', tarGz({ one: large, skipped: large, two: large }), ['one', 'two']);
    for (const file of ['one', 'two']) expect(fs.readFileSync(path.join(folder, 'out', file)).equals(large)).toBe(true);
  });

  describe('of a .tar.gz refuses', () => {
    it.each(['../tool', 'a/../../tool', '/tmp/tool', '..\\tool'])("a member '%s', wanted or not", async (hostile) => {
      const content = rawTarGz([
        { path: 'tool', content: 'tool' },
        { path: hostile, content: 'evil' },
      ]);
      await expectRefusal(unpack('tar.gz', content, ['tool']), `it has the member '${hostile}', which leads out of the folder`);
      await expectRefusal(unpack('tar.gz', content, ['tool', hostile]), 'which leads out of the folder');
    });

    it.each([
      ['SymbolicLink', '/etc/passwd'],
      ['Link', '/etc/passwd'],
      ['CharacterDevice', undefined],
      ['FIFO', undefined],
    ] as const)('a member that is a %s', async (type, linkpath) => {
      const content = rawTarGz([{ path: 'tool', type, ...(linkpath === undefined ? {} : { linkpath }) }]);
      await expectRefusal(unpack('tar.gz', content, ['tool']), `its member 'tool' is no file but a ${type}`);
    });

    it('a file below a link of the archive', async () => {
      const content = rawTarGz([
        { path: 'pulumi/x', type: 'SymbolicLink', linkpath: '/tmp' },
        { path: 'pulumi/x/tool', content: 'evil' },
      ]);
      await expectRefusal(unpack('tar.gz', content, ['pulumi/']), 'is no file but a SymbolicLink');
    });

    it('a member that stands in it twice', async () => {
      const content = rawTarGz([
        { path: 'tool', content: 'one' },
        { path: 'tool', content: 'two' },
      ]);
      await expectRefusal(unpack('tar.gz', content, ['tool']), "it has 'tool' twice");
    });

    it('more bytes than are allowed, in members that are wanted or not', async () => {
      const content = tarGz({ skipped: Buffer.alloc(300_000), tool: 'tool' });
      await expectRefusal(unpack('tar.gz', content, ['tool'], { maxBytes: 200_000 }), 'it unpacks to more than the 200000 bytes');
      const nested = gzipSync(content);
      await expectRefusal(unpack('tar.gz', nested, ['tool'], { maxBytes: 200_000 }), 'it unpacks to more than the 200000 bytes');
    });

    it.each([0.2, 0.5, 0.9, 0.999])('what is truncated at %d of its length', async (part) => {
      const content = tarGz({ tool: Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 31) % 251)) });
      await expectRefusal(unpack('tar.gz', content.subarray(0, content.length * part), ['tool']), 'it is truncated');
    });

    it('a tar that ends within a member', async () => {
      const whole = rawTarGz([{ path: 'tool', content: 'x'.repeat(4000) }]);
      const { gunzipSync } = await import('node:zlib');
      const half = gzipSync(gunzipSync(whole).subarray(0, 2048));
      await expectRefusal(unpack('tar.gz', half, ['tool']), /it is damaged \(Truncated input/);
    });

    it.each([
      ['a zip', storedZip([{ path: 'tool', content: 'tool' }]), 'it cannot be unpacked (incorrect header check)'],
      ['a web page', Buffer.from('<html></html>'), 'it cannot be unpacked (incorrect header check)'],
      ['nothing', Buffer.alloc(0), /it (has no 'tool'|is (truncated|damaged))/],
      ['a compressed text', gzipSync('no tar '.repeat(1000)), /it is damaged/],
    ])('%s', async (_what, content, message) => {
      await expectRefusal(unpack('tar.gz', content, ['tool']), message);
    });

    it('what has not all that is wanted', async () => {
      await expectRefusal(unpack('tar.gz', tarGz({ one: '1' }), ['one', 'two']), "it has no 'two'");
      await expectRefusal(unpack('tar.gz', tarGz({ one: '1' }), ['pulumi/']), "it has no 'pulumi/'");
    });
  });

  describe('of a .zip refuses', () => {
    it.each(['../tool', '/tmp/tool', 'a/../../tool', '..\\tool'])("a member '%s'", async (hostile) => {
      const content = storedZip([
        { path: 'tool', content: 'tool' },
        { path: hostile, content: 'evil' },
      ]);
      await expectRefusal(
        unpack('zip', content, ['tool']),
        /it is damaged \((invalid relative path|absolute path|invalid characters)/,
      );
    });

    it.each([
      ['a symbolic link', 0o120777],
      ['a device', 0o020644],
      ['a folder', 0o040755],
    ])('a member that is %s', async (_what, mode) => {
      const content = storedZip([{ path: 'tool', content: '/etc/passwd', mode }]);
      await expectRefusal(unpack('zip', content, ['tool']), "its member 'tool' is no file");
    });

    it.each([
      ['what is truncated', storedZip([{ path: 'tool', content: 'tool' }]).subarray(0, 60)],
      ['a .tar.gz', tarGz({ tool: 'tool' })],
      ['nothing', Buffer.alloc(0)],
    ])('%s', async (_what, content) => {
      await expectRefusal(unpack('zip', content, ['tool']), /it is damaged/);
    });

    it('more bytes than are allowed, and what has not all that is wanted', async () => {
      const content = storedZip([{ path: 'tool', content: 'x'.repeat(1000) }]);
      await expectRefusal(unpack('zip', content, ['tool'], { maxBytes: 500 }), 'it unpacks to more than the 500 bytes');
      await expectRefusal(unpack('zip', content, ['other']), "it has no 'other'");
    });
  });

  it.each(['tar.gz', 'zip'] as const)('leaves nothing of a %s when it is stopped', async (kind) => {
    const content = kind === 'zip' ? storedZip([{ path: 'tool', content: 'tool' }]) : tarGz({ tool: Buffer.alloc(1_000_000) });
    await expectRefusal(unpack(kind, content, ['tool'], { signal: AbortSignal.abort() }), 'it was interrupted');
  });
});
