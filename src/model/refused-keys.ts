import { type z } from 'zod';
import { custom } from './custom-issue';

/** Secrets with which a provider could sign in, by the end of their keys. */
const SECRETS: readonly string[] = [
  'personalAccessToken',
  'clientSecret',
  'clientSecretPath',
  'clientCertificate',
  'clientCertificatePassword',
  'clientCertificatePath',
  'oidcToken',
  'oidcTokenFilePath',
  'oidcRequestToken',
];

const OIDC: Readonly<Record<string, string>> = {
  azuredevops: '`azuredevops:useOidc` with `azuredevops:oidcAzureServiceConnectionId`',
  'azure-native': '`azure-native:useOidc`',
};

/** Keys of the providers that would be unknown, and whose remedy is not to spell them differently. */
export function refusedKeys(config: unknown, context: z.RefinementCtx): unknown {
  if (typeof config !== 'object' || config === null) return config;
  for (const key of Object.keys(config)) {
    const [provider = '', name = ''] = key.split(':');
    if (Object.hasOwn(OIDC, provider) && SECRETS.includes(name)) {
      custom(
        context,
        [key],
        `'${key}' is a secret or leads to one, and no secret stands in this repository, encrypted or not`,
        `Remove it, and revoke it if it was committed. Sign in with \`az login\` on your machine, or by OIDC in a pipeline (${OIDC[provider]!}).`,
      );
    } else if (key === 'azuredevops:orgServiceUrl') {
      custom(
        context,
        [key],
        `'${key}' says a second time which organization it is: 'git.organization' of platform.yaml does`,
        'Remove it.',
      );
    }
  }
  return config;
}
