import { formatLocation, type Location, type Problem } from '../problem';
import { own } from '../records';
import { type OrganizationSource, type Sources } from '../sources';
import { stackFile } from '../stack-file-name';
import { suggestion } from '../suggest';
import { type PathSegment } from '../yaml-locator';
import { checkConnections } from './check-connections';
import { checkFluxIdentities } from './check-flux-identities';
import { checkResourceGroups } from './check-resource-groups';
import { hasStackFile } from './has-stack-file';

/** The settings of the stack `organization` fit the environments, and the environments them. */
export function checkOrganization(sources: Sources): readonly Problem[] {
  const { organizationConfig } = sources;
  if (organizationConfig === undefined) return [];
  const host = notAzureDevOps(sources, organizationConfig);
  // On another host nothing of it means anything.
  if (host !== undefined) return [host];
  return [
    ...tenant(sources, organizationConfig),
    ...cloud(sources, organizationConfig),
    ...unconfigured(sources, organizationConfig),
    ...checkResourceGroups(sources, organizationConfig),
    ...subscriptions(sources, organizationConfig),
    ...unknownEnvironments(sources, organizationConfig),
    ...branches(sources, organizationConfig),
    ...pipelines(organizationConfig),
    ...checkFluxIdentities(sources, organizationConfig),
    ...checkConnections(sources),
  ];
}

const at = ({ yaml }: OrganizationSource, key: string, ...path: readonly PathSegment[]): Location =>
  yaml.locateKey(['config', key, ...path]) ?? yaml.locate(['config', key, ...path]);

function notAzureDevOps({ platform: { yaml, content } }: Sources, { yaml: { file } }: OrganizationSource): Problem | undefined {
  const { host } = content.git;
  if (host === 'azure-devops') return undefined;
  return {
    location: { file },
    message: `sets up Azure DevOps, and this repository is on host '${host}' (${formatLocation(yaml.locate(['git', 'host']))})`,
    remedy: "Delete it, or correct 'git.host' in platform.yaml.",
  };
}

function tenant({ platform: { yaml, content } }: Sources, config: OrganizationSource): readonly Problem[] {
  const expected = content.azure.tenantId;
  return (['azure-native:tenantId', 'azuredevops:tenantId'] as const).flatMap((key) => {
    const given = config.content.config[key];
    if (given === undefined || given.toLowerCase() === expected.toLowerCase()) return [];
    return [
      {
        location: config.yaml.locate(['config', key]),
        message: `the tenant is '${given}', and platform.yaml says '${expected}' (${formatLocation(yaml.locate(['azure', 'tenantId']))})`,
        remedy: 'Remove it here, or correct the wrong one.',
      },
    ];
  });
}

/** An identity of one cloud signs in to no other. */
function cloud({ platform, stackConfigs }: Sources, config: OrganizationSource): readonly Problem[] {
  const key = 'azure-native:environment';
  const given = config.content.config[key] ?? 'public';
  for (const [name, { yaml, content }] of stackConfigs) {
    const theirs = content.config[key] ?? 'public';
    if (theirs === given || own(platform.content.environments, name) === undefined) continue;
    return [
      {
        location: config.yaml.locate(['config', key]),
        message: `the cloud is '${given}', and that of environment '${name}' is '${theirs}' (${formatLocation(yaml.locate(['config', key]))})`,
        remedy: `Correct '${key}' of the wrong one: an identity of one cloud signs in to no other.`,
      },
    ];
  }
  return [];
}

/** A service connection names the subscription of its environment. */
function unconfigured(sources: Sources, { yaml: { file } }: OrganizationSource): readonly Problem[] {
  return Object.keys(sources.platform.content.environments)
    .filter((name) => !sources.stackConfigs.has(name) && !hasStackFile(sources, name))
    .map((name) => ({
      location: { file },
      message: `makes service connections for every environment, and there is no ${stackFile(name)}, which would name the subscription of '${name}'`,
      remedy: `Make ${stackFile(name)} (docs/azure.md).`,
    }));
}

