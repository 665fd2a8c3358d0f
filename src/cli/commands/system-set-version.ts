import { type Command } from 'commander';
import { applyVersion, planVersion, type VersionChange } from '../../onboarding';
import { collect, EXIT, newCommand, once, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';
import { printDiff, printList, refuse } from './system-output';

interface Options extends CommonOptions {
  readonly env: readonly string[];
  readonly imageTag?: string;
  readonly dryRun?: boolean;
}

/** `k8s-gitops system set-version`. */
export function setVersionCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('set-version', 'another version of a release that the platform owns, in some environments', [
    'system set-version web-shop 1.9.0 --env dev',
    'system set-version reporting 0.0.20280 --image-tag 20280 --env dev --env prod',
  ])
    .addHelpText(
      'after',
      '\nThe version is that of the chart where it is in the registry, and the tag of the image where the chart is of the shared chart repository. An environment given twice counts once.',
    )
    .argument('<name>', 'name of the system')
    .argument('<version>', 'version of the chart, or tag of the image')
    .requiredOption('--env <environment>', 'an environment that gets it; may be repeated', collect)
    .option('--image-tag <tag>', 'tag of the image, beside the version of a chart in the registry', once)
    .option('--dry-run', 'print the change, write nothing')
    .action((name: string, version: string, options: Options) => {
      exit(setVersion(terminal, name, version, options));
    });
}

function setVersion(terminal: Terminal, name: string, version: string, options: Options): ExitCode {
  const { dir, env, imageTag, dryRun = false, json = false } = options;
  const planned = planVersion({
    directory: dir,
    name,
    version,
    environments: env,
    ...(imageTag === undefined ? {} : { imageTag }),
  });
  if (!('steps' in planned)) return refuse(terminal, options, planned);
  const problems = dryRun ? [] : applyVersion(dir, planned);
  if (problems.length > 0) return refuse(terminal, options, { problems });
  const { file, steps, diff, notes, next } = planned;
  if (json) terminal.json({ ok: true, dryRun, file, changes: steps, diff, notes, next });
  else print(terminal, planned, env, dryRun);
  return EXIT.ok;
}

function print(
  terminal: Terminal,
  { file, steps, diff, notes, next }: VersionChange,
  environments: readonly string[],
  dryRun: boolean,
): void {
  if (steps.length === 0) {
    terminal.print(`${file} says so already for ${environments.join(', ')}: nothing to do.`);
    return;
  }
  if (dryRun) {
    printDiff(terminal, diff);
    terminal.print('');
  }
  terminal.printTable([
    ['environment', 'what', 'from', 'to'],
    ...steps.map(({ environment, field, from, to }) => [environment, field, from ?? '-', to]),
  ]);
  terminal.print(dryRun ? '\nNothing was written.' : `\nwrote ${file}`);
  printList(terminal, 'Notes', notes);
  if (!dryRun) printList(terminal, 'Next', next);
}
