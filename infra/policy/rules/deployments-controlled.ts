import { ORGANIZATION_STACK } from '../../../src/model';
import { refersTo, targetsOf } from '../check-targets';
import { branchControlFaults, templateFaults, type CheckFault } from '../endpoint-checks';
import { type Finding } from '../finding';
import { devOpsName, isKnownText, sameName, shown, valueAt } from '../known-value';
import { authorizationsIn, authorizationsOf, isForAll, pipelineFrom } from '../pipeline-authorizations';
import { type PolicyFacts } from '../policy-facts';
import { devOpsClass } from '../resource-type';
import { type StackResource, type StackRule } from '../rule';

/** File of the pipeline that runs `pulumi up`. */
const PLATFORM_PIPELINE = 'azure-pipelines.yaml';

/** Only environment branches deploy, one deployment at a time, by pipelines that are named. */
export const deploymentsControlled = (facts: PolicyFacts): StackRule => ({
  name: 'deployments-controlled',
  description:
    "Every environment has its Azure DevOps environment and its cluster's service connection; every Azure DevOps environment has an " +
    'exclusive lock and a branch control that names environment branches alone; so has every service connection, except those that can only ' +
    "pull, or a required template where it is no cluster's; the platform's pipeline alone, whose file is " +
    `${PLATFORM_PIPELINE}, uses a cluster's and an environment; nothing but a service connection is open to every pipeline, and what is not ` +
    'is for a pipeline of this stack (Azure DevOps: approvals and checks). Branches, names, types and files are known; of ids it is enough ' +
    'to know which resource they come from.',
  check: ({ name, resources }) =>
    name === ORGANIZATION_STACK
      ? [
          ...missing(resources, facts),
          ...resources.flatMap((resource) => checkResource(resource, resources, facts)),
          ...authorizationsIn(resources).flatMap((one) => [...openToAll(one), ...checkAuthorization(one, resources, facts)]),
        ]
      : [],
});

function missing(resources: readonly StackResource[], facts: PolicyFacts): readonly Finding[] {
  const lacks = (kind: string, field: string, name: string): boolean =>
    !resources.some(({ type, props }) => devOpsClass(type) === kind && sameName(valueAt(props, field), name));
  return [
    ...[...facts.deployingBranches.keys()]
      .filter((name) => lacks('Environment', 'name', name))
      .map((name) => ({
        message: `There is no Azure DevOps environment '${name}', through which an environment is deployed.`,
        remedy: `Make an Environment with the name '${name}', known before it is made, with its checks.`,
      })),
    ...(resources.some(({ type }) => devOpsClass(type) === 'ServiceEndpointAzureRM') ? [...facts.connectingBranches.keys()] : [])
      .filter((name) => lacks('ServiceEndpointAzureRM', 'serviceEndpointName', name))
      .map((name) => ({
        message: `There is no service connection '${name}', by which \`pulumi up\` reaches a cluster.`,
        remedy: `Make a ServiceEndpointAzureRM with the serviceEndpointName '${name}', known before it is made, with its checks.`,
      })),
  ];
}

function checkResource(resource: StackResource, resources: readonly StackResource[], facts: PolicyFacts): readonly Finding[] {
  const kind = devOpsClass(resource.type);
  if (kind === 'Environment') return checkEnvironment(resource, resources, facts);
  if (kind !== 'ServiceEndpointAzureRM') return [];
  return isClusterConnection(resource, facts)
    ? checkClusterConnection(resource, resources, facts)
    : checkConnection(resource, resources, facts);
}

/** What every pipeline may use needs more than the checks of one environment; service connections are for signing-connections. */
function openToAll(authorization: StackResource): readonly Finding[] {
  const { name, props, urn } = authorization;
  const type = valueAt(props, 'type');
  if (!isForAll(authorization) || type === 'endpoint') return [];
  return [
    {
      message: `${name} opens a resource whose type is ${shown(type)} to every pipeline of the project.`,
      remedy: 'Name the one pipeline (pipelineId), and make an authorization for each.',
      urn,
    },
  ];
}

