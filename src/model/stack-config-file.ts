import { z } from 'zod';
import { azureTags } from './azure-tags';
import { custom } from './custom-issue';
import { azureNative, pulumiOwn, writtenByPulumi } from './provider-config';
import { refusedKeys } from './refused-keys';
import { GUID, RESOURCE_GROUP_NAME, resourceIdOf } from './rules/azure-names';
import { DOCKER_CONFIG_PATH } from './rules/docker-config-path';
import { DNS_LABEL } from './rules/kubernetes-names';
import { canonicalRange, IP_RANGE, MAX_IP_RANGES, unusableRange } from './rules/ip-ranges';
import { text, violation, type TextRule } from './rules/text-rule';

const KEY_ID: TextRule = {
  title: 'key identifier with version',
  pattern: /^https:\/\/[a-zA-Z0-9.-]+\/keys\/[a-zA-Z0-9-]{1,127}\/[a-zA-Z0-9]+$/,
  rule: "'https://<vault>.vault.azure.net/keys/<key>/<version>'",
  source: 'Azure Key Vault',
};
const FILE_PATH: TextRule = {
  title: 'path',
  pattern: /^[^\s\p{Cc}][^\p{Cc}]*$/u,
  rule: 'a path, not empty',
  source: 'file system',
};

const EXPOSURES = ['public', 'private'] as const;
const exposure = z
  .enum(EXPOSURES)
  .describe(
    'public: reachable from the internet, with Microsoft Entra sign-in. private: by a private endpoint alone. Default: public',
  )
  .default('public');
const allowedIpRanges = z
  .array(text(IP_RANGE))
  .min(1)
  .max(MAX_IP_RANGES)
  .superRefine(usableRanges)
  .describe(
    `Public addresses that may connect, while everybody else may not: at most ${MAX_IP_RANGES} addresses or ranges. Default: all`,
  )
  .optional();

/** Ranges that Azure refuses, or that say nothing. */
function usableRanges(ranges: readonly string[], context: z.RefinementCtx): void {
  const first = new Map<string, string>();
  for (const [index, range] of ranges.entries()) {
    // What is no range has its own message.
    if (violation(IP_RANGE, range) !== undefined) continue;
    const unusable = unusableRange(range);
    const earlier = first.get(canonicalRange(range));
    if (unusable !== undefined) custom(context, [index], unusable.message, unusable.remedy);
    else if (earlier !== undefined) {
      custom(
        context,
        [index],
        `'${range}' stands here twice${earlier === range ? '' : `, as '${earlier}' too`}`,
        'Keep one of the two.',
      );
    } else first.set(canonicalRange(range), range);
  }
}

/** An exposure that nobody could reach, or that two fields say differently. */
function exposureOnce(
  {
    exposure: given,
    allowedIpRanges: ranges,
  }: { readonly exposure: string; readonly allowedIpRanges?: readonly string[] | undefined },
  context: z.RefinementCtx,
): void {
  if (given !== 'private' || ranges === undefined) return;
  custom(
    context,
    ['allowedIpRanges'],
    `'exposure' is 'private', and 'allowedIpRanges' lets ${ranges.join(', ')} in from outside`,
    "Keep one of the two: 'exposure: private', or the ranges.",
  );
}

const registry = z
  .strictObject({
    tier: z.enum(['Basic', 'Standard', 'Premium']).describe('Tier of the registry. Default: Standard').default('Standard'),
    exposure,
    allowedIpRanges,
    zoneRedundancy: z.boolean().describe('Whether it is spread over availability zones (Premium). Default: false').default(false),
  })
  .superRefine((value, context) => {
    exposureOnce(value, context);
    if (value.tier === 'Premium') return;
    const premium = [
      ['exposure', value.exposure === 'private'],
      ['allowedIpRanges', value.allowedIpRanges !== undefined],
      ['zoneRedundancy', value.zoneRedundancy],
    ] as const;
    for (const [field, used] of premium) {
      if (!used) continue;
      const asked = value[field];
      custom(
        context,
        [field],
        `'${field}: ${Array.isArray(asked) ? asked.join(', ') : String(asked)}' needs the tier Premium, and the registry's tier is '${value.tier}'`,
        `Set 'tier: Premium', or remove '${field}'.`,
      );
    }
  })
  .describe('The registry, where the environment owns one.')
  .prefault({});

