import { platformMetadata, type ObjectMetadata } from '../labels';

/** Name of each of the objects, and of the policy in the message of a refusal. */
export const DRY_RUN_ACCESS_NAME = 'k8s-gitops-dry-run';

/** Metadata of an object that is in no namespace. */
export type ClusterMetadata = Pick<ObjectMetadata, 'name' | 'labels'>;

/** Metadata of those objects that are in no namespace. */
export function clusterMetadata(): ClusterMetadata {
  const { name, labels } = platformMetadata(DRY_RUN_ACCESS_NAME);
  return { name, labels };
}
