import { Option, type Command } from 'commander';
import { lockFile, suggestion, TOOL_NAMES, UNRESOLVED, type Platform, type Signer, type ToolName } from '../../model';
import { isReleaseVersion } from '../../tools';
import {
  checkNewest,
  upgrade,
  type KnownChangeVerdict,
  type NewestVersion,
  type Repair,
  type Upgrade,
  type UpgradeRequest,
  type VersionChange,
} from '../../upgrade';
import { changesAsData, printChanges, sumUp } from '../changes';
import { EXIT, newCommand, report, UsageError, type CommonOptions, type ExitCode } from '../command';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';

interface Options extends CommonOptions {
  readonly flux?: string;
  readonly operator?: string;
  readonly tool?: Readonly<Partial<Record<ToolName, string>>>;
  readonly signer?: ReadonlyMap<string, Signer>;
  readonly manifests?: string;
  readonly allowDowngrade?: boolean;
  readonly allowSkippedMinor?: boolean;
  readonly check?: boolean;
}

/** `k8s-gitops upgrade`. */
export function upgradeCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('upgrade', 'bring versions, digests and everything generated from one state to the next', [
    'upgrade --check',
    'upgrade --flux 2.9.5 --operator 0.59.0',
    'upgrade --flux 2.9.5 --manifests ../flux-operator',
    'upgrade --signer docker.io/library/redis=none',
  ])
    .addHelpText('after', '\nWithout versions it resolves what the lock lacks.')
    .option('--flux <version>', 'the version of Flux', version('--flux'))
    .option('--operator <version>', 'the version of the Flux Operator', version('--operator'))
    .option('--tool <name=version>', 'the version of a tool in the lock; may be repeated', addTool)
    .option(
      '--signer <repository=signer>',
      'who signs what a repository publishes: none, or ISSUER,IDENTITY (a regular expression from ^ to $); may be repeated',
      addSigner,
    )
    .option('--manifests <folder>', "folder with what the operator publishes as 'flux-operator-manifests', or a checkout of it")
    .option('--allow-downgrade', 'let a version become an older one')
    .option('--allow-skipped-minor', 'leave out a minor version of Flux')
    .addOption(
      new Option('--check', 'write nothing, compare with the newest published versions').conflicts([
        'flux',
        'operator',
        'tool',
        'signer',
      ]),
    )
    .action(async (options: Options) => {
      exit(await (options.check === true ? check : run)(terminal, options));
    });
}

const version =
  (option: string) =>
  (given: string): string => {
    if (!isReleaseVersion(given)) throw new UsageError(`'${option} ${given}' is no exact version, such as '2.9.5'`);
    return given;
  };

function addTool(given: string, earlier: Options['tool'] = {}): Options['tool'] {
  const [name, wanted, ...more] = given.split('=') as [string, ...string[]];
  if (wanted === undefined || more.length > 0 || !isReleaseVersion(wanted))
    throw new UsageError(`'--tool ${given}' is not of the form NAME=VERSION, such as 'kubectl=1.34.7'`);
  const known = TOOL_NAMES.find((tool) => tool === name);
  if (known === undefined) throw new UsageError(`unknown tool '${name}'. ${suggestion(name, TOOL_NAMES, 'tools')}`);
  return { ...earlier, [known]: wanted };
}

const { upstream, signer: signerSchema } = lockFile.shape.images.valueType.shape;

function addSigner(given: string, earlier: ReadonlyMap<string, Signer> = new Map()): ReadonlyMap<string, Signer> {
  const equals = given.indexOf('=');
  const repository = given.slice(0, Math.max(equals, 0));
  const text = given.slice(equals + 1);
  const comma = text.indexOf(',');
  const parsed = signerSchema.safeParse(comma === -1 ? text : { issuer: text.slice(0, comma), identity: text.slice(comma + 1) });
  if (!upstream.safeParse(repository).success || !parsed.success || parsed.data === UNRESOLVED) {
    throw new UsageError(
      `'--signer ${given}' is not of the form REPOSITORY=none or REPOSITORY=ISSUER,IDENTITY, such as 'docker.io/library/redis=none' or 'ghcr.io/acme/app=https://token.actions.githubusercontent.com,^https://github\\.com/acme/.*$'`,
    );
  }
  return new Map([...earlier, [repository, parsed.data]]);
}

function requestOf(terminal: Terminal, { dir, flux, operator, tool, signer, manifests, ...rest }: Options): UpgradeRequest {
  const progress = new Progress(terminal);
  return {
    directory: dir,
    ...(flux === undefined ? {} : { flux }),
    ...(operator === undefined ? {} : { operator }),
    ...(tool === undefined ? {} : { tools: tool }),
    ...(signer === undefined ? {} : { signers: signer }),
    ...(manifests === undefined ? {} : { manifests }),
    allowDowngrade: rest.allowDowngrade === true,
    allowSkippedMinor: rest.allowSkippedMinor === true,
    environment: terminal.environment,
    signal: terminal.interruption(),
    onStep: (what) => {
      progress.step(what);
    },
  };
}

