import { environmentNamesOf } from '../environment-names';
import { formatLocation, type Location, type Problem } from '../problem';
import { own } from '../records';
import { type OrganizationSource, type Sources } from '../sources';
import { type YamlLocator } from '../yaml-locator';

/** A resource group that the pipeline of an environment, or its cluster, has to do with. */
interface UsedGroup {
  readonly environment: string;
  readonly of: 'stack' | 'cluster';
  readonly subscription: string;
  readonly name: string;
  readonly location: () => Location;
}

/**
 * The pipeline of an environment may change everything in the resource group of its stack, and let itself be what stands there: so nobody else
 * has anything in it.
 */
export function checkResourceGroups(sources: Sources, config: OrganizationSource): readonly Problem[] {
  const groups = usedGroups(sources);
  return [
    ...ofPipelines(groups, config),
    ...ofEnvironments(groups),
    ...existingIdentities(sources, config),
    ...existingElsewhere(sources, groups),
  ];
}

function usedGroups({ platform, stackConfigs }: Sources): readonly UsedGroup[] {
  return [...stackConfigs].flatMap(
    ([
      name,
      {
        yaml,
        content: { config },
      },
    ]): readonly UsedGroup[] => {
      const entry = own(platform.content.environments, name);
      if (entry === undefined) return [];
      const clusterGroup = environmentNamesOf(name, entry, platform.content).resourceGroup;
      const subscription = config['azure-native:subscriptionId'];
      const given = config['k8s-gitops:resourceGroup'];
      const clusterLocation = (): Location => clusterGroupLocation(platform.yaml, name);
      return [
        {
          environment: name,
          of: given === undefined ? 'cluster' : 'stack',
          subscription,
          name: given ?? clusterGroup,
          location: given === undefined ? clusterLocation : () => yaml.locate(['config', 'k8s-gitops:resourceGroup']),
        },
        ...(given === undefined
          ? []
          : [
              {
                environment: name,
                of: 'cluster' as const,
                subscription: config['k8s-gitops:cluster'].subscriptionId ?? subscription,
                name: clusterGroup,
                location: clusterLocation,
              },
            ]),
      ];
    },
  );
}

const key = ({ subscription, name }: Pick<UsedGroup, 'subscription' | 'name'>): string => `${subscription}/${name}`.toLowerCase();

const told = ({ environment, of }: UsedGroup): string =>
  of === 'stack' ? `that of environment '${environment}'` : `that of the cluster of '${environment}'`;

/** Who may change an identity may let anybody become it. */
function ofPipelines(groups: readonly UsedGroup[], { yaml, content: { config } }: OrganizationSource): readonly Problem[] {
  const ours = { subscription: config['azure-native:subscriptionId'], name: config['k8s-gitops:resourceGroup'] };
  return groups
    .filter((group) => key(group) === key(ours))
    .map((group) => ({
      location: yaml.locate(['config', 'k8s-gitops:resourceGroup']),
      message: `the resource group '${ours.name}' is ${told(group)} too (${formatLocation(group.location())}${group.name === ours.name ? '' : `, as '${group.name}'`})`,
      remedy: `Give the pipelines' identities a resource group of their own: the pipeline of '${group.environment}' could become every one of them.`,
    }));
}

/** What the pipeline of one environment may change, nothing of another environment stands in. */
function ofEnvironments(groups: readonly UsedGroup[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, group] of groups.entries()) {
    const earlier = groups.slice(0, index).find(
      (other) =>
        other.environment !== group.environment &&
        key(other) === key(group) &&
        // Two clusters may stand in one group, as long as nobody's stack is there.
        (isOfStack(other, groups) || isOfStack(group, groups)),
    );
    if (earlier === undefined) continue;
    problems.push({
      location: group.location(),
      message: `the resource group '${group.name}' is ${told(group)} and ${told(earlier)} (${formatLocation(earlier.location())})`,
      remedy: `Give ${without(group, earlier, groups)} a group of its own ('k8s-gitops:resourceGroup'): its pipeline could change everything of the other.`,
    });
  }
  return problems;
}

/** The stack that has to go elsewhere. */
const without = (group: UsedGroup, earlier: UsedGroup, groups: readonly UsedGroup[]): string =>
  `the stack of '${(isOfStack(group, groups) ? group : earlier).environment}'`;

/** Whether the stack of an environment makes its resources there: where no other group is given, in that of the cluster. */
const isOfStack = (group: UsedGroup, groups: readonly UsedGroup[]): boolean =>
  group.of === 'stack' || !groups.some(({ environment, of }) => environment === group.environment && of === 'stack');

/** Flux becomes what stands here, and a cluster must not become a pipeline. */
function existingIdentities({ stackConfigs }: Sources, { content: { config } }: OrganizationSource): readonly Problem[] {
  const ours = `/subscriptions/${config['azure-native:subscriptionId']}/resourceGroups/${config['k8s-gitops:resourceGroup']}/`;
  return [...stackConfigs].flatMap(([name, { yaml, content }]) =>
    (['readerIdentity', 'writerIdentity'] as const).flatMap((field): readonly Problem[] => {
      const id = content.config['k8s-gitops:existing'][field];
      if (id?.toLowerCase().startsWith(ours.toLowerCase()) !== true) return [];
      return [
        {
          location: yaml.locate(['config', 'k8s-gitops:existing', field]),
          message: `'${id.split('/').at(-1)!}' stands in the resource group '${config['k8s-gitops:resourceGroup']}' of the pipelines' identities`,
          remedy: `Give an identity that stands elsewhere: whatever runs on the cluster of '${name}' could become it.`,
        },
      ];
    }),
  );
}

/** What an environment uses and does not make must not stand where the pipeline of another environment may change everything. */
function existingElsewhere({ stackConfigs }: Sources, groups: readonly UsedGroup[]): readonly Problem[] {
  return [...stackConfigs].flatMap(([name, { yaml, content }]) =>
    (['registry', 'vault', 'readerIdentity', 'writerIdentity'] as const).flatMap((field): readonly Problem[] => {
      const id = content.config['k8s-gitops:existing'][field];
      const [, , subscription = '', , group = ''] = id?.split('/') ?? [];
      const other = groups.find(
        (used) => used.environment !== name && isOfStack(used, groups) && key(used) === key({ subscription, name: group }),
      );
      if (id === undefined || other === undefined) return [];
      return [
        {
          location: yaml.locate(['config', 'k8s-gitops:existing', field]),
          message: `'${id.split('/').at(-1)!}' of '${name}' stands in the resource group '${group}', in which the stack of '${other.environment}' makes its resources (${formatLocation(other.location())})`,
          remedy: `Move it, or give the stack of '${other.environment}' a group of its own ('k8s-gitops:resourceGroup'): its pipeline could change what '${name}' trusts.`,
        },
      ];
    }),
  );
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
