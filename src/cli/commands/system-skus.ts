import { type Command } from 'commander';
import { skuTable, SKUS, quotaOf } from '../../model';
import { EXIT, newCommand, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';

/** `k8s-gitops system skus`. */
export function skusCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('skus', 'the sizes of a namespace: what a container gets, and the quota that follows', [
    'system skus',
    'system skus --json',
  ]).action((options: CommonOptions) => {
    if (options.json === true) {
      terminal.json({
        ok: true,
        skus: Object.fromEntries(Object.entries(SKUS).map(([name, tier]) => [name, { ...tier, quota: quotaOf(tier) }])),
      });
    } else {
      terminal.printTable(skuTable());
    }
    exit(EXIT.ok);
  });
}
