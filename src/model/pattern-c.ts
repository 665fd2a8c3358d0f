/** API groups of Kubernetes' own kinds. */
const OWN_GROUPS = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** Kinds that a system of pattern C may hold without an approval that names them; everything else has a chart. */
export const PATTERN_C_KINDS: readonly string[] = [
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'CustomResourceDefinition',
  'IngressClass',
  'LimitRange',
  'Namespace',
  'NetworkPolicy',
  'PriorityClass',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'RuntimeClass',
  'ServiceAccount',
  'StorageClass',
  'ClusterIssuer.cert-manager.io',
  'ClusterSecretStore.external-secrets.io',
  'Gateway.gateway.networking.k8s.io',
  'GatewayClass.gateway.networking.k8s.io',
  'PodMonitor.monitoring.coreos.com',
  'PrometheusRule.monitoring.coreos.com',
  'ServiceMonitor.monitoring.coreos.com',
];

/** Kinds that no approval allows: Git holds no secrets. */
export const NEVER_IN_PATTERN_C: readonly string[] = ['Secret'];

/** A kind as lists of kinds write it: Kubernetes' own by name, others with their API group. */
export function kindName(apiVersion: string, kind: string): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return OWN_GROUPS.has(group) ? kind : `${kind}.${group}`;
}
