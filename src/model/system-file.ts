import { z } from 'zod';
import { gitFields, hostOverrides } from './git-host';
import { onlyPlaceholders } from './placeholders';
import { givenNames } from './platform-file';
import { SYSTEM_NAMES } from './naming';
import { GUID } from './rules/azure-names';
import { BRANCH_NAME } from './rules/git-names';
import { DNS_LABEL, DURATION, KIND, LABEL_VALUE } from './rules/kubernetes-names';
import { IMAGE_REFERENCE, REPOSITORY_PATH } from './rules/oci-references';
import { RELATIVE_PATH } from './rules/paths';
import { text } from './rules/text-rule';
import { CHART_VERSION } from './rules/versions';
import { POD_SECURITY_LEVELS } from './chart-values/tenant-values';
import { SKU_NAMES } from './sku';

/** Ways in which a system reaches the cluster; docs/patterns.md describes them. */
export const PATTERNS = ['A', 'B', 'C'] as const;
export type Pattern = (typeof PATTERNS)[number];

const values = z.record(z.string(), z.json());

/** What an environment of a system may say differently. */
const overridable = {
  git: z
    .strictObject({
      ...hostOverrides,
      repository: gitFields.repository.describe("Name of the system's repository. Default: k8s-<system>").optional(),
    })
    .describe("The system's Git repository, where it differs from the platform's host and naming.")
    .optional(),
  branch: text(BRANCH_NAME)
    .superRefine(onlyPlaceholders(['environment']))
    .describe("Branch of the system's repository; {environment} stands for its name. Default: branch of the environment")
    .optional(),
  path: text(RELATIVE_PATH)
    .superRefine(onlyPlaceholders(['environment']))
    .describe(
      'Folder in the repository that Flux applies; {environment} stands for its name. Default: ./environments/{environment}/flux',
    )
    .optional(),
  interval: text(DURATION)
    .describe('How often Flux applies the system again. Default: 5m, and 10m for a HelmRelease that the platform owns')
    .optional(),
  pollInterval: text(DURATION)
    .describe("How often Flux polls the system's repository; longer where a Git host throttles. Default: 1m")
    .optional(),
  timeout: text(DURATION).describe('How long Flux waits for the system before it counts as failed. Default: interval').optional(),
  wait: z
    .boolean()
    .describe('Whether the system counts as ready only when all its objects are. Default: true for patterns A and C, false for B')
    .optional(),
  suspend: z.boolean().describe('Whether Flux leaves the system as it is. Default: false').optional(),
  dependsOn: z.array(text(DNS_LABEL)).describe('Systems that have to be ready first.').optional(),
  sku: z.enum(SKU_NAMES).describe('Size of the tenant: quota and limits of its namespace.').optional(),
  aadGroupId: text(GUID).describe('Object id of the Microsoft Entra group that gets the namespace.').optional(),
  podSecurity: z
    .enum(POD_SECURITY_LEVELS)
    .describe(
      'Level of the Pod Security Standards that its workloads keep and its namespace enforces; less than restricted is for node agents and the like. Default: restricted',
    )
    .optional(),
  chart: z
    .strictObject({
      name: text(DNS_LABEL).describe('Chart of the shared chart repository. Default: platform-app-chart').optional(),
      repository: text(REPOSITORY_PATH)
        .describe("Path of a chart in the environment's registry, such as charts/web-shop.")
        .optional(),
      version: text(CHART_VERSION).describe('Exact version of the chart in the registry.').optional(),
    })
    .superRefine((chart, context) => {
      if (chart.repository !== undefined && chart.name !== undefined) {
        context.addIssue({
          code: 'custom',
          path: ['name'],
          message: `the chart is given both by name ('${chart.name}') and by repository ('${chart.repository}')`,
          params: { remedy: "Keep 'name' for a chart of the shared chart repository, or 'repository' for one in the registry." },
        });
      }
    })
    .describe('The chart of a HelmRelease that the platform owns.')
    .optional(),
  storageNamespace: text(DNS_LABEL)
    .describe(
      'Namespace in which Helm keeps what it knows of a HelmRelease that the platform owns; that of an existing release which the platform takes over (docs/adopt.md). Default: flux-system',
    )
    .optional(),
  values: values
    .describe(
      'Values of a HelmRelease that the platform owns; those of an environment are merged over those of the system. In texts {registry} stands for the registry of the environment and {environment} for its name.',
    )
    .optional(),
};

/** The schema of `systems/<system>.yaml`: one onboarded system. */
export const systemFile = z
  .strictObject({
    pattern: z
      .enum(PATTERNS)
      .describe('A: its own chart. B: the central platform-app-chart. C: plain YAML or Kustomize, with a recorded approval.'),
    team: text(LABEL_VALUE).describe('Team that owns the system.'),
    release: z
      .enum(['system', 'platform'])
      .describe("Who owns the HelmRelease. system: the system's repository. platform: it is synthesized here. Default: system")
      .default('system'),
    registration: z
      .boolean()
      .describe('Whether the system has a repository that Flux applies; only `release: platform` can do without. Default: true')
      .default(true),
    bearsData: z
      .boolean()
      .describe('Whether removing the system loses data; its removal then needs a written confirmation. Default: false')
      .default(false),
    approval: z
      .strictObject({
        by: z.string().min(1).describe('Member of the platform team who approved.'),
        date: z.iso.date({ error: "is not a date of the form 'YYYY-MM-DD'" }).describe('Day of the approval, YYYY-MM-DD.'),
        reason: z.string().min(1).describe('Why neither pattern A nor B will do.'),
        kinds: z
          .array(text(KIND))
          .describe(
            "Kinds of objects that were approved besides the usual ones of docs/patterns.md: 'Kind' for Kubernetes' own, 'Kind.group' for others.",
          )
          .default([]),
      })
      .describe('The recorded approval that pattern C needs.')
      .optional(),
    removal: z
      .strictObject({
        announced: z.iso
          .date({ error: "is not a date of the form 'YYYY-MM-DD'" })
          .describe('Day on which the removal was announced, YYYY-MM-DD.'),
        reason: z.string().min(1).describe('Why the system goes.').optional(),
      })
      .describe(
        'The system is going to be removed: its repository is polled no more, what runs stays until the file is deleted. `k8s-gitops system remove` writes it.',
      )
      .optional(),
    mirror: z
      .array(text(IMAGE_REFERENCE))
      .describe(
        'Third-party images and charts that the system runs, as published upstream; the platform mirrors them into the registry.',
      )
      .default([]),
    names: z
      .strictObject(givenNames(SYSTEM_NAMES, ['gitRepository', 'kustomization', 'helmRelease', 'namespace']))
      .describe("Names of this system's objects that differ from `naming`.")
      .optional(),
    ...overridable,
    environments: z
      .record(
        text(DNS_LABEL),
        z
          .strictObject(overridable)
          .nullable()
          .transform((override) => override ?? {})
          .describe('What is different in this environment; may be empty.'),
      )
      .describe('The environments that the system runs in. Default: all')
      .optional(),
  })
  .describe('One onboarded system; the name of the file is the name of the system.');

export type SystemFile = z.output<typeof systemFile>;
export type SystemOverride = NonNullable<SystemFile['environments']>[string];
