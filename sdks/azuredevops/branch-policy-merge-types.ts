import * as pulumi from '@pulumi/pulumi';
import { type BranchPolicyScope } from './branch-policy-scope';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** What the policy asks for, and where. */
export interface BranchPolicyMergeTypesSettings {
  /** Whether a merge commit is allowed. @default false */
  readonly allowBasicNoFastForward?: pulumi.Input<boolean>;
  /** Whether rebasing without a merge commit is allowed. @default false */
  readonly allowRebaseAndFastForward?: pulumi.Input<boolean>;
  /** Whether rebasing with a merge commit is allowed. @default false */
  readonly allowRebaseWithMerge?: pulumi.Input<boolean>;
  /** Whether one squashed commit is allowed. @default false */
  readonly allowSquash?: pulumi.Input<boolean>;
  /** The branches it holds for, at least one. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<BranchPolicyScope>[]>;
}

/** The inputs of a policy of merge types. */
export interface BranchPolicyMergeTypesArgs {
  /** Whether a pull request that breaks the policy cannot be completed; otherwise it is only told. @default true */
  readonly blocking?: pulumi.Input<boolean>;
  /** Whether the policy is in force. @default true */
  readonly enabled?: pulumi.Input<boolean>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** What it asks for, and where. */
  readonly settings: pulumi.Input<BranchPolicyMergeTypesSettings>;
}

/** What may be told of a policy of merge types that is looked up with `BranchPolicyMergeTypes.get`. */
export type BranchPolicyMergeTypesState = StateOf<BranchPolicyMergeTypes>;

const SHAPE: Shape<BranchPolicyMergeTypesArgs, BranchPolicyMergeTypesState> = {
  blocking: 'optional',
  enabled: 'optional',
  projectId: 'required',
  settings: 'required',
};

/** The ways in which a pull request may be merged. At least one has to be allowed: otherwise none can be completed. */
export class BranchPolicyMergeTypes extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/branchPolicyMergeTypes:BranchPolicyMergeTypes';

  /** See {@link BranchPolicyMergeTypesArgs.blocking}. */
  declare public readonly blocking: pulumi.Output<boolean | undefined>;
  /** See {@link BranchPolicyMergeTypesArgs.enabled}. */
  declare public readonly enabled: pulumi.Output<boolean | undefined>;
  /** See {@link BranchPolicyMergeTypesArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link BranchPolicyMergeTypesArgs.settings}. */
  declare public readonly settings: pulumi.Output<pulumi.Unwrap<BranchPolicyMergeTypesSettings>>;

  public constructor(name: string, args: BranchPolicyMergeTypesArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: BranchPolicyMergeTypesArgs | BranchPolicyMergeTypesState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      BranchPolicyMergeTypes.__pulumiType,
      name,
      propertiesOf(BranchPolicyMergeTypes.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BranchPolicyMergeTypesState,
    opts?: pulumi.CustomResourceOptions,
  ): BranchPolicyMergeTypes {
    return new BranchPolicyMergeTypes(name, state as unknown as BranchPolicyMergeTypesArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is BranchPolicyMergeTypes {
    return isOfType(candidate, BranchPolicyMergeTypes.__pulumiType);
  }
}
