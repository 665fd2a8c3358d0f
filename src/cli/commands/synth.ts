import { type Command } from 'commander';
import { planWrite, synthesize, writeClusters } from '../../../manifests';
import { type Platform } from '../../model';
import { planTemplates, writeTemplates, type TemplatePlan } from '../../pipelines';
import { driftDiff } from '../../validation';
import { changedOnly, changesAsData, printChanges, sumUp } from '../changes';
import {
  chooseEnvironments,
  count,
  EXIT,
  newCommand,
  report,
  withEnvironments,
  withPlatform,
  type CommonOptions,
  type EnvironmentOption,
  type ExitCode,
} from '../command';
import { type Terminal } from '../terminal';

interface Options extends CommonOptions, EnvironmentOption {
  readonly check?: boolean;
  readonly confirmRemoval?: boolean;
}

/** `k8s-gitops synth`. */
export function synthCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return withEnvironments(
    newCommand('synth', 'make the files under clusters/ from platform.yaml and systems/', ['synth', 'synth --env dev --check']),
  )
    .option('--check', 'compare with the committed files, write nothing, fail with the difference')
    .option('--confirm-removal', 'remove more than three systems, or one that bears data')
    .action((options: Options) => {
      const run = options.check === true ? check : write;
      exit(withPlatform(terminal, options, (platform) => run(terminal, platform, options)));
    });
}

function write(terminal: Terminal, platform: Platform, options: Options): ExitCode {
  const synthesized = synthesize(platform, chooseEnvironments(platform, options));
  const templates = templatesOf(platform, options);
  if (templates.problems.length > 0) return report(terminal, options, templates.problems, { changes: [] }, () => undefined);
  const clusters = writeClusters(platform, synthesized, options);
  const problems = clusters.problems.length > 0 ? clusters.problems : writeTemplates(platform, templates);
  const changes = [...clusters.changes, ...templates.changes];
  const data = { changes: problems.length > 0 ? [] : changesAsData(changes) };
  return report(terminal, options, problems, data, () => {
    if (problems.length > 0) return;
    printChanges(terminal, changes);
    terminal.print(`${count(synthesized.length, 'environment')}: ${sumUp(changes)}.`);
  });
}

function check(terminal: Terminal, platform: Platform, options: Options): ExitCode {
  const synthesized = synthesize(platform, chooseEnvironments(platform, options));
  const templates = templatesOf(platform, options);
  const clusters = planWrite(platform, synthesized);
  const changes = [...clusters.changes, ...templates.changes];
  const problems = [...clusters.problems, ...templates.problems];
  const changed = changedOnly(changes);
  const diff = driftDiff(changes);
  const code = report(
    terminal,
    options,
    problems,
    { ok: problems.length + changed.length === 0, changes: changesAsData(changes), diff },
    () => {
      if (changed.length === 0) {
        terminal.print(
          `${count(synthesized.length, 'environment')}: the committed files are what synthesis makes (${sumUp(changes)}).`,
        );
        return;
      }
      for (const line of diff.trimEnd().split('\n')) terminal.print(colourDiffLine(terminal, line));
      terminal.tell(
        `\n${count(changed.length, 'file')} ${changed.length === 1 ? 'differs' : 'differ'}: - committed, + synthesized. Run \`npm start\` and commit the result.`,
      );
    },
  );
  return changed.length === 0 ? code : EXIT.problems;
}

/** They are of all environments together. */
const templatesOf = (platform: Platform, { env }: Options): TemplatePlan =>
  env === undefined ? planTemplates(platform) : { changes: [], problems: [] };

function colourDiffLine(terminal: Terminal, line: string): string {
  if (line.startsWith('+++') || line.startsWith('---')) return terminal.style('bold', line);
  if (line.startsWith('+')) return terminal.style('green', line);
  if (line.startsWith('-')) return terminal.style('red', line);
  return line.startsWith('@@') ? terminal.style('cyan', line) : line;
}
