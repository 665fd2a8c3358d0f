import * as pulumi from '@pulumi/pulumi';
import { type CheckTargetResourceType } from './check-target-resource-type';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of a branch control. */
export interface CheckBranchControlArgs {
  /** The branches, each as `refs/heads/...`, with commas between them and `*` as wildcard. @default *: every branch */
  readonly allowedBranches?: pulumi.Input<string>;
  /** What the check is called. @default Managed by Terraform */
  readonly displayName?: pulumi.Input<string>;
  /** Whether a branch passes of which nobody can say if it is protected; only with `verifyBranchProtection`. @default false */
  readonly ignoreUnknownProtectionStatus?: pulumi.Input<boolean>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /**
   * Id of what is protected. Of a repository `<GUID of the project>.<GUID of the repository>`. Another one replaces the check.
   */
  readonly targetResourceId: pulumi.Input<string>;
  /** Kind of what is protected. */
  readonly targetResourceType: pulumi.Input<CheckTargetResourceType>;
  /** Minutes after which the check fails. @default 1440 */
  readonly timeout?: pulumi.Input<number>;
  /** Whether the branch must have branch policies. @default false */
  readonly verifyBranchProtection?: pulumi.Input<boolean>;
}

/** What may be told of a branch control that is looked up with `CheckBranchControl.get`. */
export type CheckBranchControlState = StateOf<CheckBranchControl>;

const SHAPE: Shape<CheckBranchControlArgs, CheckBranchControlState> = {
  allowedBranches: 'optional',
  displayName: 'optional',
  ignoreUnknownProtectionStatus: 'optional',
  projectId: 'required',
  targetResourceId: 'required',
  targetResourceType: 'required',
  timeout: 'optional',
  verifyBranchProtection: 'optional',
  version: 'output',
};

/** Only runs from certain branches may use the resource. */
export class CheckBranchControl extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/checkBranchControl:CheckBranchControl';

  /** See {@link CheckBranchControlArgs.allowedBranches}. */
  declare public readonly allowedBranches: pulumi.Output<string | undefined>;
  /** See {@link CheckBranchControlArgs.displayName}. */
  declare public readonly displayName: pulumi.Output<string | undefined>;
  /** See {@link CheckBranchControlArgs.ignoreUnknownProtectionStatus}. */
  declare public readonly ignoreUnknownProtectionStatus: pulumi.Output<boolean | undefined>;
  /** See {@link CheckBranchControlArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link CheckBranchControlArgs.targetResourceId}. */
  declare public readonly targetResourceId: pulumi.Output<string>;
  /** See {@link CheckBranchControlArgs.targetResourceType}. */
  declare public readonly targetResourceType: pulumi.Output<string>;
  /** See {@link CheckBranchControlArgs.timeout}. */
  declare public readonly timeout: pulumi.Output<number | undefined>;
  /** See {@link CheckBranchControlArgs.verifyBranchProtection}. */
  declare public readonly verifyBranchProtection: pulumi.Output<boolean | undefined>;
  /** Counts its changes. */
  declare public readonly version: pulumi.Output<number>;

  public constructor(name: string, args: CheckBranchControlArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: CheckBranchControlArgs | CheckBranchControlState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      CheckBranchControl.__pulumiType,
      name,
      propertiesOf(CheckBranchControl.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: CheckBranchControlState,
    opts?: pulumi.CustomResourceOptions,
  ): CheckBranchControl {
    return new CheckBranchControl(name, state as unknown as CheckBranchControlArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is CheckBranchControl {
    return isOfType(candidate, CheckBranchControl.__pulumiType);
  }
}
