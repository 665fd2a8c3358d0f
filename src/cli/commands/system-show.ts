import { type Command } from 'commander';
import { loadFolder, showSystem, type SystemInEnvironment, type SystemView } from '../../onboarding';
import { EXIT, newCommand, report, UsageError, withEnvironments, type CommonOptions, type EnvironmentOption, type ExitCode } from '../command'; // prettier-ignore
import { type Terminal } from '../terminal';

interface Options extends CommonOptions, EnvironmentOption {}

/** `k8s-gitops system show`. */
export function showCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return withEnvironments(
    newCommand('show', 'everything about one system, environment by environment', [
      'system show web-shop',
      'system show web-shop --env prod --json',
    ]),
  )
    .argument('<name>', 'name of the system')
    .action((name: string, options: Options) => {
      exit(show(terminal, name, options));
    });
}

function show(terminal: Terminal, name: string, options: Options): ExitCode {
  const loaded = loadFolder(options.dir);
  if ('problems' in loaded) return report(terminal, options, loaded.problems, {}, () => undefined);
  const view = showSystem(loaded.platform, name, options.env);
  if ('usage' in view) throw new UsageError(view.usage);
  if (options.json === true) terminal.json({ ok: true, system: view });
  else print(terminal, view);
  return EXIT.ok;
}

type Fact = readonly [what: string, value: string | undefined];

function print(terminal: Terminal, view: SystemView): void {
  const { name, pattern, team, release, file, approval, removal, mirror, environments } = view;
  const owner = pattern === 'C' ? undefined : release === 'platform' ? 'the platform' : "the system's repository";
  terminal.print(terminal.style('bold', name));
  printFacts(terminal, [
    ['pattern', pattern],
    ['team', team],
    ['release', owner],
    ['file', file],
    ['approval', approval && `${approval.by}, ${approval.date}: ${approval.reason}`],
    ['removal', removal && `announced ${removal.announced}${removal.reason === undefined ? '' : `: ${removal.reason}`}`],
    ['bears data', environments.some(({ bearsData }) => bearsData) ? 'yes: removing it loses data' : undefined],
  ]);
  for (const environment of environments) {
    terminal.print(`\n${terminal.style('bold', environment.environment)}${environment.suspended ? '  suspended' : ''}`);
    printFacts(terminal, factsOf(environment));
  }
  if (mirror.length === 0) return;
  terminal.print('');
  terminal.printTable([
    ['mirrored', 'in the registry', 'digest'],
    ...mirror.map(({ reference, target, digest }) => [reference, target, digest ?? 'unresolved']),
  ]);
}

function factsOf({
  repository,
  namespace,
  chart,
  imageTag,
  sku,
  quota,
  aadGroupId,
  dependsOn,
  neededBy,
  generated,
}: SystemInEnvironment): readonly Fact[] {
  return [
    [
      'repository',
      repository === undefined
        ? "none: the platform's release is all of it"
        : `${repository.url}, branch ${repository.branch}, ${repository.path}`,
    ],
    ['namespace', namespace],
    ['chart', chart && `${chart.name}${chart.version === undefined ? '' : ` ${chart.version}`} of ${chart.source}`],
    ['image tag', imageTag],
    ['sku', sku],
    [
      'quota',
      quota &&
        `${quota.pods} pods, CPU ${quota.requests.cpu} up to ${quota.limits.cpu}, memory ${quota.requests.memory} up to ${quota.limits.memory}`,
    ],
    ['team group', aadGroupId],
    ['depends on', dependsOn.join(', ')],
    ['needed by', neededBy.join(', ')],
    ['generated', generated],
  ];
}

function printFacts(terminal: Terminal, facts: readonly Fact[]): void {
  for (const [what, value] of facts) {
    if (value !== undefined && value !== '') terminal.print(`  ${what.padEnd(WIDTH)}  ${value}`);
  }
}

const WIDTH = 'team group'.length;
