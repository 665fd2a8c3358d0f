import { type Command } from 'commander';
import { type Platform } from '../../model';
import { validate, type Validation } from '../../validation';
import {
  chooseEnvironments,
  count,
  newCommand,
  report,
  withEnvironments,
  withPlatform,
  type CommonOptions,
  type EnvironmentOption,
  type ExitCode,
} from '../command';
import { Progress } from '../progress';
import { type Terminal } from '../terminal';

/** `k8s-gitops validate`. */
export function validateCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  const description = 'check every YAML file under clusters/ by the schemas and rules of Kubernetes, Flux and the Flux Operator';
  return withEnvironments(newCommand('validate', description, ['validate', 'validate --env prod --json'])).action(
    (options: CommonOptions & EnvironmentOption) => {
      exit(withPlatform(terminal, options, (platform) => validateAndReport(terminal, platform, options)));
    },
  );
}

function validateAndReport(terminal: Terminal, platform: Platform, options: CommonOptions & EnvironmentOption): ExitCode {
  const progress = new Progress(terminal);
  const validation = validate(platform, chooseEnvironments(platform, options), (environment) => {
    progress.step(`validating ${environment}`);
  });
  const data = { notes: validation.notes, environments: countsAsData(validation) };
  return report(terminal, options, validation.problems, data, () => {
    if (validation.problems.length === 0) terminal.print(summary(validation));
    if (validation.notes.length > 0) terminal.print('\nNotes:');
    terminal.printNotes(validation.notes);
  });
}

function summary({ counts }: Validation): string {
  const all = [...counts.values()];
  const files = all.reduce((sum, { files }) => sum + files, 0);
  const objects = all.reduce((sum, { objects }) => sum + objects, 0);
  return `${count(counts.size, 'environment')}: ${count(files, 'file')} with ${count(objects, 'object')} are valid.`;
}

/** For machines: how much was looked at. */
export function countsAsData({ counts }: Validation): readonly object[] {
  return [...counts].map(([name, amounts]) => ({ name, ...amounts }));
}
