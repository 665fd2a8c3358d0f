import { type TextRule } from './text-rule';

const NAMING_RULES = 'Azure resource naming rules';

/** `Microsoft.ContainerRegistry/registries`: globally unique. */
export const REGISTRY_NAME: TextRule = {
  title: 'container registry name',
  pattern: /^[a-zA-Z0-9]{5,50}$/,
  rule: '5 to 50 letters and digits',
  source: `${NAMING_RULES}, Microsoft.ContainerRegistry/registries`,
};

/** `Microsoft.KeyVault/vaults`: globally unique. */
export const VAULT_NAME: TextRule = {
  title: 'Key Vault name',
  pattern: /^(?=.{3,24}$)[a-zA-Z](?:-?[a-zA-Z0-9])+$/,
  rule: '3 to 24 letters, digits and single hyphens, starting with a letter, ending with a letter or digit',
  source: `${NAMING_RULES}, Microsoft.KeyVault/vaults`,
};

/** `Microsoft.KeyVault/vaults/keys` and `/secrets`. */
export const VAULT_OBJECT_NAME: TextRule = {
  title: 'Key Vault key or secret name',
  pattern: /^[a-zA-Z0-9-]{1,127}$/,
  rule: '1 to 127 letters, digits and hyphens',
  source: `${NAMING_RULES}, Microsoft.KeyVault/vaults`,
};

/** `Microsoft.Resources/resourceGroups`. */
export const RESOURCE_GROUP_NAME: TextRule = {
  title: 'resource group name',
  pattern: /^[\p{L}\p{Nd}_().-]{0,89}[\p{L}\p{Nd}_()-]$/u,
  rule: '1 to 90 letters, digits, underscores, parentheses, hyphens and periods, not ending with a period',
  source: `${NAMING_RULES}, Microsoft.Resources/resourceGroups`,
};

/** `Microsoft.ContainerService/managedClusters`. */
export const CLUSTER_NAME: TextRule = {
  title: 'AKS cluster name',
  pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?$/,
  rule: '1 to 63 letters, digits, underscores and hyphens, starting and ending with a letter or digit',
  source: `${NAMING_RULES}, Microsoft.ContainerService/managedClusters`,
};

/** `Microsoft.ManagedIdentity/userAssignedIdentities`. */
export const IDENTITY_NAME: TextRule = {
  title: 'user-assigned identity name',
  pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
  rule: '3 to 128 letters, digits, hyphens and underscores, starting with a letter or digit',
  source: `${NAMING_RULES}, Microsoft.ManagedIdentity/userAssignedIdentities`,
};

/** `Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials`. */
export const FEDERATED_CREDENTIAL_NAME: TextRule = {
  title: 'federated credential name',
  pattern: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,119}$/,
  rule: '3 to 120 letters, digits, hyphens and underscores, starting with a letter or digit',
  source: 'Microsoft Entra workload identity federation, federatedIdentityCredentials',
};

/** A tenant or group of Microsoft Entra ID. */
export const GUID: TextRule = {
  title: 'GUID',
  pattern: /^(?!0{8}-0{4}-0{4}-0{4}-0{12}$)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  rule: '32 hexadecimal digits in groups of 8-4-4-4-12, not all zero',
  source: 'Microsoft Entra ID',
};

/** A resource of one type, by its whole id. */
export function resourceIdOf(type: string): TextRule {
  return {
    title: `resource id of ${type}`,
    pattern: new RegExp(
      `^/subscriptions/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/resourceGroups/[^/\\s]+/providers/${typePath(type)}$`,
      'i',
    ),
    rule: `'/subscriptions/<id>/resourceGroups/<name>/providers/${type.replace(/\/([^/]+)/g, '/$1/<name>')}'`,
    source: 'Azure Resource Manager',
  };
}

const typePath = (type: string): string => type.replaceAll('.', '\\.').replace(/\/([^/]+)/g, '/$1/[^/\\s]+');

/** A region, as `az account list-locations` names it. */
export const LOCATION: TextRule = {
  title: 'Azure region',
  pattern: /^[a-z][a-z0-9]{2,40}$/,
  rule: "lower-case letters and digits without spaces, such as 'westeurope'",
  source: 'az account list-locations',
};

/** The key of a tag. */
export const TAG_NAME: TextRule = {
  title: 'tag name',
  pattern: /^(?!(?:microsoft|azure|windows))[^<>%&\\?/\p{Cc}]{1,512}$/iu,
  rule: '1 to 512 characters without < > % & \\ ? /, not starting with microsoft, azure or windows',
  source: 'Azure Resource Manager, tags',
};
