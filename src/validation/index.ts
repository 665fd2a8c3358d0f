/** The verdicts on generated, rendered and hand-written manifests: the only way into this room. */
export { peakUsage, type PeakUsage, type WorkloadUsage } from './container-resources';
export { driftDiff } from './drift';
export { type Findings } from './finding';
export { limitRangeDefaults, type ContainerDefaults } from './limit-range-defaults';
export { parseManifests, readManifestFile, type ManifestDocument } from './manifest-file';
export { podImages, podServiceAccount } from './pod-template';
export { podSecurityViolations, type PodSecurityLevel, type PodSecurityViolation } from './pod-security';
export { SchemaCatalog } from './schema-catalog';
export { SchemaCatalogs } from './schema-catalogs';
export { selectKubernetesSchemas, type KubernetesSchemaSelection } from './select-kubernetes-schemas';
export { selectSchemas } from './select-schemas';
export { CRDS_FOLDER, validate, type OnEnvironment, type Validation } from './validate';
export { validateManifest, type ManifestOptions } from './validate-manifest';
