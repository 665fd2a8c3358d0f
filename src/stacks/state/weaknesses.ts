import { z } from 'zod';
import { type Problem } from '../../model';
import { type AzureSession } from './azure-session';
import { type StateRequest } from './state-request';

/** What `az storage account show` tells of an account, as far as it matters here. */
export const STORAGE_ACCOUNT = z.object({
  kind: z.string(),
  sku: z.object({ name: z.string() }),
  allowSharedKeyAccess: z.boolean().nullish(),
  allowBlobPublicAccess: z.boolean().nullish(),
  enableHttpsTrafficOnly: z.boolean().nullish(),
  minimumTlsVersion: z.string().nullish(),
  encryption: z.object({ requireInfrastructureEncryption: z.boolean().nullish() }).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});
export type StorageAccount = z.infer<typeof STORAGE_ACCOUNT>;

/** What `az storage account blob-service-properties show` tells. */
export const BLOB_SERVICE = z.object({
  isVersioningEnabled: z.boolean().nullish(),
  deleteRetentionPolicy: z.object({ enabled: z.boolean().nullish(), days: z.number().nullish() }).nullish(),
  containerDeleteRetentionPolicy: z.object({ enabled: z.boolean().nullish(), days: z.number().nullish() }).nullish(),
});
export type BlobService = z.infer<typeof BLOB_SERVICE>;

/** What `az keyvault show` tells. */
export const VAULT = z.object({
  properties: z.object({
    enableRbacAuthorization: z.boolean().nullish(),
    enablePurgeProtection: z.boolean().nullish(),
    softDeleteRetentionInDays: z.number().nullish(),
  }),
});
export type Vault = z.infer<typeof VAULT>;

/** What `az resource show` tells of a key. */
export const KEY = z.object({
  properties: z.object({
    kty: z.string(),
    keySize: z.number().nullish(),
    keyOps: z.array(z.string()).nullish(),
    attributes: z.object({ enabled: z.boolean().nullish() }).nullish(),
  }),
});
export type Key = z.infer<typeof KEY>;

/** Days for which what is deleted can be had back. */
export const BLOB_RETENTION_DAYS = 30;
export const VAULT_RETENTION_DAYS = 90;

export const KEY_SIZE = 3072;
export const KEY_OPERATIONS = ['encrypt', 'decrypt'] as const;

/** How something differs from what is wanted. */
interface Difference {
  /** Whether it is weaker than wanted. */
  readonly weaker: boolean;
  /** What is, and what should be. */
  readonly message: string;
  /** Arguments of the `az` command that mends it, or what else to do. */
  readonly mend: readonly string[] | string;
}

const problems = (session: AzureSession, file: string, differences: readonly Difference[]): readonly Problem[] =>
  differences
    .filter(({ weaker }) => weaker)
    .map(({ message, mend }) => ({
      location: { file },
      message,
      remedy: typeof mend === 'string' ? mend : `Run \`${session.commandLine(mend)}\`, then run it again.`,
    }));

const shown = (value: string | number | boolean | null | undefined): string =>
  value === undefined || value === null ? 'not set' : `'${String(value)}'`;

/** How an existing storage account is weaker than one that would be made. */
export function storageAccountWeaknesses(
  session: AzureSession,
  { storageAccount, resourceGroup }: StateRequest,
  account: StorageAccount,
): readonly Problem[] {
  const update = (option: string, value: string): readonly string[] => [
    ...['storage', 'account', 'update', '--name', storageAccount, '--resource-group', resourceGroup, option, value],
  ];
  const another = 'Azure sets it only when an account is made: name another one with --storage-account.';
  return problems(session, `storage account ${storageAccount}`, [
    {
      weaker: !['StorageV2', 'BlockBlobStorage'].includes(account.kind),
      message: `its kind is ${shown(account.kind)}, not 'StorageV2', which keeps versions of blobs`,
      mend: 'Name another account with --storage-account.',
    },
    {
      weaker: account.sku.name.endsWith('_LRS'),
      message: `its redundancy is ${shown(account.sku.name)}, which one building holds, not 'Standard_ZRS'`,
      mend: [
        ...['storage', 'account', 'migration', 'start', '--account-name', storageAccount],
        ...['--resource-group', resourceGroup, '--sku', 'Standard_ZRS'],
      ],
    },
    {
      weaker: account.allowSharedKeyAccess !== false,
      message: `'allowSharedKeyAccess' is ${shown(account.allowSharedKeyAccess)}, not 'false': whoever has a key reads all state`,
      mend: update('--allow-shared-key-access', 'false'),
    },
    {
      weaker: account.allowBlobPublicAccess !== false,
      message: `'allowBlobPublicAccess' is ${shown(account.allowBlobPublicAccess)}, not 'false'`,
      mend: update('--allow-blob-public-access', 'false'),
    },
    {
      weaker: account.enableHttpsTrafficOnly !== true,
      message: `'enableHttpsTrafficOnly' is ${shown(account.enableHttpsTrafficOnly)}, not 'true'`,
      mend: update('--https-only', 'true'),
    },
    {
      weaker: !['TLS1_2', 'TLS1_3'].includes(account.minimumTlsVersion ?? ''),
      message: `'minimumTlsVersion' is ${shown(account.minimumTlsVersion)}, not 'TLS1_2'`,
      mend: update('--min-tls-version', 'TLS1_2'),
    },
    {
      weaker: account.encryption?.requireInfrastructureEncryption !== true,
      message: `'requireInfrastructureEncryption' is ${shown(account.encryption?.requireInfrastructureEncryption)}, not 'true'`,
      mend: another,
    },
  ]);
}

