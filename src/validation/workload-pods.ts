/** How many pods a workload has at its peak. */
export interface WorkloadPods {
  readonly pods: number;
  /** What the number does not say. @default - it says all */
  readonly remark?: string;
}

/**
 * The pods that a workload has at the same time, at its peak:
 *
 * - Deployment: its replicas, or those of its HorizontalPodAutoscaler if these are more, and the surge of a rolling update
 * - StatefulSet, ReplicaSet, ReplicationController: the same without a surge, because they replace pods one for one
 * - Job: `parallelism`, but no more than `completions`; none while it is suspended
 * - CronJob: those of one run. `concurrencyPolicy: Allow`, the default, lets runs overlap without bound, and a remark says so
 * - DaemonSet: those of one node, and a remark says so
 * - Pod: one
 *
 * Pods on their way out are not counted. A workload with no replicas has none: its autoscaler is off then.
 *
 * @param objects the objects among which its HorizontalPodAutoscaler is
 */
export function workloadPods(object: unknown, objects: readonly unknown[]): WorkloadPods | undefined {
  switch (`${textAt(object, 'apiVersion') ?? ''}/${textAt(object, 'kind') ?? ''}`) {
    case 'v1/Pod':
      return { pods: 1 };
    case 'apps/v1/Deployment': {
      const replicas = scaledReplicas(object, objects);
      return { pods: replicas + surgeOf(object, replicas) };
    }
    case 'apps/v1/StatefulSet':
    case 'apps/v1/ReplicaSet':
    case 'v1/ReplicationController':
      return { pods: scaledReplicas(object, objects) };
    case 'apps/v1/DaemonSet': {
      const surge = valueAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete' ? 0 : daemonSurge(object);
      return { pods: 1 + surge, remark: 'it runs on every node that it selects; counted is one node' };
    }
    case 'batch/v1/Job':
      return jobPods(valueAt(object, 'spec'));
    case 'batch/v1/CronJob':
      return cronJobPods(object);
    default:
      return undefined;
  }
}

function jobPods(spec: unknown): WorkloadPods {
  if (valueAt(spec, 'suspend') === true) return { pods: 0, remark: 'it is suspended' };
  const parallelism = countAt(spec, 1, 'parallelism');
  return { pods: Math.min(parallelism, countAt(spec, parallelism, 'completions')) };
}

function cronJobPods(object: unknown): WorkloadPods {
  if (valueAt(object, 'spec', 'suspend') === true) return { pods: 0, remark: 'it is suspended' };
  const run = jobPods(valueAt(object, 'spec', 'jobTemplate', 'spec'));
  const policy = textAt(object, 'spec', 'concurrencyPolicy') ?? 'Allow';
  if (policy !== 'Allow') return run;
  return { pods: run.pods, remark: 'its runs may overlap (concurrencyPolicy Allow); counted is one run' };
}

function scaledReplicas(object: unknown, objects: readonly unknown[]): number {
  const replicas = countAt(object, 1, 'spec', 'replicas');
  if (replicas === 0) return 0;
  const scalers = objects.filter((candidate) => scales(candidate, object));
  return Math.max(replicas, ...scalers.map((scaler) => countAt(scaler, 0, 'spec', 'maxReplicas')));
}

/** Whether an object is the HorizontalPodAutoscaler of a workload. */
function scales(scaler: unknown, object: unknown): boolean {
  if (textAt(scaler, 'kind') !== 'HorizontalPodAutoscaler') return false;
  if (!(textAt(scaler, 'apiVersion') ?? '').startsWith('autoscaling/')) return false;
  const target = valueAt(scaler, 'spec', 'scaleTargetRef');
  return (
    textAt(target, 'kind') === textAt(object, 'kind') &&
    textAt(target, 'name') === textAt(object, 'metadata', 'name') &&
    textAt(scaler, 'metadata', 'namespace') === textAt(object, 'metadata', 'namespace')
  );
}

function surgeOf(object: unknown, replicas: number): number {
  if (valueAt(object, 'spec', 'strategy', 'type') === 'Recreate') return 0;
  return numberOrPercent(valueAt(object, 'spec', 'strategy', 'rollingUpdate', 'maxSurge') ?? '25%', replicas);
}

const daemonSurge = (object: unknown): number =>
  numberOrPercent(valueAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'maxSurge') ?? 0, 1);

/** A part of a whole is rounded up, as Kubernetes does for a surge. */
function numberOrPercent(value: unknown, whole: number): number {
  const percent = typeof value === 'string' ? /^(\d{1,9})%$/.exec(value) : null;
  if (percent !== null) return Math.ceil((Number(percent[1]) * whole) / 100);
  return isCount(value) ? value : 0;
}

function countAt(object: unknown, otherwise: number, ...path: readonly string[]): number {
  const value = valueAt(object, ...path);
  return isCount(value) ? value : otherwise;
}

/** Kubernetes' counts have 32 bits. */
const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31;
import { textAt, valueAt } from '../model';
