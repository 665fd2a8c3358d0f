import { Option, type Command } from 'commander';
import { applyRemoval, planRemoval, type Removal, type RemovalEffect } from '../../onboarding';
import { EXIT, newCommand, once, UsageError, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';
import { converse } from './system-dialogue';
import { printDiff, printList, refuse, stopped, today } from './system-output';

interface Options extends CommonOptions {
  readonly reason?: string;
  readonly immediately?: boolean;
  readonly keepWorkload?: boolean;
  readonly confirm?: string;
  readonly cancel?: boolean;
  readonly dryRun?: boolean;
}

/** `k8s-gitops system remove`. */
export function removeCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('remove', 'remove a system in two steps: announce it, and on a later day delete systems/<name>.yaml', [
    "system remove shop --reason 'replaced by web-shop'",
    'system remove shop --confirm shop',
    'system remove shop --cancel',
  ])
    .argument('<name>', 'name of the system')
    .option('--reason <text>', 'why it goes; with the announcement', once)
    .option('--immediately', 'wait neither for the day after the announcement nor for its files under clusters/')
    .option('--keep-workload', 'leave running what is suspended; nobody looks after it any more')
    .option('--confirm <name>', 'the name of the system again, where it bears data and nobody can be asked', once)
    .addOption(
      new Option('--cancel', 'take the announcement back').conflicts(['reason', 'immediately', 'keepWorkload', 'confirm']),
    )
    .option('--dry-run', 'print what would be done, write nothing')
    .action(async (name: string, options: Options) => {
      exit(await remove(terminal, name, options));
    });
}

async function remove(terminal: Terminal, name: string, options: Options): Promise<ExitCode> {
  const { dir, reason, immediately = false, keepWorkload = false, cancel = false, dryRun = false, json = false } = options;
  const planned = planRemoval({
    directory: dir,
    name,
    today: today(terminal),
    ...(reason === undefined ? {} : { reason }),
    ...{ immediately, keepWorkload, cancel },
  });
  if (!('step' in planned)) return refuse(terminal, options, planned);
  checkConfirmation(terminal, name, planned, options);
  if (!json) printPlan(terminal, name, planned, dryRun);
  if (!dryRun) {
    if (planned.confirm && options.confirm === undefined) {
      const typed = await askForName(terminal, name);
      if (typed === undefined) return stopped(terminal);
      if (typed !== name) {
        terminal.tell(`'${typed}' is not '${name}': nothing was written.`);
        return EXIT.problems;
      }
    }
    const problems = applyRemoval(dir, planned);
    if (problems.length > 0) return refuse(terminal, options, { problems });
  }
  if (json) terminal.json(asData(planned, dryRun));
  else printResult(terminal, name, planned, dryRun);
  return EXIT.ok;
}

function checkConfirmation(
  terminal: Terminal,
  name: string,
  { step, confirm: isNeeded }: Removal,
  { confirm, dryRun = false, json = false }: Options,
): void {
  if (confirm === undefined) {
    if (!isNeeded || dryRun || (terminal.canAsk && !json)) return;
    throw new UsageError(`'${name}' bears data, and nobody can be asked here: confirm its removal with --confirm ${name}`);
  }
  if (confirm !== name) throw new UsageError(`'--confirm ${confirm}' is not the name of the system, '${name}'`);
  if (step === 'remove') return;
  throw new UsageError(
    `'--confirm' is of the second step of a removal; the one of '${name}' would be announced, which comes first`,
  );
}

async function askForName(terminal: Terminal, name: string): Promise<string | undefined> {
  terminal.tell(`\n'${name}' bears data, which may be lost. Type its name to remove it; Ctrl-C stops.`);
  return converse(terminal, (dialogue) => dialogue.ask('name:'));
}

function printPlan(terminal: Terminal, name: string, { step, effects, diff, notes }: Removal, dryRun: boolean): void {
  if (dryRun) printDiff(terminal, diff);
  if (effects.length > 0) {
    terminal.print(`${dryRun ? '\n' : ''}${step === 'announce' ? `When '${name}' is removed` : `With '${name}'`}:`);
    for (const effect of effects) printEffect(terminal, effect);
  }
  printList(terminal, 'Notes', notes);
}

function printEffect(terminal: Terminal, { environment, file, objects, deletes, keeps }: RemovalEffect): void {
  terminal.print(`\n  ${terminal.style('bold', environment)}  ${file}`);
  terminal.print(`    ${terminal.style('red', 'goes ')}  ${objects.join(', ')}`);
  for (const line of deletes) terminal.print(`    ${terminal.style('red', 'goes ')}  ${line}`);
  for (const line of keeps) terminal.print(`    ${terminal.style('green', 'stays')}  ${line}`);
}

const DONE = { announce: 'wrote', cancel: 'wrote', remove: 'deleted' } as const;
const MEANING = {
  announce: 'its removal is announced',
  cancel: 'the announcement of its removal is taken back',
  remove: 'the system is removed from the model',
} as const;

function printResult(terminal: Terminal, name: string, { step, file, next, confirm }: Removal, dryRun: boolean): void {
  if (dryRun) {
    terminal.print(
      `\nNothing was written.${confirm ? ` '${name}' bears data: its name has to be typed, or --confirm ${name}.` : ''}`,
    );
  } else {
    terminal.print(`${step === 'cancel' ? '' : '\n'}${DONE[step]} ${file}: ${MEANING[step]}`);
  }
  printList(terminal, dryRun ? 'Next, once it is done' : 'Next', next);
}

function asData({ step, file, diff, effects, confirm, notes, next }: Removal, dryRun: boolean): object {
  return { ok: true, dryRun, step, file, diff, environments: effects, bearsData: confirm, notes, next };
}
