import { z } from 'zod';
import { azureTags } from './azure-tags';
import { custom } from './custom-issue';
import { azureNative, boolean, pulumiOwn, writtenByPulumi } from './provider-config';
import { refusedKeys } from './refused-keys';
import { DEFAULT_GROUPS, PIPELINE_FOLDER, PROJECT_GROUP_NAME, RESOURCE_NAME, TEMPLATE_PATH } from './rules/azure-devops-names';
import { GUID, RESOURCE_GROUP_NAME } from './rules/azure-names';
import { BRANCH_NAME, HTTPS_REPOSITORY_URL } from './rules/git-names';
import { DNS_LABEL } from './rules/kubernetes-names';
import { text } from './rules/text-rule';

/** The template that pipelines of applications extend, relative to the platform folder. */
export const APPLICATION_TEMPLATE = 'ci-cd-templates/application.yaml';

/** Ways to complete a pull request, as Azure DevOps' documentation calls them. */
export const MERGE_TYPES = ['noFastForward', 'squash', 'rebase', 'rebaseMerge'] as const;

/** Longest time that a check may wait, 30 days. Source: Azure DevOps, approvals and checks. */
const MAX_TIMEOUT_MINUTES = 43_200;

const byEnvironment = <Value extends z.ZodType>(value: Value): z.ZodRecord<z.ZodString, Value> =>
  z.record(text(DNS_LABEL), value);

/** Azure DevOps ignores the case of groups' names. */
const sameGroup = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Groups of everybody; the identities of Flux are in one of them. Source: Azure DevOps, default groups. */
const EVERYBODY: readonly string[] = ['Readers', 'Contributors', 'Project Valid Users'];

/** Entries that say nothing a second time. */
function eachOnce(values: readonly string[], context: z.RefinementCtx): void {
  const first = new Map<string, string>();
  for (const [index, value] of values.entries()) {
    const earlier = first.get(value.toLowerCase());
    if (earlier === undefined) first.set(value.toLowerCase(), value);
    else {
      const also = earlier === value ? '' : `, as '${earlier}' too`;
      custom(context, [index], `'${value}' stands here twice${also}`, 'Keep one of the two.');
    }
  }
}

/** How the Azure DevOps provider signs in; none of it is a secret. */
const azureDevOps = {
  'azuredevops:tenantId': text(GUID).describe('Microsoft Entra tenant to sign in to.').optional(),
  'azuredevops:clientId': text(GUID).describe('Client id that signs in by OIDC or as a managed identity.').optional(),
  'azuredevops:useOidc': boolean('Whether to sign in by OIDC (pipelines).'),
  'azuredevops:useMsi': boolean('Whether to sign in as the managed identity of the machine.'),
  'azuredevops:useCli': boolean('Whether to sign in as `az login` did.'),
  'azuredevops:oidcAzureServiceConnectionId': text(GUID)
    .describe('Service connection whose identity signs in by OIDC in a pipeline.')
    .optional(),
} as const;

