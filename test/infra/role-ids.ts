/** Ids of Azure's built-in roles, written down here once more from Azure's documentation: what is assigned is compared with them. */
export const ROLES = {
  AcrPull: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
  AcrPush: '8311e382-0749-4cb8-b61a-304f252e45ec',
  KeyVaultCryptoUser: '12338af0-0e69-4776-bea7-57ae8d297424',
  KeyVaultReader: '21090545-7ca7-4776-b22c-e363652d74d2',
  KeyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6',
} as const;
