import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of a group. */
export interface GroupArgs {
  /** What it is for. @default none */
  readonly description?: pulumi.Input<string>;
  /** Name of a group of Azure DevOps itself. @default that of the Entra group */
  readonly displayName?: pulumi.Input<string>;
  /** Mail address of an Entra group. @default none */
  readonly mail?: pulumi.Input<string>;
  /**
   * Descriptors of all members. Use either this or GroupMembership for a group: the two undo each other.
   *
   * @default left as they are
   */
  readonly members?: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Object id of an Entra group. @default none */
  readonly originId?: pulumi.Input<string>;
  /** GUID of the project it belongs to; only with `displayName`. @default the organization */
  readonly scope?: pulumi.Input<string>;
}

/** What may be told of a group that is looked up with `Group.get`. */
export type GroupState = StateOf<Group>;

const SHAPE: Shape<GroupArgs, GroupState> = {
  description: 'optional',
  descriptor: 'output',
  displayName: 'optional',
  domain: 'output',
  groupId: 'output',
  mail: 'optional',
  members: 'optional',
  origin: 'output',
  originId: 'optional',
  principalName: 'output',
  scope: 'optional',
  subjectKind: 'output',
  url: 'output',
};

/**
 * A group of Azure DevOps (`displayName`), or one of Entra made known to Azure DevOps (`originId`, or `mail`): one of the three.
 * Its id is its descriptor.
 */
export class Group extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/group:Group';

  /** See {@link GroupArgs.description}. */
  declare public readonly description: pulumi.Output<string | undefined>;
  /** How permissions and memberships name it. */
  declare public readonly descriptor: pulumi.Output<string>;
  /** See {@link GroupArgs.displayName}. */
  declare public readonly displayName: pulumi.Output<string>;
  /** Container it comes from. */
  declare public readonly domain: pulumi.Output<string>;
  /** GUID of its identity in Azure DevOps: how approvals name it. */
  declare public readonly groupId: pulumi.Output<string>;
  /** See {@link GroupArgs.mail}. */
  declare public readonly mail: pulumi.Output<string>;
  /** See {@link GroupArgs.members}. */
  declare public readonly members: pulumi.Output<string[]>;
  /** Where it comes from, as `vsts` or `aad`. */
  declare public readonly origin: pulumi.Output<string>;
  /** See {@link GroupArgs.originId}. */
  declare public readonly originId: pulumi.Output<string>;
  /** Its name at its origin. */
  declare public readonly principalName: pulumi.Output<string>;
  /** See {@link GroupArgs.scope}. */
  declare public readonly scope: pulumi.Output<string | undefined>;
  /** Kind of subject. */
  declare public readonly subjectKind: pulumi.Output<string>;
  /** Where the REST API has it. */
  declare public readonly url: pulumi.Output<string>;

  public constructor(name: string, args: GroupArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(name: string, given: GroupArgs | GroupState | undefined, opts?: pulumi.CustomResourceOptions) {
    super(Group.__pulumiType, name, propertiesOf(Group.__pulumiType, name, SHAPE, given, opts), withVersion(opts));
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(name: string, id: pulumi.Input<pulumi.ID>, state?: GroupState, opts?: pulumi.CustomResourceOptions): Group {
    return new Group(name, state as unknown as GroupArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is Group {
    return isOfType(candidate, Group.__pulumiType);
  }
}
