import { azureDevOpsProject, type AzureDevOpsProject, type Environment, type GitAddress } from '../../src/model';

/** The projects of Azure DevOps whose repositories an environment syncs, besides this one's: of systems, and of the shared charts. */
export function syncedProjects(environment: Environment): readonly AzureDevOpsProject[] {
  return distinct([
    environment.platformCharts.git,
    ...environment.systems.flatMap(({ registration }) => (registration === undefined ? [] : [registration.git])),
  ]);
}

/** The projects in which teams build images for these environments: those of their systems' repositories. */
export function applicationProjects(environments: readonly Environment[]): readonly AzureDevOpsProject[] {
  return distinct(
    environments.flatMap(({ systems }) =>
      systems.flatMap(({ registration }) => (registration === undefined ? [] : [registration.git])),
    ),
  );
}

function distinct(repositories: readonly GitAddress[]): readonly AzureDevOpsProject[] {
  const projects = new Map<string, AzureDevOpsProject>();
  for (const git of repositories.filter(({ host }) => host === 'azure-devops')) {
    const project = azureDevOpsProject(git);
    projects.set(`${project.organization}/${project.project}`.toLowerCase(), project);
  }
  return [...projects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, project]) => project);
}