/** The command that makes versions of blobs, and what was deleted, be kept. */
export const keepDeletedBlobs = ({ storageAccount, resourceGroup }: StateRequest): readonly string[] => [
  ...['storage', 'account', 'blob-service-properties', 'update', '--account-name', storageAccount],
  ...['--resource-group', resourceGroup, '--enable-versioning', 'true'],
  ...['--enable-delete-retention', 'true', '--delete-retention-days', String(BLOB_RETENTION_DAYS)],
  ...['--enable-container-delete-retention', 'true', '--container-delete-retention-days', String(BLOB_RETENTION_DAYS)],
];

/** How the blob service of an existing account keeps less than that of one that would be made. */
export function blobServiceWeaknesses(session: AzureSession, request: StateRequest, service: BlobService): readonly Problem[] {
  const mend = keepDeletedBlobs(request);
  const isShort = (policy: BlobService['deleteRetentionPolicy']): boolean =>
    policy?.enabled !== true || (policy.days ?? 0) < BLOB_RETENTION_DAYS;
  const days = (policy: BlobService['deleteRetentionPolicy']): string =>
    policy?.enabled === true ? `for ${policy.days ?? 0} days` : 'not at all';
  const { deleteRetentionPolicy: blobs, containerDeleteRetentionPolicy: containers } = service;
  return problems(session, `storage account ${request.storageAccount}`, [
    {
      weaker: service.isVersioningEnabled !== true,
      message: `'isVersioningEnabled' is ${shown(service.isVersioningEnabled)}, not 'true': damaged state could not be had back`,
      mend,
    },
    {
      weaker: isShort(blobs),
      message: `deleted blobs are kept ${days(blobs)}, not for ${BLOB_RETENTION_DAYS} days`,
      mend,
    },
    {
      weaker: isShort(containers),
      message: `deleted containers are kept ${days(containers)}, not for ${BLOB_RETENTION_DAYS} days`,
      mend,
    },
  ]);
}

/** How an existing vault is weaker than one that would be made. */
export function vaultWeaknesses(
  session: AzureSession,
  { vault, resourceGroup }: StateRequest,
  { properties }: Vault,
): readonly Problem[] {
  const { enableRbacAuthorization: rbac, enablePurgeProtection: protection, softDeleteRetentionInDays: days } = properties;
  const update = ['keyvault', 'update', '--name', vault, '--resource-group', resourceGroup];
  return problems(session, `Key Vault ${vault}`, [
    {
      weaker: rbac !== true,
      message: `'enableRbacAuthorization' is ${shown(rbac)}, not 'true': roles mean nothing there, access policies end by it`,
      mend: [...update, '--enable-rbac-authorization', 'true'],
    },
    {
      weaker: protection !== true,
      message: `'enablePurgeProtection' is ${shown(protection)}, not 'true': whoever purges the key makes all secrets unreadable`,
      mend: [...update, '--enable-purge-protection', 'true'],
    },
    {
      weaker: (days ?? 0) < VAULT_RETENTION_DAYS,
      message: `'softDeleteRetentionInDays' is ${shown(days)}, not '${VAULT_RETENTION_DAYS}'`,
      mend: 'Azure sets it only when a vault is made: name another one with --vault.',
    },
  ]);
}

/** How an existing key is weaker than one that would be made, or cannot do what is needed. */
export function keyWeaknesses(session: AzureSession, { key, vault }: StateRequest, { properties }: Key): readonly Problem[] {
  const { kty, keySize, keyOps, attributes } = properties;
  const another = 'A key stays as it was made: name another one with --key.';
  const set = ['keyvault', 'key', 'set-attributes', '--vault-name', vault, '--name', key];
  const missing = KEY_OPERATIONS.filter((operation) => keyOps?.includes(operation) !== true);
  return problems(session, `key ${vault}/${key}`, [
    { weaker: !kty.startsWith('RSA'), message: `it is of type ${shown(kty)}, not 'RSA', and cannot encrypt`, mend: another },
    {
      weaker: kty.startsWith('RSA') && (keySize ?? KEY_SIZE) < KEY_SIZE,
      message: `it has ${keySize ?? 0} bits, not ${KEY_SIZE}`,
      mend: another,
    },
    {
      weaker: kty.startsWith('RSA') && missing.length > 0,
      message: `it does not allow ${missing.map((operation) => `'${operation}'`).join(' and ')}`,
      mend: [...set, '--ops', ...KEY_OPERATIONS],
    },
    { weaker: attributes?.enabled === false, message: 'it is disabled', mend: [...set, '--enabled', 'true'] },
  ]);
}
