import { type CompleteAppValues, type JsonObject } from '../model';

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
    spec: { replicas: replicaCount, strategy: { rollingUpdate: { maxSurge: rollout.maxSurge } }, template },
  };
  if (!autoscaling.enabled) return [deployment];
  return [
    deployment,
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name },
      spec: { scaleTargetRef: { kind: 'Deployment', name }, maxReplicas: autoscaling.maxReplicas },
    },
  ];
}

function podOf({ resources, initContainers, sidecars }: CompleteAppValues): JsonObject {
  const container = (entry: { readonly name: string; readonly resources: CompleteAppValues['resources'] }): JsonObject => ({
    name: entry.name,
    resources: amounts(entry.resources),
  });
  return {
    containers: [{ name: 'app', resources: amounts(resources) }],
    initContainers: [
      ...initContainers.map(container),
      ...sidecars.map((sidecar) => ({ ...container(sidecar), restartPolicy: 'Always' })),
    ],
  };
}

/** Without the fields that nobody gave. */
const amounts = (resources: CompleteAppValues['resources']): JsonObject => JSON.parse(JSON.stringify(resources)) as JsonObject;
