import { isKnownText, valueAt } from './known-value';
import { devOpsClass } from './resource-type';
import { type StackResource } from './rule';

/** Kinds of resource of Azure DevOps that a check or an authorization can be about. */
export type TargetType = 'endpoint' | 'environment';

/**
 * The checks of a kind that protect a resource.
 *
 * A check names its target by an id that is not known before both are there; the resource that the id comes from is known.
 */
export function targetsOf(
  resources: readonly StackResource[],
  checkClass: string,
  target: StackResource,
  type: TargetType,
): readonly StackResource[] {
  return resources.filter(
    (check) =>
      devOpsClass(check.type) === checkClass &&
      valueAt(check.props, 'targetResourceType') === type &&
      refersTo(check, 'targetResourceId', target),
  );
}

/** Whether the id in a property is that of a resource: it comes from it alone of its class, or is the same text. */
export function refersTo({ props, propertyDependencies }: StackResource, property: string, target: StackResource): boolean {
  const sources = (propertyDependencies[property] ?? []).filter(({ type }) => devOpsClass(type) === devOpsClass(target.type));
  if (sources.length > 0) return sources.length === 1 && sources[0]!.urn === target.urn;
  const id = valueAt(props, property);
  return isKnownText(id) && id === valueAt(target.props, 'id');
}
