import { suggestion, SYSTEMS_FOLDER, YamlFile, type Location, type Platform, type System, type SystemSummary } from '../model';

/** Why a command cannot do what its arguments say. */
export interface UsageFailure {
  readonly usage: string;
}

/** The file that declares a system. */
export const systemFile = (name: string): string => `${SYSTEMS_FOLDER}/${name}.yaml`;

/** The system of this name, or what was probably meant. */
export function findSystem({ systems }: Platform, name: string): SystemSummary | UsageFailure {
  const names = systems.map((system) => system.name);
  return (
    systems.find((system) => system.name === name) ?? {
      usage: `unknown system '${name}'. ${suggestion(name, names, 'systems')}`,
    }
  );
}

/** A system in every environment that it runs in, in the order of promotion. */
export function inEnvironments({ environments }: Platform, name: string): readonly System[] {
  return environments.flatMap(({ systems }) => systems.filter((system) => system.name === name));
}

/** An unknown environment among those given, with what was probably meant. */
export function unknownEnvironment({ environments }: Platform, given: readonly string[]): UsageFailure | undefined {
  const names = environments.map(({ name }) => name);
  const unknown = given.find((name) => !names.includes(name));
  return unknown === undefined
    ? undefined
    : { usage: `unknown environment '${unknown}'. ${suggestion(unknown, names, 'environments')}` };
}

/** Where a system's file says something for an environment: there, or for all of them. */
export function placeIn(directory: string, file: string, environment: string, field: string): Location {
  const yaml = YamlFile.read(directory, file);
  if (!(yaml instanceof YamlFile)) return { file };
  return yaml.locateFirstKey([['environments', environment, field], [field]]) ?? { file };
}
