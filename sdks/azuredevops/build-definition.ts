import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** What starts a pipeline by itself. */
export interface BuildDefinitionCiTrigger {
  /** Whether the `trigger` of the YAML file decides. @default false */
  readonly useYaml?: pulumi.Input<boolean>;
}

/** What is done once, when the pipeline is made. */
export interface BuildDefinitionFeature {
  /** Whether it is not run at once. A first run that fails is only a warning. @default true */
  readonly skipFirstRun?: pulumi.Input<boolean>;
}

/** The repository of a YAML pipeline, in Azure Repos. */
export interface BuildDefinitionRepository {
  /**
   * Default branch of the pipeline: where manual and scheduled runs take the YAML file from. The default of the provider is
   * rarely right: set it.
   *
   * @default master
   */
  readonly branchName?: pulumi.Input<string>;
  /** GUID of the repository. */
  readonly repoId: pulumi.Input<string>;
  /** Azure Repos Git; other hosts need a service connection and are not offered. */
  readonly repoType: pulumi.Input<'TfsGit'>;
  /** Whether commits show the result. @default true */
  readonly reportBuildStatus?: pulumi.Input<boolean>;
  /** Path of the YAML file in the repository. It need not exist before the first run. @default none */
  readonly ymlPath?: pulumi.Input<string>;
}

/** The inputs of a pipeline. */
export interface BuildDefinitionArgs {
  /** Agent pool of jobs that name none. @default Azure Pipelines */
  readonly agentPoolName?: pulumi.Input<string>;
  /** What starts it by itself. @default none */
  readonly ciTrigger?: pulumi.Input<BuildDefinitionCiTrigger>;
  /** What is done once, when it is made. @default none */
  readonly features?: pulumi.Input<readonly pulumi.Input<BuildDefinitionFeature>[]>;
  /**
   * How far the token of its jobs reaches. Set `project`: the default reaches every project of the organization.
   *
   * @default projectCollection
   */
  readonly jobAuthorizationScope?: pulumi.Input<'project' | 'projectCollection'>;
  /** Name of the pipeline. @default the name of the resource and a random suffix */
  readonly name?: pulumi.Input<string>;
  /** Folder, with backslashes and none at the end, as `\platform`; see BuildFolder. @default \ */
  readonly path?: pulumi.Input<string>;
  /** GUID or name of the project; another one replaces the pipeline. */
  readonly projectId: pulumi.Input<string>;
  /** Whether runs start, wait, or are refused. @default enabled */
  readonly queueStatus?: pulumi.Input<'enabled' | 'paused' | 'disabled'>;
  /** Where its YAML file is. */
  readonly repository: pulumi.Input<BuildDefinitionRepository>;
}

/** What may be told of a pipeline that is looked up with `BuildDefinition.get`. */
export type BuildDefinitionState = StateOf<BuildDefinition>;

const SHAPE: Shape<BuildDefinitionArgs, BuildDefinitionState> = {
  agentPoolName: 'optional',
  ciTrigger: 'optional',
  features: 'optional',
  jobAuthorizationScope: 'optional',
  name: 'optional',
  path: 'optional',
  projectId: 'required',
  queueStatus: 'optional',
  repository: 'required',
  revision: 'output',
};

/** A YAML pipeline. Its id is a number written as text. */
export class BuildDefinition extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/buildDefinition:BuildDefinition';

  /** See {@link BuildDefinitionArgs.agentPoolName}. */
  declare public readonly agentPoolName: pulumi.Output<string | undefined>;
  /** See {@link BuildDefinitionArgs.ciTrigger}. */
  declare public readonly ciTrigger: pulumi.Output<pulumi.Unwrap<BuildDefinitionCiTrigger> | undefined>;
  /** See {@link BuildDefinitionArgs.features}. */
  declare public readonly features: pulumi.Output<pulumi.Unwrap<BuildDefinitionFeature>[] | undefined>;
  /** See {@link BuildDefinitionArgs.jobAuthorizationScope}. */
  declare public readonly jobAuthorizationScope: pulumi.Output<string | undefined>;
  /** See {@link BuildDefinitionArgs.name}. */
  declare public readonly name: pulumi.Output<string>;
  /** See {@link BuildDefinitionArgs.path}. */
  declare public readonly path: pulumi.Output<string | undefined>;
  /** See {@link BuildDefinitionArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** See {@link BuildDefinitionArgs.queueStatus}. */
  declare public readonly queueStatus: pulumi.Output<string | undefined>;
  /** See {@link BuildDefinitionArgs.repository}. */
  declare public readonly repository: pulumi.Output<pulumi.Unwrap<BuildDefinitionRepository>>;
  /** Counts its changes. */
  declare public readonly revision: pulumi.Output<number>;

  public constructor(name: string, args: BuildDefinitionArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: BuildDefinitionArgs | BuildDefinitionState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      BuildDefinition.__pulumiType,
      name,
      propertiesOf(BuildDefinition.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BuildDefinitionState,
    opts?: pulumi.CustomResourceOptions,
  ): BuildDefinition {
    return new BuildDefinition(name, state as unknown as BuildDefinitionArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is BuildDefinition {
    return isOfType(candidate, BuildDefinition.__pulumiType);
  }
}
