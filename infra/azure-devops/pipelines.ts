import * as azuredevops from '@pulumi/azuredevops';
import * as pulumi from '@pulumi/pulumi';
import { CONTRIBUTORS } from './default-groups';
import { type OrganizationContext } from './organization-context';
import { type Projects } from './projects';
import { type Repository } from './repository';

/**
 * What Contributors may do by default, and what would let any of them run other code with all that the pipeline may use. Source: Azure DevOps,
 * default permissions of pipelines.
 */
const NEVER = {
  EditBuildDefinition: 'Deny',
  DeleteBuildDefinition: 'Deny',
  AdministerBuildPermissions: 'Deny',
  OverrideBuildCheckInValidation: 'Deny',
} as const;

/** What the pipelines are made from. */
export interface PipelinesArgs extends OrganizationContext {
  readonly projects: Projects;
  readonly repository: Repository;
}

/** The pipelines of this repository, and the agents that they may run on. */
export class Pipelines extends pulumi.ComponentResource {
  /** Runs on changes of the infrastructure, and applies them. */
  public readonly platform: azuredevops.BuildDefinition;
  /** Validates pull requests that touch systems. */
  public readonly systems: azuredevops.BuildDefinition;
  /** What has to be there before a pipeline may use anything: nobody who works on the code may point it at other code. */
  public readonly kept: readonly pulumi.Resource[];

  public constructor(name: string, args: PipelinesArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azuredevops:Pipelines', name, {}, options);
    const { organization, platform, projects } = args;
    const { folder, ...names } = organization.settings.pipelines;
    const { id: projectId, provider } = projects.home;
    const folders =
      folder === '\\'
        ? []
        : [new azuredevops.BuildFolder('pipeline-folder', { projectId, path: folder }, { parent: this, provider })];
    this.platform = this.make('platform-pipeline', names.platform, 'azure-pipelines.yaml', folders, args);
    this.systems = this.make('systems-pipeline', names.systems, 'azure-pipelines-systems.yaml', folders, args);
    this.kept = (['platform', 'systems'] as const).map(
      (which) =>
        new azuredevops.BuildDefinitionPermissions(
          `contributors-keep-the-${which}-pipeline`,
          {
            projectId,
            buildDefinitionId: this[which].id,
            principal: projects.group(projects.home, CONTRIBUTORS).descriptor,
            permissions: NEVER,
            // What else was decided of them stays.
            replace: false,
          },
          { parent: this, provider },
        ),
    );
    // Azure DevOps ignores the case of their names.
    const pools = new Map(platform.environments.map(({ names: { agentPool } }) => [agentPool.toLowerCase(), agentPool]));
    for (const [key, pool] of pools) {
      const queue = azuredevops.getAgentQueueOutput({ projectId, name: pool }, { provider });
      for (const [which, pipeline] of [
        ['platform', this.platform],
        ['systems', this.systems],
      ] as const) {
        new azuredevops.PipelineAuthorization(
          `agents-${key}-${which}`,
          { projectId, type: 'queue', resourceId: queue.id, pipelineId: pipelineId(pipeline) },
          { parent: this, provider, dependsOn: [...this.kept] },
        );
      }
    }
    this.registerOutputs({});
  }

  private make(
    name: string,
    displayName: string,
    ymlPath: string,
    folders: readonly pulumi.Resource[],
    { organization, platform, projects, repository }: PipelinesArgs,
  ): azuredevops.BuildDefinition {
    const { id: projectId, provider } = projects.home;
    return new azuredevops.BuildDefinition(
      name,
      {
        projectId,
        name: displayName,
        path: organization.settings.pipelines.folder,
        repository: {
          repoType: 'TfsGit',
          repoId: repository.repositoryId,
          branchName: `refs/heads/${platform.environments.at(-1)!.branch}`,
          ymlPath,
        },
        ciTrigger: { useYaml: true },
        // Its token reaches this project alone, whatever the organization allows.
        jobAuthorizationScope: 'project',
        features: [{ skipFirstRun: true }],
      },
      { parent: this, provider, dependsOn: [...folders, ...repository.ready] },
    );
  }
}

/** The id of a pipeline as branch policies and authorizations take it. */
export const pipelineId = ({ id }: azuredevops.BuildDefinition): pulumi.Output<number> => id.apply(Number);
