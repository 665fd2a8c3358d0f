import { Command } from 'commander';
import { skuTable, SKUS, quotaOf } from '../../model';
import { EXIT, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';

/** `k8s-gitops system skus`; of no platform folder, because the sizes are the same in all. */
export function skusCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('skus')
    .description('the sizes of a namespace: what a container gets, and the quota that follows')
    .option('--json', 'print the result as JSON')
    .allowExcessArguments(false)
    .addHelpText('after', '\nExample:\n  $ k8s-gitops system skus\n  $ k8s-gitops system skus --json')
    .action((options: Pick<CommonOptions, 'json'>) => {
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
