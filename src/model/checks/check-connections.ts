import { environmentNamesOf } from '../environment-names';
import { type EnvironmentNames } from '../naming';
import { formatLocation, type Location, type Problem } from '../problem';
import { CONNECTION_NAMES, serviceConnections, type ServiceConnection } from '../service-connections';
import { type Sources } from '../sources';

/** Every service connection, identity and deployment environment is one thing. */
export function checkConnections(sources: Sources): readonly Problem[] {
  const connections = connectionsOf(sources);
  const environments = Object.entries(sources.platform.content.environments);
  return [
    ...connections.flatMap((connection) => sharedWithout(sources, connection)),
    ...twice(
      sources,
      'service connection',
      connections.map((connection) => nameOf(connection, 'connection')),
    ),
    ...twice(
      sources,
      'managed identity',
      connections.map((connection) => nameOf(connection, 'identity')),
    ),
    ...twice(
      sources,
      'Azure DevOps environment',
      environments.map(([environment, entry]) => {
        const { deploymentEnvironment: name } = environmentNamesOf(environment, entry, sources.platform.content);
        return { name, environment, key: 'deploymentEnvironment' };
      }),
    ),
  ];
}

function connectionsOf({ platform: { content } }: Sources): readonly ServiceConnection[] {
  const environments = Object.entries(content.environments).map(([name, environment]) => ({
    name,
    names: environmentNamesOf(name, environment, content),
    dryRun: environment.dryRun,
  }));
  return serviceConnections(environments, (name) => content.environments[name]!.registry.sharedWith ?? name);
}

/** What the identity of a connection reaches, besides a cluster. */
const REACHED = { cluster: [], dryRun: [], registry: ['registry'], signing: ['registry', 'vault'] } as const;

/** Who shares a connection shares what it reaches: otherwise its one identity would have the rights of both. */
function sharedWithout(sources: Sources, { kind, environments }: ServiceConnection): readonly Problem[] {
  const [first, ...others] = environments;
  const key = CONNECTION_NAMES[kind].connection;
  return others.flatMap((other) => {
    const apart = REACHED[kind].filter((resource) => ownerOf(sources, first!, resource) !== ownerOf(sources, other, resource));
    if (REACHED[kind].length > 0 && apart.length === 0) return [];
    const [guilty, innocent] = guiltyOf(sources, { environment: other, key }, { environment: first!, key });
    const what =
      REACHED[kind].length === 0
        ? 'have clusters of their own'
        : `do not share the ${apart.map((resource) => (resource === 'vault' ? 'Key Vault' : resource)).join(' and the ')}`;
    return [
      {
        location: nameLocation(sources, guilty),
        message: `the ${key} of '${guilty.environment}' is '${nameIn(sources, guilty)}', as is that of '${innocent.environment}'${elsewhere(sources, innocent, guilty)}, and the two ${what}`,
        remedy: `Name them apart, with 'environments.${guilty.environment}.names.${key}' or with {environment} in 'naming.${key}': its one identity would have the rights of both.`,
      },
    ];
  });
}

function ownerOf({ platform: { content } }: Sources, environment: string, resource: 'registry' | 'vault'): string {
  return content.environments[environment]![resource].sharedWith ?? environment;
}

/** Which name of which environment it is. */
interface NameOrigin {
  readonly environment: string;
  readonly key: Exclude<keyof EnvironmentNames, 'cluster' | 'resourceGroup'>;
}

interface Named extends NameOrigin {
  readonly name: string;
}

function nameOf(connection: ServiceConnection, which: 'connection' | 'identity'): Named {
  return {
    name: which === 'connection' ? connection.name : connection.identity,
    // Names are those of the environment that owns what is shared.
    environment: connection.owner,
    key: CONNECTION_NAMES[connection.kind][which],
  };
}

/** Azure and Azure DevOps ignore the case of these names. */
function twice(sources: Sources, what: string, names: readonly Named[]): readonly Problem[] {
  const first = new Map<string, Named>();
  return names.flatMap((named) => {
    const earlier = first.get(named.name.toLowerCase());
    if (earlier === undefined) {
      first.set(named.name.toLowerCase(), named);
      return [];
    }
    const [guilty, innocent] = guiltyOf(sources, named, earlier);
    const { environment, key } = guilty;
    const template = key === innocent.key ? `with {environment} in 'naming.${key}'` : `with 'naming.${key}'`;
    const [too, whose] = innocent.name === guilty.name ? [' too', ''] : ['', ', as case is ignored'];
    return [
      {
        location: nameLocation(sources, guilty),
        message: `the ${key} of '${environment}' is '${guilty.name}', and the ${innocent.key} of '${innocent.environment}' is '${innocent.name}'${too}${elsewhere(sources, innocent, guilty)}: one ${what} cannot be both${whose}`,
        remedy: `Name them apart, with 'environments.${environment}.names.${key}' or ${template}.`,
      },
    ];
  });
}

/** The name to change comes first: the later one, but rather one that somebody gave than one that is derived. */
function guiltyOf<Origin extends NameOrigin>(sources: Sources, later: Origin, earlier: Origin): readonly [Origin, Origin] {
  return givenness(sources, earlier) > givenness(sources, later) ? [earlier, later] : [later, earlier];
}

function givenness({ platform: { content } }: Sources, { environment, key }: NameOrigin): number {
  if (content.environments[environment]!.names?.[key] !== undefined) return 2;
  return content.naming?.[key] === undefined ? 0 : 1;
}

/** Where the other name stands, unless one template made both. */
function elsewhere(sources: Sources, other: NameOrigin, named: NameOrigin): string {
  const place = formatLocation(nameLocation(sources, other));
  return place === formatLocation(nameLocation(sources, named)) ? '' : ` (${place})`;
}

function nameIn({ platform: { content } }: Sources, { environment, key }: NameOrigin): string {
  return environmentNamesOf(environment, content.environments[environment]!, content)[key];
}

function nameLocation({ platform: { yaml } }: Sources, { environment, key }: NameOrigin): Location {
  return (
    yaml.locateKey(['environments', environment, 'names', key]) ??
    yaml.locateKey(['naming', key]) ??
    yaml.locateKey(['environments', environment]) ??
    yaml.locate(['environments'])
  );
}
