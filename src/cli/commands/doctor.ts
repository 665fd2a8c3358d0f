import { type Command } from 'commander';
import { load } from '../../model';
import { findTools, type FoundTool } from '../../tools';
import { count, EXIT, newCommand, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';

const SIGNS = { found: '✓', missing: '-', broken: '✗' } as const;

/** `k8s-gitops doctor`. */
export function doctorCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('doctor', 'what is installed, in which version, and what to do about what is missing', ['doctor']).action(
    async (options: CommonOptions) => {
      const tools = await findTools(terminal.environment, options.dir);
      const result = load(options.dir);
      const problems = 'problems' in result ? result.problems : [];
      const ok = problems.length === 0 && tools.every(({ required, state }) => !required || state === 'found');
      if (options.json === true) terminal.json({ ok, tools, problems });
      else print(terminal, tools, problems.length);
      exit(ok ? EXIT.ok : EXIT.problems);
    },
  );
}

function print(terminal: Terminal, tools: readonly FoundTool[], problems: number): void {
  terminal.printTable([
    ['', 'tool', 'version', 'needed for', 'what to do'],
    ...tools.map(({ name, state, version, neededFor, remedy, required }) => [
      SIGNS[state],
      name,
      version ?? state,
      required ? `${neededFor} (required)` : neededFor,
      remedy ?? '',
    ]),
  ]);
  terminal.print();
  terminal.print(
    problems === 0
      ? '✓ the model has no problems'
      : `✗ the model has ${count(problems, 'problem')}; \`k8s-gitops validate\` tells ${problems === 1 ? 'it' : 'them'}`,
  );
}
