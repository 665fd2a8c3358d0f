import { type Policies } from '@pulumi/policy';
import { type PolicyFacts } from './policy-facts';
import { resourcePolicy, stackPolicy } from './rule';
import { branchesProtected } from './rules/branches-protected';
import { deploymentsControlled } from './rules/deployments-controlled';
import { exactVersions } from './rules/exact-versions';
import { federatedCredentials } from './rules/federated-credentials';
import { leastRoles } from './rules/least-roles';
import { noPasswords } from './rules/no-passwords';
import { productionProtected } from './rules/production-protected';
import { registryWithoutPasswords } from './rules/registry-without-passwords';
import { serviceConnectionsWithoutSecrets } from './rules/service-connections-without-secrets';
import { signingConnections } from './rules/signing-connections';
import { signingKeys } from './rules/signing-keys';
import { tagged } from './rules/tagged';
import { vaultByRoles } from './rules/vault-by-roles';

/** Every rule, for the stacks of one platform. */
export function policies(facts: PolicyFacts): Policies {
  return [
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
    stackPolicy(signingConnections(facts)),
    stackPolicy(deploymentsControlled(facts)),
    resourcePolicy(federatedCredentials),
  ];
}
