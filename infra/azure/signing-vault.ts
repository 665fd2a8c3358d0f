import { Vault } from '@pulumi/azure-native/keyvault';
import * as pulumi from '@pulumi/pulumi';
import { connectService } from './service-connections';
import { type Exposure, type ServiceSettings } from './settings';

/** Settings of a Key Vault. */
export interface VaultSettings extends Exposure {
  /** `premium` keeps the keys in a hardware security module. */
  readonly tier: 'standard' | 'premium';
  /** Days for which what was deleted can be recovered. */
  readonly softDeleteRetentionInDays: number;
}

export interface SigningVaultArgs {
  /** Globally unique name, 3 to 24 letters, digits and hyphens. */
  readonly name: string;
  readonly tenantId: string;
  readonly settings: ServiceSettings & { readonly vault: VaultSettings };
  /** Private DNS zone of Key Vaults in this cloud. */
  readonly dnsZone: string;
}

/**
 * The Key Vault of the signing keys.
 *
 * Access is by roles alone (no access policies, which give a right over all keys at once), and what is deleted can be recovered until
 * the retention is over: nobody can purge it earlier.
 */
export class SigningVault extends pulumi.ComponentResource {
  public readonly resourceId: pulumi.Output<string>;
  /** What has to be there before it can be used. */
  public readonly ready: readonly pulumi.Resource[];
  public readonly uri: pulumi.Output<string>;

  public constructor(name: string, args: SigningVaultArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azure:SigningVault', name, {}, options);
    const { name: vaultName, tenantId, settings, dnsZone } = args;
    const { location, resourceGroup, tags } = settings;
    const { tier, exposure, allowedIpRanges, softDeleteRetentionInDays } = settings.vault;
    const vault = new Vault(
      name,
      {
        vaultName,
        resourceGroupName: resourceGroup,
        location,
        properties: {
          tenantId,
          sku: { family: 'A', name: tier },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          enablePurgeProtection: true,
          softDeleteRetentionInDays,
          publicNetworkAccess: exposure === 'private' ? 'Disabled' : 'Enabled',
          networkAcls: {
            bypass: 'None',
            defaultAction: exposure === 'private' || allowedIpRanges !== undefined ? 'Deny' : 'Allow',
            ipRules: (allowedIpRanges ?? []).map((value) => ({ value })),
          },
        },
        tags,
      },
      // Without the keys nothing can be signed any more, and their names stay taken until the retention is over.
      { parent: this, protect: true, retainOnDelete: true },
    );
    const reached = connectService(
      name,
      { settings, exposure, resourceId: vault.id, resourceName: vaultName, groupId: 'vault', dnsZone },
      this,
    );
    this.ready = [vault, ...reached];
    this.resourceId = vault.id;
    // Azure adds it to what was asked for; the id makes it wait for that, where a preview would only see what was asked for.
    this.uri = pulumi.all([vault.id, vault.properties]).apply(([, { vaultUri }]) => vaultUri);
    this.registerOutputs({ resourceId: this.resourceId, uri: this.uri });
  }
}
