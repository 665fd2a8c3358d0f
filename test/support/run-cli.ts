import { run } from '../../src/cli/main';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process and catches what it prints. */
export async function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<CliResult> {
  let out = '';
  let err = '';
  const code = await run(args, {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment,
  });
  return { code, out, err };
}
