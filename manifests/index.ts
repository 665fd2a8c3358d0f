/** Generated files and how they reach `clusters/`: the only way into this room. */
export { CLUSTERS_FOLDER } from './environment-files';
export { isGenerated, type GeneratedFile } from './generated-file';
export { FLUX_NAMESPACE, REMOVAL_ANNOUNCED_ANNOTATION, SYSTEM_LABEL } from './labels';
export { JOURNAL_FILE, repairInterruptedWrite, type Repair } from './output/journal';
export { writeFiles, type WriteFilesOptions } from './output/write-files';
export { planWrite, type FileChange, type WritePlan } from './output/write-plan';
export { tenantReleaseName } from './patterns/platform-tenant-release';
export { hasTenant, ownChartManifest, platformAppManifest, tenantManifest } from './patterns/system-manifests';
export { planClusters, writeClusters, type WriteClustersOptions, type WriteClustersResult } from './output/write-clusters';
export { substitutionFor } from './systems/substitution';
export { synthesize, type SynthesizedEnvironment } from './synthesize';
