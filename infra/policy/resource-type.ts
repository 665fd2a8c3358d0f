/** Name of the stack in a URN. */
export const stackOf = (urn: string): string => urn.split('::')[0]!.split(':')[2] ?? '';

/** Whether a type is one of azure-native, whose packages of single API versions have it as the beginning of their name. */
export const isAzureNative = (type: string): boolean => /^azure-native(_[^:]*)?:/.test(type);

/**
 * Type of azure-native without version of its API, such as `keyvault:Vault`: a rule must not be escaped by naming an older one.
 *
 * @returns undefined for other packages
 */
export function azureType(type: string): string | undefined {
  if (!isAzureNative(type)) return undefined;
  const [, module = '', name = ''] = type.split(':');
  return `${module.split('/')[0]!}:${name}`;
}

/**
 * Class of azuredevops, such as `Environment`; types that were renamed have the same class.
 *
 * @returns undefined for other packages
 */
export const devOpsClass = (type: string): string | undefined =>
  type.startsWith('azuredevops:') ? type.split(':').at(-1) : undefined;
