import { type Platform } from '../../src/model';

/** What the rules need to know of the platform. */
export interface PolicyFacts {
  /** Stack of the last environment in the order of promotion. */
  readonly productionStack: string;
  /** Azure DevOps environment of the last environment in the order of promotion. */
  readonly productionDeployment: string;
  /** Name of this repository. */
  readonly repository: string;
  /** Branch of each environment, without `refs/heads/`. */
  readonly branches: Readonly<Record<string, string>>;
  /** Branch that may use what deploys an environment, by the name, in small letters, of its Azure DevOps environment and of its service connection. */
  readonly deployingBranches: ReadonlyMap<string, string>;
  /** Service connections that may sign. */
  readonly signingConnections: readonly string[];
  /** Service connections that can only pull images. */
  readonly pullConnections: readonly string[];
  /** Exact version of Flux. */
  readonly fluxVersion: string;
}

/** What the rules need to know of a platform. */
export function policyFacts({ environments, git, flux }: Platform): PolicyFacts {
  const production = environments.at(-1)!;
  return {
    productionStack: production.name,
    productionDeployment: production.names.deploymentEnvironment,
    repository: git.repository,
    branches: Object.fromEntries(environments.map(({ name, branch }) => [name, branch])),
    deployingBranches: new Map(
      environments.flatMap(({ branch, names }) =>
        [names.deploymentEnvironment, names.clusterServiceConnection].map((name) => [name.toLowerCase(), branch] as const),
      ),
    ),
    signingConnections: uniqueNames(environments.map(({ names }) => names.signingServiceConnection)),
    pullConnections: uniqueNames(environments.map(({ names }) => names.registryServiceConnection)),
    fluxVersion: flux.version,
  };
}

/** The full names of the environments' branches, which are the protected ones. */
export function protectedRefs({ branches }: PolicyFacts): readonly string[] {
  return unique(Object.values(branches).map((branch) => `refs/heads/${branch}`));
}

/** Azure DevOps ignores the case of names. */
const uniqueNames = (names: readonly string[]): readonly string[] =>
  [...new Map([...names].reverse().map((name) => [name.toLowerCase(), name])).values()].reverse();

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
