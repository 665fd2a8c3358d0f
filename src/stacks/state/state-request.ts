import {
  GUID,
  LOCATION,
  RESOURCE_GROUP_NAME,
  VAULT_NAME,
  VAULT_OBJECT_NAME,
  violation,
  type Problem,
  type TextRule,
} from '../../model';

/** What kind of principal a role is given to. */
export const PRINCIPAL_TYPES = ['ServicePrincipal', 'User', 'Group'] as const;
export type PrincipalType = (typeof PRINCIPAL_TYPES)[number];

/** Which state backend is wanted. */
export interface StateRequest {
  /** Subscription that holds it, a GUID. */
  readonly subscription: string;
  /** Azure region, such as `westeurope`. */
  readonly location: string;
  readonly resourceGroup: string;
  /** Storage account that holds the state: globally unique. */
  readonly storageAccount: string;
  /** Key Vault that holds the key: globally unique. */
  readonly vault: string;
  /** Container in the storage account. */
  readonly container: string;
  /** Key in the vault that encrypts the secrets in the state. */
  readonly key: string;
  /** Object ids of those who may use the state besides who is signed in. */
  readonly principals: readonly string[];
  /** What these are. */
  readonly principalType: PrincipalType;
}

/** `Microsoft.Storage/storageAccounts`: globally unique. */
const STORAGE_ACCOUNT_NAME: TextRule = {
  title: 'storage account name',
  pattern: /^[a-z0-9]{3,24}$/,
  rule: '3 to 24 lower-case letters and digits',
  source: 'Azure resource naming rules, Microsoft.Storage/storageAccounts',
};

/** `Microsoft.Storage/storageAccounts/blobServices/containers`. */
const CONTAINER_NAME: TextRule = {
  title: 'blob container name',
  pattern: /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
  rule: '3 to 63 lower-case letters, digits and single hyphens, starting and ending with a letter or digit',
  source: 'Azure resource naming rules, Microsoft.Storage/storageAccounts/blobServices/containers',
};

/** Everything in a request that breaks a rule of Azure, by the option that gave it. */
export function checkStateRequest(request: StateRequest): readonly Problem[] {
  const checks: readonly (readonly [option: string, value: string, rule: TextRule])[] = [
    ['--subscription', request.subscription, GUID],
    ['--location', request.location, LOCATION],
    ['--resource-group', request.resourceGroup, RESOURCE_GROUP_NAME],
    ['--storage-account', request.storageAccount, STORAGE_ACCOUNT_NAME],
    ['--container', request.container, CONTAINER_NAME],
    ['--vault', request.vault, VAULT_NAME],
    ['--key', request.key, VAULT_OBJECT_NAME],
    ...request.principals.map((principal) => ['--principal', principal, GUID] as const),
  ];
  return checks.flatMap(([option, value, rule]) => {
    const wrong = violation(rule, value);
    return wrong === undefined
      ? []
      : [{ location: { file: option }, message: `'${value}' ${wrong}`, remedy: `Give another value with ${option}.` }];
  });
}
