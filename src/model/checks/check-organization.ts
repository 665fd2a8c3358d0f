import { environmentNamesOf, ORGANIZATION_STACK } from '../environment-names';
import { formatLocation, type Location, type Problem } from '../problem';
import { own } from '../records';
import { type Sources } from '../sources';
import { suggestion } from '../suggest';
import { type PathSegment, type YamlLocator } from '../yaml-locator';
import { checkConnections } from './check-connections';
import { checkFluxIdentities } from './check-flux-identities';

/** The settings of the stack `organization`, which are there. */
type OrganizationSource = NonNullable<Sources['organizationConfig']>;

const CONFIG_FILE = `Pulumi.${ORGANIZATION_STACK}.yaml`;

/** The Azure DevOps side fits the environments, and the environments it. */
export function checkOrganization(sources: Sources): readonly Problem[] {
  return [
    ...dryRuns(sources),
    ...withoutStack(sources),
    ...recordedIdentities(sources),
    ...pipelinesApartFromClusters(sources),
    ...settings(sources),
  ];
}

/** Whether there is a stack that makes the Azure DevOps side, be its settings right or wrong. */
export function hasOrganization({ stackFiles }: Sources): boolean {
  return hasStackFile(stackFiles, ORGANIZATION_STACK);
}

/** What ends in .yml has its own message. */
const hasStackFile = (stackFiles: readonly string[], stack: string): boolean =>
  stackFiles.includes(`Pulumi.${stack}.yaml`) || stackFiles.includes(`Pulumi.${stack}.yml`);

function settings(sources: Sources): readonly Problem[] {
  const { organizationConfig } = sources;
  if (organizationConfig === undefined) return [];
  const host = notAzureDevOps(sources, organizationConfig);
  // On another host nothing of it means anything.
  if (host !== undefined) return [host];
  return [
    ...tenant(sources, organizationConfig),
    ...cloud(sources, organizationConfig),
    ...unconfigured(sources, organizationConfig),
    ...resourceGroup(sources, organizationConfig),
    ...subscriptions(sources, organizationConfig),
    ...unknownEnvironments(sources, organizationConfig),
    ...branches(sources, organizationConfig),
    ...templatesBranch(sources, organizationConfig),
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
function unconfigured(
  { platform, stackConfigs, stackFiles }: Sources,
  { yaml: { file } }: OrganizationSource,
): readonly Problem[] {
  return Object.keys(platform.content.environments)
    .filter((name) => !stackConfigs.has(name) && !hasStackFile(stackFiles, name))
    .map((name) => ({
      location: { file },
      message: `makes service connections for every environment, and there is no Pulumi.${name}.yaml, which would name the subscription of '${name}'`,
      remedy: `Make Pulumi.${name}.yaml (docs/azure.md).`,
    }));
}

/** Who may change an identity may let anybody become it, and each environment's pipeline may change what is in its resource group. */
function resourceGroup({ platform, stackConfigs }: Sources, config: OrganizationSource): readonly Problem[] {
  const group = config.content.config['k8s-gitops:resourceGroup'];
  const subscription = config.content.config['azure-native:subscriptionId'];
  return [...stackConfigs].flatMap(([name, { yaml, content }]) => {
    const entry = own(platform.content.environments, name);
    if (entry === undefined) return [];
    if (content.config['azure-native:subscriptionId'].toLowerCase() !== subscription.toLowerCase()) return [];
    const given = content.config['k8s-gitops:resourceGroup'];
    const theirs = given ?? environmentNamesOf(name, entry, platform.content).resourceGroup;
    if (theirs.toLowerCase() !== group.toLowerCase()) return [];
    const place = formatLocation(
      given === undefined ? clusterGroupLocation(platform.yaml, name) : yaml.locate(['config', 'k8s-gitops:resourceGroup']),
    );
    const which = given === undefined ? `that of the cluster of '${name}'` : `that of environment '${name}'`;
    return [
      {
        location: config.yaml.locate(['config', 'k8s-gitops:resourceGroup']),
        message: `the resource group '${group}' is ${which} too (${place}${theirs === group ? '' : `, as '${theirs}'`})`,
        remedy: `Give the pipelines' identities a resource group of their own: the pipeline of '${name}' could become every one of them.`,
      },
    ];
  });
}

/** What makes the resource group of a cluster what it is. */
function clusterGroupLocation(yaml: YamlLocator, environment: string): Location {
  return (
    yaml.locateKey(['environments', environment, 'cluster', 'resourceGroup']) ??
    yaml.locateKey(['naming', 'resourceGroup']) ??
    yaml.locateKey(['environments', environment]) ??
    yaml.locate(['environments'])
  );
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
      remedy: "Give 'create.importFrom', or remove 'branches' and push them after the first `pulumi up`.",
    });
  }
  return problems;
}

