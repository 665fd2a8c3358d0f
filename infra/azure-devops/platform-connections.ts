import { serviceConnections, type ConnectionKind, type Environment, type Platform } from '../../src/model';

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
