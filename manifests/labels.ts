import { type System } from '../src/model';

/** Namespace of Flux and, under `tenancy: shared`, of every registration. */
export const FLUX_NAMESPACE = 'flux-system';

/** Marks an object whose removal loses data; the removal guard reads it from the committed file. */
export const BEARS_DATA_ANNOTATION = 'k8s-gitops/bears-data';

/** Day on which the removal of an object's system was announced. */
export const REMOVAL_ANNOUNCED_ANNOTATION = 'k8s-gitops/removal-announced';

/** Says on an object which recorded facts it still waits for. */
export const PENDING_ANNOTATION = 'k8s-gitops/pending';

/** Names the system that an object belongs to. */
export const SYSTEM_LABEL = 'k8s-gitops/system';

const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'k8s-gitops' };

/** Metadata of a Kubernetes object; without cdk8s' types, because the Pulumi program uses it too. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Metadata of an object of the platform itself. */
export function platformMetadata(name: string): ObjectMetadata {
  return { name, namespace: FLUX_NAMESPACE, labels: MANAGED_BY };
}

/** Metadata of an object of a system: `kubectl get kustomizations -l k8s-gitops/team=payments` finds a team's. */
export function systemMetadata(system: System, name: string): ObjectMetadata {
  const annotations = {
    ...(system.bearsData ? { [BEARS_DATA_ANNOTATION]: 'true' } : {}),
    ...(system.removal === undefined ? {} : { [REMOVAL_ANNOUNCED_ANNOTATION]: system.removal.announced }),
  };
  return {
    name,
    namespace: FLUX_NAMESPACE,
    labels: {
      ...MANAGED_BY,
      [SYSTEM_LABEL]: system.name,
      'k8s-gitops/team': system.team,
      'k8s-gitops/pattern': system.pattern,
    },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}
