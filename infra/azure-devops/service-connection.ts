import * as azuredevops from '@pulumi/azuredevops';
import * as pulumi from '@pulumi/pulumi';
import { type ConnectionKind } from '../../src/model';
import { PipelineIdentity } from '../azure/pipeline-identity';
import { stableGuid } from '../azure/stable-guid';
import { onlyFromBranch, type CheckTarget } from './branch-control';
import { type OrganizationContext } from './organization-context';
import { pipelineId, type Pipelines } from './pipelines';
import { identityKey } from './connection-key';
import { type PlatformConnection } from './platform-connections';
import { applicationProjects } from './synced-projects';
import { type Projects, type UsedProject } from './projects';

/** What a service connection is made from. */
export interface ServiceConnectionArgs extends OrganizationContext {
  readonly connection: PlatformConnection;
  readonly projects: Projects;
  readonly pipelines: Pipelines;
}

/** What Azure DevOps calls each cloud. */
const CLOUDS = { public: 'AzureCloud', usgovernment: 'AzureUSGovernment', china: 'AzureChinaCloud' } as const;

const PURPOSES: Readonly<Record<ConnectionKind, string>> = {
  cluster: '`pulumi up`',
  registry: 'pulling images and verifying signatures',
  signing: 'pushing and signing images of applications',
  dryRun: 'dry-runs on the cluster',
};

/**
 * A service connection by workload identity federation, and the identity that it signs in as: no secret is made, kept or rotated.
 *
 * Who may use it: the pipelines of this repository, by name; where teams' pipelines have to, all of them that extend the platform's template.
 */
export class ServiceConnection extends pulumi.ComponentResource {
  public readonly identity: PipelineIdentity;

  public constructor(name: string, args: ServiceConnectionArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azuredevops:ServiceConnection', name, {}, options);
    const { connection, organization } = args;
    const { settings } = organization;
    this.identity = new PipelineIdentity(
      identityKey(connection),
      {
        identityName: connection.identity,
        settings: { ...settings, tags: { ...settings.tags, environment: connection.environment.name } },
      },
      { parent: this },
    );
    for (const project of projectsOf(args)) this.connect(`${name}${project.suffix}`, project, args);
    this.registerOutputs({ principalId: this.identity.principalId });
  }

  private connect(name: string, project: UsedProject, args: ServiceConnectionArgs): void {
    const { connection, organization, platform } = args;
    const { settings } = organization;
    const { subscriptionId, cloud } = connection.environment.stack!;
    const users = connection.environments.map((environment) => environment.name).join(', ');
    const by = { parent: this, provider: project.provider };
    const endpoint = new azuredevops.ServiceEndpointAzureRM(
      name,
      {
        projectId: project.id,
        serviceEndpointName: connection.name,
        description: `${PURPOSES[connection.kind]} (${users}), made by the stack organization`,
        environment: CLOUDS[cloud],
        azurermSpnTenantid: platform.tenantId,
        azurermSubscriptionId: subscriptionId,
        azurermSubscriptionName: settings.subscriptionNames.get(subscriptionId.toLowerCase())!,
        serviceEndpointAuthenticationScheme: 'WorkloadIdentityFederation',
        credentials: { serviceprincipalid: this.identity.clientId },
      },
      by,
    );
    this.identity.trust(`${name}-credential`, {
      credentialName: project.suffix === '' ? 'azure-devops' : `azure-devops-${stableGuid(project.suffix).slice(0, 8)}`,
      issuer: endpoint.workloadIdentityFederationIssuer,
      subject: endpoint.workloadIdentityFederationSubject,
    });
    const target = { projectId: project.id, targetResourceId: endpoint.id, targetResourceType: 'endpoint' as const };
    const checks = this.protect(name, target, args, by);
    const authorization = { projectId: project.id, type: 'endpoint' as const, resourceId: endpoint.id };
    for (const [who, pipeline] of usersOf(args)) {
      new azuredevops.PipelineAuthorization(
        `${name}-${who}`,
        { ...authorization, ...(pipeline === undefined ? {} : { pipelineId: pipelineId(pipeline) }) },
        // Nobody may use it before it is checked.
        { ...by, dependsOn: [...checks, ...args.pipelines.kept] },
      );
    }
  }

  private protect(
    name: string,
    target: CheckTarget,
    { connection, organization }: ServiceConnectionArgs,
    by: pulumi.CustomResourceOptions,
  ): readonly pulumi.Resource[] {
    const { templates } = organization.settings;
    const { project, repository } = organization.azureDevOps;
    switch (connection.kind) {
      case 'cluster':
        return [onlyFromBranch(`${name}-branch`, { target, branch: connection.environment.branch }, by)];
      case 'registry':
        // It pulls and nothing else; pull requests need it, whose branch is never a protected one.
        return [];
      case 'signing':
      case 'dryRun':
        return [
          new azuredevops.CheckRequiredTemplate(
            `${name}-template`,
            {
              ...target,
              requiredTemplates: [
                {
                  repositoryType: 'azuregit',
                  repositoryName: `${project}/${repository}`,
                  repositoryRef: `refs/heads/${templates.branch}`,
                  templatePath: connection.kind === 'signing' ? templates.application : templates.dryRun,
                },
              ],
            },
            by,
          ),
        ];
    }
  }
}

/** A template of this repository cannot be extended from another organization, so what signs is in this one. */
function projectsOf({ connection, projects }: ServiceConnectionArgs): readonly UsedProject[] {
  if (connection.kind !== 'signing') return [projects.home];
  const others = applicationProjects(connection.environments)
    .filter(({ organization }) => organization.toLowerCase() === projects.home.organization.toLowerCase())
    .map((project) => projects.of(project));
  return [...new Set([projects.home, ...others])];
}

/** The pipelines that may use it; `undefined` is every pipeline of the project. */
function usersOf({
  connection,
  pipelines: { platform, systems },
}: ServiceConnectionArgs): readonly (readonly [who: string, pipeline: azuredevops.BuildDefinition | undefined])[] {
  switch (connection.kind) {
    case 'cluster':
      return [['platform', platform]];
    case 'registry':
    case 'dryRun':
      return [
        ['platform', platform],
        ['systems', systems],
      ];
    case 'signing':
      return [['all', undefined]];
  }
}
