import * as azuredevops from '@pulumi/azuredevops';
import * as pulumi from '@pulumi/pulumi';
import { type Environment, type MergeType } from '../../src/model';
import { CONTRIBUTORS } from './default-groups';
import { type OrganizationContext } from './organization-context';
import { pipelineId, type Pipelines } from './pipelines';
import { type Projects } from './projects';
import { NEVER_AROUND_POLICIES, type Repository } from './repository';

/**
 * What the platform's pipeline validates: all but what is only the systems'. Of `systems/`, too, `pulumi up` applies something: the images that
 * are mirrored.
 */
const PLATFORM_PATHS = ['*', '!/clusters/*/systems/*', '!/charts/*'];

/** What the systems' pipeline validates. */
const SYSTEMS_PATHS = ['/systems/*', '/clusters/*', '/charts/*'];

/** What the policies of an environment's branch are made from. */
export interface BranchPoliciesArgs extends OrganizationContext {
  readonly environment: Environment;
  readonly projects: Projects;
  readonly repository: Repository;
  readonly pipelines: Pipelines;
}

/** What a pull request to the branch of an environment needs; as they block, nobody pushes to it directly. */
export class BranchPolicies extends pulumi.ComponentResource {
  public constructor(name: string, args: BranchPoliciesArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azuredevops:BranchPolicies', name, {}, options);
    const { environment, organization, projects, repository, pipelines } = args;
    const { minimumReviewers, mergeTypes } = organization.settings.branchPolicies[environment.name]!;
    const { id: projectId, provider } = projects.home;
    const scopes = [
      { repositoryId: repository.repositoryId, repositoryRef: `refs/heads/${environment.branch}`, matchType: 'Exact' as const },
    ];
    new azuredevops.GitPermissions(
      `contributors-keep-to-the-policies-${environment.name}`,
      {
        projectId,
        repositoryId: repository.repositoryId,
        branchName: environment.branch,
        principal: projects.group(projects.home, CONTRIBUTORS).descriptor,
        // Again on the branch: who made it has rights on it that are nearer than those on the repository.
        permissions: NEVER_AROUND_POLICIES,
        replace: false,
      },
      { parent: this, provider, dependsOn: [...repository.ready] },
    );
    const policy = { projectId, enabled: true, blocking: true };
    const by = { parent: this, provider };
    new azuredevops.BranchPolicyMinReviewers(
      `reviewers-${environment.name}`,
      {
        ...policy,
        settings: {
          scopes,
          reviewerCount: minimumReviewers,
          submitterCanVote: false,
          lastPusherCannotApprove: true,
          allowCompletionWithRejectsOrWaits: false,
          // What was approved is not what was pushed later.
          onPushResetApprovedVotes: true,
        },
      },
      by,
    );
    new azuredevops.BranchPolicyCommentResolution(`comments-${environment.name}`, { ...policy, settings: { scopes } }, by);
    new azuredevops.BranchPolicyMergeTypes(
      `merge-types-${environment.name}`,
      { ...policy, settings: { scopes, ...allowed(mergeTypes) } },
      by,
    );
    for (const [which, pipeline, filenamePatterns] of [
      ['platform', pipelines.platform, PLATFORM_PATHS],
      ['systems', pipelines.systems, SYSTEMS_PATHS],
    ] as const) {
      new azuredevops.BranchPolicyBuildValidation(
        `build-${which}-${environment.name}`,
        {
          ...policy,
          settings: {
            scopes,
            buildDefinitionId: pipelineId(pipeline),
            displayName: `${which} (${environment.name})`,
            filenamePatterns,
            // A build counts until the branch moves on.
            validDuration: 0,
            queueOnSourceUpdateOnly: false,
            manualQueueOnly: false,
          },
        },
        by,
      );
    }
    this.registerOutputs({});
  }
}

/** Every way is said, because one that is not said is forbidden, and all of them forbidden would be no way at all. */
function allowed(
  types: readonly MergeType[],
): Record<'allowBasicNoFastForward' | 'allowSquash' | 'allowRebaseAndFastForward' | 'allowRebaseWithMerge', boolean> {
  return {
    allowBasicNoFastForward: types.includes('noFastForward'),
    allowSquash: types.includes('squash'),
    allowRebaseAndFastForward: types.includes('rebase'),
    allowRebaseWithMerge: types.includes('rebaseMerge'),
  };
}
