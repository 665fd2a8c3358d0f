import { Command, InvalidArgumentError, Option } from 'commander';
import {
  copyDatabases,
  DEFAULT_CONCURRENCY,
  describeTools,
  publicKeyOf,
  releaseImages,
  selectArtifacts,
  signApplication,
  STEPS,
  verifyImages,
  writeReports,
  type ArtifactResult,
  type ChainMode,
  type ChainToolsFound,
  type Refusal,
  type SessionOptions,
  type VerificationResult,
} from '../../images';
import {
  IMAGE_REFERENCE,
  LOCK_FILE,
  sortProblems,
  suggestion,
  UNRESOLVED,
  violation,
  type Artifact,
  type Environment,
  type Platform,
  type Problem,
} from '../../model';
import {
  chooseEnvironments,
  collect,
  EXIT,
  newCommand,
  report,
  UsageError,
  withEnvironments,
  withPlatform,
  withPlatformAsync,
  type CommonOptions,
  type EnvironmentOption,
  type ExitCode,
} from '../command';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';

type Exit = (code: ExitCode) => void;

interface SelectOptions extends CommonOptions, EnvironmentOption {
  readonly only?: readonly string[];
}

interface RunOptions extends SelectOptions {
  readonly concurrency: number;
  readonly timeout: number;
  readonly key?: string;
  readonly publicKey?: readonly string[];
  readonly dockerConfig?: string;
  readonly waitForAccess?: number;
}

interface PublicKeyOptions extends CommonOptions {
  readonly key: string;
  readonly waitForAccess: number;
}

interface ReleaseOptions extends RunOptions {
  readonly scanOnly?: boolean;
  readonly dryRun?: boolean;
  readonly reports?: string;
}

/** `k8s-gitops images ...`. */
export function imagesCommand(terminal: Terminal, exit: Exit): Command {
  return new Command('images')
    .description('the images and charts that the platform runs: from upstream, scanned, mirrored and signed by one digest')
    .addHelpText('after', '\nExample:\n  $ k8s-gitops images release --env dev')
    .addCommand(listCommand(terminal, exit))
    .addCommand(releaseCommand(terminal, exit))
    .addCommand(signCommand(terminal, exit))
    .addCommand(verifyCommand(terminal, exit))
    .addCommand(publicKeyCommand(terminal, exit))
    .addCommand(databasesCommand(terminal, exit));
}

const positiveNumber = (value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 100_000) throw new InvalidArgumentError('It is a whole number from 1.');
  return number;
};

const seconds = (value: string): number => (value === '0' ? 0 : positiveNumber(value));

function withSelection(command: Command): Command {
  return withEnvironments(command).option(
    '--only <name>',
    'only this image or chart, by its name in the lock or its short name; may be repeated',
    collect,
  );
}

function withRunOptions(command: Command): Command {
  return command
    .option('--concurrency <number>', 'how many at a time', positiveNumber, DEFAULT_CONCURRENCY)
    .option('--timeout <seconds>', 'longest time for one call of a tool', positiveNumber, 900);
}

function withKeys(command: Command): Command {
  return command.option(
    '--public-key <file>',
    'PEM file of a public key whose signatures are accepted, in place of those in outputs/; may be repeated, that of --key first',
    collect,
  );
}

function withSigningKey(command: Command): Command {
  return command.option(
    '--key <key>',
    'what signs, in place of the key in outputs/: a key file of cosign, or azurekms://<vault>/<key>/<version>; cosign is asked for its public key where --public-key gives none',
  );
}

function withAccessWait(command: Command): Command {
  return command.option(
    '--wait-for-access <seconds>',
    'while access is denied, as it is for minutes after a role was assigned, try again for so long',
    seconds,
    0,
  );
}

function withDockerConfig(command: Command): Command {
  return command.option(
    '--docker-config <folder>',
    'folder whose config.json holds the credentials of registries (default: as the tools do)',
  );
}

