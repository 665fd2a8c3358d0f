import { local } from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import { refusal } from './refusal';

/** Seconds for which a step waits for access: Azure says that a role assignment may take ten minutes to be everywhere. */
export const ACCESS_PATIENCE_SECONDS = 900;

export interface PlatformCommandArgs {
  /** Arguments of `k8s-gitops`, for each of the commands that run one after another. */
  readonly commands: readonly (readonly pulumi.Input<string>[])[];
  /** It runs again when one of these changes. */
  readonly triggers: readonly pulumi.Input<string>[];
}

/**
 * A step of a stack that `k8s-gitops` commands do.
 *
 * It goes through npm, which finds the repository from any folder in it: no path of this machine gets into the state.
 */
export function platformCommand(
  name: string,
  { commands, triggers }: PlatformCommandArgs,
  options: pulumi.CustomResourceOptions,
): local.Command {
  const lines = commands.map((args) =>
    pulumi.output([...args]).apply((words) => ['npm run --silent k8s-gitops --', ...words.map(plainWord)].join(' ')),
  );
  const command = pulumi.output(lines).apply((all) => all.join(' && '));
  return new local.Command(
    name,
    { create: command, update: command, triggers: [...triggers], addPreviousOutputInEnv: false },
    options,
  );
}

/**
 * A word that means the same in every shell. Names, ids and addresses are made of such; what is not would be a way to run something else.
 *
 * @throws Error when a shell would read more into it
 */
function plainWord(word: string): string {
  if (/^[A-Za-z0-9_./:@=-]+$/.test(word)) return word;
  throw refusal(`'${word}' cannot be part of a command line: only letters, digits and _ . / : @ = - can.`);
}
