/** The verdicts on generated and hand-written manifests: the only way into this room. */
export { driftDiff } from './drift';
export { type Findings } from './finding';
export { selectSchemas } from './select-schemas';
export { CRDS_FOLDER, validate, type OnEnvironment, type Validation } from './validate';
