import { targetsOf, type TargetType } from './check-targets';
import { isKnownText, listAt, sameName, shown, valueAt } from './known-value';
import { protectedRefs, type PolicyFacts } from './policy-facts';
import { type StackResource } from './rule';

/** Why a check of a resource does not protect it. */
export interface CheckFault {
  /** URN of the check. @default - there is none */
  readonly urn?: string;
  /** What is wrong, with both values. */
  readonly fault: string;
}

/** @returns why no required template protects a service connection; nothing when one does */
export function templateFaults(
  endpoint: StackResource,
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly CheckFault[] {
  const signs = facts.signingConnections.some((name) => sameName(valueAt(endpoint.props, 'serviceEndpointName'), name));
  return faultsOf('CheckRequiredTemplate', endpoint, 'endpoint', resources, (check) => templateFault(check, facts, signs));
}

/** @returns why no branch control protects a resource; nothing when one does */
export function branchControlFaults(
  target: StackResource,
  type: TargetType,
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly CheckFault[] {
  const refs = refsOf(target, type, facts);
  return faultsOf('CheckBranchControl', target, type, resources, (check) => branchControlFault(check, refs));
}

/** What deploys one environment is for its branch alone. */
function refsOf({ props }: StackResource, type: TargetType, facts: PolicyFacts): readonly string[] {
  const [field, branches] =
    type === 'endpoint'
      ? (['serviceEndpointName', facts.connectingBranches] as const)
      : (['name', facts.deployingBranches] as const);
  const name = valueAt(props, field);
  const branch = isKnownText(name) ? branches.get(name.toLowerCase()) : undefined;
  return branch === undefined ? protectedRefs(facts) : [`refs/heads/${branch}`];
}

/** All checks have to be passed: one that protects is enough. */
function faultsOf(
  checkClass: string,
  target: StackResource,
  type: TargetType,
  resources: readonly StackResource[],
  faultOf: (check: StackResource) => string | undefined,
): readonly CheckFault[] {
  const checks = targetsOf(resources, checkClass, target, type);
  if (checks.length === 0) return [{ fault: `there is no ${checkClass} for it` }];
  const faults = checks.map((check) => ({ urn: check.urn, fault: faultOf(check) }));
  return faults.some(({ fault }) => fault === undefined) ? [] : faults.map(({ urn, fault }) => ({ urn, fault: fault! }));
}

/** A pipeline has to extend one of the templates, so each has to be ours, and of the branch that nobody changes alone. */
export function templateFault({ props }: StackResource, { templates: ours }: PolicyFacts, signs: boolean): string | undefined {
  const templates = listAt(props, 'requiredTemplates');
  if (templates.length === 0) return `requiredTemplates is ${shown(valueAt(props, 'requiredTemplates'))}, and has to name one`;
  if (ours === undefined) return 'no template is known that it could require';
  const paths = signs ? [ours.application] : [ours.application, ours.dryRun];
  const rules: readonly (readonly [field: string, allowed: readonly string[]])[] = [
    ['repositoryType', ['azuregit']],
    ['repositoryName', [ours.repository]],
    ['repositoryRef', [ours.ref]],
    ['templatePath', paths],
  ];
  for (const template of templates) {
    for (const [field, allowed] of rules) {
      // Azure Repos is what is meant when nothing is said.
      const value = valueAt(template, field) ?? (field === 'repositoryType' ? 'azuregit' : undefined);
      const isRight = allowed.some((one) => (field === 'repositoryName' ? sameName(value, one) : value === one));
      if (!isRight) return `${field} is ${shown(value)}, and has to be ${allowed.join(' or ')}`;
    }
  }
  return undefined;
}

function branchControlFault({ props }: StackResource, refs: readonly string[]): string | undefined {
  // Azure DevOps allows all when nothing is said.
  const allowed = valueAt(props, 'allowedBranches') ?? '*';
  const branches = isKnownText(allowed) ? allowed.split(',').map((branch) => branch.trim()) : [];
  const others = branches.filter((branch) => !refs.includes(branch));
  if (branches.length === 0 || others.length > 0)
    return `allowedBranches is ${shown(allowed)}, and may name ${refs.join(', ')} alone`;
  const verified = valueAt(props, 'verifyBranchProtection') ?? false;
  if (verified !== true) return `verifyBranchProtection is ${shown(verified)}, and has to be true`;
  const ignored = valueAt(props, 'ignoreUnknownProtectionStatus') ?? false;
  return ignored === false ? undefined : `ignoreUnknownProtectionStatus is ${shown(ignored)}, and has to be false`;
}
