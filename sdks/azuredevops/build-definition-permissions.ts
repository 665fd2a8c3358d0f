import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** A permission of the pipelines of Azure DevOps, by the name of its API. */
export type BuildPermission =
  | 'ViewBuilds'
  | 'EditBuildQuality'
  | 'RetainIndefinitely'
  | 'DeleteBuilds'
  | 'ManageBuildQualities'
  | 'DestroyBuilds'
  | 'UpdateBuildInformation'
  | 'QueueBuilds'
  | 'ManageBuildQueue'
  | 'StopBuilds'
  | 'ViewBuildDefinition'
  | 'EditBuildDefinition'
  | 'DeleteBuildDefinition'
  | 'OverrideBuildCheckInValidation'
  | 'AdministerBuildPermissions'
  | 'CreateBuildDefinition'
  | 'EditPipelineQueueConfigurationPermission';

/** What a principal may do; `Deny` wins over `Allow`. */
export type BuildPermissionValue = 'Allow' | 'Deny';

/** The inputs of permissions on a pipeline. */
export interface BuildDefinitionPermissionsArgs {
  /** Id of the pipeline; another one replaces the resource. */
  readonly buildDefinitionId: pulumi.Input<string>;
  /** The permissions that are managed; others are left as they are. */
  readonly permissions: pulumi.Input<Readonly<Partial<Record<BuildPermission, pulumi.Input<BuildPermissionValue>>>>>;
  /** Subject descriptor of a group (an output `descriptor`), not its GUID; another one replaces the resource. */
  readonly principal: pulumi.Input<string>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
  /** Whether earlier values of the named permissions are replaced; merging can never turn one back to `NotSet`. @default true */
  readonly replace?: pulumi.Input<boolean>;
}

/** What may be told of permissions on a pipeline that is looked up with `BuildDefinitionPermissions.get`. */
export type BuildDefinitionPermissionsState = StateOf<BuildDefinitionPermissions>;

const SHAPE: Shape<BuildDefinitionPermissionsArgs, BuildDefinitionPermissionsState> = {
  buildDefinitionId: 'required',
  permissions: 'required',
  principal: 'required',
  projectId: 'required',
  replace: 'optional',
};

/** What one principal may do with a pipeline. Deleting it sets the named permissions to `NotSet`. */
export class BuildDefinitionPermissions extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/buildDefinitionPermissions:BuildDefinitionPermissions';

  /** See {@link BuildDefinitionPermissionsArgs.buildDefinitionId}. */
  declare public readonly buildDefinitionId: pulumi.Output<string>;
  /** See {@link BuildDefinitionPermissionsArgs.permissions}. */
  declare public readonly permissions: pulumi.Output<Readonly<Record<string, string>>>;
  /** See {@link BuildDefinitionPermissionsArgs.principal}. */
  declare public readonly principal: pulumi.Output<string>;
  /** See {@link BuildDefinitionPermissionsArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link BuildDefinitionPermissionsArgs.replace}. */
  declare public readonly replace: pulumi.Output<boolean | undefined>;

  public constructor(name: string, args: BuildDefinitionPermissionsArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: BuildDefinitionPermissionsArgs | BuildDefinitionPermissionsState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      BuildDefinitionPermissions.__pulumiType,
      name,
      propertiesOf(BuildDefinitionPermissions.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BuildDefinitionPermissionsState,
    opts?: pulumi.CustomResourceOptions,
  ): BuildDefinitionPermissions {
    return new BuildDefinitionPermissions(name, state as unknown as BuildDefinitionPermissionsArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is BuildDefinitionPermissions {
    return isOfType(candidate, BuildDefinitionPermissions.__pulumiType);
  }
}
