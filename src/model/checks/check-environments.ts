import { applicationsPublicKeySecret, ENVIRONMENT_NAMES, federatedCredentialName } from '../naming';
import { type EnvironmentFileEntry, type PlatformFile } from '../platform-file';
import { type Location, type Problem, formatLocation } from '../problem';
import { violation } from '../rules/text-rule';
import { type Source, type Sources } from '../sources';
import { type StackConfig } from '../stack-config-file';
import { suggestion } from '../suggest';
import { own } from '../records';
import { environmentNamesOf, givenEnvironmentNames, ORGANIZATION_STACK } from '../environment-names';

/** Environments against each other: branches, shared and owned resources, names. */
export function checkEnvironments({ platform, stackConfigs }: Sources): readonly Problem[] {
  const environments = Object.entries(platform.content.environments);
  return [
    ...environments.flatMap(([name]) => reservedName(platform, name)),
    ...duplicates(
      platform,
      'branch',
      // Not every host, and not every machine that clones, keeps apart what differs in case alone.
      environments.map(([name, { branch }]) => ({ name, value: branch.toLowerCase(), path: ['environments', name, 'branch'] })),
      {
        remedy: 'Give each environment a branch of its own: what is promoted to one must not deploy to the other.',
      },
    ),
    ...(['registry', 'vault'] as const).flatMap((resource) => [
      ...environments.flatMap(([name, environment]) => sharing(platform, resource, name, environment)),
      ...duplicates(
        platform,
        `${resource} name`,
        environments.flatMap(([name, environment]) => {
          const value = environment[resource].name;
          return value === undefined
            ? []
            : [{ name, value: value.toLowerCase(), path: ['environments', name, resource, 'name'] }];
        }),
        { remedy: `Its name is globally unique. Give one of them 'sharedWith' if they use the same ${resource}.` },
      ),
    ]),
    ...duplicates(
      platform,
      'cluster',
      environments.map(([name, environment]) => {
        const { cluster, resourceGroup } = environmentNamesOf(name, environment, platform.content);
        const subscription = clusterSubscription(stackConfigs.get(name)?.content.config);
        return {
          name,
          value: `${subscription}${resourceGroup}/${cluster}`.toLowerCase(),
          path: ['environments', name, 'cluster', 'name'],
        };
      }),
      { remedy: 'Two Flux instances cannot run on one cluster: name the clusters apart.' },
    ),
    ...environments.flatMap(([name, environment]) => derivedNames(platform, name, environment)),
    ...circles(platform),
  ];
}

/** Equal names in two subscriptions are two clusters; where a stack is not configured, nobody knows. */
function clusterSubscription(config: StackConfig | undefined): string {
  const subscription = config?.['k8s-gitops:cluster'].subscriptionId ?? config?.['azure-native:subscriptionId'];
  return subscription === undefined ? '' : `${subscription}/`;
}

/** Two environments that use something of each other: neither could be brought up first. */
function circles({ yaml, content }: Source<PlatformFile>): readonly Problem[] {
  const ownersOf = (name: string): readonly (readonly ['registry' | 'vault', string])[] =>
    (['registry', 'vault'] as const).flatMap((resource) => {
      const owner = own(content.environments, name)?.[resource].sharedWith;
      return owner === undefined ? [] : [[resource, owner] as const];
    });
  const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
    ownersOf(from).some(([, owner]) => owner === to || (!seen.has(owner) && reaches(owner, to, new Set([...seen, owner]))));
  const names = Object.keys(content.environments);
  const first = names.find((name) => ownersOf(name).some(([, owner]) => owner !== name && reaches(owner, name, new Set())));
  const [edge] = first === undefined ? [] : ownersOf(first).filter(([, owner]) => reaches(owner, first, new Set()));
  if (first === undefined || edge === undefined) return [];
  const [resource, owner] = edge;
  return [
    {
      location: yaml.locate(['environments', first, resource, 'sharedWith']),
      message: `'${first}' uses the ${resource} of '${owner}', which uses something of '${first}': neither can be brought up first`,
      remedy: 'Let one of them own both its registry and its Key Vault.',
    },
  ];
}

function reservedName({ yaml }: Source<PlatformFile>, name: string): readonly Problem[] {
  if (name !== ORGANIZATION_STACK) return [];
  return [
    {
      location: yaml.locateKey(['environments', name]) ?? yaml.locate(['environments']),
      message: `an environment cannot be called '${name}': the Pulumi stack of that name holds the Azure DevOps side`,
      remedy: 'Choose another name.',
    },
  ];
}

interface Candidate {
  readonly name: string;
  readonly value: string;
  readonly path: readonly string[];
}

