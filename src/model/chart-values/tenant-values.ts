import { z } from 'zod';
import { IPV4_BLOCK, LABEL_TEXT, METADATA_KEY, NAME } from '../rules/chart-values';
import { text } from '../rules/text-rule';
import { SKU_NAMES } from '../sku';
import { entraId } from './rule';

/** Rights that a team may have in its namespace: Kubernetes' own roles for users. */
export const TENANT_ROLES = ['view', 'edit', 'admin'] as const;

/** Levels of the Pod Security Standards. */
export const POD_SECURITY_LEVELS = ['restricted', 'baseline', 'privileged'] as const;
export type PodSecurityLevel = (typeof POD_SECURITY_LEVELS)[number];

const name = (what: string): z.ZodString => text(NAME).max(63).describe(what);
const port = z.int().min(1).max(65535).describe('Port, of TCP.');

/** Labels and annotations. */
export const labels = (what: string): z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>> =>
  z.record(text(METADATA_KEY).max(317), text(LABEL_TEXT)).describe(what).default({});
export const annotations = (what: string): z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>> =>
  z.record(text(METADATA_KEY).max(317), z.string()).describe(what).default({});

/** The values of platform-tenant that a chart which has it as a dependency may set under its name. */
export const tenantSettings = {
  enabled: z
    .boolean()
    .describe('Whether the release brings the tenant; false in every release of a namespace but one. Default: true')
    .default(true),
  role: z
    .enum(TENANT_ROLES)
    .describe(
      "What the team's Entra group may do in the namespace: view (no secrets), edit or admin, Kubernetes' own roles. Changes come by Git. Default: view",
    )
    .default('view'),
  labels: labels('Further labels of the namespace.'),
  annotations: annotations('Further annotations of the namespace.'),
  podSecurity: z
    .enum(POD_SECURITY_LEVELS)
    .describe('Level of the Pod Security Standards that the namespace enforces. Default: restricted')
    .default('restricted'),
  serviceAccount: z
    .strictObject({
      name: name('Name of the ServiceAccount of the workloads. Default: that of the namespace').optional(),
      annotations: annotations('Further annotations of the ServiceAccount.'),
      imagePullSecrets: z
        .array(text(NAME).max(63))
        .describe('Secrets with which pods pull; AKS needs none for its own registry.')
        .default([]),
      workloadIdentity: z
        .strictObject({
          clientId: entraId().describe('Client id of the managed identity.'),
          tenantId: entraId()
            .describe('Microsoft Entra tenant of the identity. Default: the one that the cluster is set up with')
            .optional(),
        })
        .describe(
          'Managed identity of the workloads; it needs a federated credential for system:serviceaccount:<namespace>:<name>. Opens egress to public addresses on port 443, where tokens come from.',
        )
        .optional(),
    })
    .describe('The ServiceAccount that the workloads of the namespace run as.')
    .prefault({}),
  networkPolicy: z
    .strictObject({
      enabled: z.boolean().describe('Whether all traffic is denied but for what stands here. Default: true').default(true),
      sameNamespace: z.boolean().describe('Whether pods of the namespace reach each other. Default: true').default(true),
      ingressFrom: z
        .array(text(NAME).max(63))
        .describe('Namespaces whose pods reach all ports: those of ingress controllers and gateways.')
        .default(['ingress-nginx', 'app-routing-system']),
      ingressAddresses: z
        .array(text(IPV4_BLOCK))
        .describe(
          'Blocks of addresses that reach all ports, for what sends no traffic from a namespace: the subnet of an Application Gateway, or those behind a load balancer that keeps their address. 0.0.0.0/0 is everybody.',
        )
        .default([]),
      metricsFrom: z.array(text(NAME).max(63)).describe('Namespaces whose pods collect metrics.').default(['monitoring']),
      egress: z
        .strictObject({
          internet: z
            .enum(['none', 'https', 'all'])
            .describe(
              'Public addresses that pods reach: none, https (port 443) or all ports. Private ones and the metadata service of Azure are never among them. Default: none',
            )
            .default('none'),
          namespaces: z
            .array(
              z.strictObject({
                name: name('Name of the namespace.'),
                ports: z.array(port).describe('Ports that are reached. Default: all').default([]),
              }),
            )
            .describe('Other namespaces that pods reach; these have to let them in.')
            .default([]),
          addresses: z
            .array(
              z.strictObject({
                cidr: text(IPV4_BLOCK).describe('Block of addresses, such as that of private endpoints.'),
                ports: z.array(port).describe('Ports that are reached. Default: all').default([]),
              }),
            )
            .describe('Addresses that pods reach, such as 10.1.4.0/24 on port 5432.')
            .default([]),
        })
        .describe('What pods reach, besides the name service of the cluster.')
        .prefault({}),
    })
    .describe('What the pods of the namespace reach, and who reaches them.')
    .prefault({}),
};

/** Helm hands down `global` to every chart. */
export const global = z.record(z.string(), z.unknown()).describe('What Helm shares between charts; not used here.').optional();

/** Who gets the namespace, and how large it is; the registration of a system decides it. */
export const tenantFacts = {
  sku: z.enum(SKU_NAMES).describe('Size of the namespace: quota and limits.').optional(),
  aadGroupId: entraId().describe("Object id of the team's Microsoft Entra group, which gets the namespace.").optional(),
};

/** The schema of the values of charts/platform-tenant. */
export const tenantValues = z
  .strictObject({ ...tenantFacts, ...tenantSettings, global })
  .describe('Namespace of a team: access, quota, limits, network, ServiceAccount.');

export type TenantValues = z.input<typeof tenantValues>;
