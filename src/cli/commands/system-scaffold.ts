import { type Command } from 'commander';
import { fileSystemProblem, type Platform, type Problem, type SystemSummary } from '../../model';
import { atBranch, findSystem, occupied, scaffoldSystem, writeRepository, type ScaffoldFile } from '../../onboarding';
import { count, newCommand, once, report, UsageError, withPlatform, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';

interface Options extends CommonOptions {
  readonly out: string;
  readonly repository?: string;
  readonly dryRun?: boolean;
}

/** `k8s-gitops system scaffold`. */
export function scaffoldCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('scaffold', "make a system's repository, ready to push: manifests of every environment, pipeline, README", [
    'system scaffold web-shop --out ../k8s-web-shop',
    'system scaffold web-shop --out ../k8s-web-shop --dry-run',
  ])
    .argument('<name>', 'system, as in systems/<name>.yaml')
    .requiredOption('--out <folder>', 'folder to make; it may be there, with nothing but .git in it', once)
    .option('--repository <name>', 'the repository to make, where the environments of the system have different ones', once)
    .option('--dry-run', 'list the files and write nothing')
    .action((name: string, options: Options) => {
      exit(withPlatform(terminal, options, (platform) => scaffold(terminal, platform, knownSystem(platform, name), options)));
    });
}

/** The system of a name; an unknown one is an error of the command line. */
export function knownSystem(platform: Platform, name: string): SystemSummary {
  const found = findSystem(platform, name);
  if ('usage' in found) throw new UsageError(found.usage);
  return found;
}

function scaffold(terminal: Terminal, platform: Platform, system: SystemSummary, options: Options): ExitCode {
  if (options.out === '') throw new UsageError("'--out' is empty: name the folder to make");
  const refuse = (problems: readonly Problem[]): ExitCode => report(terminal, options, problems, { files: [] }, () => undefined);
  const result = scaffoldSystem(platform, system, options);
  if ('problems' in result) return refuse(result.problems.map((problem) => atBranch(platform, system, problem)));
  const { files } = result;
  const problem = write(platform, files, options);
  if (problem !== undefined) return refuse([problem]);
  const data = {
    folder: options.out,
    dryRun: options.dryRun === true,
    files: files.map(({ path, editedBy }) => ({ path, editedBy })),
  };
  return report(terminal, options, [], data, () => {
    printFiles(terminal, files, options);
  });
}

/** @returns what keeps it from that */
function write(platform: Platform, files: readonly ScaffoldFile[], { out, dryRun }: Options): Problem | undefined {
  try {
    const problem = occupied(platform, out);
    if (problem === undefined && dryRun !== true) writeRepository(out, files);
    return problem;
  } catch (error) {
    const problem = fileSystemProblem(error, process.cwd());
    if (problem === undefined) throw error;
    return {
      location: { file: out },
      message: problem.message.replace('read or written', 'made'),
      remedy: REMEDIES[(error as NodeJS.ErrnoException).code!] ?? problem.remedy,
    };
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENAMETOOLONG: 'Name a folder with a shorter name.',
  ENOENT: 'Name a folder where folders can be made.',
};

function printFiles(terminal: Terminal, files: readonly ScaffoldFile[], { out, dryRun }: Options): void {
  for (const { path } of files) terminal.print(`  ${terminal.style('green', `+ ${path}`)}`);
  if (dryRun === true) terminal.print(`${count(files.length, 'file')} in ${out}; nothing was written.`);
  else terminal.print(`${count(files.length, 'file')} in ${out}. README.md there says what to do once; then commit and push.`);
}
