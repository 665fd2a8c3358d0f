import { Command } from 'commander';
import { type ExitCode } from '../command';
import { type Terminal } from '../terminal';
import { acceptedFindingsCommand } from './system-accepted-findings';
import { addCommand } from './system-add';
import { authorizeCommand } from './system-authorize';
import { listCommand } from './system-list';
import { removeCommand } from './system-remove';
import { scaffoldCommand } from './system-scaffold';
import { setVersionCommand } from './system-set-version';
import { showCommand } from './system-show';
import { skusCommand } from './system-skus';

/** `k8s-gitops system ...`. */
export function systemCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('system')
    .description('the onboarded systems')
    .addHelpText('after', '\nExample:\n  $ k8s-gitops system list')
    .addCommand(listCommand(terminal, exit))
    .addCommand(showCommand(terminal, exit))
    .addCommand(addCommand(terminal, exit))
    .addCommand(scaffoldCommand(terminal, exit))
    .addCommand(setVersionCommand(terminal, exit))
    .addCommand(removeCommand(terminal, exit))
    .addCommand(skusCommand(terminal, exit))
    .addCommand(authorizeCommand(terminal, exit))
    .addCommand(acceptedFindingsCommand(terminal, exit));
}