/** Who may change a template may sign, and only branches of environments are protected. */
function templatesBranch({ platform }: Sources, config: OrganizationSource): readonly Problem[] {
  const { branch } = config.content.config['k8s-gitops:templates'];
  const ofEnvironments = Object.values(platform.content.environments).map((environment) => environment.branch);
  if (branch === undefined || ofEnvironments.includes(branch)) return [];
  return [
    {
      location: config.yaml.locate(['config', 'k8s-gitops:templates', 'branch']),
      message: `the templates are those of '${branch}', which is the branch of no environment, so no policy protects them`,
      remedy: `${suggestion(branch, ofEnvironments, 'branches of environments')} Who may change a template may sign.`,
    },
  ];
}

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

/** Who dry-runs is known, once, and does nothing else. */
function dryRuns(sources: Sources): readonly Problem[] {
  const { platform, stackConfigs } = sources;
  const key = 'k8s-gitops:dryRunPrincipalId';
  return Object.entries(platform.content.environments).flatMap(([name, { dryRun }]): readonly Problem[] => {
    const stack = stackConfigs.get(name);
    const given = stack?.content.config[key];
    if (stack === undefined || given === undefined) {
      if (dryRun === 'none' || hasOrganization(sources)) return [];
      // Settings that cannot be read may say it.
      if (stack === undefined && hasStackFile(sources.stackFiles, name)) return [];
      return [
        {
          location: platform.yaml.locate(['environments', name, 'dryRun']),
          message: `'${name}' has 'dryRun: cluster', and nobody says who dry-runs: there is no ${CONFIG_FILE}, and no '${key}' in Pulumi.${name}.yaml`,
          remedy: `Give '${key}' in Pulumi.${name}.yaml, or make ${CONFIG_FILE} (docs/organization.md).`,
        },
      ];
    }
    const location = stack.yaml.locate(['config', key]);
    if (dryRun === 'none') {
      const declared = formatLocation(
        platform.yaml.locateKey(['environments', name, 'dryRun']) ??
          platform.yaml.locateKey(['environments', name]) ??
          platform.yaml.locate(['environments']),
      );
      return [
        {
          location,
          message: `'${given}' is to dry-run on the cluster of '${name}', which has 'dryRun: none' (${declared})`,
          remedy: `Remove it, or give 'environments.${name}.dryRun: cluster' in platform.yaml.`,
        },
      ];
    }
    if (hasOrganization(sources)) {
      return [
        {
          location,
          message: `'${given}' is to dry-run on the cluster of '${name}', and the stack '${ORGANIZATION_STACK}' makes an identity for that (${CONFIG_FILE})`,
          remedy: 'Remove it: the identity that the stack makes counts.',
        },
      ];
    }
    const other = otherUse(sources, name, given);
    if (other === undefined) return [];
    return [
      {
        location,
        message: `'${given}' is to dry-run on the cluster of '${name}', and it is ${other.who} too (${formatLocation(other.location)})`,
        remedy:
          'Give dry-runs an identity of their own: it is kept to dry-runs on the cluster, and a pull request decides what it runs.',
      },
    ];
  });
}

/** What else a principal is in an environment, which a dry-run must not be. */
function otherUse(
  { stackConfigs, outputs }: Sources,
  environment: string,
  id: string,
): { readonly who: string; readonly location: Location } | undefined {
  const isIt = (other: string | undefined): boolean => other?.toLowerCase() === id.toLowerCase();
  const recorded = outputs.get(environment);
  if (recorded !== undefined) {
    const { identities, cluster } = recorded.content;
    for (const role of ['reader', 'writer'] as const) {
      if (!isIt(identities[role]?.principalId)) continue;
      return { who: `Flux's ${role}`, location: recorded.yaml.locate(['identities', role, 'principalId']) };
    }
    if (isIt(cluster?.kubeletPrincipalId))
      return { who: 'the kubelet', location: recorded.yaml.locate(['cluster', 'kubeletPrincipalId']) };
  }
  const stack = stackConfigs.get(environment)!;
  for (const list of ['platformPipelines', 'applicationPipelines'] as const) {
    const entries = Object.entries(stack.content.config['k8s-gitops:access'][list]);
    const found = entries.find(([, { principalId }]) => isIt(principalId));
    if (found === undefined) continue;
    return {
      who: `'${found[0]}' of 'access.${list}'`,
      location: stack.yaml.locate(['config', 'k8s-gitops:access', list, found[0], 'principalId']),
    };
  }
  return undefined;
}

