import { type Problem } from '../../model';
import { EXIT, report, UsageError, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';

/** Why nothing was done: the command line is wrong, or there are problems. */
export type Failure = { readonly usage: string } | { readonly problems: readonly Problem[] };

/** Tells why nothing was written. */
export function refuse(terminal: Terminal, options: CommonOptions, failure: Failure): ExitCode {
  if ('usage' in failure) throw new UsageError(failure.usage);
  const code = report(terminal, options, failure.problems, {}, () => undefined);
  if (options.json !== true) terminal.tell('Nothing was written.');
  return code;
}

/** Tells that whoever was asked ended the dialogue. */
export function stopped(terminal: Terminal): ExitCode {
  terminal.tell('Stopped: nothing was written.');
  return EXIT.problems;
}

/** A head and lines below it; nothing where there are no lines. */
export function printList(terminal: Terminal, head: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  terminal.print(`\n${head}:`);
  for (const line of lines) terminal.print(`  ${line}`);
}

/** A unified diff in colours. */
export function printDiff(terminal: Terminal, diff: string): void {
  for (const line of diff.trimEnd().split('\n')) {
    if (line.startsWith('+')) terminal.print(terminal.style('green', line));
    else if (line.startsWith('-')) terminal.print(terminal.style('red', line));
    else terminal.print(line.startsWith('@@') ? terminal.style('cyan', line) : line);
  }
}

/** Today, YYYY-MM-DD. */
export const today = (terminal: Terminal): string => terminal.date().toISOString().slice(0, 10);
