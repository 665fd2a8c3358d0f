import * as fs from 'node:fs';
import * as path from 'node:path';
import { planOrganization, planStack, type Plan, type PlannedResource } from '../../infra/plan';
import { ORGANIZATION_STACK, type Environment, type Platform } from '../../src/model';
import { loadPlatform } from '../support/load-platform';
import { FIXTURES, platformFolder } from '../support/platform-folder';

/** A platform folder whose stacks are configured by a fixture below `stacks/`; further fixtures are laid over it. */
export function stacksFolder(...fixtures: readonly string[]): string {
  const [first, ...others] = fixtures;
  const folder = platformFolder(`stacks/${first!}`);
  for (const fixture of others) fs.cpSync(path.join(FIXTURES, 'stacks', fixture), folder, { recursive: true });
  return folder;
}

/** The environment of a platform. */
export function environmentOf({ environments }: Platform, name: string): Environment {
  return environments.find((environment) => environment.name === name)!;
}

/** The plan of a stack, which must not be refused. */
export async function planOf(folder: string, stack: string): Promise<Plan> {
  const plan = await tryToPlan(folder, stack);
  if ('refusal' in plan) throw new Error(plan.refusal);
  return plan;
}

/** The plan of a stack, or why there is none. */
export function tryToPlan(folder: string, stack: string): Promise<Plan | { readonly refusal: string }> {
  const platform = loadPlatform(folder);
  if (stack === ORGANIZATION_STACK) return planOrganization({ platform, organization: platform.organization! });
  const environment = environmentOf(platform, stack);
  return planStack({ platform, environment, settings: environment.stack! });
}

/** `Type name`, by which these tests name a resource. */
export const nameOf = ({ type, name }: PlannedResource): string => `${type.split(':').at(-1)!} ${name}`;

/** The resource of a plan with this {@link nameOf}. */
export function resourceOf(plan: Plan, name: string): PlannedResource {
  const found = plan.resources.filter((resource) => resource.custom && nameOf(resource) === name);
  if (found.length !== 1) throw new Error(`${plan.stack} has ${found.length} resources '${name}'`);
  return found[0]!;
}

/** Whether a resource is made only after another, directly or not. */
export function isAfter(plan: Plan, later: string, earlier: string): boolean {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const goal = resourceOf(plan, earlier).urn;
  const seen = new Set<string>();
  const reaches = (urn: string): boolean => {
    if (urn === goal) return true;
    if (seen.has(urn)) return false;
    seen.add(urn);
    const resource = byUrn.get(urn);
    if (resource === undefined) return false;
    return [...resource.dependencies, ...(resource.provider === undefined ? [] : [resource.provider])].some(reaches);
  };
  const start = resourceOf(plan, later);
  return start.urn !== goal && reaches(start.urn);
}
