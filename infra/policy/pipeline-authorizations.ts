import { refersTo } from './check-targets';
import { valueAt } from './known-value';
import { devOpsClass } from './resource-type';
import { type StackResource } from './rule';

/** Every authorization of pipelines to use something. */
export const authorizationsIn = (resources: readonly StackResource[]): readonly StackResource[] =>
  resources.filter(({ type }) => devOpsClass(type) === 'PipelineAuthorization');

/** The authorizations of pipelines to use a resource. */
export const authorizationsOf = (target: StackResource, resources: readonly StackResource[]): readonly StackResource[] =>
  authorizationsIn(resources).filter((one) => refersTo(one, 'resourceId', target));

/** Whether an authorization is for every pipeline of the project: to the provider, the id 0 is none. */
export function isForAll({ props }: StackResource): boolean {
  const id = valueAt(props, 'pipelineId');
  return id === undefined || id === 0 || id === '0' || id === '';
}

/** The one pipeline of this stack that the id in a property comes from. */
export function pipelineFrom({ propertyDependencies }: StackResource, property: string): { readonly urn: string } | undefined {
  const sources = (propertyDependencies[property] ?? []).filter(({ type }) => devOpsClass(type) === 'BuildDefinition');
  return sources.length === 1 ? sources[0] : undefined;
}
