export {
  BranchPolicyBuildValidation,
  type BranchPolicyBuildValidationArgs,
  type BranchPolicyBuildValidationState,
} from './branch-policy-build-validation';
export {
  BranchPolicyCommentResolution,
  type BranchPolicyCommentResolutionArgs,
  type BranchPolicyCommentResolutionState,
} from './branch-policy-comment-resolution';
export {
  BranchPolicyMergeTypes,
  type BranchPolicyMergeTypesArgs,
  type BranchPolicyMergeTypesState,
} from './branch-policy-merge-types';
export {
  BranchPolicyMinReviewers,
  type BranchPolicyMinReviewersArgs,
  type BranchPolicyMinReviewersState,
} from './branch-policy-min-reviewers';
export {
  BuildDefinitionPermissions,
  type BuildDefinitionPermissionsArgs,
  type BuildDefinitionPermissionsState,
} from './build-definition-permissions';
export { BuildDefinition, type BuildDefinitionArgs, type BuildDefinitionState } from './build-definition';
export { BuildFolder, type BuildFolderArgs, type BuildFolderState } from './build-folder';
export { CheckApproval, type CheckApprovalArgs, type CheckApprovalState } from './check-approval';
export { CheckBranchControl, type CheckBranchControlArgs, type CheckBranchControlState } from './check-branch-control';
export { CheckExclusiveLock, type CheckExclusiveLockArgs, type CheckExclusiveLockState } from './check-exclusive-lock';
export {
  CheckRequiredTemplate,
  type CheckRequiredTemplateArgs,
  type CheckRequiredTemplateState,
} from './check-required-template';
export { Environment, type EnvironmentArgs, type EnvironmentState } from './environment';
export { getAgentQueueOutput, type GetAgentQueueOutputArgs, type GetAgentQueueResult } from './get-agent-queue';
export { getGitRepositoryOutput, type GetGitRepositoryOutputArgs, type GetGitRepositoryResult } from './get-git-repository';
export { getGroupOutput, type GetGroupOutputArgs, type GetGroupResult } from './get-group';
export { getProjectOutput, type GetProjectOutputArgs, type GetProjectResult } from './get-project';
export { GitPermissions, type GitPermissionsArgs, type GitPermissionsState } from './git-permissions';
export { GitRepositoryBranch, type GitRepositoryBranchArgs, type GitRepositoryBranchState } from './git-repository-branch';
export { Git, type GitArgs, type GitState } from './git';
export { GroupMembership, type GroupMembershipArgs, type GroupMembershipState } from './group-membership';
export { Group, type GroupArgs, type GroupState } from './group';
export { PipelineAuthorization, type PipelineAuthorizationArgs, type PipelineAuthorizationState } from './pipeline-authorization';
export { Provider, type ProviderArgs } from './provider';
export {
  ServiceEndpointAzureRM,
  type ServiceEndpointAzureRMArgs,
  type ServiceEndpointAzureRMState,
} from './service-endpoint-azurerm';
export {
  ServicePrincipalEntitlement,
  type ServicePrincipalEntitlementArgs,
  type ServicePrincipalEntitlementState,
} from './service-principal-entitlement';
