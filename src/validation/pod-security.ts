import { BASELINE } from './pod-security-baseline';
import { explainForbidden, type PodSecurityLevel, type PodSecurityViolation } from './pod-security-control';
import { RESTRICTED } from './pod-security-restricted';
import { podTemplateOf } from './pod-template';

export { type PodSecurityLevel, type PodSecurityViolation } from './pod-security-control';

/**
 * What the Pod Security Standards forbid in the pods of a workload, as the API server judges it.
 *
 * @param object a Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job or CronJob; other objects have no pods
 * @param level level that the namespace enforces
 * @param kubernetesVersion version of the standards from 1.25 on, such as `1.34` or `1.34.2`
 */
export function podSecurityViolations(
  object: unknown,
  level: PodSecurityLevel,
  kubernetesVersion: string,
): readonly PodSecurityViolation[] {
  const template = podTemplateOf(object);
  if (template === undefined) return [];
  const pod = { template, minor: Number(kubernetesVersion.split('.')[1]) };
  const replaced = new Set(RESTRICTED.map(({ replaces }) => replaces));
  const controls = level === 'baseline' ? BASELINE : [...BASELINE.filter(({ name }) => !replaced.has(name)), ...RESTRICTED];
  return controls.flatMap((control) => control.check(pod).map((forbidden) => explainForbidden(control, level, forbidden)));
}