function listCommand(terminal: Terminal, exit: Exit): Command {
  return withSelection(
    newCommand('list', 'every image and chart: upstream, digest, who signs it, where it goes', [
      'images list',
      'images list --env prod --json',
    ]),
  ).action((options: SelectOptions) => {
    exit(
      withPlatform(terminal, options, (platform) => {
        const environments = chosen(platform, options);
        const lists = environments.map((environment) => ({ environment, artifacts: select(platform, environment, options) }));
        if (options.json === true) {
          terminal.json({
            ok: true,
            environments: lists.map(({ environment, artifacts }) => ({ name: environment.name, artifacts })),
          });
        } else {
          for (const { environment, artifacts } of lists) printList(terminal, environment, artifacts, environments.length > 1);
        }
        return EXIT.ok;
      }),
    );
  });
}

function printList(terminal: Terminal, { name, registry }: Environment, artifacts: readonly Artifact[], withHead: boolean): void {
  if (withHead) terminal.print(`${terminal.style('bold', name)}: ${registry.loginServer}`);
  terminal.printTable([
    ['kind', 'upstream', 'digest', 'signed by', 'in the registry', 'used by'],
    ...artifacts.map(({ kind, upstream, tag, digest, signer, target, usedBy }) => [
      kind,
      `${upstream}:${tag}`,
      short(digest),
      typeof signer === 'string' ? signer : 'publicKey' in signer ? 'a key' : signer.identity,
      `${target}:${tag}`,
      usedBy.join(', '),
    ]),
  ]);
  if (withHead) terminal.print();
}

function releaseCommand(terminal: Terminal, exit: Exit): Command {
  const command = newCommand(
    'release',
    'verify the upstream signature, scan, mirror, attest the SBOM, sign, and verify again, by one digest; what is there already is left alone',
    [
      'images release --env dev',
      'images release --env prod --only redis --dry-run',
      'images release --env dev --scan-only --reports reports',
    ],
  );
  return withDockerConfig(withAccessWait(withSigningKey(withKeys(withRunOptions(withSelection(command))))))
    .addOption(
      new Option('--scan-only', 'verify the upstream signature and scan; write nothing (pull requests)').conflicts('dryRun'),
    )
    .option('--dry-run', 'print what would be done, with every command; write nothing')
    .addOption(
      new Option('--reports <folder>', 'write <environment>.junit.xml and <environment>.sarif there').conflicts('dryRun'),
    )
    .action(async (options: ReleaseOptions) => {
      exit(await withPlatformAsync(terminal, options, (platform) => release(terminal, platform, options)));
    });
}

async function release(terminal: Terminal, platform: Platform, options: ReleaseOptions): Promise<ExitCode> {
  const mode: ChainMode = options.scanOnly === true ? 'scan-only' : options.dryRun === true ? 'dry-run' : 'release';
  return overEnvironments(terminal, platform, options, async (environment, artifacts, session) => {
    const outcome = await releaseImages(platform, environment, artifacts, mode, session);
    if ('problems' in outcome) return refused(outcome);
    return releaseOutcome(terminal, platform, environment, outcome.results, outcome.tools, mode, options);
  });
}

function releaseOutcome(
  terminal: Terminal,
  platform: Platform,
  environment: Environment,
  results: readonly ArtifactResult[],
  tools: ChainToolsFound,
  mode: ChainMode,
  options: ReleaseOptions,
): Outcome {
  const reports = options.reports === undefined ? [] : writeReports(platform, environment, results, options.reports);
  return {
    tools,
    problems: [...results.flatMap(({ problems }) => problems), ...('location' in reports ? [reports] : [])],
    data: { images: results.map(releaseAsData), reports: 'location' in reports ? [] : reports },
    print: () => {
      printRelease(terminal, environment, results, mode);
      if (!('location' in reports)) for (const file of reports) terminal.print(`wrote ${file}`);
    },
  };
}

const releaseAsData = ({ artifact, steps, scan, commands, problems, notes }: ArtifactResult): object => ({
  name: artifact.name,
  kind: artifact.kind,
  digest: artifact.digest ?? UNRESOLVED,
  ok: problems.length === 0,
  steps,
  ...(scan === undefined ? {} : { findings: scan }),
  ...(commands === undefined ? {} : { commands }),
  problems,
  notes,
});

