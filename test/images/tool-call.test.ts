import * as fs from 'node:fs';
import * as path from 'node:path';
import { callTool, type ToolCaller } from '../../src/images/tool-call';
import { temporaryFolder } from '../support/platform-folder';

/** A tool that complains the first times, and counts. */
function complainingTool(complaint: string, times: number): { readonly caller: ToolCaller; readonly count: () => number } {
  const folder = temporaryFolder();
  const counter = path.join(folder, 'count');
  const script = `#!${process.execPath}
const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(counter)}, '.');
const count = fs.readFileSync(${JSON.stringify(counter)}).length;
if (count <= ${times}) { console.error(${JSON.stringify(complaint)}); process.exit(1); }
console.log('done ' + process.cwd());
`;
  const executable = path.join(folder, 'crane');
  fs.writeFileSync(executable, script, { mode: 0o755 });
  return {
    caller: {
      executables: { crane: executable },
      environment: {},
      directory: fs.realpathSync(folder),
      timeoutMilliseconds: 20_000,
      backoffMilliseconds: 1,
      signal: new AbortController().signal,
    },
    count: () => fs.readFileSync(counter).length,
  };
}

describe('a call of a tool', () => {
  it.each([
    'GET https://r.io/v2/: unexpected status code 429 Too Many Requests',
    'TOOMANYREQUESTS: retry later',
    'PUT https://r.io/v2/a: 503 Service Unavailable',
    'read tcp 10.0.0.1: connection reset by peer',
    'Get "https://r.io/v2/": EOF',
    'net/http: TLS handshake timeout',
  ])('is repeated after: %s', async (complaint) => {
    const { caller, count } = complainingTool(complaint, 2);
    const result = await callTool(caller, { tool: 'crane', args: [] });
    expect({ code: result.code, count: count(), stdout: result.stdout }).toEqual({
      code: 0,
      count: 3,
      stdout: `done ${caller.directory}\n`,
    });
  });

  it('is given up after five attempts', async () => {
    const { caller, count } = complainingTool('503 Service Unavailable', 100);
    expect((await callTool(caller, { tool: 'crane', args: [] })).code).toBe(1);
    expect(count()).toBe(5);
  });

  it.each(['MANIFEST_UNKNOWN: manifest unknown', '401 Unauthorized', 'got sha256:429, want sha256:503'])(
    'is not repeated after: %s',
    async (complaint) => {
      const { caller, count } = complainingTool(complaint, 100);
      await callTool(caller, { tool: 'crane', args: [] });
      expect(count()).toBe(1);
    },
  );

  it('is not repeated once the work is interrupted', async () => {
    const controller = new AbortController();
    const { caller, count } = complainingTool('503 Service Unavailable', 100);
    const call = callTool({ ...caller, backoffMilliseconds: 60_000, signal: controller.signal }, { tool: 'crane', args: [] });
    setTimeout(() => {
      controller.abort();
    }, 500);
    await call;
    expect(count()).toBeLessThanOrEqual(2);
  });
});
