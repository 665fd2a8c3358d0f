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
}

/** Runs a command line in this process and catches what it prints. */
export async function runCli(
  args: readonly string[],
  { environment = {}, tick = 0, date = new Date('2026-11-21T12:00:00Z'), signal }: CliSurroundings = {},
): Promise<CliResult> {
  let out = '';
  let err = '';
  let time = 0;
  const code = await run(args, {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment,
    now: () => (time += tick),
    date: () => date,
    interruption: () => signal ?? new AbortController().signal,
  });
  return { code, out, err };
}