const own = {
  'k8s-gitops:resourceGroup': text(RESOURCE_GROUP_NAME).describe(
    "Existing resource group of the pipelines' identities; no environment's own, whose pipeline could change them.",
  ),
  'k8s-gitops:tags': azureTags,
  'k8s-gitops:subscriptionNames': z
    .record(text(GUID), text(RESOURCE_NAME))
    .describe('Name of each subscription that an environment uses, by its id; service connections carry both.'),
  'k8s-gitops:repository': z
    .strictObject({
      create: z
        .strictObject({
          importFrom: text(HTTPS_REPOSITORY_URL)
            .describe('Public Git repository whose content is copied once. Default: it stays empty until somebody pushes')
            .optional(),
        })
        .describe('Make the repository. Default: it is there')
        .optional(),
      branches: z
        .record(text(BRANCH_NAME), text(BRANCH_NAME))
        .describe('Branches of environments to make, each with the branch that it begins as. Default: they are there')
        .prefault({}),
    })
    .describe('This repository.')
    .prefault({}),
  'k8s-gitops:branchPolicies': byEnvironment(
    z.strictObject({
      minimumReviewers: z.int().min(1).max(10).describe('How many have to approve. Default: 1').default(1),
      mergeTypes: z
        .array(z.enum(MERGE_TYPES))
        .min(1)
        .superRefine(eachOnce)
        .describe('Ways to complete a pull request. Default: noFastForward, and squash into the first environment')
        .optional(),
    }),
  )
    .describe("What a pull request to an environment's branch needs, where it differs from the default.")
    .prefault({}),
  'k8s-gitops:approvals': byEnvironment(
    z
      .strictObject({
        approvers: z
          .array(text(PROJECT_GROUP_NAME))
          .min(1)
          .superRefine(eachOnce)
          .describe('Groups of the Azure DevOps project, by name.'),
        minimumApprovers: z
          .int()
          .min(1)
          .max(10)
          .describe('How many of these groups have to approve, by one member each. Default: 1')
          .default(1),
        timeoutMinutes: z
          .int()
          .min(1)
          .max(MAX_TIMEOUT_MINUTES)
          .describe('Minutes after which a deployment that nobody approved fails, up to 30 days. Default: 1440')
          .default(1440),
        instructions: z.string().min(1).max(2000).describe('What an approver reads. Default: what to look at').optional(),
      })
      .superRefine(({ approvers, minimumApprovers }, context) => {
        // That there are none is told by itself.
        if (approvers.length === 0 || minimumApprovers <= approvers.length) return;
        custom(
          context,
          ['minimumApprovers'],
          `${minimumApprovers} have to approve, and ${approvers.length === 1 ? 'there is 1 group' : `there are ${approvers.length} groups`}, of each of which one member answers`,
          'Name more groups, or lower it.',
        );
      })
      .describe('Who approves a deployment; never who asked for it.'),
  )
    .describe('Environments whose deployments somebody has to approve. The last environment needs one.')
    .prefault({}),
  'k8s-gitops:pipelines': z
    .strictObject({
      folder: text(PIPELINE_FOLDER).describe('Folder of the pipelines, such as \\platform. Default: \\').default('\\'),
      platform: text(RESOURCE_NAME)
        .describe('Name of the pipeline of azure-pipelines.yaml. Default: k8s-gitops')
        .default('k8s-gitops'),
      systems: text(RESOURCE_NAME)
        .describe('Name of the pipeline of azure-pipelines-systems.yaml. Default: k8s-gitops-systems')
        .default('k8s-gitops-systems'),
    })
    .describe('The pipelines of this repository.')
    .prefault({}),
  'k8s-gitops:templates': z
    .strictObject({
      application: text(TEMPLATE_PATH)
        .describe(`Template that a pipeline has to extend to sign images. Default: ${APPLICATION_TEMPLATE}`)
        .default(APPLICATION_TEMPLATE),
      dryRun: text(TEMPLATE_PATH)
        .describe('Template that a pipeline has to extend to dry-run on a cluster. Default: ci-cd-templates/dry-run.yaml')
        .default('ci-cd-templates/dry-run.yaml'),
    })
    .describe('Templates of this repository that protected service connections require.')
    .prefault({}),
  'k8s-gitops:fluxIdentities': byEnvironment(
    z
      .strictObject({
        reader: text(GUID).describe('Object id of the identity that reads.').optional(),
        writer: text(GUID).describe('Object id of the identity that writes.').optional(),
      })
      .describe("Object ids of an environment's Flux identities."),
  )
    .describe('Flux identities of environments that have recorded no outputs yet, as `preflight` names them.')
    .prefault({}),
  'k8s-gitops:fluxWriters': text(PROJECT_GROUP_NAME)
    .superRefine((name, context) => {
      const existing = DEFAULT_GROUPS.find((group) => sameGroup(group, name));
      if (existing === undefined) return;
      custom(
        context,
        [],
        `the group '${name}' is to be made, and every project of Azure DevOps has a group '${existing}' already`,
        "Choose another name: a group of its own may be kept to what Flux's identities need.",
      );
    })
    .describe('Group of the identities that write to this repository; it is made. Default: Flux Writers')
    .default('Flux Writers'),
  'k8s-gitops:entitlements': z
    .enum(['managed', 'external'])
    .describe(
      'managed: the stack entitles the Flux identities. external: another team does; the stack prints what to request. Default: managed',
    )
    .default('managed'),
  'k8s-gitops:roleAssignments': z
    .enum(['managed', 'external'])
    .describe(
      "managed: the stack assigns the roles of the pipelines' identities. external: another team does; the stack prints what to request. Default: managed",
    )
    .default('managed'),
} as const;

/** The configuration of the `organization` stack: the Azure DevOps side of all environments. */
export const organizationConfig = z.preprocess(
  refusedKeys,
  z
    .strictObject({ ...azureNative, ...azureDevOps, ...own, ...pulumiOwn })
    .superRefine((config, context) => {
      const writers = config['k8s-gitops:fluxWriters'];
      for (const [environment, { approvers }] of Object.entries(config['k8s-gitops:approvals'])) {
        const everybody = approvers.findIndex((approver) => EVERYBODY.some((group) => sameGroup(approver, group)));
        if (everybody !== -1) {
          custom(
            context,
            ['k8s-gitops:approvals', environment, 'approvers', everybody],
            `'${approvers[everybody]!}' approves deployments to '${environment}', and everybody of the project, or every machine that reads it, is in that group`,
            'Name a group of the people who decide.',
          );
          continue;
        }
        const index = approvers.findIndex((approver) => sameGroup(approver, writers));
        if (index === -1) continue;
        custom(
          context,
          ['k8s-gitops:approvals', environment, 'approvers', index],
          `'${approvers[index]!}' approves deployments to '${environment}', and it is the group of the identities that write to this repository ('k8s-gitops:fluxWriters': '${writers}')`,
          'Name a group of people: what a machine wrote, no machine may approve.',
        );
      }
    })
    .describe('Configuration of the stack `organization`: the Azure DevOps side. Everything else stands in platform.yaml.'),
);

/** The schema of `Pulumi.organization.yaml`. */
export const organizationConfigFile = z
  .strictObject({ ...writtenByPulumi, config: organizationConfig })
  .describe('Settings of the Pulumi stack `organization`.');

export type OrganizationConfig = z.output<typeof organizationConfig>;
