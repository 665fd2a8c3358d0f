/** Generated files and how they reach `clusters/`: the only way into this room. */
export { CLUSTERS_FOLDER } from './environment-files';
export { isGenerated, type GeneratedFile } from './generated-file';
export { SYSTEM_LABEL } from './labels';
export { planWrite, type FileChange, type WritePlan } from './output/write-plan';
export { writeClusters, type WriteClustersOptions, type WriteClustersResult } from './output/write-clusters';
export { synthesize, type SynthesizedEnvironment } from './synthesize';
