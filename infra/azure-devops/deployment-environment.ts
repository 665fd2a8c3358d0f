import * as azuredevops from '@pulumi/azuredevops';
import * as pulumi from '@pulumi/pulumi';
import { type Environment } from '../../src/model';
import { onlyFromBranch } from './branch-control';
import { type OrganizationContext } from './organization-context';
import { pipelineId, type Pipelines } from './pipelines';
import { type Projects } from './projects';

/** What an Azure DevOps environment is made from. */
export interface DeploymentEnvironmentArgs extends OrganizationContext {
  readonly environment: Environment;
  readonly projects: Projects;
  readonly pipelines: Pipelines;
}

/** The Azure DevOps environment through which an environment is deployed: from its branch alone, one run at a time, approved where configured. */
export class DeploymentEnvironment extends pulumi.ComponentResource {
  public constructor(name: string, args: DeploymentEnvironmentArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azuredevops:DeploymentEnvironment', name, {}, options);
    const { environment, organization, projects, pipelines } = args;
    const { id: projectId, provider } = projects.home;
    const by = { parent: this, provider };
    const deployments = new azuredevops.Environment(
      `deployments-${environment.name}`,
      {
        projectId,
        name: environment.names.deploymentEnvironment,
        description: `Deployments of ${environment.name} to ${environment.cluster.name}, from the branch ${environment.branch}`,
      },
      by,
    );
    const target = { projectId, targetResourceId: deployments.id, targetResourceType: 'environment' as const };
    const checks: pulumi.Resource[] = [
      onlyFromBranch(`deployments-${environment.name}-branch`, { target, branch: environment.branch }, by),
      new azuredevops.CheckExclusiveLock(`deployments-${environment.name}-lock`, target, by),
    ];
    const { approvals } = organization.settings;
    const approval = Object.hasOwn(approvals, environment.name) ? approvals[environment.name] : undefined;
    if (approval !== undefined) {
      checks.push(
        new azuredevops.CheckApproval(
          `deployments-${environment.name}-approval`,
          {
            ...target,
            approvers: approval.approvers.map((group) => projects.group(projects.home, group).groupId),
            minimumRequiredApprovers: approval.minimumApprovers,
            requesterCanApprove: false,
            timeout: approval.timeoutMinutes,
            instructions:
              approval.instructions ??
              `Read the preview of this run: it says what changes in ${environment.name}, and whether anything is replaced or deleted.`,
          },
          by,
        ),
      );
    }
    new azuredevops.PipelineAuthorization(
      `deployments-${environment.name}-platform`,
      { projectId, type: 'environment', resourceId: deployments.id, pipelineId: pipelineId(pipelines.platform) },
      // Nobody may use it before it is checked.
      { ...by, dependsOn: [...checks, ...pipelines.kept] },
    );
    this.registerOutputs({});
  }
}
