/** A role that Azure has built in. */
export interface BuiltInRole {
  /** As Azure's documentation calls it. */
  readonly name: string;
  /** GUID of its definition, the same in every tenant. */
  readonly id: string;
}

/** The roles that are assigned here, and no others. Source: Azure built-in roles. */
export const ROLES = {
  acrPull: { name: 'AcrPull', id: '7f951dda-4ed3-4680-a7ca-43fe172d538d' },
  acrPush: { name: 'AcrPush', id: '8311e382-0749-4cb8-b61a-304f252e45ec' },
  /** Signs with a key; its scope is always one key. */
  keyVaultCryptoUser: { name: 'Key Vault Crypto User', id: '12338af0-0e69-4776-bea7-57ae8d297424' },
  /** Reads the public half of a key; of secrets it reads names alone. */
  keyVaultReader: { name: 'Key Vault Reader', id: '21090545-7ca7-4776-b22c-e363652d74d2' },
  /** Reads the content of a secret; its scope is always one secret. */
  keyVaultSecretsUser: { name: 'Key Vault Secrets User', id: '4633458b-17de-408a-b874-0445c86b69e6' },
} as const satisfies Record<string, BuiltInRole>;

/** Resource id of a role's definition. */
export function roleDefinitionId(subscriptionId: string, role: BuiltInRole): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`;
}