const HEADS = {
  upstream: 'upstream',
  scan: 'scan',
  mirror: 'mirror',
  sbom: 'SBOM',
  sign: 'signature',
  verify: 'verified',
} as const;

function printRelease(
  terminal: Terminal,
  { name, registry, scan }: Environment,
  results: readonly ArtifactResult[],
  mode: ChainMode,
): void {
  terminal.print(`${terminal.style('bold', name)}: ${registry.loginServer}, scan: ${scan}\n`);
  terminal.printTable([
    ['', 'image or chart', 'tag', 'digest', ...STEPS.map((step) => HEADS[step])],
    ...results.map(({ artifact, steps, problems }) => [
      problems.length === 0 ? '✓' : '✗',
      shortName(artifact),
      artifact.tag,
      short(artifact.digest),
      ...STEPS.map((step) => {
        const { state, detail } = steps[step];
        if (state === 'failed') return detail === undefined ? 'failed' : `failed: ${detail}`;
        if (state === 'not reached') return '-';
        return state === 'planned' || state === 'present' ? state : (detail ?? state);
      }),
    ]),
  ]);
  printFindings(terminal, results);
  for (const { artifact, commands = [] } of results) {
    if (commands.length > 0) terminal.print(`\n${terminal.style('bold', shortName(artifact))}`);
    for (const command of commands) terminal.print(`  ${command}`);
  }
  const notes = results.flatMap((result) => result.notes);
  if (notes.length > 0) terminal.print('\nNotes:');
  terminal.printNotes(notes);
  terminal.print(`\n${summary(results, mode)}`);
}

function printFindings(terminal: Terminal, results: readonly ArtifactResult[]): void {
  const rows = results.flatMap(({ artifact, scan }) =>
    (scan === undefined ? [] : [...scan.open, ...scan.accepted]).map((found) => [
      found.severity,
      found.id,
      shortName(artifact),
      `${found.package} ${found.installed}`,
      found.fixed,
      found.exception === undefined ? 'open' : `accepted until ${found.exception.expires} by ${found.exception.owner}`,
    ]),
  );
  if (rows.length === 0) return;
  terminal.print();
  terminal.printTable([['severity', 'finding', 'image', 'package', 'fixed in', 'state'], ...rows]);
}

function summary(results: readonly ArtifactResult[], mode: ChainMode): string {
  const failed = results.filter(({ problems }) => problems.length > 0).length;
  if (failed > 0) return `${failed} of ${results.length} failed; the others went through.`;
  if (mode === 'scan-only') return `${results.length} looked at; nothing was written.`;
  if (mode === 'dry-run') return 'Nothing was written.';
  const idle = results.every(({ steps }) => steps.verify.state === 'present');
  return idle ? 'Everything was there already: nothing to do.' : `${results.length} released.`;
}

function signCommand(terminal: Terminal, exit: Exit): Command {
  const command = newCommand(
    'sign',
    "scan an application's image that is in the registry, attest its SBOM, sign it with the key of applications, and verify",
    ['images sign myorgdev.azurecr.io/shop/web-shop:1.8.0@sha256:0123... --env dev'],
  ).argument('<image>', "'registry/repository:tag@sha256:...', as the push printed it");
  return withSigningKey(withKeys(withRunOptions(command)))
    .requiredOption('--env <environment>', 'environment whose registry and key it is')
    .option('--reports <folder>', 'write <environment>.junit.xml and <environment>.sarif there')
    .action(async (image: string, { env, ...options }: Omit<ReleaseOptions, 'env'> & { readonly env: string }) => {
      exit(
        await withPlatformAsync(terminal, options, (platform) => signOne(terminal, platform, image, { ...options, env: [env] })),
      );
    });
}

