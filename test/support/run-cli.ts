import { PassThrough } from 'node:stream';
import { run } from '../../src/cli/main';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CliSurroundings {
  /** Environment variables. @default - none */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds by which the clock goes on at every look. @default 0 */
  readonly tick?: number;
  /** Today. @default 2026-11-21 */
  readonly date?: Date;
  /** Interrupts the run. @default - nothing does */
  readonly signal?: AbortSignal;
  /** Somebody at a terminal. @default - nobody can be asked */
  readonly person?: Person;
}

/** Answers what is asked on a terminal; `undefined` ends the input, as Ctrl-D does. */
export type Person = (question: string) => string | undefined;

/** Runs a command line in this process and catches what it prints. */
export async function runCli(
  args: readonly string[],
  { environment = {}, tick = 0, date = new Date('2026-11-21T12:00:00Z'), signal, person }: CliSurroundings = {},
): Promise<CliResult> {
  let out = '';
  let err = '';
  let time = 0;
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const answer = (text: string): void => {
    // A question is what no line ends.
    if (person === undefined || text.endsWith('\n')) return;
    const typed = person(text);
    if (typed === undefined) input.end();
    else input.write(`${typed}\n`);
  };
  const code = await run(args, {
    out: { write: (text) => (out += text) },
    err: {
      isTTY: person !== undefined,
      write: (text) => {
        err += text;
        answer(text);
      },
    },
    ...(person === undefined ? {} : { input }),
    environment,
    now: () => (time += tick),
    date: () => date,
    interruption: () => signal ?? new AbortController().signal,
  });
  return { code, out, err };
}
