import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of a membership. */
export interface GroupMembershipArgs {
  /** Descriptor of the group. */
  readonly group: pulumi.Input<string>;
  /** Descriptors of users, groups or service principals. */
  readonly members: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Whether others may be members too; `overwrite` removes them. @default add */
  readonly mode?: pulumi.Input<'add' | 'overwrite'>;
}

/** What may be told of a membership that is looked up with `GroupMembership.get`. */
export type GroupMembershipState = StateOf<GroupMembership>;

const SHAPE: Shape<GroupMembershipArgs, GroupMembershipState> = {
  group: 'required',
  members: 'required',
  mode: 'optional',
};

/** Members of a group. */
export class GroupMembership extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/groupMembership:GroupMembership';

  /** See {@link GroupMembershipArgs.group}. */
  declare public readonly group: pulumi.Output<string>;
  /** See {@link GroupMembershipArgs.members}. */
  declare public readonly members: pulumi.Output<string[]>;
  /** See {@link GroupMembershipArgs.mode}. */
  declare public readonly mode: pulumi.Output<string | undefined>;

  public constructor(name: string, args: GroupMembershipArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: GroupMembershipArgs | GroupMembershipState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      GroupMembership.__pulumiType,
      name,
      propertiesOf(GroupMembership.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: GroupMembershipState,
    opts?: pulumi.CustomResourceOptions,
  ): GroupMembership {
    return new GroupMembership(name, state as unknown as GroupMembershipArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is GroupMembership {
    return isOfType(candidate, GroupMembership.__pulumiType);
  }
}
