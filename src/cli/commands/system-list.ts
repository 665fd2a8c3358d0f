import { type Command } from 'commander';
import { type Platform, type System } from '../../model';
import { EXIT, newCommand, withPlatform, type CommonOptions, type ExitCode } from '../command';
import { type Terminal } from '../terminal';

/** `k8s-gitops system list`. */
export function listCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return newCommand('list', 'every system: pattern, team, and where it runs', ['system list', 'system list --json']).action(
    (options: CommonOptions) => {
      exit(
        withPlatform(terminal, options, (platform) => {
          if (options.json === true) terminal.json({ ok: true, systems: systemsAsData(platform) });
          else printSystems(terminal, platform);
          return EXIT.ok;
        }),
      );
    },
  );
}

/** The systems of each environment by name. */
type Index = readonly (readonly [environment: string, systems: ReadonlyMap<string, System>])[];

function indexSystems({ environments }: Platform): Index {
  return environments.map(({ name, systems }) => [name, new Map(systems.map((system) => [system.name, system]))] as const);
}

function printSystems(terminal: Terminal, platform: Platform): void {
  if (platform.systems.length === 0) {
    terminal.print('There are no systems yet. `npx k8s-gitops system add NAME` makes the first.');
    return;
  }
  const index = indexSystems(platform);
  terminal.printTable([
    ['system', 'pattern', 'release', 'team', ...platform.environments.map(({ name }) => name)],
    ...platform.systems.map(({ name, pattern, release, team }) => [
      name,
      pattern,
      pattern === 'C' ? '-' : release,
      team,
      ...index.map(([, systems]) => describe(systems.get(name))),
    ]),
  ]);
}

function describe(system: System | undefined): string {
  if (system === undefined) return '-';
  if (system.suspend) return 'suspended';
  return system.sku ?? 'yes';
}

function systemsAsData(platform: Platform): readonly object[] {
  const index = indexSystems(platform);
  return platform.systems.map(({ name, pattern, release, team, file, mirror }) => ({
    name,
    pattern,
    release,
    team,
    file,
    mirror,
    environments: Object.fromEntries(
      index.flatMap(([environment, systems]) => {
        const system = systems.get(name);
        if (system === undefined) return [];
        const { suspend, sku, bearsData, dependsOn, registration, helmRelease } = system;
        const facts = {
          suspend,
          sku,
          bearsData,
          dependsOn: dependsOn.map((dependency) => dependency.system),
          repository: registration?.git.url,
          branch: registration?.branch,
          path: registration?.path,
          chart: helmRelease?.chart,
        };
        return [[environment, facts] as const];
      }),
    ),
  }));
}
