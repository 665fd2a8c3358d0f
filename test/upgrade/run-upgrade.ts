import * as path from 'node:path';
import { Command, CommanderError } from 'commander';
import { UsageError } from '../../src/cli/command';
import { upgradeCommand } from '../../src/cli/commands/upgrade';
import { Terminal } from '../../src/cli/terminal';
import { FIXTURES, wholePlatformFolder } from '../support/platform-folder';
import { runCli, type CliResult, type CliSurroundings } from '../support/run-cli';
import * as fs from 'node:fs';

/** What the operator publishes, as a folder. */
export const MANIFESTS = path.join(FIXTURES, 'flux-manifests');

/** Runs `k8s-gitops upgrade` in this process and catches what it prints. */
export async function runUpgrade(
  args: readonly string[],
  { environment = {}, signal }: Pick<CliSurroundings, 'environment' | 'signal'> = {},
): Promise<CliResult> {
  let [out, err, code] = ['', '', 0];
  const terminal = new Terminal({
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment,
    now: () => 0,
    date: () => new Date('2026-11-21T12:00:00Z'),
    interruption: () => signal ?? new AbortController().signal,
  });
  const command = upgradeCommand(terminal, (value) => (code = value))
    .exitOverride()
    .configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (err += text) });
  try {
    await new Command()
      .exitOverride()
      .addCommand(command)
      .parseAsync(['upgrade', ...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof CommanderError)) throw error;
    return { code: 2, out, err: `${err}${error.message}\n` };
  }
  return { code, out, err };
}

/** The classic platform with everything generated. */
export async function classicFolder(): Promise<string> {
  const folder = wholePlatformFolder('classic');
  fs.rmSync(path.join(folder, 'expected'), { recursive: true });
  const { code, err } = await runCli(['start', '--dir', folder]);
  if (code !== 0) throw new Error(err);
  return folder;
}

/** Paths whose content differs between two snapshots of a folder. */
export function changedPaths(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]).sort();
}
