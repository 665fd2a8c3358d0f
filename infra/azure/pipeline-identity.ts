import { FederatedIdentityCredential, UserAssignedIdentity } from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { type ResourceSettings } from './settings';
import { TOKEN_EXCHANGE_AUDIENCE } from './workload-identity';

/** What the identity of pipelines is made from. */
export interface PipelineIdentityArgs {
  /** Name of the managed identity. */
  readonly identityName: string;
  readonly settings: ResourceSettings;
}

/** A service connection, as Microsoft Entra ID knows it. */
export interface TrustedConnection {
  /** Name of its federated credential. */
  readonly credentialName: string;
  readonly issuer: pulumi.Input<string>;
  readonly subject: pulumi.Input<string>;
}

/** A managed identity that pipelines become by a service connection: there is no secret to keep. */
export class PipelineIdentity extends pulumi.ComponentResource {
  public readonly clientId: pulumi.Output<string>;
  public readonly principalId: pulumi.Output<string>;
  public readonly resourceId: pulumi.Output<string>;

  private readonly identity: UserAssignedIdentity;
  private readonly credentials: FederatedIdentityCredential[] = [];

  public constructor(
    name: string,
    private readonly args: PipelineIdentityArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super('k8s-gitops:azure:PipelineIdentity', name, {}, options);
    const { identityName, settings } = args;
    this.identity = new UserAssignedIdentity(
      name,
      {
        resourceName: identityName,
        resourceGroupName: settings.resourceGroup,
        location: settings.location,
        tags: settings.tags,
      },
      { parent: this },
    );
    this.clientId = this.identity.clientId;
    this.principalId = this.identity.principalId;
    this.resourceId = this.identity.id;
    this.registerOutputs({ clientId: this.clientId, principalId: this.principalId, resourceId: this.resourceId });
  }

  /** Lets a service connection become the identity. */
  public trust(name: string, { credentialName, issuer, subject }: TrustedConnection): void {
    const { identityName, settings } = this.args;
    this.credentials.push(
      new FederatedIdentityCredential(
        name,
        {
          federatedIdentityCredentialResourceName: credentialName,
          resourceName: identityName,
          resourceGroupName: settings.resourceGroup,
          issuer,
          subject,
          audiences: [TOKEN_EXCHANGE_AUDIENCE],
        },
        // Azure refuses two writes to one identity at a time: each waits for the one before.
        { parent: this, dependsOn: [this.identity, ...this.credentials.slice(-1)] },
      ),
    );
  }
}
