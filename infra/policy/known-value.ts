import { COMPUTED, SECRET, type PlanObject, type PlanValue } from '../plan/plan-value';

/**
 * Properties as an offline plan has them, from wherever a rule runs: Pulumi's engine throws where a preview does not know a value, and a plan
 * says {@link COMPUTED}. A rule decides what that means, where Pulumi would let the resource pass with a remark.
 */
export function knownProps(props: Readonly<Record<string, unknown>>): PlanObject {
  return knownValue(() => props) as PlanObject;
}

function knownValue(read: () => unknown): PlanValue {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    if (isUnknownValueError(error)) return COMPUTED;
    throw error;
  }
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    return Array.from({ length: list.length }, (_, index) => knownValue(() => list[index]));
  }
  if (value instanceof Promise) return COMPUTED;
  if (typeof value !== 'object' || value === null) return (value ?? null) as PlanValue;
  const object = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(object).map((key) => [key, knownValue(() => object[key])]));
}

/** The class is internal to @pulumi/policy; this is the field that only it has. */
const isUnknownValueError = (error: unknown): boolean => error instanceof Error && 'unknownTypeSentinel' in error;

/** The value at a path of keys; of what is unknown or secret all of it is. */
export function valueAt(value: PlanValue | undefined, ...keys: readonly string[]): PlanValue | undefined {
  let at = value;
  for (const key of keys) {
    if (at === COMPUTED || at === SECRET) return at;
    at = isObject(at) ? at[key] : undefined;
  }
  return at ?? undefined;
}

/** A list of a resource; what is no list has no elements. */
export const listAt = (value: PlanValue | undefined, ...keys: readonly string[]): readonly PlanValue[] => {
  const at = valueAt(value, ...keys);
  return isList(at) ? at : [];
};

const isList = (value: PlanValue | undefined): value is readonly PlanValue[] => Array.isArray(value);

export const isObject = (value: PlanValue | undefined): value is PlanObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text that is known. */
export const isKnownText = (value: PlanValue | undefined): value is string =>
  typeof value === 'string' && value !== COMPUTED && value !== SECRET;

/** Whether a value is a name in Azure DevOps, which ignores the case of names. */
export const sameName = (value: PlanValue | undefined, name: string): boolean =>
  isKnownText(value) && value.toLowerCase() === name.toLowerCase();

/** A value as it is told to a person. */
export function shown(value: PlanValue | undefined): string {
  if (value === undefined || value === null) return 'not set';
  if (value === COMPUTED) return 'only known later';
  if (value === SECRET) return 'a secret';
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

/** The name by which Azure DevOps knows a resource, where it is said; otherwise its logical one. */
export function devOpsName({ name, props }: { readonly name: string; readonly props: PlanObject }): string {
  return [valueAt(props, 'serviceEndpointName'), valueAt(props, 'name')].find(isKnownText) ?? name;
}
