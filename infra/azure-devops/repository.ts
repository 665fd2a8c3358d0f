import * as azuredevops from '@pulumi/azuredevops';
import * as pulumi from '@pulumi/pulumi';
import { type Environment } from '../../src/model';
import { CONTRIBUTORS } from './default-groups';
import { type OrganizationContext } from './organization-context';
import { type Projects } from './projects';

/** What nobody who works on the code may do, whatever other groups allow: a denial wins. Source: Azure DevOps, Git permissions. */
export const NEVER_AROUND_POLICIES = {
  PolicyExempt: 'Deny',
  PullRequestBypassPolicy: 'Deny',
  ForcePush: 'Deny',
  EditPolicies: 'Deny',
  ManagePermissions: 'Deny',
  RemoveOthersLocks: 'Deny',
} as const;

/** What the repository is made from. */
export interface RepositoryArgs extends OrganizationContext {
  readonly projects: Projects;
}

/** This repository, the branches of its environments, and who may not go round their policies. */
export class Repository extends pulumi.ComponentResource {
  public readonly repositoryId: pulumi.Output<string>;
  /** What has to be there before something refers to a branch. */
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: RepositoryArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azuredevops:Repository', name, {}, options);
    const { organization, platform, projects } = args;
    const { settings, azureDevOps } = organization;
    const { id: projectId, provider } = projects.home;
    const made = settings.repository.create === undefined ? undefined : this.make(name, args);
    this.repositoryId =
      made?.id ?? azuredevops.getGitRepositoryOutput({ projectId, name: azureDevOps.repository }, { provider }).id;
    const branches = platform.environments.flatMap((environment) => this.makeBranch(environment, args));
    this.ready = [...(made === undefined ? [] : [made]), ...branches];
    new azuredevops.GitPermissions(
      'contributors-keep-to-the-policies',
      {
        projectId,
        repositoryId: this.repositoryId,
        principal: projects.group(projects.home, CONTRIBUTORS).descriptor,
        permissions: NEVER_AROUND_POLICIES,
        // What else was decided of them stays.
        replace: false,
      },
      { parent: this, provider },
    );
    this.registerOutputs({ repositoryId: this.repositoryId });
  }

  private make(name: string, { organization, platform, projects }: RepositoryArgs): azuredevops.Git {
    const { id: projectId, provider } = projects.home;
    const { importFrom } = organization.settings.repository.create!;
    return new azuredevops.Git(
      name,
      {
        projectId,
        name: organization.azureDevOps.repository,
        ...(importFrom === undefined ? {} : { defaultBranch: `refs/heads/${platform.environments.at(-1)!.branch}` }),
        initialization:
          importFrom === undefined
            ? { initType: 'Uninitialized' }
            : { initType: 'Import', sourceType: 'Git', sourceUrl: importFrom },
      },
      // It acts when the repository is made and never again; what is in it is not this stack's.
      { parent: this, provider, protect: true, retainOnDelete: true, ignoreChanges: ['initialization', 'defaultBranch'] },
    );
  }

  private makeBranch({ name, branch }: Environment, { organization, projects }: RepositoryArgs): readonly pulumi.Resource[] {
    const { branches } = organization.settings.repository;
    const from = Object.hasOwn(branches, branch) ? branches[branch]! : undefined;
    if (from === undefined) return [];
    return [
      new azuredevops.GitRepositoryBranch(
        `branch-${name}`,
        { repositoryId: this.repositoryId, name: branch, refBranch: from },
        // What it began as means nothing any more once it is there.
        { parent: this, provider: projects.home.provider, protect: true, retainOnDelete: true, ignoreChanges: ['refBranch'] },
      ),
    ];
  }
}
