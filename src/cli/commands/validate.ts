import { type Command } from 'commander';
import { EXAMPLES_FOLDER, Repositories, survey, validateCharts, type ChartsVerdict, type Survey } from '../../charts';
import { type Platform, type Problem } from '../../model';
import { validate, type Validation } from '../../validation';
import {
  chooseEnvironments,
  count,
  newCommand,
  once,
  report,
  UsageError,
  withEnvironments,
  withPlatformAsync,
  type CommonOptions,
  type EnvironmentOption,
  type ExitCode,
} from '../command';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';

interface Options extends CommonOptions, EnvironmentOption {
  readonly charts?: boolean;
  readonly repositories?: string;
}

/** `k8s-gitops validate`. */
export function validateCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  const description =
    "check every YAML file under clusters/, and systems' repositories at hand, by the schemas and rules of Kubernetes, Flux and the Flux Operator";
  return withEnvironments(
    newCommand('validate', description, ['validate', 'validate --charts --repositories ..', 'validate --env prod --json']),
  )
    .option('--charts', 'render every release at hand with helm, and check what would be installed')
    .option(
      '--repositories <folder>',
      `folder that holds systems' repositories, each under the name of the system or of the repository (default: ${EXAMPLES_FOLDER} of the platform)`,
      once,
    )
    .action(async (options: Options) => {
      exit(await withPlatformAsync(terminal, options, (platform) => validateAndReport(terminal, platform, options)));
    });
}

async function validateAndReport(terminal: Terminal, platform: Platform, options: Options): Promise<ExitCode> {
  const progress = new Progress(terminal);
  const only = chooseEnvironments(platform, options);
  const repositories = new Repositories(platform, options.repositories);
  if (options.repositories !== undefined && !repositories.exists()) {
    throw new UsageError(`--repositories: '${options.repositories}' is not a folder.`);
  }
  const validation = validate(platform, only, (environment) => {
    progress.step(`validating ${environment}`);
  });
  const { catalogs } = validation;
  const surveyed = catalogs === undefined ? undefined : survey({ platform, repositories, catalogs, ...chosen(only) });
  const charts =
    options.charts === true && surveyed !== undefined && catalogs !== undefined
      ? await validateCharts({
          platform,
          survey: surveyed,
          catalogs,
          environment: terminal.environment,
          signal: terminal.interruption(),
          onRelease: ({ name, environment }) => {
            progress.step(`rendering ${name} for ${environment}`);
          },
        })
      : undefined;
  const parts = [validation, surveyed, charts].filter((part) => part !== undefined);
  const problems = parts.flatMap((part) => part.problems);
  const notes = parts.flatMap((part) => part.notes);
  const data = {
    notes,
    environments: countsAsData(validation),
    ...(surveyed === undefined ? {} : { repositories: repositoriesAsData(surveyed) }),
    ...(charts === undefined ? {} : { releases: releasesAsData(charts) }),
  };
  return report(terminal, options, problems, data, () => {
    if (problems.length === 0) terminal.print(summary(validation));
    if (surveyed !== undefined && problems.length === 0) printSurvey(terminal, surveyed, repositories);
    if (charts !== undefined) printCharts(terminal, charts);
    printNotes(terminal, notes);
  });
}

const chosen = (only: ReadonlySet<string> | undefined): { readonly only?: ReadonlySet<string> } =>
  only === undefined ? {} : { only };

function printNotes(terminal: Terminal, notes: readonly Problem[]): void {
  if (notes.length > 0) terminal.print('\nNotes:');
  terminal.printNotes(notes);
}

function summary({ counts }: Validation): string {
  const all = [...counts.values()];
  const files = all.reduce((sum, { files }) => sum + files, 0);
  const objects = all.reduce((sum, { objects }) => sum + objects, 0);
  return `${count(counts.size, 'environment')}: ${count(files, 'file')} with ${count(objects, 'object')} are valid.`;
}

/** Which repositories were looked into, and which were not. */
export function printSurvey(terminal: Terminal, { looked, absent }: Survey, repositories: Repositories): void {
  if (looked.length + absent.length === 0 || !repositories.exists()) return;
  const others = absent.length === 0 ? '' : `; not there: ${absent.join(', ')}`;
  terminal.print(`Repositories in ${repositories.folder}: ${looked.length === 0 ? 'none' : looked.join(', ')}${others}.`);
}

function printCharts(terminal: Terminal, { rendered, elsewhere }: ChartsVerdict): void {
  const environments = [
    ...new Set([...rendered.map(({ release }) => release), ...elsewhere].map(({ environment }) => environment)),
  ];
  terminal.print(`\nReleases rendered with helm: ${rendered.length}; not at hand: ${elsewhere.length}.\n`);
  if (environments.length === 0) return;
  const objects = new Map(rendered.map(({ release, objects: number }) => [release, number]));
  const releases = [...objects.keys(), ...elsewhere];
  const names = [...new Set(releases.map(({ system, name }) => `${system.name} ${name}`))].sort();
  terminal.printTable([
    ['system', 'release', ...environments],
    ...names.map((key) => {
      const [system, name] = key.split(' ');
      return [
        system!,
        name!,
        ...environments.map((environment) => {
          const release = releases.find((one) => one.environment === environment && `${one.system.name} ${one.name}` === key);
          if (release === undefined) return '-';
          const number = objects.get(release);
          return number === undefined ? 'not rendered' : count(number, 'object');
        }),
      ];
    }),
  ]);
  const reasons = new Map(elsewhere.map(({ name, chart }) => [name, chart.kind === 'elsewhere' ? chart.reason : '']));
  if (reasons.size > 0) terminal.print('\nNot rendered:');
  for (const [name, reason] of reasons) terminal.print(`  ${name}: ${reason}`);
}

/** For machines: which repositories were looked into. */
export function repositoriesAsData({ looked, absent }: Survey): object {
  return { looked, absent };
}

function releasesAsData({ rendered, elsewhere }: ChartsVerdict): readonly object[] {
  return [
    ...rendered.map(({ release: { system, name, environment, namespace }, objects }) => ({
      system: system.name,
      release: name,
      environment,
      namespace,
      rendered: true,
      objects,
    })),
    ...elsewhere.map(({ system, name, environment, namespace, chart }) => ({
      system: system.name,
      release: name,
      environment,
      namespace,
      rendered: false,
      ...(chart.kind === 'elsewhere' ? { reason: chart.reason } : {}),
    })),
  ];
}

/** For machines: how much was looked at. */
export function countsAsData({ counts }: Validation): readonly object[] {
  return [...counts].map(([name, amounts]) => ({ name, ...amounts }));
}
