import { type Command } from 'commander';
import { CLUSTERS_FOLDER, synthesize, writeClusters, type FileChange } from '../../../manifests';
import { type PlanSummary } from '../../../infra/plan';
import { Repositories, survey } from '../../charts';
import { stackNames, type Environment, type Platform, type Problem } from '../../model';
import { planTemplates, writeTemplates } from '../../pipelines';
import { selectSchemas, validate, type Validation } from '../../validation';
import { changedOnly, changesAsData, printChanges, sumUp } from '../changes';
import { count, newCommand, report, withPlatformAsync, type CommonOptions, type ExitCode } from '../command';
import { loadPlanning } from '../load-planning';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';
import { countsAsData, printSurvey, repositoriesAsData } from './validate';

interface Options extends CommonOptions {
  readonly confirmRemoval?: boolean;
}

/** `k8s-gitops start`, the main job: what `npm start` runs. */
export function startCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('start', 'check the model, synthesize and validate every environment, and sum up (what `npm start` runs)', [
    'start',
    'start --dir ../another-platform --json',
  ])
    .option('--confirm-removal', 'remove more than three systems, or one that bears data')
    .action(async (options: Options) => {
      const progress = new Progress(terminal);
      exit(await withPlatformAsync(terminal, options, (platform) => start(terminal, platform, options, progress)));
    });
}

async function start(terminal: Terminal, platform: Platform, options: Options, progress: Progress): Promise<ExitCode> {
  // Known before anything is written.
  const schemas = selectSchemas(platform);
  if (schemas.problems.length > 0) return report(terminal, options, schemas.problems, {}, () => undefined);
  progress.step('synthesizing');
  const templates = planTemplates(platform);
  if (templates.problems.length > 0) return report(terminal, options, templates.problems, {}, () => undefined);
  const clusters = writeClusters(platform, synthesize(platform), options);
  const refused = clusters.problems.length > 0 ? clusters.problems : writeTemplates(platform, templates);
  if (refused.length > 0) return report(terminal, options, refused, {}, () => undefined);
  const changes = [...clusters.changes, ...templates.changes];
  const validation = validate(platform, undefined, (environment) => {
    progress.step(`validating ${environment}`);
  });
  const repositories = new Repositories(platform);
  const surveyed =
    validation.catalogs === undefined ? undefined : survey({ platform, repositories, catalogs: validation.catalogs });
  const notes = [...validation.notes, ...(surveyed?.notes ?? [])];
  const stacks = await summarizeStacks(platform, progress);
  const problems = [...validation.problems, ...(surveyed?.problems ?? []), ...stacks.problems];
  const data = {
    changes: changesAsData(changes),
    notes,
    environments: countsAsData(validation),
    ...(surveyed === undefined ? {} : { repositories: repositoriesAsData(surveyed) }),
    stacks: stacks.summaries,
  };
  return report(terminal, options, problems, data, () => {
    printHead(terminal, platform);
    printEnvironments(terminal, platform, changes, validation);
    if (changedOnly(changes).length > 0) terminal.print(`\n${sumUp(changes)}:`);
    printChanges(terminal, changes);
    if (surveyed !== undefined && repositories.exists()) {
      terminal.print();
      printSurvey(terminal, surveyed, repositories);
    }
    if (notes.length > 0) terminal.print('\nNotes:');
    terminal.printNotes(notes);
    printStacks(terminal, stacks.summaries, stacks.unconfigured);
    if (problems.length > 0) return;
    terminal.print(
      `\n${terminal.style('green', '✓')} ${count(platform.environments.length, 'environment')} synthesized and valid in ${progress.seconds()} s.`,
    );
    if (changedOnly(changes).length > 0) {
      const folder = changedOnly(clusters.changes).length === changedOnly(changes).length ? ` ${CLUSTERS_FOLDER}/` : '';
      terminal.print(`  Next: read \`git diff${folder}\`, commit it with your change, open a pull request.`);
    }
  });
}

function printHead(terminal: Terminal, platform: Platform): void {
  const { flux, git, systems } = platform;
  terminal.print(
    `${terminal.style('bold', git.repository)}: Flux ${flux.version}, Flux Operator ${flux.operator}, ${count(systems.length, 'system')}\n`,
  );
}

function printEnvironments(terminal: Terminal, platform: Platform, changes: readonly FileChange[], { counts }: Validation): void {
  terminal.printTable([
    ['environment', 'branch', 'cluster', 'registry', 'systems', 'files', 'objects', 'outputs'],
    ...platform.environments.map((environment) => {
      const ofEnvironment = changes.filter(({ path }) => path.startsWith(`${CLUSTERS_FOLDER}/${environment.name}/`));
      return [
        environment.name,
        environment.branch,
        environment.cluster.name,
        environment.registry.loginServer,
        systemsOf(environment),
        sumUp(ofEnvironment),
        String(counts.get(environment.name)?.objects ?? 0),
        environment.outputs === undefined ? 'pending' : 'recorded',
      ];
    }),
  ]);
}

function systemsOf({ systems }: Environment): string {
  const suspended = systems.filter(({ suspend }) => suspend).length;
  return suspended === 0 ? String(systems.length) : `${systems.length} (${suspended} suspended)`;
}

/** The plan of every stack that is configured, in a line each; Pulumi is loaded only for that. */
async function summarizeStacks(
  platform: Platform,
  progress: Progress,
): Promise<{
  readonly summaries: readonly PlanSummary[];
  readonly unconfigured: readonly Problem[];
  readonly problems: readonly Problem[];
}> {
  if (platform.environments.every(({ stack }) => stack === undefined)) return { summaries: [], unconfigured: [], problems: [] };
  const { planStacks, summarizePlan } = loadPlanning();
  const { plans, problems, unconfigured } = await planStacks(platform, stackNames(platform), (stack) => {
    progress.step(`planning ${stack}`);
  });
  return { summaries: plans.map(summarizePlan), unconfigured, problems };
}

function printStacks(terminal: Terminal, summaries: readonly PlanSummary[], unconfigured: readonly Problem[]): void {
  if (summaries.length === 0) return;
  terminal.print('\nWhat `pulumi up` would create from nothing (`npx k8s-gitops plan` shows every resource):\n');
  terminal.printTable([
    ['stack', 'resources', 'role assignments', 'protected', 'values from', 'stops because of'],
    ...summaries.map(({ stack, resources, roleAssignments, protected: kept, recorded, stops }) => [
      stack,
      String(resources),
      String(roleAssignments),
      String(kept),
      recorded ? `outputs/${stack}.yaml` : 'examples',
      Object.entries(stops)
        .map(([file, number]) => `${number} in ${file}`)
        .join(', ') || '-',
    ]),
  ]);
  if (unconfigured.length > 0) terminal.print('\nNot configured:');
  terminal.printNotes(unconfigured);
}
