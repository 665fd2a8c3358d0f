import * as pulumi from '@pulumi/pulumi';
import { type CheckTargetResourceType } from './check-target-resource-type';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of an exclusive lock. */
export interface CheckExclusiveLockArgs {
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /**
   * Id of what is protected. Of a repository `<GUID of the project>.<GUID of the repository>`. Another one replaces the check.
   */
  readonly targetResourceId: pulumi.Input<string>;
  /** Kind of what is protected. */
  readonly targetResourceType: pulumi.Input<CheckTargetResourceType>;
  /** Minutes after which a waiting run is refused. @default 43200 */
  readonly timeout?: pulumi.Input<number>;
}

/** What may be told of an exclusive lock that is looked up with `CheckExclusiveLock.get`. */
export type CheckExclusiveLockState = StateOf<CheckExclusiveLock>;

const SHAPE: Shape<CheckExclusiveLockArgs, CheckExclusiveLockState> = {
  projectId: 'required',
  targetResourceId: 'required',
  targetResourceType: 'required',
  timeout: 'optional',
  version: 'output',
};

/** One run at a time uses the resource. Whether the others wait or are dropped is said by `lockBehavior` in the YAML file. */
export class CheckExclusiveLock extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/checkExclusiveLock:CheckExclusiveLock';

  /** See {@link CheckExclusiveLockArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link CheckExclusiveLockArgs.targetResourceId}. */
  declare public readonly targetResourceId: pulumi.Output<string>;
  /** See {@link CheckExclusiveLockArgs.targetResourceType}. */
  declare public readonly targetResourceType: pulumi.Output<string>;
  /** See {@link CheckExclusiveLockArgs.timeout}. */
  declare public readonly timeout: pulumi.Output<number | undefined>;
  /** Counts its changes. */
  declare public readonly version: pulumi.Output<number>;

  public constructor(name: string, args: CheckExclusiveLockArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: CheckExclusiveLockArgs | CheckExclusiveLockState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      CheckExclusiveLock.__pulumiType,
      name,
      propertiesOf(CheckExclusiveLock.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: CheckExclusiveLockState,
    opts?: pulumi.CustomResourceOptions,
  ): CheckExclusiveLock {
    return new CheckExclusiveLock(name, state as unknown as CheckExclusiveLockArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is CheckExclusiveLock {
    return isOfType(candidate, CheckExclusiveLock.__pulumiType);
  }
}
