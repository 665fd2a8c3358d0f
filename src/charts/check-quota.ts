import {
  formatQuantity,
  parseQuantity,
  quotaOf,
  recordAt,
  SKUS,
  textAt,
  type Location,
  type Problem,
  type SkuName,
} from '../model';
import { peakUsage, type ContainerDefaults, type PeakUsage, type WorkloadUsage } from '../validation';

/** What the containers of a SKU's namespace have that say nothing, and may have at most: its LimitRange. */
export function defaultsOf(sku: SkuName): ContainerDefaults {
  const { cpu, memory } = SKUS[sku];
  const limits = { cpu: cpu.limit, memory: memory.limit };
  return { requests: { cpu: cpu.request, memory: memory.request }, limits, max: limits };
}

/** Whose workloads are counted, and where a problem is told. */
export interface QuotaSubject {
  readonly system: string;
  readonly environment: string;
  readonly sku: SkuName;
  readonly location: Location;
}

/**
 * What a namespace's quota would refuse: workloads that do not fit all at once, with what an update adds, and containers that are
 * larger than one may be.
 *
 * @param objects the objects of one namespace
 */
export function checkQuota(
  objects: readonly unknown[],
  { system, environment, sku, location }: QuotaSubject,
): readonly Problem[] {
  const usage = peakUsage([...objects, ...objects.flatMap(certificateSolver)], defaultsOf(sku));
  const containers = usage.perWorkload.flatMap(({ kind, name, perPod }) =>
    perPod.problems.map(({ message, remedy }) => ({
      location,
      message: `${kind} '${name}' of ${system} in ${environment} (${sku}): ${message}`,
      remedy,
    })),
  );
  const excess = exceeded(usage, sku);
  if (excess.length === 0) return containers;
  return [
    ...containers,
    {
      location,
      message: `${system} needs more in ${environment} than ${sku} has: ${excess.join(', ')} (${usage.perWorkload
        .filter(({ pods }) => pods > 0)
        .map(describe)
        .join('; ')})`,
      remedy: `Run fewer pods, let them ask for less, leave room for an update (rollout.maxSurge), or register a larger SKU.`,
    },
  ];
}

/** cert-manager answers the challenge of an Ingress by a pod in its namespace, also when it renews a certificate. */
function certificateSolver(object: unknown): readonly unknown[] {
  const annotations = recordAt(object, 'metadata', 'annotations');
  const asks = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'].some((key) => annotations[key] !== undefined);
  if (textAt(object, 'kind') !== 'Ingress' || !asks) return [];
  const name = `cert-manager's solver for ${textAt(object, 'metadata', 'name') ?? ''}`;
  // What cert-manager gives its solvers unless it is told otherwise.
  const resources = { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '100m', memory: '64Mi' } };
  return [{ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'acmesolver', resources }] } }];
}

function exceeded(usage: PeakUsage, sku: SkuName): readonly string[] {
  const quota = quotaOf(SKUS[sku]);
  const pods = usage.pods > quota.pods ? [`${usage.pods} pods of ${quota.pods}`] : [];
  const amounts = (['requests', 'limits'] as const).flatMap((side) =>
    (['cpu', 'memory'] as const)
      .filter((resource) => usage[side][resource] > parseQuantity(quota[side][resource])!)
      .map((resource) => `${side}.${resource} ${formatQuantity(usage[side][resource])} of ${quota[side][resource]}`),
  );
  return [...pods, ...amounts];
}

function describe({ kind, name, pods, requests, limits }: WorkloadUsage): string {
  const amounts = `${formatQuantity(requests.cpu)}/${formatQuantity(limits.cpu)} CPU, ${formatQuantity(requests.memory)}/${formatQuantity(limits.memory)} memory`;
  return `${kind} '${name}' at its peak ${pods} pod${pods === 1 ? '' : 's'} with ${amounts}`;
}
