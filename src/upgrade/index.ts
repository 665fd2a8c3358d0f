/** From one version to the next, with everything that depends on it: the only way into this room. */
export { repairInterruptedWrite, type Repair } from '../../manifests';
export { checkNewest, type NewestVersion, type NewestVersions } from './check-newest';
export { type KnownChangeVerdict } from './known-changes';
export { reduceDefinitions, reduceSchema, schemaFileText } from './reduce-schemas';
export { upgrade } from './upgrade';
export { type UpgradeRequest } from './upgrade-request';
export { type Upgrade } from './upgrade-result';
export { type VersionChange } from './version-changes';
