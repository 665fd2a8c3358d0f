import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** How a new repository begins. It acts when the repository is made and never again. */
export interface GitInitialization {
  /** Without a commit, with a first commit on the default branch, or with the content of `sourceUrl`. */
  readonly initType: pulumi.Input<'Uninitialized' | 'Clean' | 'Import'>;
  /**
   * Service connection that signs in to `sourceUrl`. A user name and a password are not offered: they would be secrets in the
   * state.
   *
   * @default none: the source is public
   */
  readonly serviceConnectionId?: pulumi.Input<string>;
  /** Kind of the repository at `sourceUrl`; only with `Import`. @default none */
  readonly sourceType?: pulumi.Input<'Git'>;
  /** Where the content comes from; only with `Import`. @default none */
  readonly sourceUrl?: pulumi.Input<string>;
}

/** The inputs of a Git repository. */
export interface GitArgs {
  /**
   * Ref of the default branch, as `refs/heads/main`; an initialized repository begins with it.
   *
   * @default what the organization says
   */
  readonly defaultBranch?: pulumi.Input<string>;
  /** Whether the repository can neither be read nor be written. @default false */
  readonly disabled?: pulumi.Input<boolean>;
  /** How a new repository begins. */
  readonly initialization: pulumi.Input<GitInitialization>;
  /** Name of the repository. @default the name of the resource and a random suffix */
  readonly name?: pulumi.Input<string>;
  /** GUID of the repository it is forked from. @default none */
  readonly parentRepositoryId?: pulumi.Input<string>;
  /** GUID or name of the project; another one replaces the repository. */
  readonly projectId: pulumi.Input<string>;
}

/** What may be told of a Git repository that is looked up with `Git.get`. */
export type GitState = StateOf<Git>;

const SHAPE: Shape<GitArgs, GitState> = {
  defaultBranch: 'optional',
  disabled: 'optional',
  initialization: 'required',
  isFork: 'output',
  name: 'optional',
  parentRepositoryId: 'optional',
  projectId: 'required',
  remoteUrl: 'output',
  size: 'output',
  sshUrl: 'output',
  url: 'output',
  webUrl: 'output',
};

/**
 * A Git repository of Azure Repos. Its id is the GUID of the repository.
 *
 * One that exists is adopted with the options `import` (`<project>/<GUID of the repository>`) and `ignoreChanges:
 * ["initialization"]`.
 */
export class Git extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/git:Git';

  /** See {@link GitArgs.defaultBranch}. */
  declare public readonly defaultBranch: pulumi.Output<string>;
  /** See {@link GitArgs.disabled}. */
  declare public readonly disabled: pulumi.Output<boolean | undefined>;
  /** See {@link GitArgs.initialization}. */
  declare public readonly initialization: pulumi.Output<pulumi.Unwrap<GitInitialization>>;
  /** Whether it was forked. */
  declare public readonly isFork: pulumi.Output<boolean>;
  /** See {@link GitArgs.name}. */
  declare public readonly name: pulumi.Output<string>;
  /** See {@link GitArgs.parentRepositoryId}. */
  declare public readonly parentRepositoryId: pulumi.Output<string | undefined>;
  /** See {@link GitArgs.projectId}. */
  declare public readonly projectId: pulumi.Output<string>;
  /** Where Git clones it from by HTTPS. */
  declare public readonly remoteUrl: pulumi.Output<string>;
  /** Bytes it takes. */
  declare public readonly size: pulumi.Output<number>;
  /** Where Git clones it from by SSH. */
  declare public readonly sshUrl: pulumi.Output<string>;
  /** Where the REST API has it. */
  declare public readonly url: pulumi.Output<string>;
  /** Where people see it. */
  declare public readonly webUrl: pulumi.Output<string>;

  public constructor(name: string, args: GitArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(name: string, given: GitArgs | GitState | undefined, opts?: pulumi.CustomResourceOptions) {
    super(Git.__pulumiType, name, propertiesOf(Git.__pulumiType, name, SHAPE, given, opts), withVersion(opts));
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(name: string, id: pulumi.Input<pulumi.ID>, state?: GitState, opts?: pulumi.CustomResourceOptions): Git {
    return new Git(name, state as unknown as GitArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is Git {
    return isOfType(candidate, Git.__pulumiType);
  }
}
