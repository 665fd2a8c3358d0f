import { CONNECTION_NAMES } from '../src/model';
import { BranchPolicies } from './azure-devops/branch-policies';
import { DeploymentEnvironment } from './azure-devops/deployment-environment';
import { tellEntitlements, entitlementRequests } from './azure-devops/entitlements';
import { FluxAccess } from './azure-devops/flux-access';
import { type OrganizationContext } from './azure-devops/organization-context';
import { Pipelines } from './azure-devops/pipelines';
import { platformConnections, type PlatformConnection } from './azure-devops/platform-connections';
import { dryRunRoles, platformPipelineRoles } from './azure-devops/pipeline-roles-needed';
import { Projects } from './azure-devops/projects';
import { Repository } from './azure-devops/repository';
import { connectionKey } from './azure-devops/connection-key';
import { ServiceConnection } from './azure-devops/service-connection';
import { licences } from './azure-devops/licences';
import { RoleAssignments } from './azure/role-assignments';
import { tellRolesToRequest, tellWhatIsShared } from './open-points';

type Outputs = Readonly<Record<string, unknown>>;

/**
 * The program of the stack `organization`: the Azure DevOps side of all environments.
 *
 * Apart from the environments' stacks, and run by people who administer the project: no merge to an environment's branch changes what
 * protects the branches.
 */
export function organizationStack(context: OrganizationContext): Promise<Record<string, unknown>> {
  const { platform, organization } = context;
  const { settings, azureDevOps } = organization;
  const projects = new Projects(azureDevOps, settings);
  const repository = new Repository('repository', { ...context, projects });
  const pipelines = new Pipelines('pipelines', { ...context, projects, repository });
  for (const environment of platform.environments) {
    const { name } = environment;
    new BranchPolicies(`branch-policies-${name}`, { ...context, environment, projects, repository, pipelines });
    new DeploymentEnvironment(`deployments-${name}`, { ...context, environment, projects, pipelines });
  }
  const roles = new RoleAssignments({ mode: settings.roleAssignments });
  const identities: Record<string, Record<string, Outputs>> = {};
  for (const connection of platformConnections(platform)) {
    const made = new ServiceConnection(connectionKey(connection), { ...context, connection, projects, pipelines });
    assignRoles(connection, made, roles);
    const { clientId, principalId, resourceId } = made.identity;
    for (const { name } of connection.environments) {
      identities[name] = {
        ...identities[name],
        [CONNECTION_NAMES[connection.kind].output]: { clientId, principalId, resourceId },
      };
    }
  }
  if (settings.entitlements === 'managed') new FluxAccess('flux-access', { ...context, projects, repository });
  tellRolesToRequest(context.effects, roles);
  tellWhatIsShared(context);
  const entitlementsToRequest = entitlementRequests(context);
  tellEntitlements(context, entitlementsToRequest);
  return Promise.resolve({
    azureDevOps: { projectId: projects.home.id, repositoryId: repository.repositoryId },
    pipelines: identities,
    licences: licences(platform),
    ...(roles.requested.length === 0 ? {} : { roleAssignmentsToRequest: roles.requested }),
    ...(entitlementsToRequest.length === 0 ? {} : { entitlementsToRequest }),
  });
}

/** What opens the registry and the keys, the environments' stacks assign, which make them. */
function assignRoles({ kind, environments }: PlatformConnection, { identity }: ServiceConnection, roles: RoleAssignments): void {
  for (const environment of environments) {
    const needs = kind === 'cluster' ? platformPipelineRoles(environment) : kind === 'dryRun' ? dryRunRoles(environment) : [];
    for (const { name, ...need } of needs) {
      const who = kind === 'cluster' ? 'platform-pipeline' : 'dry-run-pipeline';
      roles.assign(`${who}-${environment.name}/${name}`, { ...need, principalId: identity.principalId }, identity);
    }
  }
}
