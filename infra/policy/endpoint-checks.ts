import { targetsOf, type TargetType } from './check-targets';
import { isKnownText, listAt, shown, valueAt } from './known-value';
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
  return faultsOf('CheckRequiredTemplate', endpoint, 'endpoint', resources, (check) => templateFault(check, facts));
}

/** @returns why no branch control protects a resource; nothing when one does */
export function branchControlFaults(
  target: StackResource,
  type: TargetType,
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly CheckFault[] {
  const refs = refsOf(target, facts);
  return faultsOf('CheckBranchControl', target, type, resources, (check) => branchControlFault(check, refs));
}

/** What deploys one environment is for its branch alone. */
function refsOf({ props }: StackResource, facts: PolicyFacts): readonly string[] {
  const name = valueAt(props, 'serviceEndpointName') ?? valueAt(props, 'name');
  const branch = isKnownText(name) ? facts.deployingBranches.get(name.toLowerCase()) : undefined;
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

/** A pipeline has to extend one of the templates, so each has to stand where nobody changes it alone. */
export function templateFault({ props }: StackResource, facts: PolicyFacts): string | undefined {
  const templates = listAt(props, 'requiredTemplates');
  if (templates.length === 0) return `requiredTemplates is ${shown(valueAt(props, 'requiredTemplates'))}, and has to name one`;
  for (const template of templates) {
    const ref = valueAt(template, 'repositoryRef');
    const repository = valueAt(template, 'repositoryName');
    if (!protectedRefs(facts).includes(ref as string))
      return `repositoryRef is ${shown(ref)}, and has to be one of ${protectedRefs(facts).join(', ')}`;
    if (!isKnownText(repository) || repository.split('/').at(-1)!.toLowerCase() !== facts.repository.toLowerCase())
      return `repositoryName is ${shown(repository)}, and has to be this repository, '${facts.repository}'`;
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
  const ignored = valueAt(props, 'ignoreUnknownProtectionStatus') ?? false;
  return ignored === false ? undefined : `ignoreUnknownProtectionStatus is ${shown(ignored)}, and has to be false`;
}
