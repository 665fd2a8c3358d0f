import { type EnvironmentNames } from './naming';

/** What a service connection is for, which decides what its identity may do. */
export const CONNECTION_KINDS = ['cluster', 'registry', 'signing', 'dryRun'] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** The names that a kind of connection has in an environment: its own, that of its identity, and that of the identity in outputs. */
export const CONNECTION_NAMES = {
  cluster: { connection: 'clusterServiceConnection', identity: 'platformPipelineIdentity', output: 'platform' },
  registry: { connection: 'registryServiceConnection', identity: 'pullRequestPipelineIdentity', output: 'pullRequests' },
  signing: { connection: 'signingServiceConnection', identity: 'applicationPipelineIdentity', output: 'applications' },
  dryRun: { connection: 'dryRunServiceConnection', identity: 'dryRunPipelineIdentity', output: 'dryRun' },
} as const satisfies Record<
  ConnectionKind,
  { readonly connection: keyof EnvironmentNames; readonly identity: keyof EnvironmentNames; readonly output: string }
>;

/** An environment, as far as its service connections depend on it. */
export interface ConnectingEnvironment {
  readonly name: string;
  readonly names: EnvironmentNames;
  readonly dryRun: 'none' | 'cluster';
}

/** A service connection, and the environments that use it: those that share a registry and a Key Vault may share their connections. */
export interface ServiceConnection {
  readonly kind: ConnectionKind;
  readonly name: string;
  /** Name of the managed identity that it signs in as. */
  readonly identity: string;
  /** Environment that gives both names: the one that owns what the others share, or the first. */
  readonly owner: string;
  /** In the order of promotion. */
  readonly environments: readonly string[];
}

/**
 * The service connections of a platform: one for each name and kind.
 *
 * @param ownerOf the environment that owns what another shares; its names are those of a shared connection's identity
 */
export function serviceConnections(
  environments: readonly ConnectingEnvironment[],
  ownerOf: (environment: string) => string,
): readonly ServiceConnection[] {
  return CONNECTION_KINDS.flatMap((kind) => {
    const groups = new Map<string, ConnectingEnvironment[]>();
    for (const environment of environments) {
      if (kind === 'dryRun' && environment.dryRun === 'none') continue;
      const key = environment.names[CONNECTION_NAMES[kind].connection].toLowerCase();
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [environment]);
      else group.push(environment);
    }
    return [...groups.values()].map((group) => {
      const owners = new Set(group.filter(({ name }) => ownerOf(name) !== name).map(({ name }) => ownerOf(name)));
      const owner = group.find(({ name }) => owners.has(name)) ?? group[0]!;
      const { connection, identity } = CONNECTION_NAMES[kind];
      return {
        kind,
        name: owner.names[connection],
        identity: owner.names[identity],
        owner: owner.name,
        environments: group.map(({ name }) => name),
      };
    });
  });
}
