import { ValidatingAdmissionPolicy } from '@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicy';
import { ValidatingAdmissionPolicyBinding } from '@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicyBinding';
import { type Provider } from '@pulumi/kubernetes/provider';
import { ClusterRole } from '@pulumi/kubernetes/rbac/v1/clusterRole';
import { RoleBinding } from '@pulumi/kubernetes/rbac/v1/roleBinding';
import * as pulumi from '@pulumi/pulumi';
import { dryRunAccessObjectsFor, dryRunIdentity } from '../../manifests/builders';
import { GUID } from '../../src/model';
import { refusal } from '../azure/refusal';

/** The controller manager type-checks a new policy within seconds; what takes longer does not come. */
const POLICY_TIMEOUT = '2m';

/** Who may try out what, and where. */
export interface DryRunAccessArgs {
  /** Object id of the identity in Microsoft Entra ID, not its client id. */
  readonly principalId: pulumi.Input<string>;
  /** What has to be there before rights in Flux's namespace can be given: whatever makes the namespace. */
  readonly namespaceReady: readonly pulumi.Resource[];
  readonly provider: Provider;
}

/**
 * Lets the identity of pull requests try out manifests on the cluster, and change nothing.
 *
 * The rights never exist without the refusal: they come last and go first. When it is another identity, the policy would otherwise be
 * changed before the binding of the role, and the former identity would keep its rights without the refusal in between, or for longer if
 * the update failed there. So the policy is replaced then, and whatever replaces it or its binding has the rights removed before.
 */
export class DryRunAccess extends pulumi.ComponentResource {
  public constructor(name: string, args: DryRunAccessArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:kubernetes:DryRunAccess', name, {}, options);
    const { principalId, namespaceReady, provider } = args;
    // What is known is checked at once; an error within an output is told later and with less.
    const identity =
      typeof principalId === 'string'
        ? pulumi.output(checkedIdentity(principalId))
        : pulumi.output(principalId).apply(checkedIdentity);
    const objects = dryRunAccessObjectsFor({ matchConditions: identity.matchConditions, subjects: identity.subjects });
    // An object of a fixed name cannot stand beside its successor.
    const common = { parent: this, provider, deleteBeforeReplace: true };

    const policy = new ValidatingAdmissionPolicy(
      name,
      {
        ...objects.policy,
        metadata: {
          ...objects.policy.metadata,
          // The nearest to 'in force' that the API tells: the control plane has seen the policy and type-checked it. API servers take it
          // up within about a second, each by itself, so whoever relies on the refusal tries it first.
          annotations: { 'pulumi.com/waitFor': 'jsonpath={.status.observedGeneration}' },
        },
      },
      {
        ...common,
        replaceOnChanges: ['spec.matchConditions'],
        customTimeouts: { create: POLICY_TIMEOUT, update: POLICY_TIMEOUT },
      },
    );
    const policyBinding = new ValidatingAdmissionPolicyBinding(
      name,
      { ...objects.policyBinding, spec: { ...objects.policyBinding.spec, policyName: policy.metadata.name } },
      { ...common, dependsOn: [policy] },
    );
    const role = new ClusterRole(name, { ...objects.role }, { ...common, dependsOn: [policyBinding] });
    new RoleBinding(
      name,
      {
        ...objects.roleBinding,
        roleRef: {
          ...objects.roleBinding.roleRef,
          // `dependsOn` alone orders, but does not make the engine delete the rights before it replaces the policy: for that a property
          // whose change replaces, as `roleRef` does, has to come from it. Source: pulumi/pulumi, calculateDependentReplacements.
          name: pulumi
            .all([role.metadata.name, policy.metadata.name, policyBinding.metadata.name])
            .apply(([roleName]) => roleName),
        },
      },
      { ...common, dependsOn: [policy, policyBinding, role, ...namespaceReady] },
    );
    this.registerOutputs({});
  }
}

/**
 * An identity as the cluster knows it.
 *
 * @throws pulumi.RunError when it is no object id
 */
export function checkedIdentity(principalId: string): ReturnType<typeof dryRunIdentity> {
  if (!GUID.pattern.test(principalId)) {
    throw refusal(
      `The identity of dry runs is '${principalId}', which is not an object id: ${GUID.rule}. ` +
        '`az identity show --query principalId` tells it.',
    );
  }
  return dryRunIdentity(principalId);
}
