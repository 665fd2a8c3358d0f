/** A value that is known only once a resource exists. */
export const COMPUTED = '<computed>';

/** A value that is known and not shown. */
export const SECRET = '<secret>';

/** A value of a plan: JSON, with {@link COMPUTED} and {@link SECRET} as texts. */
export type PlanValue = null | boolean | number | string | readonly PlanValue[] | { readonly [key: string]: PlanValue };
export type PlanObject = Readonly<Record<string, PlanValue>>;

/** How Pulumi's wire format marks what JSON cannot say. Source: pulumi/pulumi, sdk/nodejs/runtime/rpc.ts. */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';
const OUTPUT_SIGNATURE = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';
const RESOURCE_SIGNATURE = '5cf8f73096256a8f31e491e813e4eb8e';

/** Keys in which the Node SDK stores what is no input. */
const INTERNAL_KEYS: ReadonlySet<string> = new Set(['__self', '__provider']);

/** What a value of Pulumi's wire format says, without what is secret in it. */
export function planValue(wire: unknown): PlanValue {
  if (wire === UNKNOWN) return COMPUTED;
  if (Array.isArray(wire)) return wire.map(planValue);
  if (typeof wire === 'object' && wire !== null) return fromObject(wire as Readonly<Record<string, unknown>>);
  return wire === undefined ? null : (wire as string | number | boolean | null);
}

function fromObject(wire: Readonly<Record<string, unknown>>): PlanValue {
  switch (wire[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE:
      return SECRET;
    case OUTPUT_SIGNATURE:
      if (wire['secret'] === true) return SECRET;
      return 'value' in wire ? planValue(wire['value']) : COMPUTED;
    case RESOURCE_SIGNATURE:
      return planValue(wire['urn']);
    default:
      return Object.fromEntries(
        Object.keys(wire)
          .filter((key) => !INTERNAL_KEYS.has(key))
          .sort()
          .map((key) => [key, planValue(wire[key])]),
      );
  }
}

/** Every text in a value. */
export function textsIn(value: PlanValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
