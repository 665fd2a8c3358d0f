import * as pulumi from '@pulumi/pulumi';
import { type BranchPolicyScope } from './branch-policy-scope';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** What the policy asks for, and where. */
export interface BranchPolicyMinReviewersSettings {
  /** Whether it completes although someone rejects or waits. @default false */
  readonly allowCompletionWithRejectsOrWaits?: pulumi.Input<boolean>;
  /** Whether the approval of who pushed last does not count. @default false */
  readonly lastPusherCannotApprove?: pulumi.Input<boolean>;
  /** Whether every push needs an approval. @default false */
  readonly onEachIterationRequireVote?: pulumi.Input<boolean>;
  /** Whether the last push needs an approval. Conflicts with both `onPushReset...`: leave those out then. @default false */
  readonly onLastIterationRequireVote?: pulumi.Input<boolean>;
  /** Whether a push takes back every vote; the provider then sets `onPushResetApprovedVotes` as well. @default false */
  readonly onPushResetAllVotes?: pulumi.Input<boolean>;
  /** Whether a push takes back approvals, and leaves rejections. @default false */
  readonly onPushResetApprovedVotes?: pulumi.Input<boolean>;
  /** How many approvals it needs, at least 1. @default none */
  readonly reviewerCount?: pulumi.Input<number>;
  /** The branches it holds for, at least one. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<BranchPolicyScope>[]>;
  /** Whether the approval of who opened the pull request counts. @default false */
  readonly submitterCanVote?: pulumi.Input<boolean>;
}

/** The inputs of a policy of reviewers. */
export interface BranchPolicyMinReviewersArgs {
  /** Whether a pull request that breaks the policy cannot be completed; otherwise it is only told. @default true */
  readonly blocking?: pulumi.Input<boolean>;
  /** Whether the policy is in force. @default true */
  readonly enabled?: pulumi.Input<boolean>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** What it asks for, and where. */
  readonly settings: pulumi.Input<BranchPolicyMinReviewersSettings>;
}

/** What may be told of a policy of reviewers that is looked up with `BranchPolicyMinReviewers.get`. */
export type BranchPolicyMinReviewersState = StateOf<BranchPolicyMinReviewers>;

const SHAPE: Shape<BranchPolicyMinReviewersArgs, BranchPolicyMinReviewersState> = {
  blocking: 'optional',
  enabled: 'optional',
  projectId: 'required',
  settings: 'required',
};

/** A pull request completes only when enough people have approved it. */
export class BranchPolicyMinReviewers extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/branchPolicyMinReviewers:BranchPolicyMinReviewers';

  /** See {@link BranchPolicyMinReviewersArgs.blocking}. */
  declare public readonly blocking: pulumi.Output<boolean | undefined>;
  /** See {@link BranchPolicyMinReviewersArgs.enabled}. */
  declare public readonly enabled: pulumi.Output<boolean | undefined>;
  /** See {@link BranchPolicyMinReviewersArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link BranchPolicyMinReviewersArgs.settings}. */
  declare public readonly settings: pulumi.Output<pulumi.Unwrap<BranchPolicyMinReviewersSettings>>;

  public constructor(name: string, args: BranchPolicyMinReviewersArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: BranchPolicyMinReviewersArgs | BranchPolicyMinReviewersState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      BranchPolicyMinReviewers.__pulumiType,
      name,
      propertiesOf(BranchPolicyMinReviewers.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BranchPolicyMinReviewersState,
    opts?: pulumi.CustomResourceOptions,
  ): BranchPolicyMinReviewers {
    return new BranchPolicyMinReviewers(name, state as unknown as BranchPolicyMinReviewersArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is BranchPolicyMinReviewers {
    return isOfType(candidate, BranchPolicyMinReviewers.__pulumiType);
  }
}
