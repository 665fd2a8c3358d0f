import { AZURE_CLOUDS } from './azure-clouds';
import { type PlatformFile } from './platform-file';

/** Host of the registry that an environment uses, its own or the one it shares. */
export function loginServerOf(platform: PlatformFile, environment: string): string {
  const { registry } = platform.environments[environment]!;
  const owned = registry.sharedWith === undefined ? registry : platform.environments[registry.sharedWith]!.registry;
  return owned.loginServer ?? `${owned.name!.toLowerCase()}.${AZURE_CLOUDS.public.registrySuffix}`;
}
