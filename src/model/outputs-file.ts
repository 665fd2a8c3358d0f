import { z } from 'zod';
import { GUID, resourceIdOf } from './rules/azure-names';
import { REGISTRY_HOST } from './rules/oci-references';
import { PUBLIC_KEY } from './rules/public-key';
import { text, type TextRule } from './rules/text-rule';
import { parseBySchema } from './schema-problems';
import { type FluxComponent } from './platform-file';
import { type Problem } from './problem';
import { type YamlFile } from './yaml-file';

/** The controllers that write: only where one of them runs is there an identity that may. */
export const WRITING_COMPONENTS: readonly FluxComponent[] = ['image-automation-controller', 'notification-controller'];

const HTTPS_URL: TextRule = {
  title: 'URL',
  pattern: /^https:\/\/[a-zA-Z0-9.-]+(?::[0-9]{1,5})?(?:\/[^\s]*)?$/,
  rule: "'https://...'",
  source: 'Azure',
};

/** A managed identity, by its three ids. */
export const managedIdentity = (
  use: string,
): z.ZodObject<{ clientId: z.ZodString; principalId: z.ZodString; resourceId: z.ZodString }, z.core.$strict> =>
  z
    .strictObject({
      clientId: text(GUID).describe('Client id, by which it signs in.'),
      principalId: text(GUID).describe('Object id of the service principal, to which roles are assigned.'),
      resourceId: text(resourceIdOf('Microsoft.ManagedIdentity/userAssignedIdentities')).describe('Azure resource id.'),
    })
    .describe(use);

/** One version of a signing key as `outputs/<environment>.yaml` records it. */
export const signingKey = z.strictObject({
  id: text(HTTPS_URL).describe('Key identifier in Key Vault, with the version.'),
  publicKey: text(PUBLIC_KEY).describe('Public key in PEM form.'),
  use: z
    .enum(['sign', 'verify'])
    .describe(
      'sign: signs and is accepted. verify: does not sign, but its signatures are accepted: a new key, or a retired one.',
    ),
});

/** The AKS cluster of an environment. */
export const clusterFacts = z
  .strictObject({
    resourceId: text(resourceIdOf('Microsoft.ContainerService/managedClusters')).describe(
      'Azure resource id of the AKS cluster.',
    ),
    oidcIssuerUrl: text(HTTPS_URL).describe('OIDC issuer of the cluster, to which the federated credentials refer.'),
    kubeletPrincipalId: text(GUID)
      .describe(
        "Object id of the kubelet's managed identity, which pulls images; the owner of a shared registry grants it AcrPull.",
      )
      .optional(),
  })
  .describe('The AKS cluster.');

/** The managed identities of an environment. */
export const identityFacts = z
  .strictObject({
    reader: managedIdentity('Identity of the controllers that read: source-controller, image-reflector-controller.'),
    writer: managedIdentity(
      'Identity of the controllers that write: image-automation-controller, notification-controller. Absent where neither runs.',
    ).optional(),
  })
  .describe('Managed identities of the Flux controllers.');

/** The registry that an environment owns. */
export const registryFacts = z
  .strictObject({
    resourceId: text(resourceIdOf('Microsoft.ContainerRegistry/registries')).describe('Azure resource id of the registry.'),
    loginServer: text(REGISTRY_HOST).describe('Host of the registry.'),
  })
  .describe('The registry, where the environment owns one.');

/** The Key Vault that an environment owns. */
export const vaultFacts = z
  .strictObject({
    resourceId: text(resourceIdOf('Microsoft.KeyVault/vaults')).describe('Azure resource id of the Key Vault.'),
    uri: text(HTTPS_URL).describe('Address of the Key Vault.'),
  })
  .describe('The Key Vault, where the environment owns one.');

const signingKeys = z
  .strictObject({
    platform: z.array(signingKey).min(1).describe("Live keys of the platform's images, newest first."),
    applications: z.array(signingKey).min(1).describe("Live keys of applications' images, newest first."),
  })
  .describe('Signing keys, where the environment owns a Key Vault.');

/** The schema of `outputs/<environment>.yaml`: what the stack of an environment learned. */
export const outputsFile = z
  .strictObject({
    cluster: clusterFacts.optional(),
    identities: identityFacts,
    registry: registryFacts.optional(),
    vault: vaultFacts.optional(),
    signingKeys: signingKeys.optional(),
  })
  .describe('Machine facts of an environment, recorded from the outputs of its stack; not written by hand.');

export type OutputsFile = z.output<typeof outputsFile>;

/** The signing keys that a file records, whatever else of it is wrong: keys rotate by hand, so no stack could give them back. */
export function recordedSigningKeys(
  yaml: YamlFile,
): { readonly signingKeys: OutputsFile['signingKeys'] } | { readonly problems: readonly Problem[] } {
  const result = parseBySchema(z.object({ signingKeys: signingKeys.optional() }), yaml);
  return 'problems' in result ? result : { signingKeys: result.data.signingKeys };
}
