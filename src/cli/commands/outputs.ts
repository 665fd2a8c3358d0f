import { Command, InvalidArgumentError } from 'commander';
import { planWrite, synthesize } from '../../../manifests';
import { load } from '../../model';
import { recordOutputs, type KeyRotation, type Recorded } from '../../stacks';
import { changedOnly, changesAsData, printChanges } from '../changes';
import { collect, EXIT, newCommand, once, report, UsageError, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';

type AddedKey = NonNullable<KeyRotation['addKeys']>[number];

interface RecordOptions extends CommonOptions {
  readonly env?: string;
  readonly stack?: string;
  readonly from?: string;
  readonly check?: boolean;
  readonly signWith?: readonly string[];
  readonly addKey?: readonly AddedKey[];
  readonly retireKey?: readonly string[];
}

/** `k8s-gitops outputs ...`. */
export function outputsCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('outputs')
    .description('what provisioning learned, one file of each stack in outputs/')
    .addHelpText('after', '\nExample:\n  $ k8s-gitops outputs record --env dev')
    .addCommand(recordCommand(terminal, exit));
}

function recordCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('record', 'record the outputs of a stack, and the public keys of an environment, in outputs/<stack>.yaml', [
    'outputs record --env dev',
    'outputs record --stack organization',
    'outputs record --env dev --from stack.json --check',
    'outputs record --env dev --sign-with https://my-org-dev.vault.azure.net/keys/platform/0123456789abcdef0123456789abcdef',
  ])
    .option('--env <environment>', 'the environment whose stack is recorded', once)
    .option('--stack <stack>', "the stack, by its own name: 'organization', or an environment's", once)
    .option('--from <file>', 'what `pulumi stack output --json` printed, - for standard input (default: pulumi is asked)')
    .option('--check', 'compare with the committed file, write nothing, fail with the difference')
    .option(
      '--sign-with <id>',
      'this recorded key signs from now on; the others of its list only verify; may be repeated',
      collect,
    )
    .option(
      '--add-key <list=id>',
      "'platform' or 'applications', and the id of a key that is accepted too from now on; may be repeated",
      addKey,
    )
    .option('--retire-key <id>', 'signatures of this recorded key are accepted no longer; may be repeated', collect)
    .action(async (options: RecordOptions) => {
      exit(await record(terminal, options));
    });
}

function addKey(value: string, earlier: readonly AddedKey[] = []): readonly AddedKey[] {
  const [, name, id] = /^(platform|applications)=(.+)$/.exec(value) ?? [];
  if (name === undefined || id === undefined) {
    throw new InvalidArgumentError("It is 'platform=<id>' or 'applications=<id>', with the id of a key in Key Vault.");
  }
  return [...earlier, { name: name as AddedKey['name'], id }];
}

async function record(terminal: Terminal, options: RecordOptions): Promise<ExitCode> {
  const { dir, from, check = false, signWith, addKey: addKeys, retireKey: retireKeys } = options;
  const result = await recordOutputs({
    directory: dir,
    ...target(options),
    ...(from === undefined ? {} : { from }),
    standardInput: () => process.stdin,
    rotation: {
      ...(signWith === undefined ? {} : { signWith }),
      ...(addKeys === undefined ? {} : { addKeys }),
      ...(retireKeys === undefined ? {} : { retireKeys }),
    },
    check,
    environment: terminal.environment,
    signal: terminal.interruption(),
    tell: (line) => {
      if (options.json !== true) terminal.tell(`… ${line}`);
    },
  });
  if ('usage' in result) throw new UsageError(result.usage);
  if ('problems' in result) return report(terminal, options, result.problems, {}, () => undefined);
  const generated = result.state === 'written' ? generatedChanges(dir) : [];
  const ok = result.state !== 'different';
  const code = report(terminal, options, [], { ok, ...result, generated: changesAsData(generated) }, () => {
    print(terminal, result, generated);
  });
  return ok ? code : EXIT.problems;
}

/** What is recorded, which exactly one of two options names. */
function target({ env, stack }: RecordOptions): { readonly environmentName: string } | { readonly stack: string } {
  if (env !== undefined && stack !== undefined) {
    throw new UsageError(`'--env ${env}' and '--stack ${stack}' are given: one of them names the stack`);
  }
  if (env !== undefined) return { environmentName: env };
  if (stack !== undefined) return { stack };
  throw new UsageError("required option '--env <environment>' not specified, nor '--stack <stack>': one of them names the stack");
}

/** What `npm start` is going to write; other files of the model may keep it from that, and it says so itself. */
function generatedChanges(directory: string): ReturnType<typeof changedOnly> {
  const result = load(directory);
  return 'problems' in result ? [] : changedOnly(planWrite(result.platform, synthesize(result.platform)).changes);
}

function print(terminal: Terminal, { file, state, diff, nextSteps }: Recorded, generated: ReturnType<typeof changedOnly>): void {
  for (const line of diff === '' ? [] : diff.trimEnd().split('\n')) terminal.print(colourDiffLine(terminal, line));
  if (state === 'unchanged') terminal.print(`${file} is what the stack says: nothing to do.`);
  if (state === 'written') terminal.print(`\nwrote ${file}`);
  if (state === 'different') terminal.tell(`\n${file} differs: - committed, + what the stack says.`);
  if (generated.length > 0) {
    terminal.print('\n`npm start` changes with it:');
    printChanges(terminal, generated);
  }
  if (nextSteps.length > 0) terminal.print('\nNext:');
  for (const step of nextSteps) terminal.print(`  ${step}`);
}

function colourDiffLine(terminal: Terminal, line: string): string {
  if (line.startsWith('+')) return terminal.style('green', line);
  if (line.startsWith('-')) return terminal.style('red', line);
  return line.startsWith('@@') ? terminal.style('cyan', line) : line;
}