function checkAuthorization(
  authorization: StackResource,
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly Finding[] {
  const { name, props, urn } = authorization;
  const type = valueAt(props, 'type');
  const target = targetOf(authorization, resources);
  const right = target === undefined ? undefined : devOpsClass(target.type) === 'Environment' ? 'environment' : 'endpoint';
  if (!isKnownText(type) || (right !== undefined && type !== right))
    return [
      {
        message: `${name} authorizes a resource whose type is ${shown(type)}, and has to be ${right === undefined ? 'known' : `'${right}'`}.`,
        remedy: 'Give the type of the resource that resourceId comes from.',
        urn,
      },
    ];
  // openToAll and signing-connections say more of those.
  if (isForAll(authorization)) return [];
  const isPlatforms = sameName(type, 'environment') || (target !== undefined && isClusterConnection(target, facts));
  const pipeline = pipelineFrom(authorization, 'pipelineId');
  const found = resources.find((one) => one.urn === pipeline?.urn);
  if (found !== undefined && (!isPlatforms || valueAt(found.props, 'repository', 'ymlPath') === PLATFORM_PIPELINE)) return [];
  return [
    {
      message: `${name} authorizes ${found === undefined ? 'a pipeline that is not made here' : `the pipeline '${devOpsName(found)}'`}, and ${isPlatforms ? `has to be for the platform's, whose repository.ymlPath is '${PLATFORM_PIPELINE}'` : 'has to be for one that is'}.`,
      remedy: `Take the pipelineId from ${isPlatforms ? "the platform's BuildDefinition" : 'one BuildDefinition of this stack'}.`,
      urn,
    },
  ];
}

/** The environment or service connection of this stack that an authorization is about. */
const targetOf = (authorization: StackResource, resources: readonly StackResource[]): StackResource | undefined =>
  resources.find(
    (one) =>
      ['Environment', 'ServiceEndpointAzureRM'].includes(devOpsClass(one.type) ?? '') &&
      refersTo(authorization, 'resourceId', one),
  );

function isClusterConnection({ type, props }: StackResource, facts: PolicyFacts): boolean {
  const name = valueAt(props, 'serviceEndpointName');
  return devOpsClass(type) === 'ServiceEndpointAzureRM' && isKnownText(name) && facts.connectingBranches.has(name.toLowerCase());
}

function checkClusterConnection(
  connection: StackResource,
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly Finding[] {
  const name = devOpsName(connection);
  const { urn } = connection;
  const authorizations = authorizationsOf(connection, resources);
  return [
    ...branchControlFaults(connection, 'endpoint', resources, facts).map((fault) =>
      fromOtherBranches(`Other branches may use '${name}'`, urn, fault),
    ),
    ...(authorizations.length === 1 && !authorizations.some(isForAll)
      ? []
      : [
          {
            message: `'${name}' is for the platform's pipeline alone, and ${told(authorizations)}.`,
            remedy: 'Make exactly one PipelineAuthorization for it, with the pipelineId of the pipeline that runs `pulumi up`.',
            urn,
          },
        ]),
  ];
}

const told = (authorizations: readonly StackResource[]): string =>
  authorizations.some(isForAll) ? 'is authorized for every pipeline' : `has ${authorizations.length} PipelineAuthorizations`;

function checkEnvironment(
  environment: StackResource,
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly Finding[] {
  const name = devOpsName(environment);
  const { urn } = environment;
  const locks = targetsOf(resources, 'CheckExclusiveLock', environment, 'environment');
  return [
    ...(locks.length > 0
      ? []
      : [
          {
            message: `Two deployments to '${name}' can run at once: there is no CheckExclusiveLock for it.`,
            remedy: 'Make a CheckExclusiveLock with targetResourceType environment.',
            urn,
          },
        ]),
    ...branchControlFaults(environment, 'environment', resources, facts).map((fault) =>
      fromOtherBranches(`Other branches may deploy to '${name}'`, urn, fault),
    ),
  ];
}

function checkConnection(connection: StackResource, resources: readonly StackResource[], facts: PolicyFacts): readonly Finding[] {
  const name = devOpsName(connection);
  const { urn, props } = connection;
  if (facts.pullConnections.some((pull) => sameName(valueAt(props, 'serviceEndpointName'), pull))) return [];
  const template = templateFaults(connection, resources, facts);
  const branchControl = branchControlFaults(connection, 'endpoint', resources, facts);
  if (template.length === 0 || branchControl.length === 0) return [];
  // What is there and wrong says more than what is not there.
  const faults = [...template, ...branchControl];
  const there = faults.filter((fault) => fault.urn !== undefined);
  if (there.length > 0) return there.map((fault) => fromOtherBranches(`Other branches may use '${name}'`, urn, fault));
  return [
    {
      message: `Every branch may use '${name}': there is neither a CheckBranchControl nor a CheckRequiredTemplate for it.`,
      remedy: 'Make one of the two with targetResourceType endpoint.',
      urn,
    },
  ];
}

const fromOtherBranches = (what: string, target: string, { urn, fault }: CheckFault): Finding => ({
  message: `${what}: ${fault}.`,
  remedy: 'Give it a check that allows environment branches alone, by their full names (refs/heads/<branch>).',
  urn: urn ?? target,
});
