import { type RequestedFederatedCredential } from './credential-request';
import { FederatedIdentityCredential, UserAssignedIdentity } from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { type ResourceId } from './resource-id';
import { type ResourceSettings } from './settings';

/** Audience of tokens that are exchanged for one of Microsoft Entra ID. Source: Azure Workload Identity. */
export const TOKEN_EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';

/** A ServiceAccount that may become a managed identity. */
export interface FederatedServiceAccount {
  readonly name: string;
  readonly namespace: string;
  /** Name of its federated credential. */
  readonly credentialName: string;
}

export interface WorkloadIdentityArgs {
  /** Where the managed identity stands, known before it exists. */
  readonly identity: ResourceId;
  /** Who may become it, in the order in which the credentials are made. */
  readonly serviceAccounts: readonly FederatedServiceAccount[];
  /** OIDC issuer of the cluster. */
  readonly oidcIssuerUrl: string;
  readonly settings: ResourceSettings;
  /** The identity, where another team owns it; its credentials are then that team's to make. @default - it is made */
  readonly existing?: ManagedIdentity;
}

/** A managed identity, by the names of `outputs/<environment>.yaml`. */
export interface ManagedIdentity {
  readonly clientId: pulumi.Input<string>;
  readonly principalId: pulumi.Input<string>;
  readonly resourceId: pulumi.Input<string>;
}

/** A managed identity that controllers of Flux become by a token of their ServiceAccount: there is no secret to keep. */
export class WorkloadIdentity extends pulumi.ComponentResource {
  public readonly clientId: pulumi.Output<string>;
  public readonly principalId: pulumi.Output<string>;
  public readonly resourceId: pulumi.Output<string>;
  /** What has to be there before a controller can become it. */
  public readonly credentials: readonly pulumi.Resource[];
  /** Credentials that another team has to make. */
  public readonly requested: readonly RequestedFederatedCredential[];

  public constructor(name: string, args: WorkloadIdentityArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azure:WorkloadIdentity', name, {}, options);
    const identity = args.existing === undefined ? this.makeIdentity(name, args) : undefined;
    const { clientId, principalId, resourceId } = args.existing ?? addressOf(identity!);
    this.clientId = pulumi.output(clientId);
    this.principalId = pulumi.output(principalId);
    this.resourceId = pulumi.output(resourceId);
    this.credentials = identity === undefined ? [] : this.makeCredentials(identity, args);
    this.requested = identity === undefined ? args.serviceAccounts.map((account) => requestOf(account, args)) : [];
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId, resourceId: this.resourceId });
  }

  private makeIdentity(name: string, { identity, settings }: WorkloadIdentityArgs): UserAssignedIdentity {
    return new UserAssignedIdentity(
      name,
      {
        resourceName: identity.name,
        resourceGroupName: identity.resourceGroup,
        location: settings.location,
        tags: settings.tags,
      },
      { parent: this },
    );
  }

  private makeCredentials(identity: UserAssignedIdentity, args: WorkloadIdentityArgs): readonly pulumi.Resource[] {
    const credentials: pulumi.Resource[] = [];
    for (const account of args.serviceAccounts) {
      const { name, issuer, subject, audience } = requestOf(account, args);
      credentials.push(
        new FederatedIdentityCredential(
          `federated-credential-${account.name}`,
          {
            federatedIdentityCredentialResourceName: name,
            resourceName: args.identity.name,
            resourceGroupName: args.identity.resourceGroup,
            issuer,
            subject,
            audiences: [audience],
          },
          // Azure refuses two writes to one identity at a time: each waits for the one before.
          { parent: this, dependsOn: [identity, ...credentials.slice(-1)] },
        ),
      );
    }
    return credentials;
  }
}

function addressOf({ clientId, principalId, id }: UserAssignedIdentity): ManagedIdentity {
  return { clientId, principalId, resourceId: id };
}

function requestOf(
  { name, namespace, credentialName }: FederatedServiceAccount,
  { identity, oidcIssuerUrl }: Pick<WorkloadIdentityArgs, 'identity' | 'oidcIssuerUrl'>,
): RequestedFederatedCredential {
  return {
    identity: identity.name,
    resourceGroup: identity.resourceGroup,
    subscriptionId: identity.subscriptionId,
    name: credentialName,
    issuer: oidcIssuerUrl,
    subject: `system:serviceaccount:${namespace}:${name}`,
    audience: TOKEN_EXCHANGE_AUDIENCE,
  };
}
