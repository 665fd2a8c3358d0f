/** What the Pulumi stacks need around them: the only way into this room. */
export { preflight } from './preflight';
export {
  missingProblems,
  notChecked,
  type PreflightCheck,
  type PreflightCheckName,
  type PreflightResult,
} from './preflight/preflight-check';
export { type PreflightOptions, type Principals } from './preflight/preflight-options';
export { recordOutputs, type Recorded, type RecordRequest, type RecordResult } from './record-outputs';
export { type KeyRotation } from './record-keys';
export { azureCli, type AzureCliAnswer, type AzureCliOptions } from './azure-cli';
export {
  bootstrapState,
  PRINCIPAL_TYPES,
  type Bootstrap,
  type BootstrappedPart,
  type BootstrapOptions,
  type PrincipalType,
  type PulumiLines,
  type StateRequest,
} from './bootstrap-state';
export { type Patience } from './patience';
export { registryLogin, removeRegistryLogin, type RegistryLoginProps } from './registry-login';