function signOne(terminal: Terminal, platform: Platform, image: string, options: ReleaseOptions): Promise<ExitCode> {
  const wrong = violation(IMAGE_REFERENCE, image);
  if (wrong !== undefined) throw new UsageError(`'${image}' ${wrong}`);
  return overEnvironments(terminal, platform, options, async (environment, _artifacts, session) => {
    const outcome = await signApplication(platform, environment, image, session);
    if ('problems' in outcome) return refused(outcome);
    const { result, tools } = outcome;
    return releaseOutcome(terminal, platform, environment, [result], tools, 'release', options);
  });
}

function verifyCommand(terminal: Terminal, exit: Exit): Command {
  const command = newCommand(
    'verify',
    'read everything from the registry, compare every byte with the lock, verify every signature',
    ['images verify --env prod'],
  );
  return withDockerConfig(withKeys(withRunOptions(withSelection(command)))).action(async (options: RunOptions) => {
    exit(
      await withPlatformAsync(terminal, options, (platform) => {
        return overEnvironments(terminal, platform, options, async (environment, artifacts, session) => {
          const outcome = await verifyImages(platform, environment, artifacts, session);
          if ('problems' in outcome) return refused(outcome);
          const { results, tools } = outcome;
          return {
            tools,
            problems: results.flatMap(({ problems }) => problems),
            data: {
              images: results.map(({ artifact, ...rest }) => ({
                name: artifact.name,
                kind: artifact.kind,
                digest: artifact.digest ?? UNRESOLVED,
                ...rest,
              })),
            },
            print: () => {
              printVerification(terminal, environment, results);
            },
          };
        });
      }),
    );
  });
}

function printVerification(terminal: Terminal, { name, registry }: Environment, results: readonly VerificationResult[]): void {
  terminal.print(`${terminal.style('bold', name)}: ${registry.loginServer}\n`);
  terminal.printTable([
    ['', 'image or chart', 'tag', 'digest', 'objects', 'signed by'],
    ...results.map(({ artifact, objects, signedBy, problems }) => [
      problems.length === 0 ? '✓' : '✗',
      shortName(artifact),
      artifact.tag,
      short(artifact.digest),
      String(objects),
      signedBy ?? 'nobody accepted',
    ]),
  ]);
  const notes = results.flatMap((result) => result.notes);
  if (notes.length > 0) terminal.print('\nNotes:');
  terminal.printNotes(notes);
  const wrong = results.filter(({ problems }) => problems.length > 0).length;
  terminal.print(
    `\n${wrong === 0 ? `All ${results.length} are what ${LOCK_FILE} says, and signed.` : `${wrong} of ${results.length} are not what ${LOCK_FILE} says, or not signed.`}`,
  );
}

function databasesCommand(terminal: Terminal, exit: Exit): Command {
  const command = newCommand('databases', "copy Trivy's vulnerability databases into the registry, where scans look for them", [
    'images databases --env dev',
  ]);
  return withDockerConfig(withAccessWait(withRunOptions(withEnvironments(command)))).action(async (options: RunOptions) => {
    exit(
      await withPlatformAsync(terminal, options, (platform) => {
        return overEnvironments(terminal, platform, options, async (environment, _artifacts, session) => {
          const outcome = await copyDatabases(platform, environment, session);
          if ('problems' in outcome) return refused(outcome);
          const { results, tools } = outcome;
          return {
            tools,
            problems: results.flatMap(({ problems }) => problems),
            data: { databases: results },
            print: () => {
              terminal.printTable([
                ['', 'database', 'in the registry', 'digest', ''],
                ...results.map(({ name, target, state, digest, problems }) => [
                  problems.length === 0 ? '✓' : '✗',
                  name,
                  target,
                  short(digest),
                  state,
                ]),
              ]);
            },
          };
        });
      }),
    );
  });
}

