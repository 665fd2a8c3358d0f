import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Problem } from '../../src/model';
import { download, fetchRedirect, fetchText } from '../../src/tools/download';
import { fetchedAddress, shownAddress } from '../../src/tools/download-address';
import { type DownloadContext } from '../../src/tools';
import { FileServer, serve, type Behaviour } from '../support/file-server';
import { snapshotFolder, temporaryFolder } from '../support/platform-folder';
import { sum } from './publisher';

const CONTENT = Buffer.from('the content of a tool\n'.repeat(5000));
const LOCATION = { file: 'platform.lock.yaml', line: 7 };
const QUICK = { attempts: 3, backOffMilliseconds: 5, longestWaitMilliseconds: 50, idleMilliseconds: 150 };

let server: FileServer;
let folder: string;

beforeEach(async () => {
  server = await FileServer.start();
  folder = temporaryFolder();
});

const context = (more: Partial<DownloadContext> = {}): DownloadContext => ({
  environment: {},
  downloads: { 'https://example.com/': server.url },
  limits: QUICK,
  ...more,
});

async function get(
  behaviours: readonly Behaviour[],
  more: Partial<DownloadContext> = {},
  onProgress?: (received: number, total?: number) => void,
): Promise<Problem | undefined> {
  server.on('tool', ...behaviours);
  return download(
    {
      url: 'https://example.com/tool',
      file: path.join(folder, 'archives', 'tool'),
      checksum: { algorithm: 'sha256', value: sum('sha256', CONTENT) },
      what: 'tool 1.0.0 for linux/amd64',
      location: LOCATION,
      mismatchRemedy: 'Ask.',
      ...(onProgress === undefined ? {} : { onProgress }),
    },
    context(more),
  );
}

/** Nothing at all came to stand below the folder, not even a temporary file. */
const files = (): readonly string[] => Object.keys(snapshotFolder(folder));

const downloaded = (): string => sum('sha256', fs.readFileSync(path.join(folder, 'archives', 'tool')));

