import { clusterMetadata, DRY_RUN_ACCESS_NAME, type ClusterMetadata } from './metadata';

/** A ValidatingAdmissionPolicy, as far as this platform sets it. */
export interface DryRunOnlyPolicy<Conditions> {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'ValidatingAdmissionPolicy';
  readonly metadata: ClusterMetadata;
  readonly spec: {
    readonly failurePolicy: 'Fail';
    readonly matchConstraints: {
      readonly resourceRules: Readonly<Record<'apiGroups' | 'apiVersions' | 'operations' | 'resources', string[]>>[];
    };
    readonly matchConditions: Conditions;
    readonly validations: Readonly<Record<'expression' | 'reason' | 'message' | 'messageExpression', string>>[];
  };
}

/** A ValidatingAdmissionPolicyBinding, as far as this platform sets it. */
export interface DryRunOnlyPolicyBinding {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'ValidatingAdmissionPolicyBinding';
  readonly metadata: ClusterMetadata;
  readonly spec: { readonly policyName: string; readonly validationActions: string[] };
}

const PURPOSE = 'This identity only tries out manifests of pull requests and may change nothing.';
const REMEDY = 'Add --dry-run=server, or sign in as somebody who may change the cluster.';

/**
 * Refuses an identity whatever is not a dry run. RBAC cannot: a dry run needs the very right that it tries out.
 * Source: Kubernetes, "Dry-run authorization".
 *
 * Out of its reach is what does not pass the admission of this API server:
 * - reads;
 * - admission policies and their bindings: the identity must have no right in admissionregistration.k8s.io, or it could remove this one;
 * - reviews, such as the SelfSubjectAccessReview of `kubectl auth can-i`: they store nothing, and everybody may ask what he may do;
 * - what another API server serves behind this one (an APIService), which has an admission of its own;
 * - whoever the identity impersonates: it must not have `impersonate`.
 *
 * Source: Kubernetes, "API kinds exempt from admission validation".
 */
export function dryRunOnlyPolicy<Conditions>(matchConditions: Conditions): DryRunOnlyPolicy<Conditions> {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: clusterMetadata(),
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        // More than the role below gives, because rights come from elsewhere too, such as from a group. `*/*` has the subresources, and
        // `*` has CONNECT: exec, attach, port forwarding, proxies, which are never dry runs.
        resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
      },
      matchConditions,
      validations: [
        {
          expression: 'has(request.dryRun) && request.dryRun',
          reason: 'Forbidden',
          message: `${PURPOSE} ${REMEDY}`,
          messageExpression: `'${PURPOSE} This ' + request.operation + ' of ' + request.resource.resource + ' is not a dry run. ${REMEDY}'`,
        },
      ],
    },
  };
}

/** Puts the policy in force: without a binding it refuses nothing. */
export function dryRunOnlyPolicyBinding(): DryRunOnlyPolicyBinding {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: clusterMetadata(),
    spec: { policyName: DRY_RUN_ACCESS_NAME, validationActions: ['Deny'] },
  };
}
