import { COMPUTED, type PlanObject } from '../../../infra/plan';
import { type TestResource } from './checked';

const POLICIES: Readonly<Record<string, PlanObject>> = {
  BranchPolicyMinReviewers: {
    reviewerCount: 1,
    submitterCanVote: false,
    lastPusherCannotApprove: true,
    onPushResetApprovedVotes: true,
  },
  BranchPolicyCommentResolution: {},
  BranchPolicyMergeTypes: { allowSquash: false, allowBasicNoFastForward: true },
};

/** A success of a build that ends when the branch moves on. */
const EXPIRING: PlanObject = { manualQueueOnly: false, queueOnSourceUpdateOnly: false, validDuration: 0 };

/** A check of a resource by its name. */
export function check(
  type: string,
  target: string,
  targetType: 'endpoint' | 'environment',
  inputs: PlanObject = {},
): TestResource {
  return {
    type,
    name: `${target}-${type}`,
    inputs: { projectId: 'p', targetResourceId: COMPUTED, targetResourceType: targetType, ...inputs },
    from: { targetResourceId: [target] },
  };
}

/** The template that signing connections require. */
export const TEMPLATE = {
  repositoryName: 'my-project/k8s-gitops',
  repositoryRef: 'refs/heads/master',
  templatePath: 'ci/app.yaml',
};

/** The branch policies of a branch. */
export function branchPolicies(branch: string): readonly TestResource[] {
  const scopes = [{ repositoryId: COMPUTED, repositoryRef: `refs/heads/${branch}`, matchType: 'Exact' }];
  const common = { enabled: true, blocking: true };
  return [
    ...Object.entries(POLICIES).map(([type, settings]) => ({
      type,
      name: `${branch}-${type}`,
      inputs: { ...common, settings: { ...settings, scopes } },
      from: { settings: ['repository'] },
    })),
    ...['platform', 'systems'].map((pipeline) => ({
      type: 'BranchPolicyBuildValidation',
      name: `${branch}-build-${pipeline}`,
      inputs: { ...common, settings: { ...EXPIRING, buildDefinitionId: COMPUTED, scopes } },
      from: { settings: ['repository', `${pipeline}-pipeline`] },
    })),
  ];
}

const YAML: Readonly<Record<string, string>> = { platform: 'azure-pipelines.yaml', systems: 'azure-pipelines-systems.yaml' };

/** A pipeline, and who may not change it. */
function pipeline(name: string): readonly TestResource[] {
  const repository = { repoType: 'TfsGit', repoId: COMPUTED, branchName: 'refs/heads/master', ymlPath: YAML[name]! };
  return [
    {
      type: 'BuildDefinition',
      name: `${name}-pipeline`,
      inputs: { name, jobAuthorizationScope: 'project', repository },
      from: { repository: ['repository'] },
    },
    {
      type: 'BuildDefinitionPermissions',
      name: `${name}-kept`,
      inputs: {
        buildDefinitionId: COMPUTED,
        permissions: { EditBuildDefinition: 'Deny', DeleteBuildDefinition: 'Deny', AdministerBuildPermissions: 'Deny' },
      },
      from: { buildDefinitionId: [`${name}-pipeline`] },
    },
  ];
}

/** A stack `organization` that breaks no rule, nothing of it there yet. */
export function organization(): readonly TestResource[] {
  const environment = (name: string, ref: string): readonly TestResource[] => [
    { type: 'Environment', name, inputs: { projectId: 'p', name } },
    {
      type: 'PipelineAuthorization',
      name: `${name}-platform`,
      inputs: { projectId: 'p', type: 'environment', resourceId: COMPUTED, pipelineId: COMPUTED },
      from: { resourceId: [name], pipelineId: ['platform-pipeline'] },
    },
    check('CheckExclusiveLock', name, 'environment'),
    check('CheckBranchControl', name, 'environment', {
      allowedBranches: ref,
      verifyBranchProtection: true,
      ignoreUnknownProtectionStatus: false,
    }),
  ];
  const identity = (name: string): TestResource => ({
    type: 'UserAssignedIdentity',
    name: `${name}-identity`,
    inputs: { resourceName: `id-${name}`, resourceGroupName: 'rg', tags: { environment: 'dev', 'managed-by': 'k8s-gitops' } },
  });
  const endpoint = (name: string): TestResource => ({
    type: 'ServiceEndpointAzureRM',
    name,
    inputs: {
      projectId: 'p',
      serviceEndpointName: name,
      serviceEndpointAuthenticationScheme: 'WorkloadIdentityFederation',
      credentials: { serviceprincipalid: COMPUTED },
    },
    from: { credentials: [`${name}-identity`] },
  });
  const signing = (name: string): readonly TestResource[] => [
    identity(name),
    endpoint(name),
    check('CheckRequiredTemplate', name, 'endpoint', { requiredTemplates: [TEMPLATE] }),
    {
      type: 'PipelineAuthorization',
      name: `${name}-all`,
      inputs: { projectId: 'p', type: 'endpoint', resourceId: COMPUTED },
      from: { resourceId: [name] },
    },
  ];
  const cluster = (name: string, ref: string): readonly TestResource[] => [
    identity(name),
    endpoint(name),
    check('CheckBranchControl', name, 'endpoint', { allowedBranches: ref, verifyBranchProtection: true }),
    {
      type: 'PipelineAuthorization',
      name: `${name}-platform`,
      inputs: { projectId: 'p', type: 'endpoint', resourceId: COMPUTED, pipelineId: COMPUTED },
      from: { resourceId: [name], pipelineId: ['platform-pipeline'] },
    },
    {
      type: 'FederatedIdentityCredential',
      name: `${name}-credential`,
      inputs: {
        resourceName: `id-${name}`,
        resourceGroupName: 'rg',
        issuer: COMPUTED,
        subject: COMPUTED,
        audiences: ['api://AzureADTokenExchange'],
      },
      from: { issuer: [name], subject: [name] },
    },
  ];
  return [
    { type: 'Git', name: 'repository', inputs: { projectId: 'p', name: 'k8s-gitops' }, protect: true },
    {
      type: 'GitPermissions',
      name: 'permissions',
      inputs: { permissions: { GenericContribute: 'Allow', PolicyExempt: 'Deny', DeleteRepository: 'NotSet' } },
    },
    {
      type: 'GitPermissions',
      name: 'denials',
      inputs: { repositoryId: COMPUTED, permissions: { PolicyExempt: 'Deny', PullRequestBypassPolicy: 'Deny' } },
      from: { repositoryId: ['repository'] },
    },
    ...pipeline('platform'),
    ...pipeline('systems'),
    ...branchPolicies('dev'),
    ...branchPolicies('master'),
    ...environment('dev-deployments', 'refs/heads/dev'),
    ...environment('prod-deployments', 'refs/heads/master'),
    check('CheckApproval', 'prod-deployments', 'environment', { approvers: [COMPUTED], requesterCanApprove: false }),
    ...signing('image-signing-dev-sc'),
    ...signing('image-signing-prod-sc'),
    identity('acr-dev-sc'),
    endpoint('acr-dev-sc'),
    ...cluster('k8s-rbac-dev-ado-sc', 'refs/heads/dev'),
    ...cluster('k8s-rbac-prod-ado-sc', 'refs/heads/master'),
  ];
}
