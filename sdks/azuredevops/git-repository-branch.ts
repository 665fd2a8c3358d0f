import * as pulumi from '@pulumi/pulumi';
import { isOfType, propertiesOf, withVersion, type Shape, type StateOf } from './utilities';

/** The inputs of a branch. */
export interface GitRepositoryBranchArgs {
  /** Short name, without `refs/heads/`; another one replaces the branch. @default the name of the resource and a random suffix */
  readonly name?: pulumi.Input<string>;
  /** Branch it begins at, short or as `refs/heads/...`. @default none */
  readonly refBranch?: pulumi.Input<string>;
  /** Commit it begins at. @default none */
  readonly refCommitId?: pulumi.Input<string>;
  /** Tag it begins at, short or as `refs/tags/...`. @default none */
  readonly refTag?: pulumi.Input<string>;
  /** GUID of the repository. */
  readonly repositoryId: pulumi.Input<string>;
}

/** What may be told of a branch that is looked up with `GitRepositoryBranch.get`. */
export type GitRepositoryBranchState = StateOf<GitRepositoryBranch>;

const SHAPE: Shape<GitRepositoryBranchArgs, GitRepositoryBranchState> = {
  lastCommitId: 'output',
  name: 'optional',
  refBranch: 'optional',
  refCommitId: 'optional',
  refTag: 'optional',
  repositoryId: 'required',
};

/** A branch of a repository, made once from another one, a tag or a commit (one of the three); later commits are not touched. */
export class GitRepositoryBranch extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/gitRepositoryBranch:GitRepositoryBranch';

  /** The newest commit of the branch. */
  declare public readonly lastCommitId: pulumi.Output<string>;
  /** See {@link GitRepositoryBranchArgs.name}. */
  declare public readonly name: pulumi.Output<string>;
  /** See {@link GitRepositoryBranchArgs.refBranch}. */
  declare public readonly refBranch: pulumi.Output<string | undefined>;
  /** See {@link GitRepositoryBranchArgs.refCommitId}. */
  declare public readonly refCommitId: pulumi.Output<string | undefined>;
  /** See {@link GitRepositoryBranchArgs.refTag}. */
  declare public readonly refTag: pulumi.Output<string | undefined>;
  /** See {@link GitRepositoryBranchArgs.repositoryId}. */
  declare public readonly repositoryId: pulumi.Output<string>;

  public constructor(name: string, args: GitRepositoryBranchArgs, opts?: pulumi.CustomResourceOptions);
  public constructor(
    name: string,
    given: GitRepositoryBranchArgs | GitRepositoryBranchState | undefined,
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(
      GitRepositoryBranch.__pulumiType,
      name,
      propertiesOf(GitRepositoryBranch.__pulumiType, name, SHAPE, given, opts),
      withVersion(opts),
    );
  }

  /** One that is there already, by its id; `state` narrows down what is read. */
  public static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: GitRepositoryBranchState,
    opts?: pulumi.CustomResourceOptions,
  ): GitRepositoryBranch {
    return new GitRepositoryBranch(name, state as unknown as GitRepositoryBranchArgs, { ...opts, id });
  }

  /** Whether a value is one, also when another copy of this package made it. */
  public static override isInstance(candidate: unknown): candidate is GitRepositoryBranch {
    return isOfType(candidate, GitRepositoryBranch.__pulumiType);
  }
}
