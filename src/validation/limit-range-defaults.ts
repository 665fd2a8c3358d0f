import { textAt, valueAt, listAt } from '../model';
import { RESOURCES, type ResourceName } from './resource-amounts';

/** Kubernetes quantities of some resources. */
export type Quantities = Readonly<Partial<Record<ResourceName, string | number>>>;

/** What a namespace gives to containers that do not say what they need, and what it allows one at most. */
export interface ContainerDefaults {
  readonly requests: Quantities;
  readonly limits: Quantities;
  /** @default - a container may have any amount */
  readonly max?: Quantities;
}

/**
 * The defaults of the LimitRanges among objects, filled in as the API server does: a limit without default is the maximum, a request
 * without default the default limit or else the minimum.
 */
export function limitRangeDefaults(objects: readonly unknown[]): ContainerDefaults {
  const items = objects
    .filter((object) => textAt(object, 'apiVersion') === 'v1' && textAt(object, 'kind') === 'LimitRange')
    .flatMap((object) => listAt(object, 'spec', 'limits'))
    .filter((item) => textAt(item, 'type') === 'Container');
  const first = (...fields: readonly string[]): Quantities => {
    const quantities: Partial<Record<ResourceName, string | number>> = {};
    for (const resource of RESOURCES) {
      const value = items.flatMap((item) => fields.map((field) => valueAt(item, field, resource))).find(isQuantity);
      if (value !== undefined) quantities[resource] = value;
    }
    return quantities;
  };
  return { requests: first('defaultRequest', 'default', 'max', 'min'), limits: first('default', 'max'), max: first('max') };
}

const isQuantity = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
