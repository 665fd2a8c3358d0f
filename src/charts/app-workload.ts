import { parseQuantity, SKUS, type CompleteAppValues, type JsonObject, type SkuName } from '../model';

/** The workload of platform-app-chart as far as a quota counts it, so that values can be judged without helm. */
export function appWorkload(name: string, values: CompleteAppValues): readonly JsonObject[] {
  const { workload, replicaCount, rollout, autoscaling, cronJob } = values;
  const template = { spec: podOf(values) };
  if (workload === 'cronjob') {
    const { concurrencyPolicy, parallelism, completions, suspend } = cronJob;
    return [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name },
        spec: { concurrencyPolicy, suspend, jobTemplate: { spec: { parallelism, completions, template } } },
      },
    ];
  }
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      ...(autoscaling.enabled ? {} : { replicas: replicaCount }),
      strategy: { rollingUpdate: { maxSurge: rollout.maxSurge } },
      template,
    },
  };
  const objects = [deployment, ...ingressOf(name, values)];
  if (!autoscaling.enabled) return objects;
  return [
    ...objects,
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name },
      spec: { scaleTargetRef: { kind: 'Deployment', name }, maxReplicas: autoscaling.maxReplicas },
    },
  ];
}

/** Its certificate takes a pod to be issued. */
function ingressOf(name: string, { ingress }: CompleteAppValues): readonly JsonObject[] {
  if (!ingress.enabled || ingress.clusterIssuer === undefined) return [];
  const annotations = { 'cert-manager.io/cluster-issuer': ingress.clusterIssuer };
  return [{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, annotations } }];
}

function podOf({ sku, resources, initContainers, sidecars }: CompleteAppValues): JsonObject {
  const container = (entry: { readonly name: string; readonly resources: Resources }): JsonObject => ({
    name: entry.name,
    resources: completed(entry.resources, sku),
  });
  return {
    containers: [container({ name: 'app', resources })],
    // Sidecars come first, and each init container counts with those before it.
    initContainers: [
      ...sidecars.map((sidecar) => ({ ...container(sidecar), restartPolicy: 'Always' })),
      ...initContainers.map(container),
    ],
  };
}

type Resources = CompleteAppValues['resources'];

/** As the chart fills them in from the SKU; without one it leaves them to the LimitRange of the namespace. */
function completed({ requests, limits }: Resources, sku: SkuName | undefined): JsonObject {
  const filled: Record<'requests' | 'limits', Record<string, string>> = { requests: {}, limits: {} };
  for (const resource of ['cpu', 'memory'] as const) {
    const tier = sku === undefined ? undefined : SKUS[sku][resource];
    const limit = limits[resource] ?? tier?.limit;
    const request = requests[resource] ?? lesser(tier?.request, limit);
    if (request !== undefined) filled.requests[resource] = request;
    if (limit !== undefined) filled.limits[resource] = limit;
  }
  return filled;
}

/** The SKU's request, unless the limit is below it; none without a SKU. */
function lesser(request: string | undefined, limit: string | undefined): string | undefined {
  if (request === undefined || limit === undefined) return request;
  return parseQuantity(limit)! < parseQuantity(request)! ? limit : request;
}
