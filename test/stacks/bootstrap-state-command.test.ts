import { stateCommand } from '../../src/cli/commands/state';
import { EXIT } from '../../src/cli/command';
import { Terminal } from '../../src/cli/terminal';
import { edit, platformFolder } from '../support/platform-folder';
import { type CliResult } from '../support/run-cli';
import { PIPELINE, StandInAz, SUBSCRIPTION } from './stand-in-az';

const REQUIRED = [
  ...['--subscription', SUBSCRIPTION, '--location', 'westeurope'],
  ...['--storage-account', 'myorgstate', '--vault', 'my-org-state'],
];

/** Runs `k8s-gitops state bootstrap ...` in this process. */
async function bootstrap(az: StandInAz, args: readonly string[], directory = platformFolder()): Promise<CliResult> {
  let [out, err] = ['', ''];
  let code: number = EXIT.ok;
  let time = 0;
  const terminal = new Terminal({
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment: { ...az.environment, AZURE_CLIENT_SECRET: 'a-secret-of-somebody' },
    now: () => (time += 600),
    date: () => new Date('2026-11-21T12:00:00Z'),
    interruption: () => new AbortController().signal,
  });
  const command = stateCommand(terminal, (value) => (code = value));
  await command.parseAsync(['bootstrap', '--dir', directory, ...args], { from: 'user' });
  return { code, out, err };
}

describe('k8s-gitops state bootstrap', () => {
  it('makes everything, says what comes next, and the second time that there is nothing to do', async () => {
    const az = new StandInAz();
    const first = await bootstrap(az, [...REQUIRED, '--principal', PIPELINE]);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^ {3}part +resource +state$/m);
    expect(first.out).toMatch(/^\+ {2}storage account +myorgstate +made$/m);
    expect(first.out).toContain('\n12 parts made.\n');
    const next = [
      "\nNext:\npulumi login 'azblob://pulumi?storage_account=myorgstate'",
      "pulumi stack init dev --secrets-provider 'azurekeyvault://my-org-state.vault.azure.net/keys/pulumi-secrets'\n",
    ].join('\n');
    expect(first.out).toContain(next);
    expect(first.err).toContain('… making storage account myorgstate\n');
    expect(Object.keys(az.state.groups)).toEqual(['k8s-gitops-state']);
    const second = await bootstrap(az, [...REQUIRED, '--principal', PIPELINE]);
    expect(second.code).toBe(0);
    expect(second.out).toContain('\nEverything was there already: nothing to do.\n');
    expect(second.out).toContain(next);
    for (const { out, err } of [first, second]) expect(out + err).not.toContain('a-secret-of-somebody');
  });

  it('prints every command on a dry run', async () => {
    const az = new StandInAz();
    const { code, out } = await bootstrap(az, [...REQUIRED, '--container', 'state', '--key', 'secrets', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain(
      `\nWould run:\n  az group create --name k8s-gitops-state --location westeurope --tags managed-by=k8s-gitops --subscription ${SUBSCRIPTION}\n`,
    );
    expect(out.match(/^ {2}az /gm)).toHaveLength(10);
    expect(out).toContain(
      "\nNothing was made.\n\nNext, once it is made:\npulumi login 'azblob://state?storage_account=myorgstate'\n",
    );
    expect(az.writes).toEqual([]);
  });

  it('prints data for machines', async () => {
    const { code, out, err } = await bootstrap(new StandInAz(), [...REQUIRED, '--dry-run', '--json']);
    expect(code).toBe(0);
    expect(err).toBe('');
    const data = JSON.parse(out) as { parts: unknown[] };
    expect(data).toMatchObject({ ok: true, problems: [], dryRun: true, next: { login: expect.any(String) as string } });
    expect(data.parts[0]).toEqual({
      what: 'resource group',
      resource: 'k8s-gitops-state',
      state: 'planned',
      command: `az group create --name k8s-gitops-state --location westeurope --tags managed-by=k8s-gitops --subscription ${SUBSCRIPTION}`,
    });
  });

  it('fails with what is wrong and what to do', async () => {
    const wrong = await bootstrap(new StandInAz(), [...REQUIRED.slice(0, -1), '1-vault']);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toBe('Nothing was made.\n');
    expect(wrong.err).toMatch(/^--vault error: '1-vault' is not a valid Key Vault name: /);
    const nobody = await bootstrap(new StandInAz({ user: null }), REQUIRED);
    expect(nobody.code).toBe(1);
    expect(nobody.err).toContain('  → Sign in with `az login`, then run it again.\n\n1 problem.\n');
  });

  it('tells what is wrong with the input files', async () => {
    const directory = platformFolder();
    edit(directory, 'platform.yaml', 'git:\n', 'gitt:\n');
    const az = new StandInAz();
    expect((await bootstrap(az, REQUIRED, directory)).code).toBe(1);
    expect(az.calls).toEqual([]);
  });

  it('has help with an example', () => {
    const terminal = new Terminal({
      out: { write: () => undefined },
      err: { write: () => undefined },
      environment: {},
      now: () => 0,
      date: () => new Date(0),
      interruption: () => AbortSignal.abort(),
    });
    const command = stateCommand(terminal, () => undefined).commands[0]!;
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(help).toContain('$ k8s-gitops state bootstrap --subscription');
  });
});
