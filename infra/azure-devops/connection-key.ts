import { type ConnectionKind } from '../../src/model';

/** How kinds are called in logical names, which are part of every URN. */
const WORDS = { cluster: 'cluster', registry: 'registry', signing: 'signing', dryRun: 'dry-run' } as const satisfies Record<
  ConnectionKind,
  string
>;

/** A service connection, as far as its logical name depends on it. */
export interface KeyedConnection {
  readonly kind: ConnectionKind;
  readonly environment: { readonly name: string };
}

/** The logical name of a service connection. */
export const connectionKey = ({ kind, environment }: KeyedConnection): string => `${WORDS[kind]}-connection-${environment.name}`;

/** The logical name of the identity of a service connection. */
export const identityKey = (connection: KeyedConnection): string => `${connectionKey(connection)}-identity`;