function subscriptions({ platform, stackConfigs }: Sources, config: OrganizationSource): readonly Problem[] {
  const key = 'k8s-gitops:subscriptionNames';
  const named = Object.keys(config.content.config[key]);
  const used = new Map<string, string>();
  for (const [name, { content }] of stackConfigs) {
    const id = content.config['azure-native:subscriptionId'].toLowerCase();
    if (!used.has(id)) used.set(id, name);
  }
  const first = new Map<string, string>();
  const twice: Problem[] = [];
  for (const id of named) {
    const earlier = first.get(id.toLowerCase());
    if (earlier === undefined) first.set(id.toLowerCase(), id);
    else {
      twice.push({
        location: at(config, key, id),
        message: `the subscription '${id}' stands here twice, as '${earlier}' (${formatLocation(at(config, key, earlier))}) too`,
        remedy: 'Keep one of the two.',
      });
    }
  }
  // A subscription may be that of an environment whose settings cannot be read.
  const everyIsKnown = Object.keys(platform.content.environments).every((name) => stackConfigs.has(name));
  return [
    ...[...used]
      .filter(([id]) => !first.has(id))
      .map(([id, name]) => ({
        location: at(config, key),
        message: `the subscription '${id}' of environment '${name}' (${formatLocation(stackConfigs.get(name)!.yaml.locate(['config', 'azure-native:subscriptionId']))}) has no name here`,
        remedy: `Add '${id}: <name>', whose name \`az account show --subscription ${id} --query name\` tells.`,
      })),
    ...[...first]
      .filter(([id]) => everyIsKnown && !used.has(id))
      .map(([, id]) => ({
        location: at(config, key, id),
        message: `the subscription '${id}' is that of no environment (they use ${listed([...used.keys()])})`,
        remedy: 'Remove it, or correct it.',
      })),
    ...twice,
  ];
}

/** A few of them: a message has to stay readable. */
const listed = (values: readonly string[]): string =>
  values.length > 5 ? `${values.slice(0, 5).join(', ')} and ${values.length - 5} more` : values.join(', ');

function unknownEnvironments({ platform }: Sources, config: OrganizationSource): readonly Problem[] {
  const names = Object.keys(platform.content.environments);
  return (['k8s-gitops:branchPolicies', 'k8s-gitops:approvals', 'k8s-gitops:fluxIdentities'] as const).flatMap((key) =>
    Object.keys(config.content.config[key])
      .filter((name) => own(platform.content.environments, name) === undefined)
      .map((name) => ({
        location: at(config, key, name),
        message: `'${name}' in '${key}' is no environment of platform.yaml`,
        remedy: suggestion(name, names, 'environments'),
      })),
  );
}

function branches({ platform }: Sources, config: OrganizationSource): readonly Problem[] {
  const { create, branches: made } = config.content.config['k8s-gitops:repository'];
  const key = 'k8s-gitops:repository';
  const ofEnvironments = Object.values(platform.content.environments).map(({ branch }) => branch);
  const problems: Problem[] = [];
  const isEmpty = create !== undefined && create.importFrom === undefined;
  for (const [branch, from] of Object.entries(made)) {
    const location = at(config, key, 'branches', branch);
    if (!ofEnvironments.includes(branch)) {
      problems.push({
        location,
        message: `'${branch}' is to be made, and it is the branch of no environment`,
        remedy: `${suggestion(branch, ofEnvironments, 'branches of environments')} Correct it, or remove it.`,
      });
    } else if (!isEmpty && branch === from) {
      problems.push({
        location,
        message: `'${branch}' is to begin as itself`,
        remedy: 'Name a branch that is there already, or remove it if this one is.',
      });
    } else if (!isEmpty && own(made, from) !== undefined) {
      problems.push({
        location,
        message: `'${branch}' is to begin as '${from}', which is itself to be made (${formatLocation(at(config, key, 'branches', from))})`,
        remedy: `Name a branch that is there already, such as the one that '${from}' begins as.`,
      });
    }
  }
  const [first] = Object.keys(made);
  if (isEmpty && first !== undefined) {
    problems.push({
      location: at(config, key, 'branches', first),
      message: `'${first}' is to begin as '${made[first]!}', and the repository is made empty: 'create' has no 'importFrom' (${formatLocation(at(config, key, 'create'))})`,
      remedy: "Give 'create.importFrom', or make the repository by hand, push the branches, and remove 'create'.",
    });
  }
  return problems;
}

/** Who may change a template may sign, and only branches of environments are protected. */
function pipelines({ yaml, content }: OrganizationSource): readonly Problem[] {
  const key = 'k8s-gitops:pipelines';
  const { platform, systems } = content.config[key];
  if (platform.toLowerCase() !== systems.toLowerCase()) return [];
  const given = (['systems', 'platform'] as const).find((name) => yaml.locateKey(['config', key, name]) !== undefined);
  return [
    {
      location: yaml.locate(given === undefined ? ['config', key] : ['config', key, given]),
      message: `the pipelines 'platform' and 'systems' are both called '${platform}'${platform === systems ? '' : ` but for the case of letters ('${systems}')`}`,
      remedy: 'Name one of them differently.',
    },
  ];
}
