import { listAt, textAt, valueAt, type PathSegment } from '../model';

/** The pod that a workload makes, and where the workload's object describes it. */
export interface PodTemplate {
  /** The template with its `metadata` and `spec`; for a Pod, the object itself. */
  readonly content: unknown;
  /** Path of the template in the workload's object, empty for a Pod. */
  readonly path: readonly PathSegment[];
}

/** Where each kind of workload has its pod template. */
const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = {
  'v1/Pod': [],
  'v1/ReplicationController': ['spec', 'template'],
  'v1/PodTemplate': ['template'],
  'apps/v1/Deployment': ['spec', 'template'],
  'apps/v1/StatefulSet': ['spec', 'template'],
  'apps/v1/DaemonSet': ['spec', 'template'],
  'apps/v1/ReplicaSet': ['spec', 'template'],
  'batch/v1/Job': ['spec', 'template'],
  'batch/v1/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The pod template of a workload, `undefined` for objects of other kinds. */
export function podTemplateOf(object: unknown): PodTemplate | undefined {
  const key = `${textAt(object, 'apiVersion') ?? ''}/${textAt(object, 'kind') ?? ''}`;
  if (!Object.hasOwn(TEMPLATE_PATHS, key)) return undefined;
  const path = TEMPLATE_PATHS[key]!;
  return { content: valueAt(object, ...path), path };
}

/** A container of a pod. */
export interface PodContainer {
  readonly content: unknown;
  /** Path in the workload's object. */
  readonly path: readonly PathSegment[];
}

/** The containers of a pod in the order in which they start. */
export function podContainers(
  { content, path }: PodTemplate,
  fields: readonly string[] = ['initContainers', 'containers', 'ephemeralContainers'],
): readonly PodContainer[] {
  return fields.flatMap((field) =>
    listAt(content, 'spec', field).map((container, index) => ({ content: container, path: [...path, 'spec', field, index] })),
  );
}

/** The images that the pods of an object run, none for objects without pods. */
export function podImages(object: unknown): readonly string[] {
  const template = podTemplateOf(object);
  if (template === undefined) return [];
  return podContainers(template).flatMap(({ content }) => textAt(content, 'image') ?? []);
}

/** The ServiceAccount that the pods of an object name, `undefined` for those of the namespace's own and for objects without pods. */
export function podServiceAccount(object: unknown): string | undefined {
  return textAt(podTemplateOf(object)?.content, 'spec', 'serviceAccountName');
}
