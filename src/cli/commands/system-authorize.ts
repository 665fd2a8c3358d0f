import { type Command } from 'commander';
import { commitProblems, releaseBranch, releaseProblems, type BuiltCommits, type Release } from '../../onboarding';
import { type Platform } from '../../model';
import {
  chooseEnvironments,
  collect,
  newCommand,
  once,
  report,
  UsageError,
  withPlatformAsync,
  type CommonOptions,
  type ExitCode,
} from '../command';
import { type Terminal } from '../terminal';
import { knownSystem } from './system-scaffold';

interface Options extends CommonOptions, Omit<Release, 'repositories' | 'refs'> {
  readonly env: string;
  readonly repository: readonly string[];
  readonly ref: readonly string[];
  readonly clone?: string;
  readonly commit?: readonly string[];
}

/** `k8s-gitops system authorize`. */
export function authorizeCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand(
    'authorize',
    'whether a pipeline may release a system: repository, branch, commit, image and chart are those of the registration',
    [
      'system authorize web-shop --env prod --repository https://dev.azure.com/my-org/my-project/_git/k8s-web-shop --ref refs/heads/master --image myorgprod.azurecr.io/shop/web-shop',
    ],
  )
    .argument('<name>', 'system, as in systems/<name>.yaml')
    .requiredOption('--env <environment>', 'environment that it is released to', once)
    .requiredOption(
      '--repository <url>',
      'repository that holds the pipeline and what it builds; repeated, each has to be right',
      collect,
    )
    .requiredOption('--ref <ref>', 'full ref that the pipeline runs for, refs/heads/...; repeated, each has to be right', collect)
    .requiredOption('--image <image>', 'image to push and sign, without tag', once)
    .option('--chart <chart>', 'chart to push, without version', once)
    .option('--upstream <image>', 'third-party image to copy, with tag and digest', once)
    .option('--bump <owner>', 'whose repository the pipeline changes afterwards: system or platform', once)
    .option('--clone <folder>', 'clone of the repository with its whole history, in which --commit has to be on the branch', once)
    .option('--commit <id>', 'commit that was built; repeated, each has to be on the branch', collect)
    .action(async (name: string, options: Options) => {
      exit(await withPlatformAsync(terminal, options, (platform) => authorize(terminal, platform, name, options)));
    });
}

async function authorize(terminal: Terminal, platform: Platform, name: string, options: Options): Promise<ExitCode> {
  const { clone, commit, repository, ref } = options;
  if ((clone === undefined) !== (commit === undefined)) throw new UsageError("'--clone' and '--commit' go together.");
  knownSystem(platform, name);
  const chosen = chooseEnvironments(platform, { env: [options.env] })!;
  const environment = platform.environments.find((candidate) => chosen.has(candidate.name))!;
  const system = environment.systems.find((candidate) => candidate.name === name);
  if (system === undefined) throw new UsageError(`'${name}' does not run in '${options.env}'.`);
  const problems = [...releaseProblems(platform, environment, system, { ...options, repositories: repository, refs: ref })];
  if (clone !== undefined && commit !== undefined) {
    const built: BuiltCommits = { clone, commits: commit, branch: releaseBranch(platform, environment, system) };
    problems.push(...(await commitProblems(system, built, terminal.environment)));
  }
  return report(terminal, options, problems, {}, () => {
    if (problems.length === 0) terminal.print(`'${name}' may be released to '${options.env}' from here.`);
  });
}
