import * as pulumi from '@pulumi/pulumi';
import { type BranchPolicyScope } from './branch-policy-scope';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** What the policy asks for, and where. */
export interface BranchPolicyBuildValidationSettings {
  /** The pipeline, as a number: the id of a BuildDefinition is text, so `.apply(Number)`. */
  readonly buildDefinitionId: pulumi.Input<number>;
  /** What the pull request calls it. */
  readonly displayName: pulumi.Input<string>;
  /** Paths it holds for, with wildcards; `!` excludes, and the order counts. @default every change */
  readonly filenamePatterns?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Whether someone has to start the pipeline. @default false */
  readonly manualQueueOnly?: pulumi.Input<boolean>;
  /**
   * Whether only a push to the source branch asks for a new run. With `false` and `validDuration` 0 a success is void as soon as
   * the target branch moves.
   *
   * @default true
   */
  readonly queueOnSourceUpdateOnly?: pulumi.Input<boolean>;
  /** The branches it holds for, at least one. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<BranchPolicyScope>[]>;
  /**
   * Minutes for which a success counts after the target branch has moved; 0 is for ever (with `queueOnSourceUpdateOnly`).
   *
   * @default 720
   */
  readonly validDuration?: pulumi.Input<number>;
}

/** The inputs of a build validation policy. */
export interface BranchPolicyBuildValidationArgs {
  /** Whether a pull request that breaks the policy cannot be completed; otherwise it is only told. @default true */
  readonly blocking?: pulumi.Input<boolean>;
  /** Whether the policy is in force. @default true */
  readonly enabled?: pulumi.Input<boolean>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** What it asks for, and where. */
  readonly settings: pulumi.Input<BranchPolicyBuildValidationSettings>;
}

/** What may be told of a build validation policy that is looked up with `BranchPolicyBuildValidation.get`. */
export type BranchPolicyBuildValidationState = StateOf<BranchPolicyBuildValidation>;

const SHAPE: Shape<BranchPolicyBuildValidationArgs, BranchPolicyBuildValidationState> = {
  blocking: 'optional',
  enabled: 'optional',
  projectId: 'required',
  settings: 'required',
};

/** A pull request completes only after a pipeline has succeeded on it. */
export class BranchPolicyBuildValidation extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/branchPolicyBuildValidation:BranchPolicyBuildValidation';

  /** See {@link BranchPolicyBuildValidationArgs.blocking}. */
  declare public readonly blocking: pulumi.Output<boolean | undefined>;
  /** See {@link BranchPolicyBuildValidationArgs.enabled}. */
  declare public readonly enabled: pulumi.Output<boolean | undefined>;
  /** See {@link BranchPolicyBuildValidationArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link BranchPolicyBuildValidationArgs.settings}. */
  declare public readonly settings: pulumi.Output<pulumi.Unwrap<BranchPolicyBuildValidationSettings>>;

  public constructor(name: string, args: BranchPolicyBuildValidationArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: BranchPolicyBuildValidationArgs | BranchPolicyBuildValidationState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      BranchPolicyBuildValidation.__pulumiType,
      name,
      propertiesOf(BranchPolicyBuildValidation.__pulumiType, name, SHAPE, given, opts),
      withVersion(
        pulumi.mergeOptions(
          { aliases: [{ type: 'azuredevops:Policy/branchPolicyBuildValidation:BranchPolicyBuildValidation' }] },
          opts,
        ),
      ),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BranchPolicyBuildValidationState,
    opts?: pulumi.CustomResourceOptions,
  ): BranchPolicyBuildValidation {
    return new BranchPolicyBuildValidation(name, state as unknown as BranchPolicyBuildValidationArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is BranchPolicyBuildValidation {
    return isOfType(candidate, BranchPolicyBuildValidation.__pulumiType);
  }
}
