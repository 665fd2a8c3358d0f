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
}

/** Runs a command line in this process and catches what it prints. */
export async function runCli(args: readonly string[], { environment = {}, tick = 0 }: CliSurroundings = {}): Promise<CliResult> {
  let out = '';
  let err = '';
  let time = 0;
  const code = await run(args, {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment,
    now: () => (time += tick),
  });
  return { code, out, err };
}
