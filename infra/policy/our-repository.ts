import { type PlanValue } from '../plan/plan-value';
import { isKnownText, listAt, sameName, valueAt } from './known-value';
import { type PolicyFacts } from './policy-facts';
import { devOpsClass } from './resource-type';
import { type StackResource } from './rule';

/** @returns URN of the repository that is made here and that a property refers to by an id, or the id of one that is not made here */
export function repositoryOf(
  { propertyDependencies }: StackResource,
  property: string,
  id: PlanValue | undefined,
  resources: readonly StackResource[],
): string | undefined {
  const sources = (propertyDependencies[property] ?? []).filter(({ type }) => devOpsClass(type) === 'Git');
  if (sources.length > 0) return sources.length === 1 ? sources[0]!.urn : undefined;
  if (!isKnownText(id)) return undefined;
  return resources.find(({ type, props }) => devOpsClass(type) === 'Git' && valueAt(props, 'id') === id)?.urn ?? id;
}

/**
 * This repository, where it is made here; otherwise every one that is not made here and has branch policies: an id that is only a text may be
 * that of any repository.
 */
export function ourRepositories(resources: readonly StackResource[], { repository }: PolicyFacts): readonly string[] {
  const made = resources.filter(({ type }) => devOpsClass(type) === 'Git');
  const ours = made.filter(({ props }) => sameName(valueAt(props, 'name'), repository)).map(({ urn }) => urn);
  if (ours.length > 0) return ours;
  const others = made.map(({ urn }) => urn);
  return [...new Set(resources.flatMap((one) => policyRepositories(one, resources)))]
    .filter((one) => !others.includes(one))
    .sort();
}

function policyRepositories(resource: StackResource, resources: readonly StackResource[]): readonly string[] {
  if (!(devOpsClass(resource.type) ?? '').startsWith('BranchPolicy')) return [];
  return listAt(resource.props, 'settings', 'scopes').flatMap(
    (scope) => repositoryOf(resource, 'settings', valueAt(scope, 'repositoryId'), resources) ?? [],
  );
}
