import { listAt, shown, valueAt } from '../known-value';
import { type PlanValue } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { type StackResource, type StackRule } from '../rule';

/** Name of the objects that let pull requests try out manifests on a cluster. */
const DRY_RUN = 'k8s-gitops-dry-run';

/** What gives the role that may do everything in a cluster. */
const EVERYTHING = 'cluster-admin';

/** Who only tries out manifests changes nothing. */
export const dryRunRefuses: StackRule = {
  name: 'dry-run-refuses',
  description:
    `Where the rights '${DRY_RUN}' are bound, a ValidatingAdmissionPolicy of that name fails closed, and its binding denies, everywhere and ` +
    `nothing else (decision 10; Kubernetes: validating admission policy). Nobody is bound to ${EVERYTHING}. Names, failurePolicy and ` +
    'validationActions are known before.',
  check: ({ resources }) => {
    const bindings = resources.filter(({ type }) => ['RoleBinding', 'ClusterRoleBinding'].includes(kubernetesKind(type)));
    const rights = bindings.filter(isDryRun);
    return [
      ...bindings.flatMap(bindsEverything),
      ...rights.flatMap((binding) => [...policyFaults(resources), ...bindingFaults(resources)].map(refusedBy(binding))),
    ];
  },
};

/** A kind in whichever version of its API, and as a patch of one that is there. */
const kubernetesKind = (type: string): string =>
  type.startsWith('kubernetes:')
    ? type
        .split(':')
        .at(-1)!
        .replace(/Patch$/, '')
    : '';

const nameOf = ({ props }: StackResource): PlanValue | undefined => valueAt(props, 'metadata', 'name');

const isDryRun = (resource: StackResource): boolean => nameOf(resource) === DRY_RUN;

function bindsEverything({ type, name, props, urn }: StackResource): readonly Finding[] {
  const role = valueAt(props, 'roleRef', 'name');
  // The engine does not know a name that comes from a role which is not there yet, and looks again when it does.
  if (role !== EVERYTHING) return [];
  return [
    {
      message: `${kubernetesKind(type)} ${name} binds somebody to ${EVERYTHING}.`,
      remedy: 'Bind a role that allows what is needed.',
      urn,
    },
  ];
}

/** Why nothing refuses what is no dry run. */
interface Fault {
  /** @default - there is nothing to point at */
  readonly urn?: string;
  readonly fault: string;
}

function policyFaults(resources: readonly StackResource[]): readonly Fault[] {
  return faultsOf('ValidatingAdmissionPolicy', resources, ({ props }) => {
    // Kubernetes fails closed when nothing is said.
    const failurePolicy = valueAt(props, 'spec', 'failurePolicy') ?? 'Fail';
    return failurePolicy === 'Fail' ? undefined : `spec.failurePolicy is ${shown(failurePolicy)}, and has to be 'Fail'`;
  });
}

function bindingFaults(resources: readonly StackResource[]): readonly Fault[] {
  return faultsOf('ValidatingAdmissionPolicyBinding', resources, ({ props }) => {
    const policy = valueAt(props, 'spec', 'policyName');
    if (policy !== DRY_RUN) return `spec.policyName is ${shown(policy)}, and has to be '${DRY_RUN}'`;
    const actions = listAt(props, 'spec', 'validationActions');
    if (actions.length !== 1 || actions[0] !== 'Deny')
      return `spec.validationActions is ${shown(valueAt(props, 'spec', 'validationActions'))}, and has to be ['Deny']`;
    const matched = valueAt(props, 'spec', 'matchResources');
    return matched === undefined ? undefined : 'spec.matchResources is set, and would leave something out';
  });
}

function faultsOf(
  kind: string,
  resources: readonly StackResource[],
  faultOf: (resource: StackResource) => string | undefined,
): readonly Fault[] {
  const found = resources.filter((resource) => kubernetesKind(resource.type) === kind && isDryRun(resource));
  if (found.length === 0) return [{ fault: `there is no ${kind} '${DRY_RUN}'` }];
  return found.flatMap((resource) => {
    const fault = faultOf(resource);
    return fault === undefined ? [] : [{ urn: resource.urn, fault }];
  });
}

const refusedBy =
  (binding: StackResource) =>
  ({ urn, fault }: Fault): Finding => ({
    message: `Who dry-runs by ${binding.name} could change the cluster: ${fault}.`,
    remedy: 'Make the objects of a dry run with DryRunAccess alone, which makes the refusal before the rights.',
    urn: urn ?? binding.urn,
  });
