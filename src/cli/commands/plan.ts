import { type Command } from 'commander';
import {
  planStacks,
  renderPlan,
  stackOrder,
  summarizePlan,
  type Plan,
  type PlanStyle,
  type StackStep,
} from '../../../infra/plan';
import { stackNames, unknownEnvironment, unknownStack, type Platform } from '../../model';
import {
  collect,
  count,
  newCommand,
  report,
  UsageError,
  withEnvironments,
  withPlatformAsync,
  type CommonOptions,
  type EnvironmentOption,
  type ExitCode,
} from '../command';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';

interface Options extends CommonOptions, EnvironmentOption {
  readonly stack?: readonly string[];
}

/** `k8s-gitops plan`. */
export function planCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return withEnvironments(
    newCommand(
      'plan',
      'what `pulumi up` would create for each stack, and which policies it breaks, worked out by the real program without a cloud',
      ['plan --env dev', 'plan --stack organization', 'plan --json'],
    ),
  )
    .option('--stack <stack>', 'only this stack; may be repeated', collect)
    .action(async (options: Options) => {
      exit(await withPlatformAsync(terminal, options, (platform) => plan(terminal, platform, options)));
    });
}

async function plan(terminal: Terminal, platform: Platform, options: Options): Promise<ExitCode> {
  const progress = new Progress(terminal);
  const { plans, problems, unconfigured } = await planStacks(platform, chooseStacks(platform, options), (stack) => {
    progress.step(`planning ${stack}`);
  });
  // Who asks for a stack wants it; of all of them, a plan of those that there are.
  const isAsked = options.env !== undefined || options.stack !== undefined || plans.length === 0;
  const notes = isAsked ? [] : unconfigured;
  const order = stackOrder(platform);
  const all = [...problems, ...(isAsked ? unconfigured : [])];
  return report(terminal, options, all, { stacks: plans.map(asData), order, notes }, () => {
    for (const one of plans) printPlan(terminal, one);
    if (plans.length > 0) printOrder(terminal, order);
    if (notes.length > 0) terminal.print('\nNotes:');
    terminal.printNotes(notes);
  });
}

/** Stacks are called like their environment, so both options name one; the Azure DevOps side is a stack and no environment. */
function chooseStacks(platform: Platform, { env = [], stack = [] }: Options): readonly string[] {
  for (const usage of [
    ...env.map((name) => unknownEnvironment(platform, name)),
    ...stack.map((name) => unknownStack(platform, name)),
  ]) {
    if (usage !== undefined) throw new UsageError(usage);
  }
  const names = stackNames(platform);
  const chosen = new Set([...env, ...stack]);
  return chosen.size === 0 ? names : names.filter((name) => chosen.has(name));
}

function asData(one: Plan): object {
  return { ...one, summary: summarizePlan(one) };
}

function printPlan(terminal: Terminal, one: Plan): void {
  const { resources, recorded } = summarizePlan(one);
  const style: PlanStyle = {
    added: (text) => terminal.style('green', text),
    name: (text) => terminal.style('bold', text),
    faint: (text) => terminal.style('dim', text),
  };
  terminal.print(
    `${terminal.style('bold', one.stack)}: what \`pulumi up --stack ${one.stack}\` would create from nothing; Azure was not asked\n`,
  );
  for (const text of renderPlan(one, style)) terminal.print(text);
  if (one.stops.length > 0) terminal.print('\n`pulumi up` would stop before it changes anything:');
  terminal.printNotes(one.stops);
  const basis = recorded ? 'with the recorded outputs' : 'with example values for what is not recorded yet';
  terminal.print(`\n${terminal.style('green', '+')} ${count(resources, 'resource')} to create, ${basis}.\n`);
}

function printOrder(terminal: Terminal, order: readonly StackStep[]): void {
  if (order.every(({ after }) => after.length === 0)) {
    terminal.print('The stacks share nothing: they can be brought up in any order.');
    return;
  }
  terminal.print('Order of the stacks, `npx k8s-gitops outputs record` after each:');
  for (const [index, { stack, why }] of order.entries()) terminal.print(`  ${index + 1}. ${stack}: ${why}`);
}
