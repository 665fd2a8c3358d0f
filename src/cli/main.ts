import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json';
import { EXIT, UsageError, type ExitCode } from './command';
import { COMMANDS } from './commands';
import { fileSystemProblem } from '../model';
import { Terminal, type Surroundings, type Writer } from './terminal';

export { type Surroundings } from './terminal';

/**
 * Runs one command line.
 *
 * @param args arguments after the name of the command
 * @returns the exit code: 0 all is well, 1 there are problems, 2 the command line is wrong, 70 a defect
 */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { out, err, environment } = surroundings;
  const terminal = new Terminal(surroundings);
  let code: number = EXIT.ok;
  const exit = (value: ExitCode): void => {
    code = value;
  };
  const program = new Command('k8s-gitops')
    .version(packageJson.version)
    .description('A GitOps platform (Flux CD) for Kubernetes on Azure, from one typed model.')
    .addHelpText(
      'after',
      '\nExample:\n  $ k8s-gitops start\n\nExit codes: 0 all is well, 1 there are problems, 2 the command line is wrong, 70 a defect of k8s-gitops itself.',
    );
  const words = args.filter((arg) => !arg.startsWith('-'));
  const asked = words[0] === 'help' ? words[1] : words[0];
  for (const [name, { description, load }] of Object.entries(COMMANDS)) {
    program.addCommand(name === asked ? load()(terminal, exit) : new Command(name).description(description));
  }
  configure(program, out, err);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    if (error instanceof CommanderError || error instanceof UsageError) {
      // Commander has told its own already.
      if (error instanceof UsageError) terminal.tell(`error: ${error.message}`);
      if (args.includes('--json')) terminal.json({ ok: false, usage: error.message.replace(/^error: /, '') });
      return EXIT.usage;
    }
    const problem = fileSystemProblem(error, process.cwd());
    if (problem !== undefined) {
      if (args.includes('--json')) terminal.json({ ok: false, problems: [problem] });
      else terminal.tellProblems([problem]);
      return EXIT.problems;
    }
    if (args.includes('--json')) tellDefect(terminal, error);
    // A defect of this program, not of the input: say so, and keep the stack for those who look for it.
    terminal.tell(`k8s-gitops failed for a reason it does not know: ${(error as Error).message}`);
    terminal.tell(
      environment['K8S_GITOPS_DEBUG'] === undefined
        ? 'Set K8S_GITOPS_DEBUG=1 for the stack trace.'
        : String((error as Error).stack),
    );
    return EXIT.defect;
  }
  return code;
}

/** For machines; what is defective may be the writing itself. */
function tellDefect(terminal: Terminal, error: unknown): void {
  try {
    terminal.json({ ok: false, defect: (error as Error).message });
  } catch {
    // The exit code says it.
  }
}

/** Commander copies neither to subcommands that are added whole. */
function configure(command: Command, out: Writer, err: Writer): void {
  command.exitOverride().configureOutput({ writeOut: (text) => out.write(text), writeErr: (text) => err.write(text) });
  for (const child of command.commands) configure(child, out, err);
}

/** Runs the command line of this process. */
export function main(): void {
  // A reader that stops early, such as `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    console.error(`The output cannot be written (${error.code ?? error.message}).`);
    process.exit(EXIT.problems);
  });
  void run(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
    // Opened when somebody is asked, not before.
    get input() {
      return process.stdin;
    },
    environment: process.env,
    now: () => performance.now(),
    date: () => new Date(),
    interruption: abortOnSignals,
  }).then((code) => {
    process.exitCode = code;
  });
}

/** A second signal ends the process at once. */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      controller.abort(signal);
    });
  }
  return controller.signal;
}
