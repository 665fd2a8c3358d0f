import { InvalidArgumentError, type Command } from 'commander';
import { formatLocation, GUID, violation, type Environment, type Platform, type Problem } from '../../model';
import { missingProblems, notChecked, preflight, type PreflightCheck, type PreflightOptions } from '../../stacks';
import {
  chooseEnvironments,
  newCommand,
  once,
  report,
  UsageError,
  withPlatformAsync,
  type CommonOptions,
  type ExitCode,
} from '../command';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';

interface Options extends CommonOptions {
  readonly env: string;
  readonly readerPrincipal?: string;
  readonly writerPrincipal?: string;
  readonly strict?: boolean;
  readonly wait?: number;
}

const SIGNS = { ok: '✓', missing: '✗', unknown: '?' } as const;

const SHOWN = { ok: 'ok', missing: 'missing', unknown: 'not checked' } as const;

/** `k8s-gitops preflight`. */
export function preflightCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand(
    'preflight',
    'what has to be true before the FluxInstance of an environment can become Ready: branch and path pushed, identities entitled',
    ['preflight --env dev', 'preflight --env dev --reader-principal 3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e77 --strict'],
  )
    .requiredOption('--env <environment>', 'environment whose FluxInstance it is', once)
    .option('--reader-principal <object id>', 'object id of the identity that reads (default: that of outputs/)', objectId)
    .option('--writer-principal <object id>', 'object id of the identity that writes (default: that of outputs/)', objectId)
    .option('--strict', 'fail, too, when something could not be checked')
    .option('--wait <seconds>', 'look again at what is missing for so long, while somebody mends it', seconds)
    .action(async (options: Options) => {
      exit(await withPlatformAsync(terminal, options, (platform) => preflightAndReport(terminal, platform, options)));
    });
}

function seconds(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 86_400) return number;
  throw new InvalidArgumentError('It is a whole number of seconds, up to a day.');
}

function objectId(value: string): string {
  if (violation(GUID, value) === undefined) return value;
  throw new InvalidArgumentError(`It is the object id of a service principal, ${GUID.rule}.`);
}

/** Looks, and tells what it found; `overrides` lets a test stand in for Azure DevOps. */
export async function preflightAndReport(
  terminal: Terminal,
  platform: Platform,
  options: Options,
  overrides: Partial<PreflightOptions> = {},
): Promise<ExitCode> {
  const names = chooseEnvironments(platform, { env: [options.env] });
  const environment = platform.environments.find(({ name }) => names?.has(name))!;
  const progress = new Progress(terminal);
  const { readerPrincipal: reader, writerPrincipal: writer } = options;
  if (reader !== undefined && reader.toLowerCase() === writer?.toLowerCase()) {
    throw new UsageError(
      `'--reader-principal' and '--writer-principal' are both '${reader}': what only reads must not be able to write`,
    );
  }
  const signal = terminal.interruption();
  const checks = await preflight(platform, environment, {
    environment: terminal.environment,
    principals: { ...(reader === undefined ? {} : { reader }), ...(writer === undefined ? {} : { writer }) },
    signal,
    onStep: (what) => {
      progress.step(what);
    },
    ...(options.wait === undefined ? {} : { patience: { deadlineMilliseconds: options.wait * 1000 } }),
    onMissing: (missing) => {
      terminal.tellProblems(missingProblems(missing));
      terminal.tell(`Looking again for up to ${options.wait ?? 0} s, while somebody mends it.`);
    },
    ...overrides,
  });
  const unknown = notChecked(checks);
  const strict = options.strict === true;
  const problems = [
    ...missingProblems(checks),
    ...(strict ? unknown : []),
    ...(signal.aborted ? [interrupted(environment)] : []),
  ];
  const notes = strict ? [] : unknown;
  return report(terminal, options, problems, dataOf(environment, checks, notes), () => {
    terminal.printTable([
      ['', 'check', 'result', 'detail'],
      ...checks.map(({ name, result, detail }) => [SIGNS[result], name, SHOWN[result], detail]),
    ]);
    tellNotes(terminal, notes);
  });
}

const dataOf = ({ name, branch }: Environment, checks: readonly PreflightCheck[], notes: readonly Problem[]): object => ({
  environment: name,
  branch,
  checks: checks.map(({ name: check, result, detail }) => ({ check, result, detail })),
  notes,
});

/** On the stream of problems: what nobody looked at must not pass for what is all right. */
function tellNotes(terminal: Terminal, notes: readonly Problem[]): void {
  for (const { location, message, remedy } of notes) {
    terminal.tell(`${formatLocation(location)} warning: ${message}`);
    terminal.tell(`  → ${remedy}`);
  }
}

const interrupted = ({ name }: Environment): Problem => ({
  location: { file: `preflight of ${name}` },
  message: 'the work was interrupted before everything was looked at',
  remedy: 'Run it again.',
});
