import { COMPUTED, type PlanObject } from '../../../infra/plan';
import { type TestResource } from './checked';

const POLICIES: Readonly<Record<string, PlanObject>> = {
  BranchPolicyMinReviewers: { reviewerCount: 1, submitterCanVote: false, onPushResetApprovedVotes: true },
  BranchPolicyCommentResolution: {},
  BranchPolicyMergeTypes: { allowSquash: false, allowBasicNoFastForward: true },
};

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

const TEMPLATE = { repositoryName: 'my-project/k8s-gitops', repositoryRef: 'refs/heads/master', templatePath: 'ci/app.yaml' };

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
      inputs: { ...common, settings: { buildDefinitionId: COMPUTED, scopes } },
      from: { settings: ['repository', `${pipeline}-pipeline`] },
    })),
  ];
}

/** A stack `organization` that breaks no rule, nothing of it there yet. */
export function organization(): readonly TestResource[] {
  const environment = (name: string, ref: string): readonly TestResource[] => [
    { type: 'Environment', name, inputs: { projectId: 'p', name } },
    check('CheckExclusiveLock', name, 'environment'),
    check('CheckBranchControl', name, 'environment', { allowedBranches: ref, ignoreUnknownProtectionStatus: false }),
  ];
  const endpoint = (name: string): TestResource => ({
    type: 'ServiceEndpointAzureRM',
    name,
    inputs: {
      projectId: 'p',
      serviceEndpointName: name,
      serviceEndpointAuthenticationScheme: 'WorkloadIdentityFederation',
      credentials: { serviceprincipalid: COMPUTED },
    },
  });
  const signing = (name: string): readonly TestResource[] => [
    endpoint(name),
    check('CheckRequiredTemplate', name, 'endpoint', { requiredTemplates: [TEMPLATE] }),
    {
      type: 'PipelineAuthorization',
      name: `${name}-all`,
      inputs: { projectId: 'p', type: 'endpoint', resourceId: COMPUTED },
      from: { resourceId: [name] },
    },
  ];
  return [
    { type: 'Git', name: 'repository', inputs: { projectId: 'p', name: 'k8s-gitops' }, protect: true },
    {
      type: 'GitPermissions',
      name: 'permissions',
      inputs: { permissions: { GenericContribute: 'Allow', PolicyExempt: 'Deny', ForcePush: 'NotSet' } },
    },
    { type: 'BuildDefinition', name: 'platform-pipeline', inputs: { name: 'platform' } },
    { type: 'BuildDefinition', name: 'systems-pipeline', inputs: { name: 'systems' } },
    ...branchPolicies('dev'),
    ...branchPolicies('master'),
    ...environment('dev-deployments', 'refs/heads/dev'),
    ...environment('prod-deployments', 'refs/heads/master'),
    check('CheckApproval', 'prod-deployments', 'environment', { approvers: [COMPUTED], requesterCanApprove: false }),
    ...signing('image-signing-dev-sc'),
    ...signing('image-signing-prod-sc'),
    endpoint('acr-dev-sc'),
    endpoint('k8s-rbac-dev-ado-sc'),
    check('CheckBranchControl', 'k8s-rbac-dev-ado-sc', 'endpoint', { allowedBranches: 'refs/heads/dev, refs/heads/master' }),
  ];
}
