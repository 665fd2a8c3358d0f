import { listAt, valueAt, type PathSegment } from '../model';
import { type Forbidden, type SecuredPod } from './pod-security-control';
import { podContainers } from './pod-template';

/** A value that is set somewhere in a pod. */
export interface SetValue {
  readonly path: readonly PathSegment[];
  readonly value: unknown;
}

/** The values of a field of all containers, where it is set. */
export function ofContainers({ template }: SecuredPod, ...field: readonly string[]): readonly SetValue[] {
  return podContainers(template).flatMap(({ content, path }) => valueIfSet(content, path, field));
}

/** The value of a field of the pod's own spec, where it is set. */
export function ofPod({ template }: SecuredPod, ...field: readonly string[]): readonly SetValue[] {
  return valueIfSet(template.content, template.path, ['spec', ...field]);
}

/** The values of a field that the pod and each of its containers may have in their security contexts. */
export function ofSecurityContexts(pod: SecuredPod, ...field: readonly string[]): readonly SetValue[] {
  return [...ofPod(pod, 'securityContext', ...field), ...ofContainers(pod, 'securityContext', ...field)];
}

function valueIfSet(content: unknown, path: readonly PathSegment[], field: readonly string[]): readonly SetValue[] {
  const value = valueAt(content, ...field);
  return value === undefined ? [] : [{ path: [...path, ...field], value }];
}

/** The elements of lists, with their paths. */
export const elementsOf = (lists: readonly SetValue[]): readonly SetValue[] =>
  lists.flatMap(({ path, value }) => listAt(value).map((element, index) => ({ path: [...path, index], value: element })));

/** The volumes of a pod, with their paths. */
export const volumesOf = (pod: SecuredPod): readonly SetValue[] => elementsOf(ofPod(pod, 'volumes'));

/** A field of each of some values, where it is set. */
export function fieldOfEach(values: readonly SetValue[], field: PathSegment): readonly SetValue[] {
  return values.flatMap(({ path, value: element }) => {
    const value = valueAt(element, field);
    return value === undefined ? [] : [{ path: [...path, field], value }];
  });
}

/** Values that a test refuses. */
export function forbid(
  values: readonly SetValue[],
  isForbidden: (value: unknown) => boolean,
  remedy: string,
): readonly Forbidden[] {
  return values.filter(({ value }) => isForbidden(value)).map(({ path, value }) => ({ path, value, remedy }));
}

/** Whether a pod says that it runs on Windows, where the settings of Linux do not exist. */
export const isWindows = ({ template }: SecuredPod): boolean => valueAt(template.content, 'spec', 'os', 'name') === 'windows';

/** Whether users of a pod are nobody on the node; since 1.35 the standards allow such a pod more. */
export const hasOwnUsers = ({ template, minor }: SecuredPod): boolean =>
  minor >= 35 && valueAt(template.content, 'spec', 'hostUsers') === false;
