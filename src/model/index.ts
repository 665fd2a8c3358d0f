/** The typed model: the only way into this room. */
export { artifactsOf, type Artifact } from './artifacts';
export { azureDevOpsProject, type AzureDevOpsProject } from './azure-devops-project';
export { dotted, kindOf, quote } from './describe-value';
export { duplicateKeys } from './duplicate-keys';
export { fileSystemProblem } from './file-system-problem';
export { type GitAddress, type GitHostName } from './git-host';
export { appValues, type AppValues, type CompleteAppValues } from './chart-values/app-values';
export { APP_CHART, CENTRAL_CHARTS, isCentralChart, TENANT_CHART, type CentralChart } from './chart-values/central-charts';
export { chartFiles } from './chart-values/chart-files';
export { tenantValues, type PodSecurityLevel, type TenantValues } from './chart-values/tenant-values';
export { jsonSchemas } from './json-schemas';
export {
  load,
  loadLockRequirements,
  LOCK_FILE,
  PLATFORM_FILE,
  SCAN_EXCEPTIONS_FILE,
  SYSTEMS_FOLDER,
  type LoadResult,
  type LockRequirements,
} from './load';
export {
  CONTROLLERS_PATH,
  lockFile,
  OPERATOR,
  UNRESOLVED,
  type LockedArtifact,
  type LockedTool,
  type LockFile,
  type Signer,
} from './lock-file';
export { makeFolder } from './make-folder';
export { mirrorTarget, parseMirrorReference, type MirrorReference } from './mirror-reference';
export { federatedCredentialName, type EnvironmentNames, type SystemNames } from './naming';
export { ORGANIZATION_STACK } from './environment-names';
export { APPLICATION_TEMPLATE, organizationConfigFile, type OrganizationConfig } from './organization-config-file';
export {
  organizationOutputsFile,
  PIPELINE_SHORT_NAMES,
  type OrganizationOutputsFile,
  type PipelineIdentities,
} from './organization-outputs-file';
export { organizationStackOutputs } from './organization-stack-outputs';
export {
  organizationSettings,
  type BranchPolicy,
  type MergeType,
  type Organization,
  type OrganizationSettings,
} from './organization-settings';
export { outputsFile, recordedSigningKeys, type OutputsFile } from './outputs-file';
export {
  type ChartReference,
  type Environment,
  type FluxSettings,
  type JsonObject,
  type JsonValue,
  type OwnedOrShared,
  type Platform,
  type PlatformCharts,
  type PlatformRelease,
  type Registration,
  type System,
  type SystemDependency,
  type SystemSummary,
} from './platform';
export { FLUX_COMPONENTS, FLUX_VARIANTS, type FluxComponent, type PlatformFile } from './platform-file';
export { formatLocation, formatProblem, sortProblems, type Location, type Problem } from './problem';
export { GUID, LOCATION, RESOURCE_GROUP_NAME, VAULT_NAME, VAULT_OBJECT_NAME } from './rules/azure-names';
export { DNS_LABEL, DNS_SUBDOMAIN, HELM_RELEASE_NAME } from './rules/kubernetes-names';
export { IMAGE_REFERENCE } from './rules/oci-references';
export { reachable } from './reachable';
export { violation, type TextRule } from './rules/text-rule';
export { REGISTRY_PREFIX, type ScanException } from './scan-exceptions-file';
export { stackConfigFile, type StackConfig } from './stack-config-file';
export { stackSettings, type Principal, type StackSettings } from './stack-settings';
export {
  CONNECTION_KINDS,
  CONNECTION_NAMES,
  serviceConnections,
  type ConnectionKind,
  type ServiceConnection,
} from './service-connections';
export { AZURE_CLOUDS, type AzureCloud } from './azure-clouds';
export { hostOf } from './url-host';
export { azureKmsAddress } from './azure-kms-address';
export { SKU_NAMES, SKUS, type SkuName, type SkuTier } from './sku';
export { OUTPUTS_FOLDER, outputsPath, stackFile } from './stack-file-name';
export { stackNames, unknownEnvironment, unknownStack } from './stack-names';
export { stackOutputs, type StackOutputs } from './stack-outputs';
export { closest, suggestion } from './suggest';
export { type SupplyChain } from './supply-chain';
export { type Pattern } from './system-file';
export { parseBySchema } from './schema-problems';
export { quotaOf, type TenantQuota } from './tenant-quota';
export { readTextFile } from './text-file';
export { TOOL_NAMES, TOOL_PLATFORMS, type ToolName, type ToolPlatform } from './tool-names';
export { YamlFile } from './yaml-file';
export { YamlLocator, type PathSegment } from './yaml-locator';
export { lockText } from './lock-text';
export { skuPage, skuTable } from './sku-table';
export { isRecord, listAt, recordAt, textAt, valueAt } from './untyped';
export { kindName, NEVER_IN_PATTERN_C, PATTERN_C_KINDS } from './pattern-c';
export { formatQuantity, parseQuantity } from './quantity';
export { parseValue, type Places } from './schema-problems';
