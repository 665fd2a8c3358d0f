import * as pulumi from '@pulumi/pulumi';
import { type BranchPolicyScope } from './branch-policy-scope';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** What the policy asks for, and where. */
export interface BranchPolicyCommentResolutionSettings {
  /** The branches it holds for, at least one. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<BranchPolicyScope>[]>;
}

/** The inputs of a policy of resolved comments. */
export interface BranchPolicyCommentResolutionArgs {
  /** Whether a pull request that breaks the policy cannot be completed; otherwise it is only told. @default true */
  readonly blocking?: pulumi.Input<boolean>;
  /** Whether the policy is in force. @default true */
  readonly enabled?: pulumi.Input<boolean>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** What it asks for, and where. */
  readonly settings: pulumi.Input<BranchPolicyCommentResolutionSettings>;
}

/** What may be told of a policy of resolved comments that is looked up with `BranchPolicyCommentResolution.get`. */
export type BranchPolicyCommentResolutionState = StateOf<BranchPolicyCommentResolution>;

const SHAPE: Shape<BranchPolicyCommentResolutionArgs, BranchPolicyCommentResolutionState> = {
  blocking: 'optional',
  enabled: 'optional',
  projectId: 'required',
  settings: 'required',
};

/** A pull request completes only when every comment is resolved. */
export class BranchPolicyCommentResolution extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/branchPolicyCommentResolution:BranchPolicyCommentResolution';

  /** See {@link BranchPolicyCommentResolutionArgs.blocking}. */
  declare public readonly blocking: pulumi.Output<boolean | undefined>;
  /** See {@link BranchPolicyCommentResolutionArgs.enabled}. */
  declare public readonly enabled: pulumi.Output<boolean | undefined>;
  /** See {@link BranchPolicyCommentResolutionArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link BranchPolicyCommentResolutionArgs.settings}. */
  declare public readonly settings: pulumi.Output<pulumi.Unwrap<BranchPolicyCommentResolutionSettings>>;

  public constructor(name: string, args: BranchPolicyCommentResolutionArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: BranchPolicyCommentResolutionArgs | BranchPolicyCommentResolutionState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      BranchPolicyCommentResolution.__pulumiType,
      name,
      propertiesOf(BranchPolicyCommentResolution.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BranchPolicyCommentResolutionState,
    opts?: pulumi.CustomResourceOptions,
  ): BranchPolicyCommentResolution {
    return new BranchPolicyCommentResolution(name, state as unknown as BranchPolicyCommentResolutionArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is BranchPolicyCommentResolution {
    return isOfType(candidate, BranchPolicyCommentResolution.__pulumiType);
  }
}
