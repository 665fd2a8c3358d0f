import { redact, runTool } from '../../src/tools';

const run = (script: string, rest: Partial<Parameters<typeof runTool>[2]> = {}): ReturnType<typeof runTool> =>
  runTool(process.execPath, ['-e', script], { environment: {}, timeoutMilliseconds: 20_000, ...rest });

describe('running a tool', () => {
  it('gives what it prints, byte for byte, and its exit code', async () => {
    const result = await run("process.stdout.write(Buffer.from([0xff, 0x00, 0x41])); console.error('e'); process.exitCode = 3");
    expect(result).toMatchObject({ code: 3, stderr: 'e\n' });
    expect([...result.bytes]).toEqual([0xff, 0x00, 0x41]);
  });

  it('hands its output on instead of keeping it', async () => {
    let bytes = 0;
    const result = await run("process.stdout.write('x'.repeat(1_000_000))", { sink: (chunk) => (bytes += chunk.length) });
    expect({ bytes, kept: result.stdout }).toEqual({ bytes: 1_000_000, kept: '' });
  });

  it('stops it when it takes too long, even when it does not want to', async () => {
    const result = await run('setInterval(() => {}, 1000)', { timeoutMilliseconds: 300 });
    expect(result).toMatchObject({ failure: 'it did not end within 0.3 s' });
    expect(result.code).toBeUndefined();
  });

  it('stops it when the work is interrupted', async () => {
    const controller = new AbortController();
    const running = run('setInterval(() => {}, 1000)', { signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ failure: 'it was interrupted' });
  });

  it('does not wait for a process that it left behind', async () => {
    const script =
      "require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 8000)'], { stdio: 'inherit', detached: true }).unref()";
    const begin = Date.now();
    expect((await run(script)).code).toBe(0);
    expect(Date.now() - begin).toBeLessThan(7000);
  });

  it('says when it cannot be started', async () => {
    const result = await runTool('/nowhere/tool', [], { environment: {}, timeoutMilliseconds: 1000 });
    expect(result.failure).toBe('it cannot be started (ENOENT)');
  });

  it('keeps secrets out of what it complains about', async () => {
    const environment = { COSIGN_PASSWORD: 'hunter22', PATH: '/usr/bin' };
    const result = await run("console.error('password hunter22 in ' + process.env.PATH)", { environment });
    expect(result.stderr).toBe('password *** in /usr/bin\n');
  });
});

describe('redacting', () => {
  it.each([
    ['GET https://user:pass@r.io/v2/', 'GET https://***@r.io/v2/'],
    ['Authorization: Bearer eyJhbGciOi.x-y_z', 'Authorization: Bearer ***'],
    ['https://x.blob.core.windows.net/a?sv=1&sig=abc%2Fdef&se=2', 'https://x.blob.core.windows.net/a?sv=1&sig=***&se=2'],
    ['https://r.io/v2/a@sha256:1', 'https://r.io/v2/a@sha256:1'],
    ['a basic failure', 'a basic failure'],
  ])('%s', (text, redacted) => {
    expect(redact(text, {})).toBe(redacted);
  });

  it.each(['S3cret"quoted\\99', 'S3cret/with+signs=', 'S3cretPlain'])('removes %s in whichever form it is printed', (secret) => {
    const forms = [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(`user:${secret}`).toString('base64'),
      Buffer.from(secret).toString('base64url'),
    ];
    for (const form of forms) {
      const redacted = redact(`said ${form} to it`, { AZURE_DEVOPS_EXT_PAT: secret });
      expect(redacted).toMatch(/^said "?\*\*\*"?=? to it$/);
    }
  });

  it('leaves digests and paths as they are', () => {
    const text = `ghcr.io/fluxcd/source-controller@sha256:${'0123456789abcdef'.repeat(4)} /tmp/patterns/path`;
    expect(redact(text, { MY_TOKEN: 'a-long-enough-token', GITHUB_PATH: '/tmp/patterns/path', PATH: '/tmp' })).toBe(text);
  });

  it('removes values of variables that are called like secrets, unless they are too short to be any', () => {
    expect(redact('a-token 123 path', { MY_TOKEN: 'a-token', API_KEY: '123', HOME: 'path' })).toBe('*** 123 path');
  });
});
