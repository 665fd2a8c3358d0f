import { getRegistry } from '@pulumi/azure-native/containerregistry';
import { getVault } from '@pulumi/azure-native/keyvault';
import { getUserAssignedIdentity } from '@pulumi/azure-native/managedidentity';
import { Provider } from '@pulumi/azure-native/provider';
import type * as pulumi from '@pulumi/pulumi';
import { parseResourceId } from './resource-id';
import { shellLine } from './shell-word';
import { refusal } from './refusal';

/** Who is told what should not stay so. */
export interface Warnings {
  readonly warn: (message: string) => void;
}

/** What a provider for another subscription has in common with that of the stack. */
export interface SubscriptionSettings {
  readonly subscriptionId: string;
  /** Under the names of the provider of azure-native. */
  readonly signIn: {
    readonly environment: string;
    readonly tenantId?: string;
    readonly clientId?: string;
    readonly metadataHost?: string;
    readonly useOidc?: boolean;
    readonly useMsi?: boolean;
    readonly useDefaultAzureCredential?: boolean;
    readonly disablePulumiPartnerId?: boolean;
  };
}

/** Looks up what another team owns; a resource may stand in another subscription than the stack's. */
export class ExistingResources {
  private readonly providers = new Map<string, Provider>();

  public constructor(
    /** Subscription of the stack, and how its provider signs in. */
    private readonly settings: SubscriptionSettings,
    private readonly warnings: Warnings,
  ) {}

  /** Options of a look-up in a subscription. */
  public invokeOptions(subscriptionId: string): pulumi.InvokeOptions {
    const provider = this.providerOf(subscriptionId);
    return provider === undefined ? {} : { provider };
  }

  /** Options of a component whose resources are made in a subscription. */
  public componentOptions(subscriptionId: string): pulumi.ComponentResourceOptions {
    const provider = this.providerOf(subscriptionId);
    return provider === undefined ? {} : { providers: [provider] };
  }

  /** @throws pulumi.RunError when it is not there, or cannot be read */
  public async registry(id: string): Promise<{ readonly resourceId: string; readonly loginServer: string }> {
    const { subscriptionId, resourceGroup: resourceGroupName, name: registryName } = parseResourceId(id);
    const found = await this.lookUp(id, () =>
      getRegistry({ resourceGroupName, registryName }, this.invokeOptions(subscriptionId)),
    );
    if (found.adminUserEnabled === true)
      this.warnings.warn(
        `The registry ${registryName} has its admin user enabled: a password opens it. Ask its owner to disable it.`,
      );
    if (found.anonymousPullEnabled === true)
      this.warnings.warn(
        `Everybody may pull from the registry ${registryName} without signing in. Ask its owner whether that is meant.`,
      );
    return { resourceId: found.id, loginServer: found.loginServer };
  }

  /** @throws pulumi.RunError when it is not there, cannot be read, or gives access by access policies */
  public async vault(id: string): Promise<{ readonly resourceId: string; readonly uri: string }> {
    const { subscriptionId, resourceGroup: resourceGroupName, name: vaultName } = parseResourceId(id);
    const { properties, id: resourceId } = await this.lookUp(id, () =>
      getVault({ resourceGroupName, vaultName }, this.invokeOptions(subscriptionId)),
    );
    if (properties.enableRbacAuthorization !== true) {
      throw refusal(
        `The Key Vault ${vaultName} gives access by access policies, which give a right over all its keys at once; roles on single keys do nothing there.\n` +
          `→ ${shellLine('az', 'keyvault', 'update', '--name', vaultName, '--resource-group', resourceGroupName, '--subscription', subscriptionId, '--enable-rbac-authorization', 'true')}`,
      );
    }
    return { resourceId, uri: properties.vaultUri };
  }

  /** @throws pulumi.RunError when it is not there, or cannot be read */
  public async identity(
    id: string,
  ): Promise<{ readonly resourceId: string; readonly clientId: string; readonly principalId: string }> {
    const { subscriptionId, resourceGroup: resourceGroupName, name: resourceName } = parseResourceId(id);
    const found = await this.lookUp(id, () =>
      getUserAssignedIdentity({ resourceGroupName, resourceName }, this.invokeOptions(subscriptionId)),
    );
    return { resourceId: found.id, clientId: found.clientId, principalId: found.principalId };
  }

  private providerOf(subscriptionId: string): Provider | undefined {
    const id = subscriptionId.toLowerCase();
    if (id === this.settings.subscriptionId.toLowerCase()) return undefined;
    // It reads no configuration of the stack: cloud and sign-in are passed on.
    const provider =
      this.providers.get(id) ?? new Provider(`subscription-${id}`, { ...this.settings.signIn, subscriptionId: id });
    this.providers.set(id, provider);
    return provider;
  }

  private async lookUp<Result>(id: string, look: () => Promise<Result>): Promise<Result> {
    try {
      return await look();
    } catch (error) {
      throw refusal(
        `The existing resource ${id} cannot be read: ${(error as Error).message}\n` +
          "→ Check 'k8s-gitops:existing' in the configuration of the stack, and that whoever runs this has the role Reader on it.",
      );
    }
  }
}
