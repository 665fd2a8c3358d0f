import { deriveNames, ENVIRONMENT_NAMES, type EnvironmentNames } from './naming';
import { type EnvironmentFileEntry, type PlatformFile } from './platform-file';

/** The stack of the Azure DevOps side, which no environment may be called like. */
export const ORGANIZATION_STACK = 'organization';

/** Names that an environment gives itself, by the key of the derived name. */
export function givenEnvironmentNames({ names, cluster }: EnvironmentFileEntry): Partial<Record<keyof EnvironmentNames, string>> {
  return { ...names, cluster: cluster.name, resourceGroup: cluster.resourceGroup };
}

/** Every name of an environment. */
export function environmentNamesOf(name: string, environment: EnvironmentFileEntry, platform: PlatformFile): EnvironmentNames {
  return deriveNames(ENVIRONMENT_NAMES, platform.naming ?? {}, givenEnvironmentNames(environment), { environment: name });
}
