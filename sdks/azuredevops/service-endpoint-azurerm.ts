import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** Who the service connection is. The provider also takes a key or a certificate: they are left out, so that no secret can be given. */
export interface ServiceEndpointAzureRMCredentials {
  /** Client id (application id) of the identity, not its object id. */
  readonly serviceprincipalid: pulumi.Input<string>;
}

/** What the provider does beside making the service connection. */
export interface ServiceEndpointAzureRMFeatures {
  /**
   * Whether the connection is tried out after each change. The first time that fails: the identity trusts it only once its subject is known.
   *
   * @default false
   */
  readonly validate?: pulumi.Input<boolean>;
}

/**
 * The inputs of a service connection. Three that the provider calls optional are required here: without them it falls back to a
 * service principal with a secret, or lets Azure DevOps register an application by itself.
 */
export interface ServiceEndpointAzureRMArgs {
  /** Management group it is for, instead of a subscription. @default none */
  readonly azurermManagementGroupId?: pulumi.Input<string>;
  /** Name of that management group; needed with its id. @default none */
  readonly azurermManagementGroupName?: pulumi.Input<string>;
  /** Tenant of the identity. */
  readonly azurermSpnTenantid: pulumi.Input<string>;
  /** Subscription it is for. @default none */
  readonly azurermSubscriptionId?: pulumi.Input<string>;
  /**
   * Name of that subscription: Azure DevOps asks for it beside the id. The provider stores it and does not compare the two.
   *
   * @default none
   */
  readonly azurermSubscriptionName?: pulumi.Input<string>;
  /** Who it is. Required here: without it Azure DevOps would register an application of its own. */
  readonly credentials: pulumi.Input<ServiceEndpointAzureRMCredentials>;
  /** What it is for. @default none */
  readonly description?: pulumi.Input<string>;
  /** The cloud; another one replaces the connection. @default AzureCloud */
  readonly environment?: pulumi.Input<'AzureCloud' | 'AzureChinaCloud' | 'AzureUSGovernment' | 'AzureGermanCloud' | 'AzureStack'>;
  /** What is done beside. @default none */
  readonly features?: pulumi.Input<ServiceEndpointAzureRMFeatures>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** Address of the resource manager; only for `AzureStack`. @default that of the cloud */
  readonly serverUrl?: pulumi.Input<string>;
  /** How it signs in. Required here: the default of the provider is a service principal with a secret. */
  readonly serviceEndpointAuthenticationScheme: pulumi.Input<'WorkloadIdentityFederation'>;
  /** Name by which pipelines use it. */
  readonly serviceEndpointName: pulumi.Input<string>;
}

/** What may be told of a service connection that is looked up with `ServiceEndpointAzureRM.get`. */
export type ServiceEndpointAzureRMState = StateOf<ServiceEndpointAzureRM>;

const SHAPE: Shape<ServiceEndpointAzureRMArgs, ServiceEndpointAzureRMState> = {
  authorization: 'output',
  azurermManagementGroupId: 'optional',
  azurermManagementGroupName: 'optional',
  azurermSpnTenantid: 'required',
  azurermSubscriptionId: 'optional',
  azurermSubscriptionName: 'optional',
  credentials: 'required',
  description: 'optional',
  environment: 'optional',
  features: 'optional',
  projectId: 'required',
  serverUrl: 'optional',
  serviceEndpointAuthenticationScheme: 'required',
  serviceEndpointName: 'required',
  servicePrincipalId: 'output',
  workloadIdentityFederationIssuer: 'output',
  workloadIdentityFederationSubject: 'output',
};

/**
 * A service connection to Azure by workload identity federation, which holds no secret: neither a key nor a certificate nor
 * another scheme can be given.
 *
 * The outputs `workloadIdentityFederationIssuer` and `workloadIdentityFederationSubject` belong into a federated credential of
 * the identity (audience `api://AzureADTokenExchange`). Take them from here and never put them together by hand: their form
 * differs with the age of the connection.
 */
export class ServiceEndpointAzureRM extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/serviceEndpointAzureRM:ServiceEndpointAzureRM';

  /** What Azure DevOps keeps of the sign-in. */
  declare public readonly authorization: pulumi.Output<Readonly<Record<string, string>>>;
  /** See {@link ServiceEndpointAzureRMArgs.azurermManagementGroupId}. */
  declare public readonly azurermManagementGroupId: pulumi.Output<string | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.azurermManagementGroupName}. */
  declare public readonly azurermManagementGroupName: pulumi.Output<string | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.azurermSpnTenantid}. */
  declare public readonly azurermSpnTenantid: pulumi.Output<string>;
  /** See {@link ServiceEndpointAzureRMArgs.azurermSubscriptionId}. */
  declare public readonly azurermSubscriptionId: pulumi.Output<string | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.azurermSubscriptionName}. */
  declare public readonly azurermSubscriptionName: pulumi.Output<string | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.credentials}. */
  declare public readonly credentials: pulumi.Output<pulumi.Unwrap<ServiceEndpointAzureRMCredentials> | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.description}. */
  declare public readonly description: pulumi.Output<string | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.environment}. */
  declare public readonly environment: pulumi.Output<string | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.features}. */
  declare public readonly features: pulumi.Output<pulumi.Unwrap<ServiceEndpointAzureRMFeatures> | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link ServiceEndpointAzureRMArgs.serverUrl}. */
  declare public readonly serverUrl: pulumi.Output<string>;
  /** See {@link ServiceEndpointAzureRMArgs.serviceEndpointAuthenticationScheme}. */
  declare public readonly serviceEndpointAuthenticationScheme: pulumi.Output<string | undefined>;
  /** See {@link ServiceEndpointAzureRMArgs.serviceEndpointName}. */
  declare public readonly serviceEndpointName: pulumi.Output<string>;
  /** Client id of the identity. */
  declare public readonly servicePrincipalId: pulumi.Output<string>;
  /** Issuer of its tokens. */
  declare public readonly workloadIdentityFederationIssuer: pulumi.Output<string>;
  /** Subject of its tokens. */
  declare public readonly workloadIdentityFederationSubject: pulumi.Output<string>;

  public constructor(name: string, args: ServiceEndpointAzureRMArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: ServiceEndpointAzureRMArgs | ServiceEndpointAzureRMState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      ServiceEndpointAzureRM.__pulumiType,
      name,
      propertiesOf(ServiceEndpointAzureRM.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ServiceEndpointAzureRMState,
    opts?: pulumi.CustomResourceOptions,
  ): ServiceEndpointAzureRM {
    return new ServiceEndpointAzureRM(name, state as unknown as ServiceEndpointAzureRMArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is ServiceEndpointAzureRM {
    return isOfType(candidate, ServiceEndpointAzureRM.__pulumiType);
  }
}
