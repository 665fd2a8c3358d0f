import { type AZURE_CLOUDS } from './azure-clouds';
import { type AzureDevOpsProject } from './azure-devops-project';
import { type MERGE_TYPES, type OrganizationConfig } from './organization-config-file';
import { type OrganizationOutputsFile } from './organization-outputs-file';
import { defined, own } from './records';
import { signInOf, type SignIn } from './sign-in';

type Own<Key extends string> = OrganizationConfig[`k8s-gitops:${Key}` & keyof OrganizationConfig];

export type MergeType = (typeof MERGE_TYPES)[number];

/** What a pull request to a branch needs. */
export interface BranchPolicy {
  readonly minimumReviewers: number;
  readonly mergeTypes: readonly MergeType[];
}

/** How the Azure DevOps provider signs in, under the names of its provider. */
export interface AzureDevOpsSignIn {
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly useOidc?: boolean;
  readonly useMsi?: boolean;
  readonly useCli?: boolean;
  readonly oidcAzureServiceConnectionId?: string;
}

/** The Azure DevOps side of all environments. */
export interface Organization {
  /** Where this repository is. */
  readonly azureDevOps: AzureDevOpsProject & { readonly repository: string };
  readonly settings: OrganizationSettings;
  /** What the stack learned. @default - nothing is recorded yet */
  readonly outputs?: OrganizationOutputsFile;
}

/** The configuration of the stack `organization`, under short names and with what is derived. */
export interface OrganizationSettings {
  /** Region of the pipelines' identities. */
  readonly location: string;
  /** Subscription of the pipelines' identities. */
  readonly subscriptionId: string;
  readonly cloud: keyof typeof AZURE_CLOUDS;
  readonly signIn: SignIn;
  readonly azureDevOpsSignIn: AzureDevOpsSignIn;
  /** Of the pipelines' identities. */
  readonly resourceGroup: string;
  /** Of every resource, besides the environment that it is for. */
  readonly tags: Readonly<Record<string, string>>;
  /** By id in small letters. */
  readonly subscriptionNames: ReadonlyMap<string, string>;
  readonly repository: Own<'repository'>;
  /** By environment; every environment has one. */
  readonly branchPolicies: Readonly<Record<string, BranchPolicy>>;
  /** By environment, where somebody has to approve. */
  readonly approvals: Own<'approvals'>;
  readonly pipelines: Own<'pipelines'>;
  /** Of the branch of the last environment: no earlier merge changes what protects it. */
  readonly templates: Own<'templates'> & { readonly branch: string };
  /** Object ids by environment, where no outputs are recorded. */
  readonly fluxIdentities: Own<'fluxIdentities'>;
  readonly fluxWriters: string;
  readonly entitlements: Own<'entitlements'>;
  readonly roleAssignments: Own<'roleAssignments'>;
}

/** The settings that the configuration makes, for environments in the order of promotion. */
export function organizationSettings(
  config: OrganizationConfig,
  environments: readonly { readonly name: string; readonly branch: string }[],
): OrganizationSettings {
  const given = config['k8s-gitops:branchPolicies'];
  const templates = config['k8s-gitops:templates'];
  return {
    location: config['azure-native:location'],
    subscriptionId: config['azure-native:subscriptionId'],
    cloud: config['azure-native:environment'] ?? 'public',
    signIn: signInOf(config),
    azureDevOpsSignIn: azureDevOpsSignIn(config),
    resourceGroup: config['k8s-gitops:resourceGroup'],
    tags: { ...config['k8s-gitops:tags'], 'managed-by': 'k8s-gitops' },
    subscriptionNames: new Map(
      Object.entries(config['k8s-gitops:subscriptionNames']).map(([id, name]) => [id.toLowerCase(), name]),
    ),
    repository: config['k8s-gitops:repository'],
    branchPolicies: Object.fromEntries(
      environments.map(({ name }, index) => {
        const { minimumReviewers = 1, mergeTypes = defaultMergeTypes(index) } = own(given, name) ?? {};
        return [name, { minimumReviewers, mergeTypes }];
      }),
    ),
    approvals: config['k8s-gitops:approvals'],
    pipelines: config['k8s-gitops:pipelines'],
    templates: { ...templates, branch: environments.at(-1)!.branch },
    fluxIdentities: config['k8s-gitops:fluxIdentities'],
    fluxWriters: config['k8s-gitops:fluxWriters'],
    entitlements: config['k8s-gitops:entitlements'],
    roleAssignments: config['k8s-gitops:roleAssignments'],
  };
}

/** A promotion that is squashed leaves the branches without a common history: every later one conflicts. */
const defaultMergeTypes = (position: number): readonly MergeType[] =>
  position === 0 ? ['noFastForward', 'squash'] : ['noFastForward'];

function azureDevOpsSignIn(config: OrganizationConfig): AzureDevOpsSignIn {
  const flag = (key: 'useOidc' | 'useMsi' | 'useCli'): boolean | undefined => {
    const value = config[`azuredevops:${key}`];
    return value === undefined ? undefined : String(value) === 'true';
  };
  return defined({
    tenantId: config['azuredevops:tenantId'],
    clientId: config['azuredevops:clientId'],
    useOidc: flag('useOidc'),
    useMsi: flag('useMsi'),
    useCli: flag('useCli'),
    oidcAzureServiceConnectionId: config['azuredevops:oidcAzureServiceConnectionId'],
  });
}