const vault = z
  .strictObject({
    tier: z
      .enum(['standard', 'premium'])
      .describe('Tier of the Key Vault; premium keeps the signing keys in a hardware security module. Default: standard')
      .default('standard'),
    exposure,
    allowedIpRanges,
    softDeleteRetentionInDays: z
      .int()
      .min(7)
      .max(90)
      .describe('Days for which what was deleted can be recovered, 7 to 90; Azure lets nobody change it later. Default: 90')
      .default(90),
  })
  .superRefine(exposureOnce)
  .describe('The Key Vault, where the environment owns one.')
  .prefault({});

const principalType = z
  .enum(['ServicePrincipal', 'Group', 'User'])
  .describe('What the principal is; a managed identity is a ServicePrincipal. Default: ServicePrincipal')
  .default('ServicePrincipal');

const principal = z
  .strictObject({
    principalId: text(GUID).describe('Object id in Microsoft Entra ID (of a service principal, not of its app registration).'),
    principalType,
  })
  .describe('Somebody to whom roles are assigned.');

const principals = (who: string) => z.record(text(DNS_LABEL), principal).describe(who).prefault({});

/** Our own keys; their namespace is the same however a fork calls its Pulumi project. */
const own = {
  'k8s-gitops:resourceGroup': text(RESOURCE_GROUP_NAME)
    .describe('Existing resource group of the registry, the Key Vault and the identities. Default: that of the cluster')
    .optional(),
  'k8s-gitops:tags': azureTags,
  'k8s-gitops:registry': registry,
  'k8s-gitops:vault': vault,
  'k8s-gitops:privateNetwork': z
    .strictObject({
      subnetId: text(resourceIdOf('Microsoft.Network/virtualNetworks/subnets')).describe('Subnet of the private endpoints.'),
      registryDnsZoneId: text(resourceIdOf('Microsoft.Network/privateDnsZones'))
        .describe('Existing zone privatelink.azurecr.io. Default: one is made and linked to the virtual network')
        .optional(),
      vaultDnsZoneId: text(resourceIdOf('Microsoft.Network/privateDnsZones'))
        .describe('Existing zone privatelink.vaultcore.azure.net. Default: one is made and linked to the virtual network')
        .optional(),
    })
    .describe('Where private endpoints stand; needed where an `exposure` is private.')
    .optional(),
  'k8s-gitops:logAnalyticsWorkspaceId': text(resourceIdOf('Microsoft.OperationalInsights/workspaces'))
    .describe('Log Analytics workspace that keeps the logs of the registry and the Key Vault. Default: none')
    .optional(),
  'k8s-gitops:access': z
    .strictObject({
      platformPipelines: principals('Who runs `pulumi up`: pushes images and signs them with the key of the platform.'),
      applicationPipelines: principals("Who pushes applications' images and signs them with the key of applications."),
      verifiers: principals('Who pulls images and reads the public keys, and changes nothing: pipelines of pull requests.'),
    })
    .describe('Who may do what with the registry and the keys, by a short name that the role assignments carry.')
    .prefault({}),
  'k8s-gitops:dryRunPrincipalId': text(GUID)
    .describe(
      'Object id of the identity that dry-runs on the cluster, where no stack `organization` makes it (`dryRun: cluster`). Default: that of outputs/organization.yaml',
    )
    .optional(),
  'k8s-gitops:sharers': z
    .record(
      text(DNS_LABEL),
      z
        .strictObject({
          kubeletPrincipalId: text(GUID).describe("Object id of the kubelet's identity of that environment's cluster."),
        })
        .describe('An environment that shares the registry of this one.'),
    )
    .describe(
      'Environments that share the registry and have recorded no outputs yet: their clusters have to pull before they can.',
    )
    .prefault({}),
  'k8s-gitops:existing': z
    .strictObject({
      registry: text(resourceIdOf('Microsoft.ContainerRegistry/registries'))
        .describe('Registry that another team owns, with the name that platform.yaml gives.')
        .optional(),
      vault: text(resourceIdOf('Microsoft.KeyVault/vaults'))
        .describe('Key Vault that another team owns, with the name that platform.yaml gives; the signing keys are made in it.')
        .optional(),
      signingKeys: z
        .strictObject({
          platform: text(KEY_ID).describe("Key that signs the platform's images, in that Key Vault."),
          applications: text(KEY_ID).describe("Key that signs applications' images, another one in that Key Vault."),
        })
        .describe('Keys that another team made in its Key Vault; EC P-256.')
        .optional(),
      readerIdentity: text(resourceIdOf('Microsoft.ManagedIdentity/userAssignedIdentities'))
        .describe('Managed identity of the controllers that read, which another team owns.')
        .optional(),
      writerIdentity: text(resourceIdOf('Microsoft.ManagedIdentity/userAssignedIdentities'))
        .describe('Managed identity of the controllers that write, which another team owns.')
        .optional(),
    })
    .superRefine(({ vault: id, signingKeys }, context) => {
      if (signingKeys === undefined || id !== undefined) return;
      custom(
        context,
        ['signingKeys'],
        "'signingKeys' names keys of another team, and 'vault' does not name its Key Vault",
        "Give 'vault', or remove 'signingKeys': in a Key Vault of our own the keys are made.",
      );
    })
    .describe('What another team owns, by resource id; it is used and never changed.')
    .prefault({}),
  'k8s-gitops:roleAssignments': z
    .enum(['managed', 'external'])
    .describe(
      'managed: the stack assigns the roles. external: another team does; the stack prints what to request. Default: managed',
    )
    .default('managed'),
  'k8s-gitops:cluster': z
    .strictObject({
      subscriptionId: text(GUID).describe('Subscription of the cluster. Default: that of the resources').optional(),
      login: z
        .enum(['azurecli', 'workloadidentity'])
        .describe('How kubelogin signs in to the cluster. Default: azurecli')
        .default('azurecli'),
      kubeconfig: text(FILE_PATH)
        .describe('Kubeconfig file to use in place of the endpoint that Azure names, relative to the platform folder.')
        .optional(),
      context: z.string().min(1).describe('Context in that kubeconfig. Default: its current one').optional(),
    })
    .superRefine(({ kubeconfig, context: name }, context) => {
      if (name === undefined || kubeconfig !== undefined) return;
      custom(
        context,
        ['context'],
        `'context' is '${name}', and no 'kubeconfig' is given`,
        "Give 'kubeconfig', or remove 'context'.",
      );
    })
    .describe('How the stack reaches the cluster.')
    .prefault({}),
  'k8s-gitops:dockerConfig': text(DOCKER_CONFIG_PATH)
    .describe(
      'Folder below the platform folder whose config.json holds credentials of the registry. Default: none; a short-lived token of `az acr login`',
    )
    .optional(),
} as const;

