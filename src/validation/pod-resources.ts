import { dotted, formatQuantity, parseQuantity, quote, valueAt, type PathSegment } from '../model';
import { type ContainerDefaults, type Quantities } from './limit-range-defaults';
import { podContainers, type PodContainer, type PodTemplate } from './pod-template';
import {
  addAmounts,
  amountsOf,
  largerAmounts,
  NOTHING,
  RESOURCES,
  type ResourceAmounts,
  type ResourceName,
} from './resource-amounts';

/** A container that the API server refuses for what it asks. */
export interface ResourceProblem {
  /** Path of the field in the workload's object. */
  readonly path: readonly PathSegment[];
  readonly message: string;
  readonly remedy: string;
}

/** What one pod needs. */
export interface PodResources {
  readonly requests: ResourceAmounts;
  readonly limits: ResourceAmounts;
  /** Fields that neither the workload nor a default sets: a quota on them refuses the pod. */
  readonly unset: readonly (readonly PathSegment[])[];
  readonly problems: readonly ResourceProblem[];
}

type Side = 'requests' | 'limits';

const SIDES: readonly Side[] = ['requests', 'limits'];

/** Amounts that somebody set. */
type Known = Readonly<Record<Side, Readonly<Partial<Record<ResourceName, bigint>>>>>;

/**
 * What the scheduler reserves for a pod and what a quota counts for it.
 *
 * Containers count together. Init containers run one after the other and count alone, each with the sidecars (`restartPolicy: Always`)
 * that started before it; sidecars count with the containers too. What the pod as a whole sets (`spec.resources`) replaces the sum, and
 * `spec.overhead` comes on top.
 */
export function podResources(template: PodTemplate, defaults: ContainerDefaults): PodResources {
  const problems: ResourceProblem[] = [];
  const containers = podContainers(template, ['initContainers', 'containers']);
  const explicit = new Map(containers.map((container) => [container, explicitAmounts(container, problems)]));
  const complete = new Map(containers.map((container) => [container, withDefaults(explicit.get(container)!, defaults)]));
  for (const [container, known] of complete) problems.push(...refusals(container, known, defaults.max ?? {}));

  const ofPod = {
    requests: quantitiesAt(template.content, ['spec', 'resources', 'requests'], template.path, problems),
    limits: quantitiesAt(template.content, ['spec', 'resources', 'limits'], template.path, problems),
  };
  const overhead = quantitiesAt(template.content, ['spec', 'overhead'], template.path, problems);
  const total = (side: Side): ResourceAmounts => {
    const sum = sumOf(template, containers, complete, side);
    return amountsOf((resource) => {
      const amount = ofPod[side][resource] ?? (side === 'requests' ? defaultOfPod(resource) : undefined) ?? sum[resource];
      return amount + (side === 'requests' || amount > 0n ? (overhead[resource] ?? 0n) : 0n);
    });
  };
  return {
    requests: total('requests'),
    limits: total('limits'),
    unset: unsetFields(complete, ofPod),
    problems,
  };

  /** A pod that has limits as a whole requests what its containers do, or else those limits. */
  function defaultOfPod(resource: ResourceName): bigint | undefined {
    if (Object.keys(ofPod.limits).length === 0) return undefined;
    const isRequested = containers.some((container) => explicit.get(container)!.requests[resource] !== undefined);
    return isRequested ? sumOf(template, containers, explicit, 'requests')[resource] : ofPod.limits[resource];
  }
}

function sumOf(
  template: PodTemplate,
  containers: readonly PodContainer[],
  amounts: ReadonlyMap<PodContainer, Known>,
  side: Side,
): ResourceAmounts {
  const initContainers = podContainers(template, ['initContainers']).length;
  let running = NOTHING;
  let sidecars = NOTHING;
  let largest = NOTHING;
  for (const [index, container] of containers.entries()) {
    const known = amounts.get(container)![side];
    const own = amountsOf((resource) => known[resource] ?? 0n);
    if (index >= initContainers) {
      running = addAmounts(running, own);
    } else if (valueAt(container.content, 'restartPolicy') === 'Always') {
      sidecars = addAmounts(sidecars, own);
      largest = largerAmounts(largest, sidecars);
    } else {
      largest = largerAmounts(largest, addAmounts(sidecars, own));
    }
  }
  return largerAmounts(addAmounts(running, sidecars), largest);
}

