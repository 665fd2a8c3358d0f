import { type Command } from 'commander';
import { releaseProblems, type Release } from '../../onboarding';
import { type Platform } from '../../model';
import {
  chooseEnvironments,
  newCommand,
  once,
  report,
  UsageError,
  withPlatform,
  type CommonOptions,
  type ExitCode,
} from '../command';
import { type Terminal } from '../terminal';
import { findSystem } from './system-scaffold';

type Options = CommonOptions & Release & { readonly env: string };

/** `k8s-gitops system authorize`. */
export function authorizeCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand(
    'authorize',
    'whether a pipeline may release a system: repository, branch, image and chart are those of the registration',
    [
      'system authorize web-shop --env prod --repository https://dev.azure.com/my-org/my-project/_git/k8s-web-shop --ref refs/heads/master --image myorgprod.azurecr.io/shop/web-shop',
    ],
  )
    .argument('<name>', 'system, as in systems/<name>.yaml')
    .requiredOption('--env <environment>', 'environment that it is released to', once)
    .requiredOption('--repository <url>', 'repository that holds the pipeline and what it builds', once)
    .requiredOption('--ref <ref>', 'full ref that the pipeline runs for, refs/heads/...', once)
    .requiredOption('--image <image>', 'image to push and sign, without tag', once)
    .option('--chart <chart>', 'chart to push, without version', once)
    .action((name: string, options: Options) => {
      exit(withPlatform(terminal, options, (platform) => authorize(terminal, platform, name, options)));
    });
}

function authorize(terminal: Terminal, platform: Platform, name: string, options: Options): ExitCode {
  findSystem(platform, name);
  const chosen = chooseEnvironments(platform, { env: [options.env] })!;
  const environment = platform.environments.find((candidate) => chosen.has(candidate.name))!;
  const system = environment.systems.find((candidate) => candidate.name === name);
  if (system === undefined) throw new UsageError(`'${name}' does not run in '${options.env}'.`);
  const problems = releaseProblems(platform, environment, system, options);
  return report(terminal, options, problems, {}, () => {
    if (problems.length === 0) terminal.print(`'${name}' may be released to '${options.env}' from here.`);
  });
}
