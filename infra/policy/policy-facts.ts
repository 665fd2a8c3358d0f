import { type Organization, type Platform } from '../../src/model';

/** What the rules need to know of the platform. */
export interface PolicyFacts {
  /** Stack of the last environment in the order of promotion. */
  readonly productionStack: string;
  /** Azure DevOps environment of the last environment in the order of promotion. */
  readonly productionDeployment: string;
  /** Branch of the last environment in the order of promotion, without `refs/heads/`. */
  readonly productionBranch: string;
  /** Name of this repository. */
  readonly repository: string;
  /** Branch of each environment, without `refs/heads/`. */
  readonly branches: Readonly<Record<string, string>>;
  /** Branch that may deploy to an Azure DevOps environment, by its name in small letters. */
  readonly deployingBranches: ReadonlyMap<string, string>;
  /** Branch that may use the service connection of a cluster, by its name in small letters. */
  readonly connectingBranches: ReadonlyMap<string, string>;
  /** Service connections that may sign. */
  readonly signingConnections: readonly string[];
  /** Service connections that can only pull images. */
  readonly pullConnections: readonly string[];
  /** Templates that protected service connections may require. @default - there is no stack `organization` */
  readonly templates?: RequiredTemplates;
  /** Exact version of Flux. */
  readonly fluxVersion: string;
}

/** Templates of this repository that pipelines have to extend. */
export interface RequiredTemplates {
  /** This repository as `project/repository`. */
  readonly repository: string;
  /** Full name of the branch that they are taken from. */
  readonly ref: string;
  /** Path of the template that may sign. */
  readonly application: string;
  /** Path of the template that may dry-run. */
  readonly dryRun: string;
}

/** What the rules need to know of a platform. */
export function policyFacts({ environments, git, flux, organization }: Platform): PolicyFacts {
  const production = environments.at(-1)!;
  return {
    productionStack: production.name,
    productionDeployment: production.names.deploymentEnvironment,
    productionBranch: production.branch,
    repository: git.repository,
    branches: Object.fromEntries(environments.map(({ name, branch }) => [name, branch])),
    deployingBranches: new Map(environments.map(({ branch, names }) => [names.deploymentEnvironment.toLowerCase(), branch])),
    connectingBranches: new Map(environments.map(({ branch, names }) => [names.clusterServiceConnection.toLowerCase(), branch])),
    signingConnections: uniqueNames(environments.map(({ names }) => names.signingServiceConnection)),
    pullConnections: uniqueNames(environments.map(({ names }) => names.registryServiceConnection)),
    ...(organization === undefined ? {} : { templates: requiredTemplates(organization) }),
    fluxVersion: flux.version,
  };
}

function requiredTemplates({ azureDevOps, settings }: Organization): RequiredTemplates {
  const { branch, application, dryRun } = settings.templates;
  return { repository: `${azureDevOps.project}/${azureDevOps.repository}`, ref: `refs/heads/${branch}`, application, dryRun };
}

/** The full names of the environments' branches, which are the protected ones. */
export function protectedRefs({ branches }: PolicyFacts): readonly string[] {
  return unique(Object.values(branches).map((branch) => `refs/heads/${branch}`));
}

/** Azure DevOps ignores the case of names. */
const uniqueNames = (names: readonly string[]): readonly string[] =>
  [...new Map([...names].reverse().map((name) => [name.toLowerCase(), name])).values()].reverse();

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
