import { type Command } from 'commander';
import { acceptedFindings } from '../../onboarding';
import { EXIT, newCommand, withPlatform, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';

/** `k8s-gitops system accepted-findings`. */
export function acceptedFindingsCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand(
    'accepted-findings',
    "vulnerabilities that scan-exceptions.yaml accepts today in an application's image, one on a line as Trivy's --ignorefile takes them",
    ['system accepted-findings shop/web-shop > accepted.txt'],
  )
    .argument('<repository>', 'repository of the image, without the registry')
    .action((repository: string, options: CommonOptions) => {
      exit(
        withPlatform(terminal, options, (platform) => {
          const vulnerabilities = acceptedFindings(platform, repository, terminal.date());
          if (options.json === true) terminal.json({ ok: true, vulnerabilities });
          else for (const id of vulnerabilities) terminal.print(id);
          return EXIT.ok;
        }),
      );
    });
}
