import { fetchText } from '../../src/tools/download';
import { type DownloadContext } from '../../src/tools';
import { FileServer, ForwardProxy, serve } from '../support/file-server';

let server: FileServer;

beforeEach(async () => {
  server = (await FileServer.start()).on('sums', serve.file('abc'));
});

function get(environment: DownloadContext['environment']): Promise<unknown> {
  const context = {
    environment,
    downloads: { 'https://example.com/': server.url },
    limits: { attempts: 2, backOffMilliseconds: 5, idleMilliseconds: 500 },
  };
  return fetchText('https://example.com/sums', 'the sums', { file: 'platform.lock.yaml' }, context);
}

/** What a proxy was asked for: the whole address, or a tunnel to the server. */
const asked = (): RegExp => new RegExp(`^(GET http://|CONNECT )127\\.0\\.0\\.1:${server.port}`);

describe('a forward proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('is used when %s names it', async (variable) => {
    const proxy = await ForwardProxy.start();
    expect(await get({ [variable]: `http://127.0.0.1:${proxy.port}` })).toBe('abc');
    expect(proxy.requests).toEqual([expect.stringMatching(asked())]);
    expect(server.requests).toEqual(['sums']);
  });

  it('may be named without http://', async () => {
    const proxy = await ForwardProxy.start();
    expect(await get({ HTTP_PROXY: `127.0.0.1:${proxy.port}` })).toBe('abc');
    expect(proxy.requests.length).toBe(1);
  });

  it.each(['127.0.0.1', '*', 'example.com, 127.0.0.1'])("is bypassed by NO_PROXY '%s'", async (noProxy) => {
    const proxy = await ForwardProxy.start();
    expect(await get({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: noProxy })).toBe('abc');
    expect(proxy.requests).toEqual([]);
  });

  it('is used when NO_PROXY names others', async () => {
    const proxy = await ForwardProxy.start();
    expect(await get({ HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'example.com' })).toBe('abc');
    expect(proxy.requests.length).toBe(1);
  });

  it('is not taken from the environment of this process', async () => {
    const proxy = await ForwardProxy.start();
    const before = process.env['HTTP_PROXY'];
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${proxy.port}`;
    try {
      expect(await get({})).toBe('abc');
    } finally {
      if (before === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = before;
    }
    expect(proxy.requests).toEqual([]);
  });

  it('gets the user and password of its address', async () => {
    const proxy = await ForwardProxy.start('user:p@ss');
    expect(await get({ HTTP_PROXY: `http://user:p%40ss@127.0.0.1:${proxy.port}` })).toBe('abc');
  });

  it('that wants another password is told of, without the password and without trying again', async () => {
    const proxy = await ForwardProxy.start('user:right');
    const problem = await get({ HTTP_PROXY: `http://user:very-wrong@127.0.0.1:${proxy.port}` });
    expect(problem).toMatchObject({
      message: expect.stringMatching(/: the proxy refuses to connect \(HTTP 407\)$/) as string,
      remedy: expect.stringContaining("Give the proxy's user and password in HTTPS_PROXY") as string,
    });
    expect(JSON.stringify(problem)).not.toContain('very-wrong');
    expect(proxy.requests.length).toBe(1);
  });

  it('that cannot be reached is told of', async () => {
    const proxy = await ForwardProxy.start();
    const { port } = proxy;
    await proxy.stop();
    expect(await get({ HTTP_PROXY: `http://127.0.0.1:${port}` })).toMatchObject({
      message: expect.stringContaining('the connection failed (ECONNREFUSED)') as string,
    });
    expect(server.requests).toEqual([]);
  });
});
