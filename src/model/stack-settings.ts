import { type AZURE_CLOUDS } from './azure-clouds';
import { type Environment } from './platform';
import { signInOf, type SignIn } from './sign-in';
import { type StackConfig } from './stack-config-file';

type Own<Key extends string> = StackConfig[`k8s-gitops:${Key}` & keyof StackConfig];

/** The configuration of an environment's stack, under short names and with what is derived. */
export interface StackSettings {
  /** Region of the resources. */
  readonly location: string;
  readonly subscriptionId: string;
  readonly cloud: keyof typeof AZURE_CLOUDS;
  /** How azure-native signs in, for providers besides the default one, which do not read the configuration. */
  readonly signIn: SignIn;
  /** Of the registry, the Key Vault and the identities. */
  readonly resourceGroup: string;
  /** Of every resource. */
  readonly tags: Readonly<Record<string, string>>;
  readonly registry: Own<'registry'>;
  readonly vault: Own<'vault'>;
  /** @default - no exposure is private */
  readonly privateNetwork?: NonNullable<Own<'privateNetwork'>>;
  /** @default - no logs are kept */
  readonly logAnalyticsWorkspaceId?: string;
  readonly access: Own<'access'>;
  /** Who dry-runs on the cluster, where no stack `organization` makes it. @default - that of outputs/organization.yaml */
  readonly dryRunPrincipalId?: string;
  readonly sharers: Own<'sharers'>;
  readonly existing: Own<'existing'>;
  readonly roleAssignments: Own<'roleAssignments'>;
  readonly cluster: Own<'cluster'> & { readonly subscriptionId: string };
  /** @default - a short-lived token of `az acr login` */
  readonly dockerConfig?: string;
}

/** Somebody to whom roles are assigned. */
export type Principal = StackSettings['access']['verifiers'][string];

/** The settings that a stack's configuration makes for an environment. */
export function stackSettings(config: StackConfig, environment: Pick<Environment, 'name' | 'cluster'>): StackSettings {
  const subscriptionId = config['azure-native:subscriptionId'];
  const privateNetwork = config['k8s-gitops:privateNetwork'];
  const workspace = config['k8s-gitops:logAnalyticsWorkspaceId'];
  const dockerConfig = config['k8s-gitops:dockerConfig'];
  const dryRunPrincipalId = config['k8s-gitops:dryRunPrincipalId'];
  const cluster = config['k8s-gitops:cluster'];
  return {
    location: config['azure-native:location'],
    subscriptionId,
    cloud: config['azure-native:environment'] ?? 'public',
    signIn: signInOf(config),
    resourceGroup: config['k8s-gitops:resourceGroup'] ?? environment.cluster.resourceGroup,
    tags: { ...config['k8s-gitops:tags'], environment: environment.name, 'managed-by': 'k8s-gitops' },
    registry: config['k8s-gitops:registry'],
    vault: config['k8s-gitops:vault'],
    ...(privateNetwork === undefined ? {} : { privateNetwork }),
    ...(workspace === undefined ? {} : { logAnalyticsWorkspaceId: workspace }),
    access: config['k8s-gitops:access'],
    ...(dryRunPrincipalId === undefined ? {} : { dryRunPrincipalId }),
    sharers: config['k8s-gitops:sharers'],
    existing: config['k8s-gitops:existing'],
    roleAssignments: config['k8s-gitops:roleAssignments'],
    cluster: { ...cluster, subscriptionId: cluster.subscriptionId ?? subscriptionId },
    ...(dockerConfig === undefined ? {} : { dockerConfig }),
  };
}
