/** What the resources of a stack have in common. */
export interface ResourceSettings {
  /** Region of the resources. */
  readonly location: string;
  /** Existing resource group of the resources. */
  readonly resourceGroup: string;
  /** Of every resource. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Settings of a resource that is reached over a network, and whose logs can be kept. */
export interface ServiceSettings extends ResourceSettings {
  /** @default - no exposure is private */
  readonly privateNetwork?: PrivateNetwork;
  /** Resource id of the workspace that keeps the logs. @default - no logs are kept */
  readonly logAnalyticsWorkspaceId?: string;
}

/** From where a resource can be reached. */
export interface Exposure {
  /** `private`: by a private endpoint alone. */
  readonly exposure: 'public' | 'private';
  /** Public addresses that may connect, while everybody else may not. @default - all */
  readonly allowedIpRanges?: readonly string[] | undefined;
}

/** Where private endpoints stand. */
export interface PrivateNetwork {
  /** Resource id of their subnet. */
  readonly subnetId: string;
  /** Resource id of the private DNS zone of registries. @default - it is made */
  readonly registryDnsZoneId?: string | undefined;
  /** Resource id of the private DNS zone of Key Vaults. @default - it is made */
  readonly vaultDnsZoneId?: string | undefined;
}