function publicKeyCommand(terminal: Terminal, exit: Exit): Command {
  const command = newCommand('public-key', 'print the public key that belongs to a key, in PEM form', [
    'images public-key --key azurekms://my-org-dev.vault.azure.net/platform/0123456789abcdef0123456789abcdef',
  ]);
  return withAccessWait(command)
    .requiredOption('--key <key>', 'a key file of cosign, or azurekms://<vault>/<key>/<version>')
    .action(async (options: PublicKeyOptions) => {
      const found = await publicKeyOf(options.key, {
        directory: options.dir,
        environment: terminal.environment,
        waitForAccessMilliseconds: options.waitForAccess * 1000,
        signal: terminal.interruption(),
        tell: teller(terminal, options),
      });
      const [problems, data] = typeof found === 'string' ? [[], { publicKey: found }] : [[found], {}];
      exit(
        report(terminal, options, problems, data, () => {
          if (typeof found === 'string') terminal.print(found.trimEnd());
        }),
      );
    });
}

/** What was done for one environment, to be told. */
interface Outcome {
  readonly tools: ChainToolsFound;
  readonly problems: readonly Problem[];
  readonly data: object;
  readonly print: () => void;
}

const refused = ({ problems, tools }: Refusal): Outcome => ({ tools, problems, data: {}, print: () => undefined });

/** One environment after the other: they may share a registry, and then the second finds everything there. */
async function overEnvironments(
  terminal: Terminal,
  platform: Platform,
  options: RunOptions,
  work: (environment: Environment, artifacts: readonly Artifact[], session: SessionOptions) => Promise<Outcome>,
): Promise<ExitCode> {
  const session = sessionOptions(terminal, options);
  const progress = new Progress(terminal);
  const environments = chosen(platform, options).map((environment) => ({
    environment,
    artifacts: select(platform, environment, options),
  }));
  const problems: Problem[] = [];
  const data: object[] = [];
  for (const [index, { environment, artifacts }] of environments.entries()) {
    const outcome = await work(environment, artifacts, session);
    if (options.json !== true) {
      if (index === 0) terminal.tell(`tools: ${describeTools(outcome.tools)}`);
      outcome.print();
    }
    problems.push(...outcome.problems);
    data.push({ name: environment.name, ok: outcome.problems.length === 0, ...outcome.data });
    if (session.signal.aborted) break;
  }
  // What concerns several images is told once.
  const interrupted = session.signal.aborted ? { interrupted: true } : {};
  return report(terminal, options, sortProblems(problems), { ...interrupted, environments: data }, () => {
    terminal.print(`${progress.seconds()} s`);
  });
}

function sessionOptions(terminal: Terminal, options: RunOptions): SessionOptions {
  const { key, publicKey, dockerConfig, waitForAccess = 0 } = options;
  return {
    environment: terminal.environment,
    concurrency: options.concurrency,
    timeoutMilliseconds: options.timeout * 1000,
    waitForAccessMilliseconds: waitForAccess * 1000,
    ...(dockerConfig === undefined ? {} : { dockerConfig }),
    keys: { ...(key === undefined ? {} : { key }), ...(publicKey === undefined ? {} : { publicKeys: publicKey }) },
    signal: terminal.interruption(),
    today: terminal.date(),
    tell: teller(terminal, options),
  };
}

/** Tells progress to people. */
function teller(terminal: Terminal, { json }: CommonOptions): (line: string) => void {
  return (line) => {
    if (json !== true) terminal.tell(`… ${line}`);
  };
}

function chosen(platform: Platform, options: EnvironmentOption): readonly Environment[] {
  const names = chooseEnvironments(platform, options);
  return platform.environments.filter(({ name }) => names?.has(name) ?? true);
}

function select(platform: Platform, environment: Environment, { only }: SelectOptions): readonly Artifact[] {
  const { artifacts, unknown, known } = selectArtifacts(platform, environment, only);
  const [first] = unknown;
  if (first !== undefined)
    throw new UsageError(
      `unknown image or chart '${first}'. ${suggestion(first, known, `images and charts of '${environment.name}'`)}`,
    );
  return artifacts;
}

/** Enough of a digest to recognize it by. */
const short = (digest: string | undefined): string =>
  digest === undefined ? UNRESOLVED : digest.slice(0, 'sha256:'.length + 12);

const shortName = ({ kind, name, upstream }: Artifact): string => {
  const last = name.includes('/') ? upstream.slice(upstream.lastIndexOf('/') + 1) : name;
  return kind === 'chart' ? `${last} (chart)` : last;
};