/** What nobody makes any more would still get roles. */
function withoutStack(sources: Sources): readonly Problem[] {
  const { organizationOutputs } = sources;
  if (organizationOutputs === undefined || hasOrganization(sources)) return [];
  return [
    {
      location: { file: organizationOutputs.yaml.file },
      message: `records the identities of pipelines, and there is no ${CONFIG_FILE}, the settings of the stack that makes them`,
      remedy: `Delete it, or make ${CONFIG_FILE} (docs/organization.md): what is recorded here gets roles.`,
    },
  ];
}

const WORDS = { clientId: 'client id', principalId: 'principal id', resourceId: 'resource id' } as const;

/** Uses whose identity environments share where they share the service connection. */
const SHARED_USES: readonly string[] = ['pullRequests', 'applications'];

/** What pulls must not be able to sign, what signs for teams must not be able to sign for the platform, and no cluster is another's. */
function recordedIdentities({ organizationOutputs }: Sources): readonly Problem[] {
  if (organizationOutputs === undefined) return [];
  const { yaml, content } = organizationOutputs;
  const first = new Map<string, { readonly environment: string; readonly use: string }>();
  return Object.entries(content.pipelines).flatMap(([environment, identities]) =>
    Object.entries(identities).flatMap(([use, identity]): readonly Problem[] => {
      for (const id of ['clientId', 'principalId', 'resourceId'] as const) {
        const key = `${id} ${identity[id].toLowerCase()}`;
        const earlier = first.get(key);
        first.set(key, earlier ?? { environment, use });
        if (earlier === undefined || (earlier.use === use && SHARED_USES.includes(use))) continue;
        const place = formatLocation(yaml.locate(['pipelines', earlier.environment, earlier.use, id]));
        // One mixed-up identity is one mistake, whichever of its ids tells it.
        return [
          {
            location: yaml.locate(['pipelines', environment, use, id]),
            message: `'${use}' of '${environment}' and '${earlier.use}' of '${earlier.environment}' (${place}) have the same ${WORDS[id]} '${identity[id]}'`,
            remedy: `Record the outputs of the stack '${ORGANIZATION_STACK}' again: each of these pipelines has an identity of its own.`,
          },
        ];
      }
      return [];
    }),
  );
}

/** What runs on a cluster must not be able to do what a pipeline may, nor a pipeline what Flux may. */
function pipelinesApartFromClusters({ outputs, organizationOutputs }: Sources): readonly Problem[] {
  if (organizationOutputs === undefined) return [];
  const { yaml, content } = organizationOutputs;
  const ofClusters = new Map<string, { readonly who: string; readonly location: () => Location }>();
  for (const [environment, recorded] of outputs) {
    const { identities, cluster } = recorded.content;
    for (const [who, id, path] of [
      ['reader', identities.reader.principalId, ['identities', 'reader', 'principalId']],
      ['writer', identities.writer?.principalId, ['identities', 'writer', 'principalId']],
      ['kubelet', cluster?.kubeletPrincipalId, ['cluster', 'kubeletPrincipalId']],
    ] as const) {
      if (id === undefined || ofClusters.has(id.toLowerCase())) continue;
      ofClusters.set(id.toLowerCase(), { who: `the ${who} of '${environment}'`, location: () => recorded.yaml.locate(path) });
    }
  }
  return Object.entries(content.pipelines).flatMap(([environment, identities]) =>
    Object.entries(identities).flatMap(([use, { principalId }]): readonly Problem[] => {
      const other = ofClusters.get(principalId.toLowerCase());
      if (other === undefined) return [];
      return [
        {
          location: yaml.locate(['pipelines', environment, use, 'principalId']),
          message: `'${use}' of '${environment}' is '${principalId}', which is ${other.who} too (${formatLocation(other.location())})`,
          remedy: 'Record the outputs of both stacks again: clusters and pipelines have identities of their own.',
        },
      ];
    }),
  );
}
