import * as path from 'node:path';
import { Command } from 'commander';
import {
  LOCK_FILE,
  loadLockRequirements,
  suggestion,
  TOOL_NAMES,
  type LockFile,
  type LockRequirements,
  type ToolName,
} from '../../model';
import {
  installTools,
  isReleaseVersion,
  lockTools,
  verifyTools,
  type Installation,
  type LockResult,
  type ToolChange,
  type ToolProgress,
} from '../../tools';
import { count, EXIT, newCommand, report, UsageError, type CommonOptions, type ExitCode } from '../command';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';

/** How often a download says how far it is. */
const PROGRESS_MILLISECONDS = 5000;

interface FolderOption {
  readonly to?: string;
}

interface LockOptions extends CommonOptions {
  readonly tool?: Readonly<Partial<Record<ToolName, string>>>;
  readonly allowDowngrade?: boolean;
  readonly check?: boolean;
}

/** `k8s-gitops tools ...`. */
export function toolsCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('tools')
    .description('the command-line tools that the lock pins')
    .addHelpText('after', '\nExample:\n  $ k8s-gitops tools install')
    .addCommand(installCommand(terminal, exit))
    .addCommand(lockCommand(terminal, exit))
    .addCommand(verifyCommand(terminal, exit));
}

function installCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return withFolder(
    newCommand('install', 'install the tools that the lock pins, each verified by its checksum', [
      'tools install',
      'tools install kubectl helm --to ~/tools',
    ]),
  )
    .argument('[name...]', `only these: ${TOOL_NAMES.join(', ')}`)
    .action(async (names: readonly string[], options: CommonOptions & FolderOption) => {
      const chosen = chooseTools(names);
      exit(await withLock(terminal, options, (found) => install(terminal, options, chosen, found)));
    });
}

function verifyCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return withFolder(
    newCommand('verify', 'compare the installed tools with the lock, byte for byte', [
      'tools verify',
      'tools verify kubectl --json',
    ]),
  )
    .argument('[name...]', `only these: ${TOOL_NAMES.join(', ')}`)
    .action(async (names: readonly string[], options: CommonOptions & FolderOption) => {
      const chosen = chooseTools(names);
      exit(await withLock(terminal, options, (found) => verify(terminal, options, chosen, found)));
    });
}

function lockCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('lock', 'fill in versions and checksums in platform.lock.yaml, as the publishers say', [
    'tools lock',
    'tools lock --tool kubectl=1.34.7 --tool helm=3.19.2',
  ])
    .option('--tool <name=version>', 'the version that this tool is to have; may be repeated', addVersion)
    .option('--allow-downgrade', 'let a version become an older one')
    .option('--check', 'write nothing, fail when something would change')
    .action(async (options: LockOptions) => {
      exit(await withLock(terminal, options, (found) => lock(terminal, options, found)));
    });
}

function withFolder(command: Command): Command {
  return command.option('--to <folder>', 'folder of the tools (default: .tools in the platform folder)', (folder: string) => {
    if (folder === '') throw new UsageError("'--to' names no folder");
    return folder;
  });
}

/** The tools that are named, `undefined` for all; an unknown one is an error of the command line. */
function chooseTools(names: readonly string[]): readonly ToolName[] | undefined {
  return names.length === 0 ? undefined : names.map(toolName);
}

function toolName(name: string): ToolName {
  const known = TOOL_NAMES.find((tool) => tool === name);
  if (known === undefined) throw new UsageError(`unknown tool '${name}'. ${suggestion(name, TOOL_NAMES, 'tools')}`);
  return known;
}

function addVersion(given: string, earlier: LockOptions['tool'] = {}): LockOptions['tool'] {
  const [name, version, ...more] = given.split('=') as [string, ...string[]];
  if (version === undefined || more.length > 0 || !isReleaseVersion(version))
    throw new UsageError(`'--tool ${given}' is not of the form NAME=VERSION, such as 'kubectl=1.34.7'`);
  return { ...earlier, [toolName(name)]: version };
}

/** A lock together with what else the input files say. */
type Found = LockRequirements & { readonly lock: LockFile };

/** Runs what needs the lock, whether or not it is complete: the tools may be what completes it. */
async function withLock(terminal: Terminal, options: CommonOptions, run: (found: Found) => Promise<ExitCode>): Promise<ExitCode> {
  const result = loadLockRequirements(options.dir);
  if ('problems' in result) return report(terminal, options, result.problems, {}, () => undefined);
  const { lock } = result.requirements;
  if (lock !== undefined) return run({ ...result.requirements, lock });
  const remedy = 'Run `npx k8s-gitops upgrade` first, which makes it.';
  return report(terminal, options, [{ location: { file: LOCK_FILE }, message: 'does not exist', remedy }], {}, () => undefined);
}

