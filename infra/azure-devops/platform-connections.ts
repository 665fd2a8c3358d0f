import {
  azureDevOpsProject,
  serviceConnections,
  type AzureDevOpsProject,
  type ConnectionKind,
  type Environment,
  type GitAddress,
  type Platform,
} from '../../src/model';

/** A service connection, with the environments that use it. */
export interface PlatformConnection {
  readonly kind: ConnectionKind;
  readonly name: string;
  /** Name of its managed identity. */
  readonly identity: string;
  /** Whose subscription it names: the owner of what others share, or the first that uses it. */
  readonly environment: Environment;
  /** Every environment that uses it, in the order of promotion. */
  readonly environments: readonly Environment[];
}

/** The service connections of a platform. */
export function platformConnections({ environments }: Platform): readonly PlatformConnection[] {
  const byName = new Map(environments.map((environment) => [environment.name, environment]));
  const ownerOf = (name: string): string => byName.get(name)!.registry.sharedWith ?? name;
  return serviceConnections(environments, ownerOf).map(({ kind, name, identity, owner, environments: users }) => ({
    kind,
    name,
    identity,
    environment: byName.get(owner)!,
    environments: users.map((user) => byName.get(user)!),
  }));
}

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
