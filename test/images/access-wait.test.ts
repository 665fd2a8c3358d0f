import { AccessWait } from '../../src/images/access-wait';
import { type ToolResult } from '../../src/tools';

const KEY = 'azurekms://my-org-dev.vault.azure.net/platform/1';
const result = (stderr?: string): ToolResult => ({
  code: stderr === undefined ? 0 : 1,
  stdout: '',
  bytes: Buffer.alloc(0),
  stderr: stderr ?? '',
});

/** An access wait of ten minutes whose clock goes on by 15 s at every look. */
function tenMinutes(): { readonly wait: AccessWait; readonly told: string[] } {
  const told: string[] = [];
  let now = 0;
  const wait = new AccessWait({
    milliseconds: 600_000,
    intervalMilliseconds: 0,
    registry: 'myorgdev.azurecr.io',
    signal: new AbortController().signal,
    tell: (line) => told.push(line),
    now: () => (now += 15_000),
  });
  return { wait, told };
}

describe('waiting for access', () => {
  const call = { tool: 'cosign', args: ['sign', '--key', KEY] } as const;

  it('tells once per minute, until the time is over', async () => {
    const { wait, told } = tenMinutes();
    let attempts = 1;
    while (await wait.repeats(call, result('Forbidden'))) attempts += 1;
    expect(attempts).toBe(41);
    expect(told).toHaveLength(10);
    expect(told.slice(0, 2)).toEqual([
      'access is denied (cosign sign); trying again for up to 600 s',
      'access is denied (cosign sign); trying again for up to 540 s',
    ]);
  });

  it('believes a refusal of what was let through before', async () => {
    const { wait } = tenMinutes();
    expect(await wait.repeats(call, result('Forbidden'))).toBe(true);
    expect(await wait.repeats(call, result())).toBe(false);
    expect(await wait.repeats(call, result('Forbidden'))).toBe(false);
    expect(await wait.repeats({ ...call, args: ['attest', '--key', KEY] }, result('Forbidden'))).toBe(true);
  });

  it('does not take what a tool without the key says for an answer of Key Vault', async () => {
    const { wait } = tenMinutes();
    expect(await wait.repeats({ tool: 'cosign', args: ['verify', 'ghcr.io/a'] }, result('Forbidden'))).toBe(false);
    expect(await wait.repeats({ tool: 'crane', args: ['copy'] }, result('https://myorgdev.azurecr.io: 404'))).toBe(false);
  });
});
