import { type z } from 'zod';
import { type azureNative } from './provider-config';
import { defined } from './records';

type AzureNativeConfig = z.output<z.ZodObject<typeof azureNative>>;

/** How azure-native signs in, under the names of its provider. */
export interface SignIn {
  readonly environment: string;
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly metadataHost?: string;
  readonly useOidc?: boolean;
  readonly useMsi?: boolean;
  readonly useDefaultAzureCredential?: boolean;
  readonly disablePulumiPartnerId?: boolean;
}

/** How the configuration of a stack says that azure-native signs in. */
export function signInOf(config: AzureNativeConfig): SignIn {
  const flag = (key: 'useOidc' | 'useMsi' | 'useDefaultAzureCredential' | 'disablePulumiPartnerId'): boolean | undefined => {
    const value = config[`azure-native:${key}`];
    return value === undefined ? undefined : String(value) === 'true';
  };
  return {
    environment: config['azure-native:environment'] ?? 'public',
    ...defined({
      tenantId: config['azure-native:tenantId'],
      clientId: config['azure-native:clientId'],
      metadataHost: config['azure-native:metadataHost'],
      useOidc: flag('useOidc'),
      useMsi: flag('useMsi'),
      useDefaultAzureCredential: flag('useDefaultAzureCredential'),
      disablePulumiPartnerId: flag('disablePulumiPartnerId'),
    }),
  };
}
