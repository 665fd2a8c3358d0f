import { AZURE_CLOUDS } from '../azure-clouds';
import { loginServerOf } from '../login-server';
import { formatLocation, type Problem } from '../problem';
import { own } from '../records';
import { type Sources } from '../sources';
import { type StackConfig } from '../stack-config-file';
import { stackFile } from '../stack-file-name';
import { suggestion } from '../suggest';
import { checkExistingKeys } from './check-existing-keys';
import { checkPrincipals } from './check-principals';
import { checkStackIdentities } from './check-stack-identities';
import { checkPrivateZones } from './check-private-zones';
import { at, type CheckedStack } from './checked-stack';

type OwnKey = keyof StackConfig & `k8s-gitops:${string}`;

/** The configuration of each stack fits its environment. */
export function checkStackConfigs(sources: Sources): readonly Problem[] {
  const stacks = [...sources.stackConfigs].flatMap(([name, source]): readonly CheckedStack[] => {
    const entry = own(sources.platform.content.environments, name);
    return entry === undefined ? [] : [{ ...source, name, entry, sources }];
  });
  const each = stacks.flatMap((checked) => [
    tenant(checked),
    resourceGroup(checked),
    ...(['registry', 'vault'] as const).flatMap((resource) => ownership(resource, checked)),
    loginServer(checked),
    ...accessOfSharer(checked),
    ...checkPrincipals(checked),
    ...sharers(checked),
    ...dnsZones(checked),
    ...checkExistingKeys(checked),
  ]);
  return [...each.filter((problem) => problem !== undefined), ...checkPrivateZones(stacks), ...checkStackIdentities(stacks)];
}

const isGiven = ({ yaml }: CheckedStack, key: OwnKey): boolean => yaml.locateKey(['config', key]) !== undefined;

function tenant(checked: CheckedStack): Problem | undefined {
  const { tenantId } = checked.sources.platform.content.azure;
  const given = checked.content.config['azure-native:tenantId'];
  if (given === undefined || given.toLowerCase() === tenantId.toLowerCase()) return undefined;
  return {
    location: at(checked, 'azure-native:tenantId'),
    message: `the tenant is '${given}', and platform.yaml says '${tenantId}' (${formatLocation(checked.sources.platform.yaml.locate(['azure', 'tenantId']))})`,
    remedy: 'Remove it here, or correct the wrong one.',
  };
}

function resourceGroup(checked: CheckedStack): Problem | undefined {
  const { config } = checked.content;
  const { subscriptionId } = config['k8s-gitops:cluster'];
  if (subscriptionId?.toLowerCase() === config['azure-native:subscriptionId'].toLowerCase()) return undefined;
  if (subscriptionId === undefined) return undefined;
  if (config['k8s-gitops:resourceGroup'] !== undefined) return undefined;
  return {
    location: at(checked, 'k8s-gitops:cluster', 'subscriptionId'),
    message: `the cluster is in subscription '${subscriptionId}', the resources are in '${config['azure-native:subscriptionId']}', and no resource group is given there`,
    remedy: "Give 'k8s-gitops:resourceGroup': the cluster's own is in the other subscription.",
  };
}

/** What is shared, or another team's, is not configured here. */
function ownership(resource: 'registry' | 'vault', checked: CheckedStack): readonly Problem[] {
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

/** The host of a registry ends differently in each cloud, and platform.yaml, which names it, knows of no cloud. */
function loginServer(checked: CheckedStack): Problem | undefined {
  const { name, entry, sources } = checked;
  const cloud = checked.content.config['azure-native:environment'] ?? 'public';
  const { name: registry, loginServer: given } = entry.registry;
  if (cloud === 'public' || registry === undefined) return undefined;
  if (given !== undefined) {
    if (given.toLowerCase().endsWith(`.${AZURE_CLOUDS[cloud].registrySuffix}`)) return undefined;
    const location = formatLocation(sources.platform.yaml.locate(['environments', name, 'registry', 'loginServer']));
    return {
      location: at(checked, 'azure-native:environment'),
      message: `the cloud is '${cloud}', whose registries end in '.${AZURE_CLOUDS[cloud].registrySuffix}', and 'loginServer' is '${given}' (${location})`,
      remedy: 'Correct the wrong one of the two.',
    };
  }
  const place = formatLocation(sources.platform.yaml.locate(['environments', name, 'registry', 'name']));
  return {
    location: at(checked, 'azure-native:environment'),
    message: `the cloud is '${cloud}', and the registry '${registry}' has no 'loginServer' (${place}), so '${loginServerOf(sources.platform.content, name)}' is assumed`,
    remedy: `Give 'environments.${name}.registry.loginServer: ${registry.toLowerCase()}.${AZURE_CLOUDS[cloud].registrySuffix}' in platform.yaml.`,
  };
}

/** Who may do what with a registry and its keys is for its owner to say. */
function accessOfSharer(checked: CheckedStack): readonly Problem[] {
  const { name, entry } = checked;
  const owner = entry.registry.sharedWith;
  if (owner === undefined || entry.vault.sharedWith === undefined || !isGiven(checked, 'k8s-gitops:access')) return [];
  return [
    {
      location: at(checked, 'k8s-gitops:access'),
      message: `'${name}' shares the registry and the Key Vault of '${owner}', whose stack assigns the roles`,
      remedy: `Move it to ${stackFile(owner)}.`,
    },
  ];
}

function sharers(checked: CheckedStack): readonly Problem[] {
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

function dnsZones(checked: CheckedStack): readonly Problem[] {
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
