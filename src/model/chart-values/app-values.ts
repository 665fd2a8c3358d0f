import { z } from 'zod';
import {
  ABSOLUTE_PATH,
  DATA_KEY,
  HOST_NAME,
  IMAGE_REPOSITORY,
  LABEL_TEXT,
  METADATA_KEY,
  MEMORY_QUANTITY,
  MOUNT_PATH,
  NAME,
  PERCENTAGE,
  PROBE_PATH,
  ROUTE_PATH,
  SCHEDULE,
  SHORT_DURATION,
  STORE_KEY,
  SUBDOMAIN,
  TAG,
  TIME_ZONE,
  VARIABLE,
  VAULT,
  VAULT_SECRET,
} from '../rules/chart-values';
import { DIGEST } from '../rules/oci-references';
import { text } from '../rules/text-rule';
import { environment, initContainer, resources, secretKey, sidecar, volume } from './container-values';
import { entraId, withRules } from './rule';
import { annotations, global, labels, tenantFacts, tenantSettings } from './tenant-values';

/** What kinds of workloads there are. */
export const WORKLOADS = ['web', 'worker', 'cronjob'] as const;

const port = (what: string) => z.int().min(1).max(65535).describe(what);
const seconds = (what: string, least: number) => z.int().min(least).max(86400).describe(what);

/** A count of pods, or a share of them. */
const podShare = (what: string) => z.union([z.int().min(0).max(1000), text(PERCENTAGE)]).describe(what);

const probe = (what: string, failures: number) =>
  z
    .strictObject({
      enabled: z.boolean().describe('Whether it is asked. Default: true').default(true),
      path: text(PROBE_PATH)
        .max(1024)
        .describe('Path that answers with HTTP 200 to 399. Default: the port accepts connections')
        .optional(),
      command: z.array(z.string()).describe('Program in the container that ends with 0; the only way for a worker.').default([]),
      initialDelaySeconds: seconds('Time before the first question. Default: 0', 0).default(0),
      periodSeconds: seconds('Time between two questions. Default: 10', 1).default(10),
      timeoutSeconds: seconds('Time for an answer. Default: 2', 1).default(2),
      failureThreshold: z.int().min(1).max(1000).describe(`Failures until it counts. Default: ${failures}`).default(failures),
    })
    .describe(what)
    .prefault({});

const route = {
  enabled: z.boolean().describe('Whether there is one. Default: false').default(false),
  hosts: z.array(text(HOST_NAME).max(253)).describe('Host names that it answers for.').default([]),
  path: text(ROUTE_PATH).max(1024).describe('Beginning of the paths. Default: /').default('/'),
  annotations: annotations('Annotations.'),
};

