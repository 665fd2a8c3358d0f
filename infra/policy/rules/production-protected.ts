import { targetsOf } from '../check-targets';
import { type Finding } from '../finding';
import { devOpsName, listAt, sameName, shown, valueAt } from '../known-value';
import { ORGANIZATION_STACK } from '../../../src/model';
import { type PolicyFacts } from '../policy-facts';
import { devOpsClass } from '../resource-type';
import { azureTypes, type StackResource, type StackRule } from '../rule';

/**
 * What cannot be made again. Not the secrets with the public keys: they are derived from the keys, stay by `retainOnDelete`, and policies do
 * not see that option.
 */
const bearsState = azureTypes('containerregistry:Registry', 'keyvault:Vault', 'keyvault:Key');

/** What holds everything else of Azure DevOps. */
const DEVOPS_STATE = ['Git', 'Project'];

/** Nobody deletes what production needs by mistake, or deploys to it alone. */
export const productionProtected = (facts: PolicyFacts): StackRule => ({
  name: 'production-protected',
  description:
    'Of the last environment in the order of promotion, registry, Key Vault and keys are protected, and somebody other than the requester ' +
    'approves deployments; of Azure DevOps, project and repository are protected (decisions 10 and 11). Who approves may be known later.',
  check: ({ name, resources }) => {
    if (name === facts.productionStack) return resources.filter(({ type }) => bearsState(type)).flatMap(unprotected);
    if (name !== ORGANIZATION_STACK) return [];
    return [
      ...resources.filter(({ type }) => DEVOPS_STATE.includes(devOpsClass(type) ?? '')).flatMap(unprotected),
      ...approvals(resources, facts),
    ];
  },
});

function unprotected({ protect, urn, name }: StackResource): readonly Finding[] {
  if (protect) return [];
  return [{ message: `${name} is not protected, and has to be.`, remedy: 'Give it the option `protect: true`.', urn }];
}

function approvals(resources: readonly StackResource[], { productionDeployment }: PolicyFacts): readonly Finding[] {
  const environments = resources.filter(
    ({ type, props }) => devOpsClass(type) === 'Environment' && sameName(valueAt(props, 'name'), productionDeployment),
  );
  if (environments.length === 0)
    return [
      {
        message: `There is no Azure DevOps environment '${productionDeployment}', which holds the approval of production.`,
        remedy: `Make an Environment with the name '${productionDeployment}' and a CheckApproval for it.`,
      },
    ];
  return environments.flatMap((environment) => approval(environment, resources));
}

function approval(environment: StackResource, resources: readonly StackResource[]): readonly Finding[] {
  const checks = targetsOf(resources, 'CheckApproval', environment, 'environment');
  const faults = checks.map((check) => ({ check, fault: faultOf(check) }));
  if (faults.some(({ fault }) => fault === undefined)) return [];
  if (faults.length === 0)
    return [
      {
        message: `Nobody has to approve a deployment to '${devOpsName(environment)}': it has no CheckApproval.`,
        remedy:
          "Give 'k8s-gitops:approvals' of that environment in Pulumi.organization.yaml, with a group of the project that approves.",
        urn: environment.urn,
      },
    ];
  return faults.map(({ check, fault }) => ({
    message: `The approval of '${devOpsName(environment)}' is none: ${fault!}.`,
    remedy: 'Give it a list of at least one approver, and requesterCanApprove false.',
    urn: check.urn,
  }));
}

/** How many approvers there are has to be known, not who they are. */
function faultOf({ props }: StackResource): string | undefined {
  if (listAt(props, 'approvers').length === 0) return `approvers is ${shown(valueAt(props, 'approvers'))}`;
  const own = valueAt(props, 'requesterCanApprove') ?? false;
  return own === false ? undefined : `requesterCanApprove is ${shown(own)}`;
}
