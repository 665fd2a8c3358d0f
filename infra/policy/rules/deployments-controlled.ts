import { ORGANIZATION_STACK } from '../../../src/model';
import { targetsOf } from '../check-targets';
import { branchControlFaults, templateFaults, type CheckFault } from '../endpoint-checks';
import { type Finding } from '../finding';
import { sameName, valueAt } from '../known-value';
import { type PolicyFacts } from '../policy-facts';
import { devOpsClass } from '../resource-type';
import { type StackResource, type StackRule } from '../rule';

/** Only environment branches deploy, one deployment at a time. */
export const deploymentsControlled = (facts: PolicyFacts): StackRule => ({
  name: 'deployments-controlled',
  description:
    'Every Azure DevOps environment has an exclusive lock and a branch control that names environment branches alone; every service ' +
    'connection has such a branch control or a required template, except those that can only pull (Azure DevOps: approvals and checks). ' +
    'Branches and names are known; of ids it is enough to know which resource they come from.',
  check: ({ name, resources }) =>
    name === ORGANIZATION_STACK ? resources.flatMap((resource) => checkResource(resource, resources, facts)) : [],
});

function checkResource(resource: StackResource, resources: readonly StackResource[], facts: PolicyFacts): readonly Finding[] {
  const kind = devOpsClass(resource.type);
  if (kind === 'Environment') return checkEnvironment(resource, resources, facts);
  return kind === 'ServiceEndpointAzureRM' ? checkConnection(resource, resources, facts) : [];
}

function checkEnvironment(
  environment: StackResource,
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly Finding[] {
  const { name, urn } = environment;
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
  const { name, urn, props } = connection;
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