async function run(terminal: Terminal, options: Options): Promise<ExitCode> {
  const result = await upgrade(requestOf(terminal, options));
  if (options.json !== true) tellRepair(terminal, result.repair);
  if (result.interrupted) return interrupted(terminal, options);
  const { problems, notes, versions, releaseNotes, knownChanges, changes, importsChange, platform, repair } = result;
  const data = {
    ...(repair === undefined ? {} : { restored: repair.restored }),
    versions,
    releaseNotes,
    knownChanges,
    changes: changesAsData(changes),
    notes: [...(repair?.notes ?? []), ...notes],
    next: platform === undefined || changes.length === 0 ? [] : nextSteps(platform, importsChange),
  };
  const code = report(terminal, options, problems, data, () => {
    if (problems.length === 0) printUpgrade(terminal, result, data.next);
  });
  if (problems.length > 0 && options.json !== true) terminal.tell('Nothing was written.');
  return code;
}

function interrupted(terminal: Terminal, { json }: Options): ExitCode {
  if (json === true) terminal.json({ ok: false, interrupted: true, problems: [] });
  else terminal.tell('Interrupted: nothing was written.');
  return EXIT.problems;
}

function tellRepair(terminal: Terminal, repair: Repair | undefined): void {
  if (repair === undefined || repair.problems.length > 0) return;
  const { restored, notes } = repair;
  terminal.tell(
    `An upgrade was killed while it wrote. ${restored.length === 0 ? 'It had changed nothing yet.' : `As before again: ${restored.join(', ')}.`}`,
  );
  for (const { location, message, remedy } of notes) terminal.tell(`${location.file} ${message}\n  → ${remedy}`);
}

function printUpgrade(terminal: Terminal, result: Upgrade, next: readonly string[]): void {
  const { versions, releaseNotes, knownChanges, changes, notes, platform } = result;
  if (changes.length === 0) {
    const { version: flux, operator } = platform!.flux;
    const rest = notes.length === 0 ? 'and the lock has all that is asked for' : 'but see the notes';
    terminal.print(`Nothing to do: Flux ${flux}, Flux Operator ${operator}, ${rest}.`);
  }
  printVersions(terminal, versions);
  printList(terminal, 'Release notes', releaseNotes);
  printKnownChanges(terminal, knownChanges);
  if (changes.length > 0) {
    terminal.print(`\n${sumUp(changes)}:`);
    printChanges(terminal, changes);
  }
  if (notes.length > 0) terminal.print('\nNotes:');
  terminal.printNotes(notes);
  printList(terminal, 'Next', next);
}

function printVersions(terminal: Terminal, versions: readonly VersionChange[]): void {
  if (versions.length === 0) return;
  terminal.printTable([['what', 'from', 'to'], ...versions.map(({ what, from, to }) => [what, shortened(from), shortened(to)])]);
}

/** A digest is recognized by its beginning. */
const shortened = (text = '-'): string => text.replace(/^(sha256:[a-f0-9]{12})[a-f0-9]+$/, '$1…');

const CONCERNS = { yes: 'concerns this platform', no: 'does not concern this platform', unknown: '' } as const;

function printKnownChanges(terminal: Terminal, knownChanges: readonly KnownChangeVerdict[]): void {
  if (knownChanges.length === 0) return;
  terminal.print('\nWhat works differently:');
  for (const { product, version: since, what, action, concerns, files } of knownChanges) {
    const where =
      files.length === 0 ? '' : `: ${files.slice(0, 3).join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''}`;
    const verdict = CONCERNS[concerns] === '' ? '' : ` (${CONCERNS[concerns]}${where})`;
    terminal.print(`  ${terminal.style('bold', since === undefined ? product : `${product} ${since}`)}: ${what}${verdict}`);
    if (concerns !== 'no') terminal.print(`    ${terminal.style('cyan', '→')} ${action}`);
  }
}

function printList(terminal: Terminal, head: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  terminal.print(`\n${head}:`);
  for (const line of lines) terminal.print(`  ${line}`);
}

function nextSteps({ environments }: Platform, importsChange: boolean): readonly string[] {
  return [
    ...(importsChange ? ['Run `npm run imports`, which makes manifests/imports from the new schemas.'] : []),
    'Run `npm start`, which validates, and read `git diff`.',
    `Open a pull request into ${environments.map(({ branch }) => branch).join(', then from there into ')}; wait at each until Flux is ready.`,
  ];
}

async function check(terminal: Terminal, options: Options): Promise<ExitCode> {
  const { versions, problems, interrupted: stopped } = await checkNewest(requestOf(terminal, options));
  if (stopped) return interrupted(terminal, options);
  return report(terminal, options, problems, { versions }, () => {
    printNewest(terminal, versions);
  });
}

function printNewest(terminal: Terminal, versions: readonly NewestVersion[]): void {
  if (versions.length === 0) return;
  terminal.printTable([
    ['what', 'current', 'newest', ''],
    ...versions.map(({ what, current, newest, outdated, reason }) => [
      what,
      current,
      newest ?? 'unknown',
      reason ?? (outdated ? 'outdated' : ''),
    ]),
  ]);
  const flux = versions.find(({ what, outdated }) => what === 'Flux' && outdated);
  const operator = versions.find(({ what, outdated }) => what === 'Flux Operator' && outdated);
  const tools = versions.filter(({ what, outdated }) => outdated && what !== 'Flux' && what !== 'Flux Operator');
  const options = [
    ...(flux === undefined ? [] : [`--flux ${flux.newest!}`]),
    ...(operator === undefined ? [] : [`--operator ${operator.newest!}`]),
    ...tools.map(({ what, newest }) => `--tool ${what}=${newest!}`),
  ];
  if (options.length > 0) terminal.print(`\nTo upgrade: npx k8s-gitops upgrade ${options.join(' ')}`);
}
