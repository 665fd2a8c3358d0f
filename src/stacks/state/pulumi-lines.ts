import { type SignedIn } from './signed-in';
import { type StateRequest } from './state-request';

/** The commands that begin to use the state backend. */
export interface PulumiLines {
  readonly login: string;
  /** One per stack. */
  readonly stackInit: readonly string[];
}

/** Cloud where Pulumi looks without being told. */
const DEFAULT_BLOB_DOMAIN = 'blob.core.windows.net';

/** Which commands of Pulumi come next. */
export function pulumiLines(
  { storageAccount, container, vault, key }: StateRequest,
  { blobDomain, vaultSuffix }: Pick<SignedIn, 'blobDomain' | 'vaultSuffix'>,
  stacks: readonly string[],
): PulumiLines {
  const domain = blobDomain === DEFAULT_BLOB_DOMAIN ? '' : `&domain=${blobDomain}`;
  const provider = `azurekeyvault://${vault.toLowerCase()}${vaultSuffix}/keys/${key}`;
  return {
    login: `pulumi login 'azblob://${container}?storage_account=${storageAccount}${domain}'`,
    stackInit: stacks.map((stack) => `pulumi stack init ${stack} --secrets-provider '${provider}'`),
  };
}