async function install(
  terminal: Terminal,
  options: CommonOptions & FolderOption,
  names: readonly ToolName[] | undefined,
  { lock: { tools }, platform }: Found,
): Promise<ExitCode> {
  const installation = await installTools({
    directory: options.dir,
    tools,
    ...(names === undefined ? {} : { names }),
    ...(options.to === undefined ? {} : { to: options.to }),
    downloads: platform.supplyChain.downloads,
    environment: terminal.environment,
    signal: terminal.interruption(),
    onProgress: tellProgress(terminal),
  });
  return report(terminal, options, installation.problems, { tools: installation.tools, bin: installation.bin }, () => {
    printInstallation(terminal, installation);
  });
}

function printInstallation(terminal: Terminal, { tools, bin }: Installation): void {
  if (tools.length === 0) return;
  terminal.printTable([
    ['tool', 'version', 'state', 'folder'],
    ...tools.map(({ name, version, state, folder }) => [name, version ?? '-', state, folder ?? '-']),
  ]);
  if (tools.every(({ state }) => state === 'failed')) return;
  const escaped = bin.replace(/["$`\\]/g, '\\$&');
  // Relative folders on PATH mean another one after every `cd`.
  terminal.print(`\nexport PATH="${path.isAbsolute(bin) ? escaped : `$PWD/${escaped}`}:$PATH"`);
}

/** Says what is being downloaded, and from time to time how much of it came. */
function tellProgress(terminal: Terminal): (progress: ToolProgress) => void {
  const progress = new Progress(terminal);
  const told = new Map<ToolName, number>();
  return ({ name, version, step, received, total }) => {
    if (step !== 'downloading') {
      progress.step(`${name} ${version}: ${step}`);
    } else if (received === undefined) {
      told.set(name, terminal.now());
      terminal.tell(`… ${name} ${version}: downloading`);
    } else if (terminal.now() - (told.get(name) ?? 0) > PROGRESS_MILLISECONDS) {
      told.set(name, terminal.now());
      terminal.tell(`… ${name} ${version}: ${megabytes(received)}${total === undefined ? '' : ` of ${megabytes(total)}`} MB`);
    }
  };
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

async function verify(
  terminal: Terminal,
  options: CommonOptions & FolderOption,
  names: readonly ToolName[] | undefined,
  { lock: { tools } }: Found,
): Promise<ExitCode> {
  const verification = await verifyTools({
    directory: options.dir,
    tools,
    ...(names === undefined ? {} : { names }),
    ...(options.to === undefined ? {} : { to: options.to }),
    signal: terminal.interruption(),
  });
  return report(terminal, options, verification.problems, { tools: verification.tools }, () => {
    if (verification.tools.length === 0) return;
    terminal.printTable([
      ['tool', 'version', 'state'],
      ...verification.tools.map(({ name, version, state }) => [name, version ?? '-', state]),
    ]);
  });
}

async function lock(terminal: Terminal, options: LockOptions, found: Found): Promise<ExitCode> {
  const progress = new Progress(terminal);
  const { changes, notes, problems, written } = await lockTools({
    directory: options.dir,
    lock: found.lock,
    ...(options.tool === undefined ? {} : { versions: options.tool }),
    allowDowngrade: options.allowDowngrade === true,
    check: options.check === true,
    downloads: found.platform.supplyChain.downloads,
    environment: terminal.environment,
    signal: terminal.interruption(),
    onProgress: (name) => {
      progress.step(`asking the publisher of ${name}`);
    },
  });
  const differs = options.check === true && changes.length > 0;
  const data = { ...(differs ? { ok: false } : {}), changes, notes, written };
  const code = report(terminal, options, problems, data, () => {
    printChanges(terminal, { changes, notes, problems, written });
    if (differs) terminal.tell(`\n${count(changes.length, 'tool')} would change. Run \`npx k8s-gitops tools lock\`.`);
    else if (problems.length > 0) terminal.tell('Nothing was written.');
  });
  return differs ? EXIT.problems : code;
}

function printChanges(terminal: Terminal, { changes, notes, problems, written }: LockResult): void {
  if (changes.length > 0) {
    terminal.printTable([
      ['tool', 'version', 'unresolved', 'release notes'],
      ...changes.map((change) => [change.name, versionChange(change), change.unresolved.join(', ') || '-', change.releaseNotes]),
    ]);
  }
  if (notes.length > 0) terminal.print('\nNotes:');
  terminal.printNotes(notes);
  if (written) terminal.print(`\n${LOCK_FILE} was written: read \`git diff ${LOCK_FILE}\` and commit it.`);
  else if (changes.length === 0 && problems.length === 0) terminal.print(`${LOCK_FILE} stays as it is.`);
}

function versionChange({ from, to }: ToolChange): string {
  return from === undefined ? `- -> ${to}` : from === to ? to : `${from} -> ${to}`;
}
