import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of a folder of pipelines. */
export interface BuildFolderArgs {
  /** What it is for. @default none */
  readonly description?: pulumi.Input<string>;
  /** Path with backslashes, as `\platform`. */
  readonly path: pulumi.Input<string>;
  /** GUID of the project; another one replaces the resource. */
  readonly projectId: pulumi.Input<string>;
}

/** What may be told of a folder of pipelines that is looked up with `BuildFolder.get`. */
export type BuildFolderState = StateOf<BuildFolder>;

const SHAPE: Shape<BuildFolderArgs, BuildFolderState> = {
  description: 'optional',
  path: 'required',
  projectId: 'required',
};

/** A folder that groups pipelines. */
export class BuildFolder extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/buildFolder:BuildFolder';

  /** See {@link BuildFolderArgs.description}. */
  declare public readonly description: pulumi.Output<string | undefined>;
  /** See {@link BuildFolderArgs.path}. */
  declare public readonly path: pulumi.Output<string>;
  /** See {@link BuildFolderArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;

  public constructor(name: string, args: BuildFolderArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(name: string, given: BuildFolderArgs | BuildFolderState | undefined, opts?: pulumi.CustomResourceOptions) {
    super(BuildFolder.__pulumiType, name, propertiesOf(BuildFolder.__pulumiType, name, SHAPE, given, opts), withVersion(opts));
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: BuildFolderState,
    opts?: pulumi.CustomResourceOptions,
  ): BuildFolder {
    return new BuildFolder(name, state as unknown as BuildFolderArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is BuildFolder {
    return isOfType(candidate, BuildFolder.__pulumiType);
  }
}
