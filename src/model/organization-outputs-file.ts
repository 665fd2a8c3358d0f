import { z } from 'zod';
import { managedIdentity } from './outputs-file';
import { GUID } from './rules/azure-names';
import { DNS_LABEL } from './rules/kubernetes-names';
import { text } from './rules/text-rule';

/** How the identities of pipelines are called in role assignments. */
export const PIPELINE_SHORT_NAMES = {
  platform: 'ado-platform',
  applications: 'ado-applications',
  pullRequests: 'ado-pull-requests',
} as const;

/** The identities of the pipelines of one environment. */
export const pipelineIdentities = z
  .strictObject({
    platform: managedIdentity("Identity of the platform's pipeline, which runs `pulumi up`."),
    applications: managedIdentity("Identity of applications' pipelines, which push and sign images."),
    pullRequests: managedIdentity('Identity of the pipelines of pull requests, which pull images and verify signatures.'),
    dryRun: managedIdentity('Identity that dry-runs on the cluster, where the environment has `dryRun: cluster`.').optional(),
  })
  .describe('Identities of the pipelines of an environment.');

/** The schema of `outputs/organization.yaml`: what the stack `organization` learned. */
export const organizationOutputsFile = z
  .strictObject({
    azureDevOps: z
      .strictObject({
        projectId: text(GUID).describe('Id of the Azure DevOps project.'),
        repositoryId: text(GUID).describe('Id of this repository.'),
      })
      .describe('The Azure DevOps project.'),
    pipelines: z.record(text(DNS_LABEL), pipelineIdentities).describe('Identities of pipelines, by environment.'),
  })
  .describe(
    'Machine facts of the Azure DevOps side, recorded from the outputs of the stack `organization`; not written by hand.',
  );

export type OrganizationOutputsFile = z.output<typeof organizationOutputsFile>;
export type PipelineIdentities = z.output<typeof pipelineIdentities>;
