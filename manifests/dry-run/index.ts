/** What lets a pull request try out manifests on a live cluster. */
export { dryRunAccessObjects, dryRunAccessObjectsFor, type DryRunAccessObjects, type DryRunAccessProps } from './dry-run-access';
export { dryRunIdentity, type DryRunIdentity } from './identity';