function duplicates(
  { yaml }: Source<PlatformFile>,
  what: string,
  candidates: readonly Candidate[],
  { remedy }: { readonly remedy: string },
): readonly Problem[] {
  const first = new Map<string, Candidate>();
  return candidates.flatMap((candidate) => {
    const earlier = first.get(candidate.value);
    if (earlier === undefined) {
      first.set(candidate.value, candidate);
      return [];
    }
    const place = (path: readonly string[]): Location => yaml.locate(path);
    return [
      {
        location: place(candidate.path),
        message: `environments '${earlier.name}' (${formatLocation(place(earlier.path))}) and '${candidate.name}' have the same ${what} '${candidate.value}'`,
        remedy,
      },
    ];
  });
}

function sharing(
  { yaml, content }: Source<PlatformFile>,
  resource: 'registry' | 'vault',
  name: string,
  environment: EnvironmentFileEntry,
): readonly Problem[] {
  const owner = environment[resource].sharedWith;
  if (owner === undefined) return [];
  const location = yaml.locate(['environments', name, resource, 'sharedWith']);
  const owners = Object.entries(content.environments)
    .filter(([other, entry]) => other !== name && entry[resource].name !== undefined)
    .map(([other]) => other);
  if (owner === name) {
    return [
      {
        location,
        message: `environment '${name}' shares the ${resource} with itself`,
        remedy: `Give 'name' if it owns the ${resource}, or another environment in 'sharedWith'.`,
      },
    ];
  }
  const entry = own(content.environments, owner);
  if (entry === undefined) {
    return [
      {
        location,
        message: `environment '${name}' shares the ${resource} of '${owner}', which does not exist`,
        remedy: suggestion(owner, owners, `environments that own a ${resource}`),
      },
    ];
  }
  const next = entry[resource].sharedWith;
  if (next === undefined) return [];
  return [
    {
      location,
      message: `environment '${name}' shares the ${resource} of '${owner}', which itself shares that of '${next}' (${formatLocation(yaml.locate(['environments', owner, resource, 'sharedWith']))})`,
      remedy: `Sharing goes one level: name the owner${owners.includes(next) ? `, '${next}'` : ''}.`,
    },
  ];
}

/** Names that were not given but derived; a given one was checked where it stands. */
function derivedNames(
  { yaml, content }: Source<PlatformFile>,
  name: string,
  environment: EnvironmentFileEntry,
): readonly Problem[] {
  const names = environmentNamesOf(name, environment, content);
  const keys = Object.keys(ENVIRONMENT_NAMES) as (keyof typeof ENVIRONMENT_NAMES)[];
  const problems = keys.flatMap((key): Problem[] => {
    const broken = violation(ENVIRONMENT_NAMES[key].rule, names[key]);
    if (broken === undefined || givenEnvironmentNames(environment)[key] !== undefined) return [];
    return [
      {
        location: origin(key),
        message: `environment '${name}': the derived ${key} '${names[key]}' ${broken}`,
        remedy: overrideRemedy(name, key),
      },
    ];
  });
  for (const [key, longest] of [
    ['federatedCredential', federatedCredentialName(names, 'image-automation-controller')],
    ['publicKeySecret', applicationsPublicKeySecret(names)],
  ] as const) {
    const { rule } = ENVIRONMENT_NAMES[key];
    const tooLong = violation(rule, longest);
    if (tooLong === undefined || violation(rule, names[key]) !== undefined) continue;
    problems.push({
      location: origin(key),
      message: `environment '${name}': the derived ${key} '${longest}' ${tooLong}`,
      remedy: overrideRemedy(name, key),
    });
  }
  // Azure ignores the case of both names.
  if (names.readerIdentity.toLowerCase() === names.writerIdentity.toLowerCase()) {
    problems.push({
      location: origin('writerIdentity'),
      message: `environment '${name}': readerIdentity and writerIdentity are ${bothOrEach(names.readerIdentity, names.writerIdentity)}`,
      remedy: 'Name them apart: the controllers that only read must not be able to write.',
    });
  }
  if (names.platformSigningKey.toLowerCase() === names.applicationsSigningKey.toLowerCase()) {
    problems.push({
      location: origin('applicationsSigningKey'),
      message: `environment '${name}': platformSigningKey and applicationsSigningKey are ${bothOrEach(names.platformSigningKey, names.applicationsSigningKey)}`,
      remedy: "Name them apart: a team must not be able to sign the platform's images.",
    });
  }
  return problems;

  function origin(key: keyof typeof ENVIRONMENT_NAMES): Location {
    return (
      yaml.locateKey(['environments', name, 'names', key]) ??
      yaml.locateKey(['naming', key]) ??
      yaml.locateKey(['environments', name]) ??
      yaml.locate(['environments'])
    );
  }
}

const bothOrEach = (one: string, other: string): string =>
  one === other ? `both '${one}'` : `'${one}' and '${other}', which are one name to Azure`;

function overrideRemedy(environment: string, key: string): string {
  const field = key === 'cluster' ? 'cluster.name' : key === 'resourceGroup' ? 'cluster.resourceGroup' : `names.${key}`;
  return `Give 'environments.${environment}.${field}', or change 'naming.${key}'.`;
}