const values = z.strictObject({
  ...tenantFacts,
  workload: z
    .enum(WORKLOADS)
    .describe('web: a Deployment with a Service. worker: a Deployment without one. cronjob: a CronJob. Default: web')
    .default('web'),
  nameOverride: text(NAME).max(50).describe('Name of the objects. Default: that of the release').optional(),
  replicaCount: z.int().min(0).max(1000).describe('Pods that run; with autoscaling the least that run. Default: 1').default(1),
  image: withRules(
    z.strictObject({
      repository: text(IMAGE_REPOSITORY).max(400).describe('Image without tag, in the registry of the environment.'),
      tag: text(TAG).describe('Tag; the application pipeline changes it. Not latest.').optional(),
      digest: text(DIGEST).describe('Digest, which decides where both are given.').optional(),
      pullPolicy: z.enum(['IfNotPresent', 'Always']).describe('When it is pulled. Default: IfNotPresent').default('IfNotPresent'),
    }),
    [
      {
        schema: { anyOf: [{ required: ['tag'] }, { required: ['digest'] }] },
        holds: ({ tag, digest }) => tag !== undefined || digest !== undefined,
        path: ['tag'],
        message: "the image has neither 'tag' nor 'digest'",
        remedy: "Give 'image.tag', or 'image.digest'.",
      },
      {
        schema: { properties: { tag: { not: { const: 'latest' } } } },
        holds: ({ tag }) => tag !== 'latest',
        path: ['tag'],
        message: "the tag 'latest' is another image tomorrow",
        remedy: 'Name the version.',
      },
    ],
  ).describe('The image of the application.'),
  command: z.array(z.string()).describe('Program, in place of that of the image.').default([]),
  args: z.array(z.string()).describe('Arguments.').default([]),
  port: port('Port that the application listens on. Default: 8080').default(8080),
  env: environment('Environment variables; secrets do not belong here.'),
  config: environment('Environment variables that stand in a ConfigMap; a change restarts the pods.'),
  configFiles: z
    .strictObject({
      mountPath: text(MOUNT_PATH).max(255).describe('Folder of the files. Default: /config').default('/config'),
      files: z.record(text(DATA_KEY).max(253), z.string()).describe('Content by file name.').default({}),
    })
    .describe('Files that stand in a ConfigMap; a change restarts the pods.')
    .prefault({}),
  secretEnv: z.record(text(VARIABLE).max(253), secretKey).describe('Environment variables from Secrets that exist.').default({}),
  externalSecret: z
    .strictObject({
      enabled: z.boolean().describe('Whether there is one. Default: false').default(false),
      store: z
        .strictObject({
          kind: z
            .enum(['ClusterSecretStore', 'SecretStore'])
            .describe('Kind of the store. Default: ClusterSecretStore')
            .default('ClusterSecretStore'),
          name: text(SUBDOMAIN).max(253).describe('Name of the store. Default: key-vault').default('key-vault'),
        })
        .describe('Where the secrets come from.')
        .prefault({}),
      refreshInterval: text(SHORT_DURATION).describe('How often they are read again. Default: 1h').default('1h'),
      env: z
        .record(
          text(VARIABLE).max(253),
          z.strictObject({
            key: text(STORE_KEY).describe('Name of the secret in the store.'),
            property: text(STORE_KEY).describe('Field of a secret that is JSON. Default: all of it').optional(),
          }),
        )
        .describe('Environment variables from the store.')
        .default({}),
    })
    .describe('Secrets that the External Secrets Operator brings from a store such as a Key Vault.')
    .prefault({}),
  keyVault: withRules(
    z.strictObject({
      enabled: z.boolean().describe('Whether there is one. Default: false').default(false),
      name: text(VAULT).describe('Name of the Key Vault.').optional(),
      tenantId: entraId().describe('Microsoft Entra tenant of the vault.').optional(),
      clientId: entraId().describe('Client id of the managed identity of the workload.').optional(),
      mountPath: text(MOUNT_PATH).max(255).describe('Folder of the files. Default: /mnt/secrets').default('/mnt/secrets'),
      files: z
        .record(text(DATA_KEY).max(253), text(VAULT_SECRET))
        .describe('Names of secrets in the vault by file name.')
        .default({}),
    }),
    [
      {
        schema: {
          if: { properties: { enabled: { const: true } }, required: ['enabled'] },
          then: { required: ['name', 'tenantId', 'clientId'] },
        },
        holds: ({ enabled, name, tenantId, clientId }) => !enabled || ![name, tenantId, clientId].includes(undefined),
        path: [],
        message: "'keyVault' has no 'name', 'tenantId' or 'clientId'",
        remedy: 'Give all three; the identity needs the role Key Vault Secrets User.',
      },
    ],
  )
    .describe('Secrets of a Key Vault as files, by the Secrets Store CSI driver: they are never in a Secret of the cluster.')
    .prefault({}),
  workloadIdentity: z
    .boolean()
    .describe(
      "Whether pods get tokens of the ServiceAccount's managed identity, which a release without the tenant has to say; on by itself with `tenant.serviceAccount.workloadIdentity` and with `keyVault`. Default: false",
    )
    .default(false),
  serviceAccountName: text(NAME)
    .max(63)
    .describe(
      'ServiceAccount of the pods. Default: that of the tenant in the same release, else the one that is called like the namespace',
    )
    .optional(),
  resources,
  service: z
    .strictObject({
      port: port('Port of the Service. Default: 80').default(80),
      annotations: annotations('Annotations.'),
    })
    .describe('The Service of a web workload.')
    .prefault({}),
  ingress: z
    .strictObject({
      ...route,
      className: text(SUBDOMAIN).max(253).describe('IngressClass. Default: nginx').default('nginx'),
      clusterIssuer: text(SUBDOMAIN)
        .max(253)
        .describe("ClusterIssuer of cert-manager that issues the certificate. Default: 'tlsSecret' exists")
        .optional(),
      tlsSecret: text(SUBDOMAIN).max(253).describe('Secret with the certificate. Default: <name>-tls').optional(),
    })
    .describe('Ingress of a web workload, always with TLS.')
    .prefault({}),
  httpRoute: z
    .strictObject({
      ...route,
      gateway: z
        .strictObject({
          name: text(SUBDOMAIN).max(253).describe('Name of the Gateway. Default: gateway').default('gateway'),
          namespace: text(NAME).max(63).describe('Namespace of the Gateway. Default: gateway-system').default('gateway-system'),
          listener: text(SUBDOMAIN).max(253).describe('Listener of the Gateway. Default: any that allows it').optional(),
        })
        .describe('The Gateway that it attaches to, whose namespace `tenant.networkPolicy.ingressFrom` has to name.')
        .prefault({}),
    })
    .describe('HTTPRoute of a web workload, for clusters with the Gateway API.')
    .prefault({}),
  startupProbe: probe('When the application counts as started.', 30),
  readinessProbe: probe('When the application gets traffic.', 3),
  livenessProbe: probe('When the application is started again.', 6),
  autoscaling: z
    .strictObject({
      enabled: z.boolean().describe('Whether there is one. Default: false').default(false),
      maxReplicas: z.int().min(1).max(1000).describe('Pods at most. Default: 3').default(3),
      targetCpuPercent: z
        .int()
        .min(1)
        .max(1000)
        .describe('CPU in use as a share of the request, at which pods are added. Default: 80')
        .default(80),
      targetMemoryPercent: z
        .int()
        .min(1)
        .max(1000)
        .describe('Memory in use as a share of the request, at which pods are added. Default: not looked at')
        .optional(),
    })
    .describe('HorizontalPodAutoscaler of a web or worker workload.')
    .prefault({}),
  podDisruptionBudget: withRules(
    z.strictObject({
      enabled: z.boolean().describe('Whether there is one, where more than one pod runs. Default: true').default(true),
      maxUnavailable: podShare('Pods that maintenance may take away at once, at least 1 or 1%. Default: 1').default(1),
    }),
    [
      {
        schema: { properties: { maxUnavailable: { not: { enum: [0, '0%'] } } } },
        holds: ({ maxUnavailable }) => !isNone(maxUnavailable),
        path: ['maxUnavailable'],
        message: "'maxUnavailable' is 0, so that no node with such a pod could ever be drained or upgraded",
        remedy: 'Let maintenance take at least one pod away; for pods that may all go at once, switch the budget off.',
      },
    ],
  )
    .describe('PodDisruptionBudget, for maintenance of nodes.')
    .prefault({}),
  rollout: withRules(
    z.strictObject({
      maxSurge: podShare('Pods that an update may add; the quota needs room for them. Default: 1').default(1),
      maxUnavailable: podShare('Pods that an update may take away first. Default: 0').default(0),
    }),
    [
      {
        schema: {
          not: {
            properties: { maxSurge: { enum: [0, '0%'] }, maxUnavailable: { enum: [0, '0%'] } },
            required: ['maxSurge', 'maxUnavailable'],
          },
        },
        holds: ({ maxSurge, maxUnavailable }) => !(isNone(maxSurge) && isNone(maxUnavailable)),
        path: ['maxSurge'],
        message: "'maxSurge' and 'maxUnavailable' are both 0, so that an update could never begin",
        remedy: 'Let it add a pod, or take one away.',
      },
    ],
  )
    .describe('How an update goes: pods are added before others go, or the other way round.')
    .prefault({}),
  cronJob: z
    .strictObject({
      schedule: text(SCHEDULE).max(255).describe("When it runs, such as '30 2 * * *'.").optional(),
      timeZone: text(TIME_ZONE).max(64).describe('Time zone of the schedule. Default: Etc/UTC').default('Etc/UTC'),
      concurrencyPolicy: z
        .enum(['Forbid', 'Replace', 'Allow'])
        .describe('What happens when the one before still runs. Default: Forbid')
        .default('Forbid'),
      parallelism: z.int().min(1).max(1000).describe('Pods of one run at the same time. Default: 1').default(1),
      completions: z.int().min(1).max(10_000).describe('Pods of one run that have to succeed. Default: 1').default(1),
      backoffLimit: z.int().min(0).max(100).describe('Pods of one run that may fail. Default: 2').default(2),
      activeDeadlineSeconds: z
        .int()
        .min(1)
        .max(604_800)
        .describe('Seconds after which a run is ended. Default: 3600')
        .default(3600),
      suspend: z.boolean().describe('Whether no run begins. Default: false').default(false),
    })
    .describe('When and how a cronjob runs.')
    .prefault({}),
  terminationGracePeriodSeconds: seconds('Time that the application has to end, from when it is told to. Default: 30', 1).default(
    30,
  ),
  preStopSeconds: seconds(
    'Time before it is told to end, in which a web workload is taken out of routes; from Kubernetes 1.30 on. Default: 5',
    0,
  ).default(5),
  topologySpread: z
    .boolean()
    .describe('Whether pods are spread over zones and nodes where that is possible. Default: true')
    .default(true),
  security: z
    .strictObject({
      runAsUser: z
        .int()
        .min(1)
        .max(2_147_483_647)
        .describe('User id. Default: that of the image, which has to be a number other than 0')
        .optional(),
      runAsGroup: z.int().min(1).max(2_147_483_647).describe('Group id. Default: that of the image').optional(),
      fsGroup: z.int().min(1).max(2_147_483_647).describe('Group that volumes belong to. Default: none').optional(),
      readOnlyRootFilesystem: z.boolean().describe('Whether the application writes to volumes only. Default: true').default(true),
    })
    .describe('Who the application runs as. It is never root, has no capabilities and cannot gain any.')
    .prefault({}),
  tmp: z
    .strictObject({
      enabled: z.boolean().describe('Whether there is one. Default: true').default(true),
      sizeLimit: text(MEMORY_QUANTITY).describe('How much it holds. Default: 64Mi').default('64Mi'),
    })
    .describe('An empty folder at /tmp.')
    .prefault({}),
  volumes: z.array(volume).describe('Volumes that the application mounts.').default([]),
  initContainers: z.array(initContainer).describe('Containers that run to their end before the application starts.').default([]),
  sidecars: z.array(sidecar).describe('Containers that run beside the application.').default([]),
  podMonitor: z
    .strictObject({
      enabled: z.boolean().describe('Whether there is one. Default: false').default(false),
      port: port('Port of the metrics. Default: `port`').optional(),
      path: text(ABSOLUTE_PATH).max(1024).describe('Path of the metrics. Default: /metrics').default('/metrics'),
      interval: text(SHORT_DURATION).describe('How often they are collected. Default: 30s').default('30s'),
      labels: labels('Labels by which Prometheus selects it.'),
    })
    .describe('PodMonitor of the Prometheus Operator.')
    .prefault({}),
  podLabels: labels('Further labels of pods.'),
  podAnnotations: annotations('Further annotations of pods.'),
  nodeSelector: labels('Labels of the nodes that pods run on.'),
  tolerations: z
    .array(
      z.strictObject({
        key: text(METADATA_KEY).max(317).describe('Taint.'),
        operator: z.enum(['Equal', 'Exists']).describe('Default: Equal').default('Equal'),
        value: text(LABEL_TEXT).describe('Value of the taint, with Equal.').optional(),
        effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).describe('Effect. Default: all').optional(),
      }),
    )
    .describe('Taints of nodes that pods put up with.')
    .default([]),
  priorityClassName: withRules(text(SUBDOMAIN).max(253), [
    {
      schema: { not: { pattern: '^system-' } },
      holds: (name) => !name.startsWith('system-'),
      path: [],
      message: "classes that begin with 'system-' are for what a cluster itself consists of",
      remedy: 'Name a class that the platform offers to applications, or remove the field.',
    },
  ])
    .describe("PriorityClass, not one of the cluster's own (system-...). Default: that of the cluster")
    .optional(),
  tenant: z
    .strictObject({ ...tenantSettings, global })
    .partial()
    .describe('The tenant: what platform-tenant takes, but for sku and aadGroupId.')
    .default({}),
  global,
});

