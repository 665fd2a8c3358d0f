import { AZURE_CLOUDS } from '../azure-clouds';
import { environmentNamesOf } from '../environment-names';
import { type EnvironmentFileEntry } from '../platform-file';
import { formatLocation, type Location, type Problem } from '../problem';
import { own } from '../records';
import { type Source, type Sources } from '../sources';
import { type StackConfig } from '../stack-config-file';
import { suggestion } from '../suggest';
import { type PathSegment } from '../yaml-locator';

type OwnKey = keyof StackConfig & `k8s-gitops:${string}`;

/** One stack's configuration, beside what platform.yaml says of its environment. */
interface Checked extends Source<{ readonly config: StackConfig }> {
  readonly name: string;
  readonly entry: EnvironmentFileEntry;
  readonly sources: Sources;
}

/** The configuration of each stack fits its environment. */
export function checkStackConfigs(sources: Sources): readonly Problem[] {
  return [...sources.stackConfigs].flatMap(([name, source]) => {
    const entry = own(sources.platform.content.environments, name);
    if (entry === undefined) return [];
    const checked: Checked = { ...source, name, entry, sources };
    return [
      tenant(checked),
      resourceGroup(checked),
      ...(['registry', 'vault'] as const).flatMap((resource) => ownership(resource, checked)),
      ...accessOfSharer(checked),
      ...signersApart(checked),
      ...sharers(checked),
      ...dnsZones(checked),
      identitiesApart(checked),
    ].filter((problem) => problem !== undefined);
  });
}

const at = ({ yaml }: Checked, key: string, ...path: readonly PathSegment[]): Location => yaml.locate(['config', key, ...path]);

const isGiven = ({ yaml }: Checked, key: OwnKey): boolean => yaml.locateKey(['config', key]) !== undefined;

function tenant(checked: Checked): Problem | undefined {
  const { tenantId } = checked.sources.platform.content.azure;
  const given = checked.content.config['azure-native:tenantId'];
  if (given === undefined || given.toLowerCase() === tenantId.toLowerCase()) return undefined;
  return {
    location: at(checked, 'azure-native:tenantId'),
    message: `the tenant is '${given}', and platform.yaml says '${tenantId}' (${formatLocation(checked.sources.platform.yaml.locate(['azure', 'tenantId']))})`,
    remedy: 'Remove it here, or correct the wrong one.',
  };
}

function resourceGroup(checked: Checked): Problem | undefined {
  const { config } = checked.content;
  const { subscriptionId } = config['k8s-gitops:cluster'];
  if (subscriptionId === undefined || subscriptionId === config['azure-native:subscriptionId']) return undefined;
  if (config['k8s-gitops:resourceGroup'] !== undefined) return undefined;
  return {
    location: at(checked, 'k8s-gitops:cluster', 'subscriptionId'),
    message: `the cluster is in subscription '${subscriptionId}', the resources are in '${config['azure-native:subscriptionId']}', and no resource group is given there`,
    remedy: "Give 'k8s-gitops:resourceGroup': the cluster's own is in the other subscription.",
  };
}

/** What is shared, or another team's, is not configured here. */
function ownership(resource: 'registry' | 'vault', checked: Checked): readonly Problem[] {
  const { config } = checked.content;
  const { name, entry, sources } = checked;
  const key = `k8s-gitops:${resource}` as const;
  const id = config['k8s-gitops:existing'][resource];
  const owner = entry[resource].sharedWith;
  const problems: Problem[] = [];
  if (owner !== undefined) {
    const declared = formatLocation(sources.platform.yaml.locate(['environments', name, resource, 'sharedWith']));
    const remedy = `Remove it, or give '${name}' a ${resource} of its own in platform.yaml.`;
    if (isGiven(checked, key)) {
      const message = `'${key}' configures a ${resource}, but '${name}' shares that of '${owner}' (${declared})`;
      problems.push({ location: at(checked, key), message, remedy });
    }
    if (id !== undefined) {
      const message = `'existing.${resource}' names a ${resource}, but '${name}' shares that of '${owner}' (${declared})`;
      problems.push({ location: at(checked, 'k8s-gitops:existing', resource), message, remedy });
    }
    return problems;
  }
  if (id === undefined) return problems;
  if (isGiven(checked, key)) {
    problems.push({
      location: at(checked, key),
      message: `'${key}' configures a ${resource}, and 'existing.${resource}' says that another team owns it (${formatLocation(at(checked, 'k8s-gitops:existing', resource))})`,
      remedy: 'Keep one of the two: what another team owns is never changed.',
    });
  }
  const expected = entry[resource].name!;
  const found = id.split('/').at(-1)!;
  if (found.toLowerCase() !== expected.toLowerCase()) {
    problems.push({
      location: at(checked, 'k8s-gitops:existing', resource),
      message: `the existing ${resource} is '${found}', and platform.yaml names '${expected}' (${formatLocation(sources.platform.yaml.locate(['environments', name, resource, 'name']))})`,
      remedy: 'Correct the wrong one of the two.',
    });
  }
  return problems;
}

