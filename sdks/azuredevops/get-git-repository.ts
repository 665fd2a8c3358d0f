import type * as pulumi from '@pulumi/pulumi';
import { lookUp, type LookUpShape } from './utilities';

/** Which repository is looked up. */
export interface GetGitRepositoryOutputArgs {
  /** Name of the repository. */
  readonly name: pulumi.Input<string>;
  /** GUID of its project. */
  readonly projectId: pulumi.Input<string>;
}

/** What is found of a repository. */
export interface GetGitRepositoryResult {
  /** Ref of the default branch. */
  readonly defaultBranch: string;
  /** Whether it can neither be read nor be written. */
  readonly disabled: boolean;
  /** GUID of the repository. */
  readonly id: string;
  /** Whether it was forked. */
  readonly isFork: boolean;
  /** Its name. */
  readonly name: string;
  /** GUID of its project. */
  readonly projectId: string;
  /** Where Git clones it from by HTTPS. */
  readonly remoteUrl: string;
  /** Bytes it takes. */
  readonly size: number;
  /** Where Git clones it from by SSH. */
  readonly sshUrl: string;
  /** Where the REST API has it. */
  readonly url: string;
  /** Where people see it. */
  readonly webUrl: string;
}

const SHAPE: LookUpShape<GetGitRepositoryOutputArgs> = { name: 'required', projectId: 'required' };

/** Looks up a repository of a project. */
export function getGitRepositoryOutput(
  args: GetGitRepositoryOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetGitRepositoryResult> {
  return lookUp(
    'azuredevops:index/getGitRepository:getGitRepository',
    SHAPE,
    args,
    opts,
  ) as pulumi.Output<GetGitRepositoryResult>;
}
