import { z } from 'zod';
import { GUID, LOCATION } from './rules/azure-names';
import { text } from './rules/text-rule';

/** The keys of azure-native, which every stack has. */
export const azureNative = {
  'azure-native:location': text(LOCATION).describe('Region of the resources.'),
  'azure-native:subscriptionId': text(GUID).describe(
    'Subscription of the resources; written down, because the one that somebody chose last for `az` may be another.',
  ),
  'azure-native:tenantId': text(GUID).describe('Microsoft Entra tenant; the one in platform.yaml.').optional(),
  'azure-native:environment': z.enum(['public', 'usgovernment', 'china']).describe('Cloud of Azure. Default: public').optional(),
  'azure-native:clientId': text(GUID).describe('Client id that signs in by OIDC or as a managed identity.').optional(),
  'azure-native:useOidc': boolean('Whether to sign in by OIDC (pipelines).'),
  'azure-native:useMsi': boolean('Whether to sign in as the managed identity of the machine.'),
  'azure-native:useDefaultAzureCredential': boolean("Whether to sign in by Azure's default chain of credentials."),
  'azure-native:disablePulumiPartnerId': boolean('Whether to leave the partner id of Pulumi out of requests.'),
  'azure-native:metadataHost': z.string().min(1).describe('Host of the metadata of a sovereign cloud.').optional(),
} as const;

/** Pulumi keeps scalars as texts, whatever the file says. */
export function boolean(
  description: string,
): z.ZodOptional<z.ZodUnion<readonly [z.ZodBoolean, z.ZodEnum<{ true: 'true'; false: 'false' }>]>> {
  return z
    .union([z.boolean(), z.enum(['true', 'false'])], { error: 'is neither true nor false' })
    .describe(description)
    .optional();
}

/** Keys that steer Pulumi itself. */
export const pulumiOwn = Object.fromEntries(
  ['pulumi:tags', 'pulumi:autonaming', 'pulumi:disable-default-providers'].map((key) => [
    key,
    z.unknown().describe("Pulumi's own setting, as its documentation has it.").optional(),
  ]),
);

/** What Pulumi itself writes into the settings of a stack. */
export const writtenByPulumi = {
  secretsprovider: z.string().describe('Who encrypts secrets of the state; written by `pulumi stack init`.').optional(),
  encryptedkey: z.string().describe('Written by Pulumi.').optional(),
  encryptionsalt: z.string().describe('Written by Pulumi.').optional(),
};
