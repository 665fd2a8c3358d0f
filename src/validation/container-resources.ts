import { textAt } from '../model';
import { type ContainerDefaults } from './limit-range-defaults';
import { podResources, type PodResources } from './pod-resources';
import { podTemplateOf } from './pod-template';
import { addAmounts, multiplyAmounts, NOTHING, type ResourceAmounts } from './resource-amounts';
import { workloadPods, type WorkloadPods } from './workload-pods';

/** What one workload needs at its peak. */
export interface WorkloadUsage extends WorkloadPods {
  readonly kind: string;
  readonly name: string;
  /** @default - the object names none */
  readonly namespace?: string;
  /** The workload's object. */
  readonly object: unknown;
  /** What each of its pods needs, and what is wrong with its containers. */
  readonly perPod: PodResources;
  /** Of all its pods. */
  readonly requests: ResourceAmounts;
  readonly limits: ResourceAmounts;
}

/** What workloads need when all of them are at their peak at the same time, for comparing with a ResourceQuota. */
export interface PeakUsage {
  readonly pods: number;
  readonly requests: ResourceAmounts;
  readonly limits: ResourceAmounts;
  readonly perWorkload: readonly WorkloadUsage[];
}

/**
 * Sums up what the workloads among objects need at their peak, as the scheduler and a ResourceQuota count it.
 *
 * A quota is that of one namespace: leave out the objects of others. Pods that Helm starts for its hooks count like any other.
 *
 * @param defaults what the namespace's LimitRange gives to containers that do not say what they need
 */
export function peakUsage(objects: readonly unknown[], defaults: ContainerDefaults): PeakUsage {
  const perWorkload = objects.flatMap((object) => workloadUsage(object, objects, defaults));
  return {
    pods: perWorkload.reduce((sum, { pods }) => sum + pods, 0),
    requests: perWorkload.reduce((sum, { requests }) => addAmounts(sum, requests), NOTHING),
    limits: perWorkload.reduce((sum, { limits }) => addAmounts(sum, limits), NOTHING),
    perWorkload,
  };
}

function workloadUsage(object: unknown, objects: readonly unknown[], defaults: ContainerDefaults): readonly WorkloadUsage[] {
  const counted = workloadPods(object, objects);
  const template = podTemplateOf(object);
  if (counted === undefined || template === undefined) return [];
  const perPod = podResources(template, defaults);
  const namespace = textAt(object, 'metadata', 'namespace');
  return [
    {
      kind: textAt(object, 'kind') ?? '',
      name: textAt(object, 'metadata', 'name') ?? '',
      ...(namespace === undefined ? {} : { namespace }),
      object,
      ...counted,
      perPod,
      requests: multiplyAmounts(perPod.requests, counted.pods),
      limits: multiplyAmounts(perPod.limits, counted.pods),
    },
  ];
}
