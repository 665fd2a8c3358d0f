/** The typed model: the only way into this room. */
export { dotted, kindOf, quote } from './describe-value';
export { duplicateKeys } from './duplicate-keys';
export { fileSystemProblem } from './file-system-problem';
export { type GitAddress, type GitHostName } from './git-host';
export { jsonSchemas } from './json-schemas';
export { load, LOCK_FILE, OUTPUTS_FOLDER, PLATFORM_FILE, SYSTEMS_FOLDER, type LoadResult } from './load';
export { CONTROLLERS_PATH, OPERATOR, UNRESOLVED, type LockFile } from './lock-file';
export { federatedCredentialName, type EnvironmentNames, type SystemNames } from './naming';
export { type OutputsFile } from './outputs-file';
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
export { type FluxComponent } from './platform-file';
export { formatLocation, formatProblem, sortProblems, type Location, type Problem } from './problem';
export { DNS_LABEL, DNS_SUBDOMAIN } from './rules/kubernetes-names';
export { violation, type TextRule } from './rules/text-rule';
export { SKU_NAMES, SKUS, type SkuName, type SkuTier } from './sku';
export { closest, suggestion } from './suggest';
export { type Pattern } from './system-file';
export { readTextFile } from './text-file';
export { YamlLocator, type PathSegment } from './yaml-locator';
