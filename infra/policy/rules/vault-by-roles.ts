import { listAt, shown, valueAt } from '../known-value';
import { azureTypes, type ResourceRule } from '../rule';

/** Azure's limits; 90 days when nothing is said. */
const RETENTION = { fewest: 7, most: 90 };

/** What lets others in without a role. Source: Azure, Key Vault; all off when nothing is said. */
const WAYS_AROUND = ['enabledForTemplateDeployment', 'enabledForDeployment', 'enabledForDiskEncryption'] as const;

/** A Key Vault is used by roles alone, and gives back what was deleted. */
export const vaultByRoles: ResourceRule = {
  name: 'vault-by-roles',
  description:
    'A Key Vault has RBAC authorization, soft delete and purge protection, no access policies, and opens nothing to deployments, virtual ' +
    'machines or disk encryption (Azure: security baseline of Key Vault). RBAC and purge protection are said, as Azure leaves purge ' +
    'protection off and has changed the default of RBAC.',
  about: azureTypes('keyvault:Vault'),
  check: ({ props }) => {
    const properties = valueAt(props, 'properties');
    const days = valueAt(properties, 'softDeleteRetentionInDays') ?? RETENTION.most;
    const softDelete = valueAt(properties, 'enableSoftDelete') ?? true;
    const policies = valueAt(properties, 'accessPolicies');
    return [
      ...(['enablePurgeProtection', 'enableRbacAuthorization'] as const)
        .filter((field) => valueAt(properties, field) !== true)
        .map((field) => ({
          message: `properties.${field} is ${shown(valueAt(properties, field))}, and has to be true.`,
          remedy: `Set properties.${field} to true.`,
        })),
      ...WAYS_AROUND.filter((field) => (valueAt(properties, field) ?? false) !== false).map((field) => ({
        message: `properties.${field} is ${shown(valueAt(properties, field))}, and has to be false.`,
        remedy: `Take properties.${field} out: whoever needs something of the vault has a role for it.`,
      })),
      ...(policies === undefined || (Array.isArray(policies) && listAt(policies).length === 0)
        ? []
        : [
            {
              message: 'properties.accessPolicies is not empty, and has to be.',
              remedy: 'Take properties.accessPolicies out, and assign roles at the keys and secrets.',
            },
          ]),
      ...(softDelete === true
        ? []
        : [
            {
              message: `properties.enableSoftDelete is ${shown(softDelete)}, and has to be true.`,
              remedy: 'Leave properties.enableSoftDelete out, or set it to true.',
            },
          ]),
      ...(typeof days === 'number' && days >= RETENTION.fewest && days <= RETENTION.most
        ? []
        : [
            {
              message: `properties.softDeleteRetentionInDays is ${shown(days)}, and has to be between ${RETENTION.fewest} and ${RETENTION.most}.`,
              remedy: `Say how many days what was deleted can be recovered, from ${RETENTION.fewest} to ${RETENTION.most}.`,
            },
          ]),
    ];
  },
};