/** What a container sets; its requests are its limits where it sets only these. */
function explicitAmounts({ content, path }: PodContainer, problems: ResourceProblem[]): Known {
  const limits = quantitiesAt(content, ['resources', 'limits'], path, problems);
  return { requests: quantitiesAt(content, ['resources', 'requests'], path, problems, limits), limits };
}

function withDefaults(known: Known, defaults: ContainerDefaults): Known {
  return { requests: fill(known.requests, defaults.requests), limits: fill(known.limits, defaults.limits) };
}

function fill(known: Known[Side], defaults: Quantities): Known[Side] {
  const filled: Partial<Record<ResourceName, bigint>> = { ...known };
  for (const resource of RESOURCES) {
    const amount = filled[resource] ?? parseQuantity(defaults[resource] ?? '');
    if (amount !== undefined) filled[resource] = amount;
  }
  return filled;
}

/** The quantities in a mapping; what is none counts as nothing and is a problem. */
function quantitiesAt(
  content: unknown,
  field: readonly string[],
  base: readonly PathSegment[],
  problems: ResourceProblem[],
  otherwise: Known[Side] = {},
): Known[Side] {
  const amounts: Partial<Record<ResourceName, bigint>> = { ...otherwise };
  for (const resource of RESOURCES) {
    const value = valueAt(content, ...field, resource);
    if (value === undefined) continue;
    const amount = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
    if (amount === undefined || amount < 0n) {
      const path = [...base, ...field, resource];
      problems.push({
        path,
        message: `'${dotted(path)}' ${quote(value)} is no quantity`,
        remedy: 'Write a number with a suffix of Kubernetes, such as 250m, 2 or 1.5Gi.',
      });
    }
    amounts[resource] = amount === undefined || amount < 0n ? 0n : amount;
  }
  return amounts;
}

/** What the API server and a LimitRange refuse in one container. */
function refusals({ path }: PodContainer, known: Known, max: Quantities): readonly ResourceProblem[] {
  const problem = (side: Side, resource: ResourceName, what: string, remedy: string): ResourceProblem => {
    const field = [...path, 'resources', side, resource];
    return { path: field, message: `'${dotted(field)}' is ${formatQuantity(known[side][resource] ?? 0n)}, ${what}`, remedy };
  };
  return RESOURCES.flatMap((resource) => {
    const [request = 0n, limit, most] = [known.requests[resource], known.limits[resource], parseQuantity(max[resource] ?? '')];
    if (limit !== undefined && request > limit) {
      const what = `more than the limit, which is ${formatQuantity(limit)}`;
      return [problem('requests', resource, what, 'Request less, or set a limit of at least as much beside it.')];
    }
    if (most === undefined || (limit ?? request) <= most) return [];
    const what = `and a container of the namespace may have ${formatQuantity(most)}`;
    return [problem(limit === undefined ? 'requests' : 'limits', resource, what, 'Ask for less, or choose a larger SKU.')];
  });
}

function unsetFields(amounts: ReadonlyMap<PodContainer, Known>, ofPod: Known): readonly (readonly PathSegment[])[] {
  return [...amounts].flatMap(([{ path }, known]) =>
    SIDES.flatMap((side) =>
      RESOURCES.filter((resource) => known[side][resource] === undefined && !isSetForPod(side, resource)).map((resource) => [
        ...path,
        'resources',
        side,
        resource,
      ]),
    ),
  );

  /** A pod requests its limits where it requests nothing. */
  function isSetForPod(side: Side, resource: ResourceName): boolean {
    return (side === 'requests' ? (ofPod.requests[resource] ?? ofPod.limits[resource]) : ofPod.limits[resource]) !== undefined;
  }
}
