import { type Policies } from '@pulumi/policy';
import { type PolicyFacts } from './policy-facts';
import { resourcePolicy, stackPolicy } from './rule';
import { branchesProtected } from './rules/branches-protected';
import { deploymentsControlled } from './rules/deployments-controlled';
import { dryRunRefuses } from './rules/dry-run-refuses';
import { dryRunRights } from './rules/dry-run-rights';
import { exactVersions } from './rules/exact-versions';
import { federatedCredentials } from './rules/federated-credentials';
import { knownPrincipals } from './rules/known-principals';
import { knownResources } from './rules/known-resources';
import { leastRoles } from './rules/least-roles';
import { noPasswords } from './rules/no-passwords';
import { pipelinesKept } from './rules/pipelines-kept';
import { platformCommands } from './rules/platform-commands';
import { productionProtected } from './rules/production-protected';
import { registryWithoutPasswords } from './rules/registry-without-passwords';
import { serviceConnectionsWithoutSecrets } from './rules/service-connections-without-secrets';
import { signingConnections } from './rules/signing-connections';
import { signingKeys } from './rules/signing-keys';
import { tagged } from './rules/tagged';
import { trustedConnections } from './rules/trusted-connections';
import { vaultByRoles } from './rules/vault-by-roles';

/** Every rule, for the stacks of one platform. */
export function policies(facts: PolicyFacts): Policies {
  return [
    resourcePolicy(knownResources),
    resourcePolicy(registryWithoutPasswords),
    resourcePolicy(vaultByRoles),
    resourcePolicy(signingKeys),
    resourcePolicy(serviceConnectionsWithoutSecrets),
    resourcePolicy(leastRoles),
    stackPolicy(productionProtected(facts)),
    resourcePolicy(tagged),
    resourcePolicy(exactVersions(facts)),
    resourcePolicy(noPasswords),
    stackPolicy(branchesProtected(facts)),
    stackPolicy(pipelinesKept(facts)),
    stackPolicy(signingConnections(facts)),
    stackPolicy(deploymentsControlled(facts)),
    resourcePolicy(federatedCredentials),
    stackPolicy(trustedConnections),
    stackPolicy(knownPrincipals),
    resourcePolicy(platformCommands),
    stackPolicy(dryRunRefuses),
    resourcePolicy(dryRunRights),
  ];
}