const isNone = (share: number | string): boolean => share === 0 || share === '0%';

type Values = z.output<typeof values>;

const isWorkload = (workload: Values['workload']) => ({ properties: { workload: { const: workload } }, required: ['workload'] });
const isOn = (field: string) => ({
  properties: { [field]: { properties: { enabled: { const: true } }, required: ['enabled'] } },
  required: [field],
});
const isOff = (field: string) => ({ properties: { [field]: { properties: { enabled: { const: false } } } } });

/** The schema of the values of charts/platform-app-chart. */
export const appValues = withRules(values, [
  {
    schema: {
      if: {
        not: {
          properties: { tenant: { properties: { enabled: { const: false } }, required: ['enabled'] } },
          required: ['tenant'],
        },
      },
      then: { required: ['sku', 'aadGroupId'] },
    },
    holds: ({ tenant, sku, aadGroupId }) => tenant.enabled === false || (sku !== undefined && aadGroupId !== undefined),
    path: [],
    message: "the tenant needs 'sku' and 'aadGroupId'",
    remedy: "Give both; a further release in the same namespace says 'tenant: { enabled: false }' instead.",
  },
  {
    schema: { if: isWorkload('cronjob'), then: { properties: { cronJob: { required: ['schedule'] } } } },
    holds: ({ workload, cronJob }) => workload !== 'cronjob' || cronJob.schedule !== undefined,
    path: ['cronJob'],
    message: "a cronjob needs 'cronJob.schedule'",
    remedy: "Say when it runs, such as '30 2 * * *'.",
  },
  {
    schema: { if: isWorkload('cronjob'), then: isOff('autoscaling') },
    holds: ({ workload, autoscaling }) => workload !== 'cronjob' || !autoscaling.enabled,
    path: ['autoscaling', 'enabled'],
    message: 'a cronjob has no replicas that could be scaled',
    remedy: "Remove 'autoscaling', or use another 'workload'.",
  },
  ...(['ingress', 'httpRoute'] as const).flatMap((field) => [
    {
      schema: { if: isOn(field), then: isWorkload('web') },
      holds: (given: Values) => !given[field].enabled || given.workload === 'web',
      path: [field, 'enabled'],
      message: `only a web workload has a Service that '${field}' could lead to`,
      remedy: `Remove '${field}', or set 'workload: web'.`,
    },
    {
      schema: { if: isOn(field), then: { properties: { [field]: { properties: { hosts: { minItems: 1 } } } } } },
      holds: (given: Values) => !given[field].enabled || given[field].hosts.length > 0,
      path: [field, 'hosts'],
      message: `'${field}' has no hosts`,
      remedy: `Name at least one in '${field}.hosts': without it, it would answer for all.`,
    },
  ]),
]).describe('A business application: workload, routes, configuration, and the tenant that it lives in.');

/** Values as they are written. */
export type AppValues = z.input<typeof appValues>;
/** Values with every default. */
export type CompleteAppValues = z.output<typeof appValues>;
