/** The pure builders of this room, for the Pulumi program: what a cluster gets is written once, and nothing of cdk8s is loaded. */
export { dryRunAccessObjectsFor, dryRunIdentity } from './dry-run';
export { FLUX_INSTANCE_NAME, fluxInstanceSpec, recordedClientIds, syncPath, type ClientIds } from './flux/flux-instance-spec';
export { operatorValues, type OperatorValues } from './flux/operator-values';
export { AZURE_CONTROLLERS, identityRoles, type IdentityRole } from './flux/workload-identity';
export { FLUX_NAMESPACE, platformMetadata } from './labels';
