import { type PlanObject } from '../../../infra/plan';
import { changed, violationsOf, type TestResource } from './checked';
import { organization } from './organization';

/** A change of what a stack has. */
export type Change = (resources: readonly TestResource[]) => readonly TestResource[];

/** Without the resources of these names. */
export const without =
  (...names: readonly string[]): Change =>
  (resources) => {
    for (const name of names) if (!resources.some((resource) => resource.name === name)) throw new Error(`no ${name}`);
    return resources.filter(({ name }) => !names.includes(name));
  };

/** With one input changed. */
export const withInput =
  (name: string, path: string, value: PlanObject[string] | undefined): Change =>
  (resources) => {
    if (!resources.some((resource) => resource.name === name)) throw new Error(`no ${name}`);
    return resources.map((one) => (one.name === name ? { ...one, inputs: changed(one.inputs, path, value) } : one));
  };

/** With a resource changed. */
export const withResource =
  (name: string, options: Partial<TestResource>): Change =>
  (resources) =>
    resources.map((one) => (one.name === name ? { ...one, ...options } : one));

/** With more resources. */
export const adding =
  (...more: readonly TestResource[]): Change =>
  (resources) => [...resources, ...more];

/** What a rule finds in the stack `organization` after a change: short name of the resource, and message. */
export async function found(policy: string, change: Change, stack = 'organization'): Promise<readonly string[]> {
  const violations = await violationsOf(policy, stack, change(organization()));
  return violations.map(({ resource, message }) => `${resource ?? 'stack'}: ${message}`);
}

/** No change. */
export const same: Change = (resources) => resources;
