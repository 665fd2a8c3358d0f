import { platformMetadata, type ObjectMetadata } from '../labels';
import { clusterMetadata, DRY_RUN_ACCESS_NAME, type ClusterMetadata } from './metadata';

/** A ClusterRole, as far as this platform sets it. */
export interface DryRunRole {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole';
  readonly metadata: ClusterMetadata;
  readonly rules: Readonly<Record<'apiGroups' | 'resources' | 'verbs', string[]>>[];
}

/** A RoleBinding, as far as this platform sets it. */
export interface DryRunRoleBinding<Subjects> {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'RoleBinding';
  readonly metadata: ObjectMetadata;
  readonly roleRef: { readonly apiGroup: 'rbac.authorization.k8s.io'; readonly kind: 'ClusterRole'; readonly name: string };
  readonly subjects: Subjects;
}

/**
 * What synthesis writes below `clusters/<environment>/`, by API group.
 *
 * Not Secrets and not ConfigMaps: a dry run of PATCH answers with the object as it would be, so who may patch a Secret reads it.
 * Nothing that gives rights either (roles, bindings, tokens, exec, impersonation), and nothing of admission: see the policy.
 */
const RESOURCES: Readonly<Record<string, string[]>> = {
  'fluxcd.controlplane.io': ['fluxinstances'],
  'source.toolkit.fluxcd.io': ['gitrepositories', 'ocirepositories'],
  'kustomize.toolkit.fluxcd.io': ['kustomizations'],
  'helm.toolkit.fluxcd.io': ['helmreleases'],
};

/**
 * `kubectl apply --server-side` sends a PATCH, which also needs `create` where the object is new; `get` is for `kubectl diff` and shows no
 * more than the answer of a PATCH. Nothing sends a PUT (`update`). No `delete`: removals are guarded when files are written, and it is the
 * right that would do most harm if the policy were gone.
 */
const VERBS = ['get', 'create', 'patch'];

/** The rights to try out what synthesis writes, and no other. */
export function dryRunRole(): DryRunRole {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: clusterMetadata(),
    rules: Object.entries(RESOURCES).map(([apiGroup, resources]) => ({
      apiGroups: [apiGroup],
      resources: [...resources],
      verbs: [...VERBS],
    })),
  };
}

/**
 * Gives the rights in Flux's namespace alone, where all of it goes: a HelmRelease of a team in another namespace may hold what a pull
 * request must not read.
 */
export function dryRunRoleBinding<Subjects>(subjects: Subjects): DryRunRoleBinding<Subjects> {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: platformMetadata(DRY_RUN_ACCESS_NAME),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: DRY_RUN_ACCESS_NAME },
    subjects,
  };
}
