/** Names of services that differ between the clouds of Azure. */
export interface AzureCloud {
  /** What follows the name of a registry in its host. */
  readonly registrySuffix: string;
  /** What follows the name of a Key Vault in its host. */
  readonly vaultSuffix: string;
  /** Private DNS zone of registries. */
  readonly registryDnsZone: string;
  /** Private DNS zone of Key Vaults. */
  readonly vaultDnsZone: string;
}

/** By the name that the azure-native provider gives them. Source: Azure Private Link, private DNS zone values. */
export const AZURE_CLOUDS = {
  public: {
    registrySuffix: 'azurecr.io',
    vaultSuffix: 'vault.azure.net',
    registryDnsZone: 'privatelink.azurecr.io',
    vaultDnsZone: 'privatelink.vaultcore.azure.net',
  },
  usgovernment: {
    registrySuffix: 'azurecr.us',
    vaultSuffix: 'vault.usgovcloudapi.net',
    registryDnsZone: 'privatelink.azurecr.us',
    vaultDnsZone: 'privatelink.vaultcore.usgovcloudapi.net',
  },
  china: {
    registrySuffix: 'azurecr.cn',
    vaultSuffix: 'vault.azure.cn',
    registryDnsZone: 'privatelink.azurecr.cn',
    vaultDnsZone: 'privatelink.vaultcore.azure.cn',
  },
} as const satisfies Record<string, AzureCloud>;
