import * as pulumi from '@pulumi/pulumi';
import { type CheckTargetResourceType } from './check-target-resource-type';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of an approval. */
export interface CheckApprovalArgs {
  /**
   * Who may approve, as GUIDs of Azure DevOps identities: the `groupId` of a Group, neither its descriptor nor the object id in
   * Entra.
   */
  readonly approvers: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** What the approvers are told. @default none */
  readonly instructions?: pulumi.Input<string>;
  /** How many have to approve, when there are several. @default all */
  readonly minimumRequiredApprovers?: pulumi.Input<number>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** Whether who started the run may approve it. @default false */
  readonly requesterCanApprove?: pulumi.Input<boolean>;
  /**
   * Id of what is protected. Of a repository `<GUID of the project>.<GUID of the repository>`. Another one replaces the check.
   */
  readonly targetResourceId: pulumi.Input<string>;
  /** Kind of what is protected. */
  readonly targetResourceType: pulumi.Input<CheckTargetResourceType>;
  /** Minutes after which the run is refused. @default 43200 */
  readonly timeout?: pulumi.Input<number>;
}

/** What may be told of an approval that is looked up with `CheckApproval.get`. */
export type CheckApprovalState = StateOf<CheckApproval>;

const SHAPE: Shape<CheckApprovalArgs, CheckApprovalState> = {
  approvers: 'required',
  instructions: 'optional',
  minimumRequiredApprovers: 'optional',
  projectId: 'required',
  requesterCanApprove: 'optional',
  targetResourceId: 'required',
  targetResourceType: 'required',
  timeout: 'optional',
  version: 'output',
};

/** A run that uses the resource waits until people approve. */
export class CheckApproval extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/checkApproval:CheckApproval';

  /** See {@link CheckApprovalArgs.approvers}. */
  declare public readonly approvers: pulumi.Output<string[]>;
  /** See {@link CheckApprovalArgs.instructions}. */
  declare public readonly instructions: pulumi.Output<string | undefined>;
  /** See {@link CheckApprovalArgs.minimumRequiredApprovers}. */
  declare public readonly minimumRequiredApprovers: pulumi.Output<number | undefined>;
  /** See {@link CheckApprovalArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link CheckApprovalArgs.requesterCanApprove}. */
  declare public readonly requesterCanApprove: pulumi.Output<boolean | undefined>;
  /** See {@link CheckApprovalArgs.targetResourceId}. */
  declare public readonly targetResourceId: pulumi.Output<string>;
  /** See {@link CheckApprovalArgs.targetResourceType}. */
  declare public readonly targetResourceType: pulumi.Output<string>;
  /** See {@link CheckApprovalArgs.timeout}. */
  declare public readonly timeout: pulumi.Output<number | undefined>;
  /** Counts its changes. */
  declare public readonly version: pulumi.Output<number>;

  public constructor(name: string, args: CheckApprovalArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: CheckApprovalArgs | CheckApprovalState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      CheckApproval.__pulumiType,
      name,
      propertiesOf(CheckApproval.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: CheckApprovalState,
    opts?: pulumi.CustomResourceOptions,
  ): CheckApproval {
    return new CheckApproval(name, state as unknown as CheckApprovalArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is CheckApproval {
    return isOfType(candidate, CheckApproval.__pulumiType);
  }
}
