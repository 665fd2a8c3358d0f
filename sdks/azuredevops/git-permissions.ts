import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** A permission of the Git repositories of Azure DevOps, by the name of its API. */
export type GitPermission =
  | 'Administer'
  | 'GenericRead'
  | 'GenericContribute'
  | 'ForcePush'
  | 'CreateBranch'
  | 'CreateTag'
  | 'ManageNote'
  | 'PolicyExempt'
  | 'CreateRepository'
  | 'DeleteRepository'
  | 'RenameRepository'
  | 'EditPolicies'
  | 'RemoveOthersLocks'
  | 'ManagePermissions'
  | 'PullRequestContribute'
  | 'PullRequestBypassPolicy';

/** What a principal may do: `NotSet` leaves it to the groups it is in and to the level above; `Deny` wins over `Allow`. */
export type GitPermissionValue = 'Allow' | 'Deny' | 'NotSet';

/** The inputs of permissions on repositories. */
export interface GitPermissionsArgs {
  /** Branch it holds for; needs `repositoryId`. @default the whole repository */
  readonly branchName?: pulumi.Input<string>;
  /** The permissions that are managed; others are left as they are. */
  readonly permissions: pulumi.Input<Readonly<Partial<Record<GitPermission, pulumi.Input<GitPermissionValue>>>>>;
  /**
   * Subject descriptor of the principal (an output `descriptor`), not its GUID. The provider documents groups alone, and looks up whatever
   * has such a descriptor: also a service principal of the organization.
   */
  readonly principal: pulumi.Input<string>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** Whether earlier values of the named permissions are replaced; merging can never turn one back to `NotSet`. @default true */
  readonly replace?: pulumi.Input<boolean>;
  /** GUID of the repository it holds for. @default every repository of the project */
  readonly repositoryId?: pulumi.Input<string>;
}

/** What may be told of permissions on repositories that is looked up with `GitPermissions.get`. */
export type GitPermissionsState = StateOf<GitPermissions>;

const SHAPE: Shape<GitPermissionsArgs, GitPermissionsState> = {
  branchName: 'optional',
  permissions: 'required',
  principal: 'required',
  projectId: 'required',
  replace: 'optional',
  repositoryId: 'optional',
};

/**
 * What one principal may do in all repositories of a project, in one repository, or on one branch. Deleting it sets the named
 * permissions to `NotSet`.
 */
export class GitPermissions extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/gitPermissions:GitPermissions';

  /** See {@link GitPermissionsArgs.branchName}. */
  declare public readonly branchName: pulumi.Output<string | undefined>;
  /** See {@link GitPermissionsArgs.permissions}. */
  declare public readonly permissions: pulumi.Output<Readonly<Record<string, string>>>;
  /** See {@link GitPermissionsArgs.principal}. */
  declare public readonly principal: pulumi.Output<string>;
  /** See {@link GitPermissionsArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link GitPermissionsArgs.replace}. */
  declare public readonly replace: pulumi.Output<boolean | undefined>;
  /** See {@link GitPermissionsArgs.repositoryId}. */
  declare public readonly repositoryId: pulumi.Output<string | undefined>;

  public constructor(name: string, args: GitPermissionsArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: GitPermissionsArgs | GitPermissionsState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      GitPermissions.__pulumiType,
      name,
      propertiesOf(GitPermissions.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: GitPermissionsState,
    opts?: pulumi.CustomResourceOptions,
  ): GitPermissions {
    return new GitPermissions(name, state as unknown as GitPermissionsArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is GitPermissions {
    return isOfType(candidate, GitPermissions.__pulumiType);
  }
}
