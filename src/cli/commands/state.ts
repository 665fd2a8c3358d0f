import { Command, Option } from 'commander';
import { type Platform } from '../../model';
import { bootstrapState, PRINCIPAL_TYPES, type Bootstrap, type BootstrappedPart, type StateRequest } from '../../stacks';
import { collect, count, newCommand, report, withPlatformAsync, type CommonOptions, type ExitCode } from '../command';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';

const SIGNS: Readonly<Record<BootstrappedPart['state'], string>> = {
  present: '✓',
  made: '+',
  planned: '+',
  weaker: '✗',
  failed: '✗',
  'not reached': '-',
};

interface BootstrapCommandOptions extends CommonOptions, Omit<StateRequest, 'principals'> {
  readonly principal?: readonly string[];
  readonly dryRun?: boolean;
}

/** `k8s-gitops state ...`. */
export function stateCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('state')
    .description('where Pulumi keeps the state of the stacks, and encrypts their secrets')
    .addHelpText(
      'after',
      '\nExample:\n  $ k8s-gitops state bootstrap --subscription 1111... --location westeurope --storage-account myorgstate --vault my-org-state --dry-run',
    )
    .addCommand(bootstrapCommand(terminal, exit));
}

function bootstrapCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('bootstrap', 'make the storage account and the key in which Pulumi keeps state and secrets', [
    'state bootstrap --subscription 1111... --location westeurope --storage-account myorgstate --vault my-org-state --dry-run',
    'state bootstrap --subscription 1111... --location westeurope --storage-account myorgstate --vault my-org-state --principal 2222...',
  ])
    .requiredOption('--subscription <id>', 'subscription that holds it')
    .requiredOption('--location <region>', 'Azure region, such as westeurope')
    .option('--resource-group <name>', 'resource group that holds it', 'k8s-gitops-state')
    .requiredOption('--storage-account <name>', 'storage account for the state; unique in all of Azure')
    .requiredOption('--vault <name>', 'Key Vault for the key; unique in all of Azure')
    .option('--container <name>', 'container in the storage account', 'pulumi')
    .option('--key <name>', 'key in the vault, which encrypts secrets in the state', 'pulumi-secrets')
    .option('--principal <object id>', 'who may use the state besides who is signed in; may be repeated', collect)
    .addOption(
      new Option('--principal-type <type>', 'what these principals are').choices(PRINCIPAL_TYPES).default('ServicePrincipal'),
    )
    .option('--dry-run', 'look, make nothing, and print every command that would run')
    .action(async (options: BootstrapCommandOptions) => {
      exit(await withPlatformAsync(terminal, options, (platform) => bootstrap(terminal, platform, options)));
    });
}

async function bootstrap(terminal: Terminal, platform: Platform, options: BootstrapCommandOptions): Promise<ExitCode> {
  const { subscription, location, resourceGroup, storageAccount, vault, container, key, principalType } = options;
  const dryRun = options.dryRun === true;
  const progress = new Progress(terminal);
  const result = await bootstrapState(
    {
      ...{ subscription, location, resourceGroup, storageAccount, vault, container, key, principalType },
      principals: options.principal ?? [],
    },
    {
      environment: terminal.environment,
      stacks: platform.environments.map(({ name }) => name),
      dryRun,
      signal: terminal.interruption(),
      tell: (what) => {
        if (options.json !== true) progress.step(what);
      },
    },
  );
  const { parts, problems, next } = result;
  return report(terminal, options, problems, { dryRun, parts, ...(next === undefined ? {} : { next }) }, () => {
    print(terminal, result, dryRun);
  });
}

function print(terminal: Terminal, { parts, problems, next }: Bootstrap, dryRun: boolean): void {
  if (parts.length > 0) {
    terminal.printTable([
      ['', 'part', 'resource', 'state'],
      ...parts.map(({ what, resource, state }) => [SIGNS[state], what, resource, state]),
    ]);
    const planned = parts.filter(({ state }) => state === 'planned');
    if (dryRun && planned.length > 0) {
      terminal.print('\nWould run:');
      for (const { command } of planned) terminal.print(`  ${command!}`);
    }
  }
  terminal.print(`${parts.length > 0 ? '\n' : ''}${summary(parts, problems.length > 0, dryRun)}`);
  if (next === undefined) return;
  terminal.print(`\nNext${dryRun ? ', once it is made' : ''}:`);
  for (const line of [next.login, ...next.stackInit]) terminal.print(line);
}

function summary(parts: readonly BootstrappedPart[], failed: boolean, dryRun: boolean): string {
  const made = parts.filter(({ state }) => state === 'made').length;
  if (made > 0) return `${count(made, 'part')} made.`;
  if (failed) return 'Nothing was made.';
  if (parts.every(({ state }) => state === 'present')) return 'Everything was there already: nothing to do.';
  return dryRun ? 'Nothing was made.' : '';
}
