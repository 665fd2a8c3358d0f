import * as pulumi from '@pulumi/pulumi';
import { isOfType, takenBy, withVersion, type LookUpShape } from './utilities';

/**
 * How the provider reaches an organization and signs in. What carries a secret (a personal access token, a client secret, a certificate, a
 * token itself) is left out: it would stand in the state.
 */
export interface ProviderArgs {
  /** Further tenants it may sign in to. @default what ARM_AUXILIARY_TENANT_IDS says */
  readonly auxiliaryTenantIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Client id of the identity that signs in. @default what ARM_CLIENT_ID says */
  readonly clientId?: pulumi.Input<string>;
  /** File that holds the client id. @default what ARM_CLIENT_ID_FILE_PATH says */
  readonly clientIdFilePath?: pulumi.Input<string>;
  /**
   * GUID of the service connection whose tokens it signs in with, within a pipeline; the rest it finds in the variables of the job
   * (SYSTEM_ACCESSTOKEN has to be mapped there).
   *
   * @default what ARM_OIDC_AZURE_SERVICE_CONNECTION_ID says
   */
  readonly oidcAzureServiceConnectionId?: pulumi.Input<string>;
  /** File that holds the token it signs in with. @default what ARM_OIDC_TOKEN_FILE_PATH says */
  readonly oidcTokenFilePath?: pulumi.Input<string>;
  /** The organization, as `https://dev.azure.com/my-org`. @default what AZDO_ORG_SERVICE_URL says */
  readonly orgServiceUrl?: pulumi.Input<string>;
  /** Tenant of the identity that signs in. @default what ARM_TENANT_ID says */
  readonly tenantId?: pulumi.Input<string>;
  /** Whether it may sign in as the Azure CLI is signed in. @default true */
  readonly useCli?: pulumi.Input<boolean>;
  /** Whether it signs in as the managed identity of the machine. @default false */
  readonly useMsi?: pulumi.Input<boolean>;
  /** Whether it signs in with a token that its surroundings give it, as a pipeline does. @default false */
  readonly useOidc?: pulumi.Input<boolean>;
}

const SHAPE: LookUpShape<ProviderArgs> = {
  auxiliaryTenantIds: 'optional',
  clientId: 'optional',
  clientIdFilePath: 'optional',
  oidcAzureServiceConnectionId: 'optional',
  oidcTokenFilePath: 'optional',
  orgServiceUrl: 'optional',
  tenantId: 'optional',
  useCli: 'optional',
  useMsi: 'optional',
  useOidc: 'optional',
};

/** The inputs that are no text: a provider gets its configuration as text, these as JSON. */
const AS_JSON = ['auxiliaryTenantIds', 'useCli', 'useMsi', 'useOidc'] as const;

/** What the provider may find out by itself and no state may show. */
const SECRETS = ['clientCertificate', 'clientCertificatePassword', 'clientSecret', 'oidcToken', 'personalAccessToken'];

/** An Azure DevOps organization and who signs in to it; resources name it in their option `provider`. */
export class Provider extends pulumi.ProviderResource {
  public static readonly __pulumiType = 'azuredevops';

  /** See {@link ProviderArgs.clientId}. */
  declare public readonly clientId: pulumi.Output<string | undefined>;
  /** See {@link ProviderArgs.clientIdFilePath}. */
  declare public readonly clientIdFilePath: pulumi.Output<string | undefined>;
  /** See {@link ProviderArgs.oidcAzureServiceConnectionId}. */
  declare public readonly oidcAzureServiceConnectionId: pulumi.Output<string | undefined>;
  /** See {@link ProviderArgs.oidcTokenFilePath}. */
  declare public readonly oidcTokenFilePath: pulumi.Output<string | undefined>;
  /** See {@link ProviderArgs.orgServiceUrl}. */
  declare public readonly orgServiceUrl: pulumi.Output<string | undefined>;
  /** See {@link ProviderArgs.tenantId}. */
  declare public readonly tenantId: pulumi.Output<string | undefined>;

  public constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const inputs = takenBy(`pulumi:providers:${Provider.__pulumiType} '${name}'`, SHAPE, args);
    for (const json of AS_JSON) {
      if (inputs[json] !== undefined) inputs[json] = pulumi.jsonStringify(inputs[json]);
    }
    super(Provider.__pulumiType, name, inputs, pulumi.mergeOptions(withVersion(opts), { additionalSecretOutputs: SECRETS }));
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is Provider {
    return isOfType(candidate, `pulumi:providers:${Provider.__pulumiType}`);
  }
}