/** Who may do what with a registry and its keys is for its owner to say. */
function accessOfSharer(checked: Checked): readonly Problem[] {
  const { name, entry } = checked;
  const owner = entry.registry.sharedWith;
  if (owner === undefined || entry.vault.sharedWith === undefined || !isGiven(checked, 'k8s-gitops:access')) return [];
  return [
    {
      location: at(checked, 'k8s-gitops:access'),
      message: `'${name}' shares the registry and the Key Vault of '${owner}', whose stack assigns the roles`,
      remedy: `Move it to Pulumi.${owner}.yaml.`,
    },
  ];
}

function signersApart(checked: Checked): readonly Problem[] {
  const { platformPipelines, applicationPipelines } = checked.content.config['k8s-gitops:access'];
  return Object.entries(applicationPipelines).flatMap(([name, { principalId }]) => {
    const twin = Object.entries(platformPipelines).find(
      ([, other]) => other.principalId.toLowerCase() === principalId.toLowerCase(),
    );
    if (twin === undefined) return [];
    return [
      {
        location: at(checked, 'k8s-gitops:access', 'applicationPipelines', name, 'principalId'),
        message: `'${principalId}' is both an application pipeline ('${name}') and a platform pipeline ('${twin[0]}', ${formatLocation(at(checked, 'k8s-gitops:access', 'platformPipelines', twin[0], 'principalId'))})`,
        remedy: "Give them identities of their own: a team must not be able to sign the platform's images.",
      },
    ];
  });
}

function sharers(checked: Checked): readonly Problem[] {
  const { environments } = checked.sources.platform.content;
  const actual = Object.entries(environments)
    .filter(([, { registry }]) => registry.sharedWith === checked.name)
    .map(([name]) => name);
  return Object.keys(checked.content.config['k8s-gitops:sharers'])
    .filter((name) => !actual.includes(name))
    .map((name) => ({
      location: checked.yaml.locateKey(['config', 'k8s-gitops:sharers', name]) ?? at(checked, 'k8s-gitops:sharers'),
      message: `'${name}' ${own(environments, name) === undefined ? 'is no environment' : `does not share the registry of '${checked.name}'`}`,
      remedy: suggestion(name, actual, `environments that share the registry of '${checked.name}'`),
    }));
}

function dnsZones(checked: Checked): readonly Problem[] {
  const { config } = checked.content;
  const cloud = AZURE_CLOUDS[config['azure-native:environment'] ?? 'public'];
  const network = config['k8s-gitops:privateNetwork'];
  return (['registryDnsZone', 'vaultDnsZone'] as const).flatMap((field) => {
    const id = network?.[`${field}Id`];
    const found = id?.split('/').at(-1);
    if (found === undefined || found.toLowerCase() === cloud[field]) return [];
    return [
      {
        location: at(checked, 'k8s-gitops:privateNetwork', `${field}Id`),
        message: `'${field}Id' is the zone '${found}', in which nobody looks: the names are asked for in '${cloud[field]}'`,
        remedy: `Give the id of a zone '${cloud[field]}', or remove it and one is made.`,
      },
    ];
  });
}

function identitiesApart(checked: Checked): Problem | undefined {
  const { readerIdentity, writerIdentity } = checked.content.config['k8s-gitops:existing'];
  const names = environmentNamesOf(checked.name, checked.entry, checked.sources.platform.content);
  if (readerIdentity === undefined || readerIdentity.toLowerCase() !== writerIdentity?.toLowerCase()) return undefined;
  return {
    location: at(checked, 'k8s-gitops:existing', 'writerIdentity'),
    message: `'readerIdentity' and 'writerIdentity' are the same identity '${readerIdentity.split('/').at(-1)!}'`,
    remedy: `Give two, such as ${names.readerIdentity} and ${names.writerIdentity}: the controllers that only read must not be able to write.`,
  };
}
