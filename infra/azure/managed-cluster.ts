/** What Azure says about a cluster, as far as it matters here. Source: Microsoft.ContainerService/managedClusters. */
export interface ManagedCluster {
  readonly id: string;
  readonly currentKubernetesVersion?: string | undefined;
  readonly oidcIssuerProfile?: { readonly enabled?: boolean | undefined; readonly issuerURL?: string | undefined } | undefined;
  readonly securityProfile?: { readonly workloadIdentity?: { readonly enabled?: boolean | undefined } | undefined } | undefined;
  readonly aadProfile?: { readonly managed?: boolean | undefined } | null | undefined;
  readonly identityProfile?: Readonly<Record<string, { readonly objectId?: string | undefined }>> | undefined;
}

/** Where a cluster stands. */
export interface ClusterAddress {
  readonly name: string;
  readonly resourceGroup: string;
  readonly subscriptionId: string;
}
