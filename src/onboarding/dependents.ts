import { YamlFile, type Location, type Platform } from '../model';

/** A system that waits for another one. */
export interface Dependent {
  readonly system: string;
  readonly environments: readonly string[];
  /** Where it says so, first. */
  readonly location: Location;
  /** Whether its own removal is announced. */
  readonly isGoing: boolean;
}

/** The systems that depend on one. */
export function dependentsOf(platform: Platform, name: string): readonly Dependent[] {
  return platform.systems.flatMap(({ name: system, file, removal }): readonly Dependent[] => {
    const environments = platform.environments
      .filter(({ systems }) => systems.some((one) => one.name === system && waitsFor(one.dependsOn, name)))
      .map((environment) => environment.name);
    if (environments.length === 0) return [];
    const location = placeOf(platform.directory, file, environments[0]!, name);
    return [{ system, environments, location, isGoing: removal !== undefined }];
  });
}

const waitsFor = (dependsOn: readonly { readonly system: string }[], name: string): boolean =>
  dependsOn.some(({ system }) => system === name);

function placeOf(directory: string, file: string, environment: string, name: string): Location {
  const yaml = YamlFile.read(directory, file);
  if (!(yaml instanceof YamlFile)) return { file };
  const content = yaml.content as {
    readonly dependsOn?: readonly string[];
    readonly environments?: Readonly<Record<string, { readonly dependsOn?: readonly string[] } | null>>;
  };
  const own = content.environments?.[environment]?.dependsOn;
  const path = own === undefined ? ['dependsOn'] : ['environments', environment, 'dependsOn'];
  return yaml.locate([...path, (own ?? content.dependsOn ?? []).indexOf(name)]);
}
