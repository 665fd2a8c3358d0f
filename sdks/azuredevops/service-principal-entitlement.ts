import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of an entitlement. */
export interface ServicePrincipalEntitlementArgs {
  /** The licence. `basic` is another word for `express`, which the web calls Basic. @default express */
  readonly accountLicenseType?: pulumi.Input<
    'advanced' | 'basic' | 'earlyAdopter' | 'express' | 'none' | 'professional' | 'stakeholder'
  >;
  /** Who pays for it. @default account */
  readonly licensingSource?: pulumi.Input<'account' | 'auto' | 'msdn' | 'none' | 'profile' | 'trial'>;
  /** Where the identity comes from: `aad` is Entra. @default found out by Azure DevOps */
  readonly origin?: pulumi.Input<string>;
  /** Object id of the service principal in Entra, not its client id. */
  readonly originId: pulumi.Input<string>;
}

/** What may be told of an entitlement that is looked up with `ServicePrincipalEntitlement.get`. */
export type ServicePrincipalEntitlementState = StateOf<ServicePrincipalEntitlement>;

const SHAPE: Shape<ServicePrincipalEntitlementArgs, ServicePrincipalEntitlementState> = {
  accountLicenseType: 'optional',
  descriptor: 'output',
  displayName: 'output',
  licensingSource: 'optional',
  origin: 'optional',
  originId: 'required',
};

/** Lets a managed identity or an application into the organization, and gives it a licence. */
export class ServicePrincipalEntitlement extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement';

  /** See {@link ServicePrincipalEntitlementArgs.accountLicenseType}. */
  declare public readonly accountLicenseType: pulumi.Output<string | undefined>;
  /** How permissions and memberships name it. */
  declare public readonly descriptor: pulumi.Output<string>;
  /** Its name. */
  declare public readonly displayName: pulumi.Output<string>;
  /** See {@link ServicePrincipalEntitlementArgs.licensingSource}. */
  declare public readonly licensingSource: pulumi.Output<string | undefined>;
  /** See {@link ServicePrincipalEntitlementArgs.origin}. */
  declare public readonly origin: pulumi.Output<string>;
  /** See {@link ServicePrincipalEntitlementArgs.originId}. */
  declare public readonly originId: pulumi.Output<string>;

  public constructor(name: string, args: ServicePrincipalEntitlementArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: ServicePrincipalEntitlementArgs | ServicePrincipalEntitlementState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      ServicePrincipalEntitlement.__pulumiType,
      name,
      propertiesOf(ServicePrincipalEntitlement.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ServicePrincipalEntitlementState,
    opts?: pulumi.CustomResourceOptions,
  ): ServicePrincipalEntitlement {
    return new ServicePrincipalEntitlement(name, state as unknown as ServicePrincipalEntitlementArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is ServicePrincipalEntitlement {
    return isOfType(candidate, ServicePrincipalEntitlement.__pulumiType);
  }
}
