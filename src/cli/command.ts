import { Command, InvalidArgumentError } from 'commander';
import { load, suggestion, type Platform, type Problem } from '../model';
import { type Terminal } from './terminal';

/** What an exit code says. */
export const EXIT = {
  /** All is well. */
  ok: 0,
  /** There are problems; each was told. */
  problems: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** This program failed for a reason that is not in the input (EX_SOFTWARE of sysexits.h). */
  defect: 70,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The options that every command has. */
export interface CommonOptions {
  readonly dir: string;
  readonly json?: boolean;
}

/** The option of commands that work per environment. */
export interface EnvironmentOption {
  readonly env?: readonly string[];
}

/** A command with the options that all of them share and an example in its help. */
export function newCommand(name: string, description: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(description)
    .option('--dir <folder>', 'platform folder, which holds platform.yaml', '.')
    .option('--json', 'print the result as JSON')
    .allowExcessArguments(false)
    .addHelpText('after', `\nExample:\n${examples.map((example) => `  $ k8s-gitops ${example}`).join('\n')}`);
}

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, earlier?: readonly string[]): readonly string[] => [...(earlier ?? []), value];

/** The one value of an option; given again, it would replace the first silently. */
export function once(value: string, earlier?: string): string {
  if (earlier !== undefined) throw new InvalidArgumentError(`It is given once; '${earlier}' stands before.`);
  return value;
}

/** `--env`, which may be repeated. */
export function withEnvironments(command: Command): Command {
  return command.option('--env <environment>', 'only this environment; may be repeated', collect);
}

/** Prints what a command found, as data or for people. Problems always lead to exit code 1. */
export function report(
  terminal: Terminal,
  { json }: CommonOptions,
  problems: readonly Problem[],
  data: object,
  forPeople: () => void,
): ExitCode {
  const ok = problems.length === 0;
  if (json === true) {
    terminal.json({ ok, problems, ...data });
  } else {
    forPeople();
    terminal.tellProblems(problems);
    if (!ok) terminal.tell(`\n${count(problems.length, 'problem')}.`);
  }
  return ok ? EXIT.ok : EXIT.problems;
}

/** Runs what needs the model; a broken one is told, with exit code 1. */
export function withPlatform(terminal: Terminal, options: CommonOptions, run: (platform: Platform) => ExitCode): ExitCode {
  const result = load(options.dir);
  return 'platform' in result ? run(result.platform) : reportBrokenModel(terminal, options, result.problems);
}

/** {@link withPlatform} for work that takes its time. */
export async function withPlatformAsync(
  terminal: Terminal,
  options: CommonOptions,
  run: (platform: Platform) => Promise<ExitCode>,
): Promise<ExitCode> {
  const result = load(options.dir);
  return 'platform' in result ? run(result.platform) : reportBrokenModel(terminal, options, result.problems);
}

function reportBrokenModel(terminal: Terminal, options: CommonOptions, problems: readonly Problem[]): ExitCode {
  const code = report(terminal, options, problems, {}, () => undefined);
  if (options.json !== true) terminal.tell('Nothing was written.');
  return code;
}

/** The chosen environments, `undefined` for all; an unknown one is an error of the command line. */
export function chooseEnvironments(platform: Platform, { env }: EnvironmentOption): ReadonlySet<string> | undefined {
  const names = platform.environments.map(({ name }) => name);
  for (const name of env ?? []) {
    if (!names.includes(name)) throw new UsageError(`unknown environment '${name}'. ${suggestion(name, names, 'environments')}`);
  }
  return env === undefined ? undefined : new Set(env);
}

/** The command line is wrong in a way that only the model shows. */
export class UsageError extends Error {}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
