import { type Plan, type PlannedResource, type PlanObject, type PlanValue } from '../../infra/plan';
import { nameOf } from './plans';

/** What has to be true of one resource; inputs by path, such as `properties.kty`. */
export interface ExpectedResource {
  readonly resource: string;
  readonly inputs: Readonly<Record<string, PlanValue | undefined>>;
  /** Whether it is protected, and stays when it leaves the stack. @default false */
  readonly kept?: boolean;
  /** Whether it stays when it leaves the stack. @default - kept */
  readonly retained?: boolean;
}

/** The value at a path of an object, `undefined` when there is none. */
export function valueAt(object: PlanObject, path: string): PlanValue | undefined {
  let value: PlanValue | undefined = object;
  for (const key of path.split('.')) value = (value as PlanObject | undefined)?.[key];
  return value;
}

/** Where a plan is not what is expected: resources too many or too few, other inputs, other protection. */
export function differences(plan: Plan, expected: readonly ExpectedResource[]): readonly string[] {
  const custom = plan.resources.filter((resource) => resource.custom);
  const names = custom.map(nameOf);
  const wanted = expected.map(({ resource }) => resource);
  return [
    ...names.filter((name) => !wanted.includes(name)).map((name) => `${name} is not expected`),
    ...wanted.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ...custom.flatMap((resource) => {
      const entry = expected.find((candidate) => candidate.resource === nameOf(resource));
      return entry === undefined ? [] : differencesOf(resource, entry);
    }),
  ].sort();
}

function differencesOf(
  resource: PlannedResource,
  { inputs, kept = false, retained = kept }: ExpectedResource,
): readonly string[] {
  const name = nameOf(resource);
  return [
    ...Object.entries(inputs).flatMap(([path, value]) => {
      const found = valueAt(resource.inputs, path);
      return JSON.stringify(found) === JSON.stringify(value)
        ? []
        : [`${name}: ${path} is ${JSON.stringify(found)}, expected ${JSON.stringify(value)}`];
    }),
    ...(resource.protect === kept ? [] : [`${name}: protect is ${resource.protect}`]),
    ...(resource.retainOnDelete === retained ? [] : [`${name}: retainOnDelete is ${resource.retainOnDelete}`]),
  ];
}

/** The same plan with another value at one path of one resource's inputs. */
export function withInput(plan: Plan, resource: string, path: string, value: PlanValue): Plan {
  const set = (object: PlanObject, [key, ...rest]: readonly string[]): PlanObject => {
    const nested = object[key!];
    const next =
      rest.length === 0 ? value : set((typeof nested === 'object' && nested !== null ? nested : {}) as PlanObject, rest);
    return Array.isArray(object) ? Object.assign([...object], { [key!]: next }) : { ...object, [key!]: next };
  };
  return changed(plan, resource, (one) => ({ ...one, inputs: set(one.inputs, path.split('.')) }));
}

/** The same plan with one resource changed. */
export function changed(plan: Plan, resource: string, change: (one: PlannedResource) => PlannedResource): Plan {
  return { ...plan, resources: plan.resources.map((one) => (one.custom && nameOf(one) === resource ? change(one) : one)) };
}