describe('download', () => {
  it('gives a file its name once its checksum is right, and tells how far it is', async () => {
    const progress: (readonly [number, number | undefined])[] = [];
    expect(await get([serve.file(CONTENT)], {}, (received, total) => progress.push([received, total]))).toBeUndefined();
    expect(downloaded()).toBe(sum('sha256', CONTENT));
    expect(files()).toEqual(['archives/tool']);
    expect(progress.at(-1)).toEqual([CONTENT.length, CONTENT.length]);
  });

  it('keeps nothing of what has another checksum, and does not try again', async () => {
    const flipped = Buffer.from(CONTENT);
    flipped[1000]! ^= 1;
    expect(await get([serve.file(flipped), serve.file(CONTENT)])).toEqual({
      location: LOCATION,
      message: `tool 1.0.0 for linux/amd64 cannot be downloaded from ${server.url}tool (in place of https://example.com/tool): its SHA-256 should be ${sum('sha256', CONTENT)}, but what came (${CONTENT.length} bytes) has ${sum('sha256', flipped)}`,
      remedy: 'Ask.',
    });
    expect(files()).toEqual([]);
    expect(server.requests).toEqual(['tool']);
  });

  it('says when a web page came instead, such as the login of a proxy', async () => {
    const problem = await get([serve.file('<html>log in</html>', { 'content-type': 'text/html; charset=utf-8' })]);
    expect(problem?.message).toContain('what came (19 bytes, a web page) has');
  });

  it('leaves what stood there before when it fails', async () => {
    fs.mkdirSync(path.join(folder, 'archives'));
    fs.writeFileSync(path.join(folder, 'archives', 'tool'), 'before');
    expect(await get([serve.status(404)])).toBeDefined();
    expect(snapshotFolder(folder)).toEqual({ 'archives/tool': 'before' });
  });

  it('tells how much of a truncated file came, after as many attempts as it may make', async () => {
    const problem = await get([serve.truncated(CONTENT)]);
    expect(problem?.message).toMatch(
      new RegExp(
        `: the connection failed \\(\\w+\\), after ${CONTENT.length / 2} of ${CONTENT.length} bytes, at the last of 3 attempts$`,
      ),
    );
    expect(server.requests.length).toBe(3);
    expect(files()).toEqual([]);
  });

  it.each([
    ['a truncated file', serve.truncated(CONTENT)],
    ['a dropped connection', serve.dropped()],
    ['a server that says nothing', serve.silent()],
    ['a file that stalls', serve.stalled(CONTENT)],
    ['too many requests', serve.status(429, { 'retry-after': '0' })],
    ['a server that is not well', serve.status(503)],
  ])('tries again after %s', async (_what, behaviour) => {
    expect(await get([behaviour, serve.file(CONTENT)])).toBeUndefined();
    expect(downloaded()).toBe(sum('sha256', CONTENT));
    expect(files()).toEqual(['archives/tool']);
    expect(server.requests.length).toBe(2);
  });

  it('gives up on a server that sends nothing more', async () => {
    const problem = await get([serve.stalled(CONTENT)], { limits: { ...QUICK, attempts: 1 } });
    expect(problem?.message).toContain(`nothing came for 0.15 s, after ${CONTENT.length / 2} of ${CONTENT.length} bytes`);
    expect(problem?.remedy).toContain('set HTTPS_PROXY; if the company needs a mirror, set `supplyChain.downloads`');
    expect(files()).toEqual([]);
  });

  it('gives up on a server that is never done, however busy it is', async () => {
    const problem = await get([serve.trickle(10)], { limits: { ...QUICK, totalMilliseconds: 300 } });
    expect(problem?.message).toContain(': it did not end within 0.3 s');
    expect(server.requests.length).toBe(1);
    expect(files()).toEqual([]);
  });

  it('refuses what has no end and what is announced too large', async () => {
    const limits = { ...QUICK, maxBytes: 100_000 };
    expect((await get([serve.endless()], { limits }))?.message).toMatch(
      /: it has no end, more than the 100000 bytes that are allowed$/,
    );
    expect((await get([serve.file(CONTENT)], { limits }))?.message).toContain(`: it has ${CONTENT.length} bytes, more than`);
    expect(files()).toEqual([]);
  });

  it('waits as long as the server asks for, but not longer than it may', async () => {
    const begin = performance.now();
    const limits = { ...QUICK, longestWaitMilliseconds: 3000 };
    expect(await get([serve.status(429, { 'retry-after': '1' }), serve.file(CONTENT)], { limits })).toBeUndefined();
    expect(performance.now() - begin).toBeGreaterThan(990);
    const capped = performance.now();
    expect(await get([serve.status(503, { 'retry-after': '3600' }), serve.file(CONTENT)])).toBeUndefined();
    expect(performance.now() - capped).toBeLessThan(900);
  });

  it('understands dates in Retry-After', async () => {
    const date = new Date(Date.now() - 1000).toUTCString();
    const limits = { ...QUICK, backOffMilliseconds: 60_000, longestWaitMilliseconds: 60_000 };
    expect(await get([serve.status(503, { 'retry-after': date }), serve.file(CONTENT)], { limits })).toBeUndefined();
  });

  it.each([
    [404, 'HTTP 404 (Not Found)', 'Check that this version is published'],
    [403, 'HTTP 403 (Forbidden)', 'Nothing here logs in'],
    [204, 'HTTP 204 (No Content)', 'Check that'],
  ])('does not try again after %d', async (status, message, remedy) => {
    const problem = await get([serve.status(status), serve.file(CONTENT)]);
    expect(problem?.message).toMatch(new RegExp(`: ${message.replace(/[()]/g, '\\$&')}$`));
    expect(problem?.remedy).toContain(remedy);
    expect(problem?.remedy).toContain('supplyChain.downloads');
    expect(server.requests.length).toBe(1);
  });

  it('tells that nobody listens', async () => {
    const { url } = await FileServer.start().then(async (other) => {
      const address = { url: other.url };
      await other.stop();
      return address;
    });
    const problem = await get([], { downloads: { 'https://example.com/': url } });
    expect(problem?.message).toContain(': the connection failed (ECONNREFUSED), at the last of 3 attempts');
  });

  describe('stopped', () => {
    it.each([
      ['while it downloads', serve.trickle(5)],
      ['while it waits for an answer', serve.silent()],
      ['while it waits for the next attempt', serve.status(503)],
    ])('leaves nothing %s', async (_when, behaviour) => {
      const stop = new AbortController();
      setTimeout(() => {
        stop.abort();
      }, 60);
      const limits = { ...QUICK, backOffMilliseconds: 10_000, longestWaitMilliseconds: 10_000, idleMilliseconds: 10_000 };
      const problem = await get([behaviour], { signal: stop.signal, limits });
      expect(problem?.message).toMatch(/: it was interrupted$/);
      expect(files()).toEqual([]);
    });

    it('does not begin at all', async () => {
      expect((await get([serve.file(CONTENT)], { signal: AbortSignal.abort() }))?.message).toMatch(/: it was interrupted$/);
      expect(server.requests).toEqual([]);
    });
  });

  describe('redirects', () => {
    it('are followed', async () => {
      server.on('b', serve.redirect('c', 307)).on('c', serve.file(CONTENT));
      expect(await get([serve.redirect('/b')])).toBeUndefined();
      expect(server.requests).toEqual(['tool', 'b', 'c']);
    });

    it('are followed for a while only', async () => {
      expect((await get([serve.redirect('/tool')]))?.message).toContain('there are more than 10 redirects');
      expect(server.requests.length).toBe(11);
    });

    it('say where they led, without the signature', async () => {
      server.on('cdn/file', serve.status(404));
      const problem = await get([serve.redirect('/cdn/file?X-Signature=very-secret')]);
      expect(problem?.message).toContain(`HTTP 404 (Not Found), redirected to ${server.url}cdn/file?…`);
    });

    it.each(['http://example.com/tool', 'ftp://example.com/tool', 'file:///etc/passwd', 'http://'])(
      "are not followed to '%s'",
      async (target) => {
        const problem = await get([serve.redirect(target)]);
        expect(problem?.message).toMatch(/it redirects to '.*', which is not an 'https:\/\/' address$/);
        expect(files()).toEqual([]);
      },
    );
  });

  it('refuses an unencrypted address elsewhere', async () => {
    const problem = await get([], { downloads: { 'https://example.com/': 'http://example.com/' } });
    expect(problem?.message).toContain("it is neither an 'https://' address nor on this machine");
  });

  it('tells what keeps it from writing', async () => {
    fs.writeFileSync(path.join(folder, 'archives'), 'a file');
    expect(await get([serve.file(CONTENT)])).toMatchObject({
      message: expect.stringMatching(/^cannot be read or written \(E/) as string,
    });
  });

  it.each([
    ['NODE_EXTRA_CA_CERTS', '/nowhere.pem', "NODE_EXTRA_CA_CERTS names '/nowhere.pem', which cannot be read (ENOENT)"],
    ['SSL_CERT_FILE', __filename, 'in which there is no certificate in PEM form'],
    ['HTTPS_PROXY', 'socks4://user:very-secret@proxy', 'HTTPS_PROXY is not the address of an HTTP proxy'],
  ])('tells that %s cannot be used', async (variable, value, message) => {
    const problem = await get([serve.file(CONTENT)], { environment: { [variable]: value } });
    expect(problem?.message).toContain(message);
    expect(problem?.remedy).toContain(variable);
    expect(JSON.stringify(problem)).not.toContain('very-secret');
    expect(server.requests).toEqual([]);
  });
});

describe('fetchText', () => {
  it('reads a small text', async () => {
    server.on('sums', serve.file('abc\n'));
    expect(await fetchText('https://example.com/sums', 'the sums', LOCATION, context())).toBe('abc\n');
  });

  it('refuses what has no end', async () => {
    server.on('sums', serve.endless());
    expect(await fetchText('https://example.com/sums', 'the sums', LOCATION, context())).toEqual({
      location: LOCATION,
      message: `the sums cannot be read from ${server.url}sums (in place of https://example.com/sums): it has no end, more than the 8388608 bytes that are allowed`,
      remedy: expect.stringContaining('Check that') as string,
    });
  });
});

describe('fetchRedirect', () => {
  it('says where an address redirects to, and does not go there', async () => {
    server.on('latest', serve.redirect('https://example.com/tag/v1.2.3'));
    expect(await fetchRedirect('https://example.com/latest', 'the newest', LOCATION, context())).toBe(
      'https://example.com/tag/v1.2.3',
    );
    expect(server.requests).toEqual(['latest']);
  });
});

describe('addresses', () => {
  it('have their longest known beginning replaced', () => {
    const replacements = {
      'https://a.com/': 'https://mirror/a/',
      'https://a.com/b/': 'https://mirror/b/',
      'https://c.com/': 'https://x/',
    };
    expect(fetchedAddress('https://a.com/b/c', replacements)).toBe('https://mirror/b/c');
    expect(fetchedAddress('https://a.com/d', replacements)).toBe('https://mirror/a/d');
    expect(fetchedAddress('https://a.com.evil/d', replacements)).toBe('https://a.com.evil/d');
  });

  it('are shown without user, password and query', () => {
    expect(shownAddress('https://user:secret@a.com/b?sig=secret', {})).toBe('https://a.com/b?…');
  });
});
