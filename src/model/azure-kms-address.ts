/**
 * The identifier of a key in Key Vault, as cosign takes it.
 *
 * @param id `https://<vault>/keys/<key>/<version>`
 * @returns `azurekms://<vault>/<key>/<version>`, `undefined` when the identifier names no version
 */
export function azureKmsAddress(id: string): string | undefined {
  const [, vault, key, version] = /^https:\/\/([^/]+)\/keys\/([^/]+)\/([^/]+)\/?$/.exec(id) ?? [];
  return version === undefined ? undefined : `azurekms://${vault!}/${key!}/${version}`;
}