/** The configuration of an environment's stack: what only Azure needs. */
export const stackConfig = z.preprocess(
  refusedKeys,
  z
    .strictObject({ ...azureNative, ...own, ...pulumiOwn })
    .superRefine((config, context) => {
      const { tier } = config['k8s-gitops:registry'];
      // A registry of a smaller tier has its own message.
      const isPrivate = (['registry', 'vault'] as const)
        .filter((resource) => resource === 'vault' || tier === 'Premium')
        .find((resource) => config[`k8s-gitops:${resource}`].exposure === 'private');
      if (isPrivate === undefined || config['k8s-gitops:privateNetwork'] !== undefined) return;
      custom(
        context,
        [`k8s-gitops:${isPrivate}`, 'exposure'],
        `the ${isPrivate} is 'private', and no 'k8s-gitops:privateNetwork' says where its private endpoint stands`,
        "Give 'k8s-gitops:privateNetwork' with 'subnetId', or make the exposure 'public'.",
      );
    })
    .describe('Configuration of the stack: what only Azure needs. Everything else stands in platform.yaml.'),
);

/** The schema of `Pulumi.<environment>.yaml`. */
export const stackConfigFile = z
  .strictObject({
    ...writtenByPulumi,
    config: stackConfig,
  })
  .describe("Settings of an environment's Pulumi stack.");

export type StackConfig = z.output<typeof stackConfig>;
