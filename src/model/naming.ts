import {
  CLUSTER_NAME,
  FEDERATED_CREDENTIAL_NAME,
  IDENTITY_NAME,
  RESOURCE_GROUP_NAME,
  VAULT_OBJECT_NAME,
} from './rules/azure-names';
import { RESOURCE_NAME } from './rules/azure-devops-names';
import { REPOSITORY_NAME } from './rules/git-names';
import { DNS_LABEL, DNS_SUBDOMAIN, HELM_RELEASE_NAME, KUSTOMIZATION_NAME } from './rules/kubernetes-names';
import { type TextRule } from './rules/text-rule';

/** How a name is derived, and the rule that the result has to follow. */
export interface DerivedName {
  /** What the name is for. */
  readonly description: string;
  /** The name, with `{environment}` and `{system}` to be replaced. */
  readonly template: string;
  /** The rule of whoever keeps the name. */
  readonly rule: TextRule;
}

/** Names that every environment has; `{environment}` is replaced by its name. */
export const ENVIRONMENT_NAMES = {
  cluster: { description: 'AKS cluster', template: 'aks-{environment}', rule: CLUSTER_NAME },
  resourceGroup: {
    description: 'Resource group of the AKS cluster',
    template: 'aks-rg-{environment}',
    rule: RESOURCE_GROUP_NAME,
  },
  readerIdentity: {
    description:
      'Managed identity of the Flux controllers that read Git and the registry (source-controller, image-reflector-controller)',
    template: 'aks-{environment}-flux-source-controller',
    rule: IDENTITY_NAME,
  },
  writerIdentity: {
    description:
      'Managed identity of the Flux controllers that write to Git (image-automation-controller, notification-controller)',
    template: 'aks-{environment}-flux-image-automation-controller',
    rule: IDENTITY_NAME,
  },
  federatedCredential: {
    description: 'Federated credential of source-controller; those of other controllers append the name of the controller',
    template: 'aks-{environment}-flux-federated-credential',
    rule: FEDERATED_CREDENTIAL_NAME,
  },
  platformSigningKey: {
    description: "Key Vault key that signs the platform's images",
    template: 'platform',
    rule: VAULT_OBJECT_NAME,
  },
  applicationsSigningKey: {
    description: "Key Vault key that signs applications' images",
    template: 'applications',
    rule: VAULT_OBJECT_NAME,
  },
  publicKeySecret: {
    description: 'Key Vault secret with the public key for pipelines that verify',
    template: 'cosign-public-key-{environment}',
    rule: VAULT_OBJECT_NAME,
  },
  agentPool: { description: 'Azure DevOps agent pool', template: 'my-linux-agents', rule: RESOURCE_NAME },
  deploymentEnvironment: {
    description: 'Azure DevOps environment that holds approvals',
    template: '{environment}',
    rule: RESOURCE_NAME,
  },
  clusterServiceConnection: {
    description: 'Service connection to the cluster',
    template: 'k8s-rbac-{environment}-ado-sc',
    rule: RESOURCE_NAME,
  },
  registryServiceConnection: {
    description: 'Service connection to the registry',
    template: 'acr-{environment}-sc',
    rule: RESOURCE_NAME,
  },
  signingServiceConnection: {
    description: 'Service connection that may sign images',
    template: 'image-signing-{environment}-sc',
    rule: RESOURCE_NAME,
  },
  dryRunServiceConnection: {
    description: 'Service connection that may dry-run on the cluster and nothing else',
    template: 'k8s-dry-run-{environment}-sc',
    rule: RESOURCE_NAME,
  },
  platformPipelineIdentity: {
    description: "Managed identity of the platform's pipeline, which runs `pulumi up`",
    template: 'aks-{environment}-platform-pipeline',
    rule: IDENTITY_NAME,
  },
  applicationPipelineIdentity: {
    description: "Managed identity of applications' pipelines, which push and sign images",
    template: 'aks-{environment}-application-pipeline',
    rule: IDENTITY_NAME,
  },
  pullRequestPipelineIdentity: {
    description: 'Managed identity of the pipelines of pull requests, which pull images and verify signatures',
    template: 'aks-{environment}-pull-request-pipeline',
    rule: IDENTITY_NAME,
  },
  dryRunPipelineIdentity: {
    description: 'Managed identity of the pipelines that dry-run on the cluster',
    template: 'aks-{environment}-dry-run-pipeline',
    rule: IDENTITY_NAME,
  },
} as const satisfies Record<string, DerivedName>;

/** Names that every system has; `{system}` and `{environment}` are replaced. */
export const SYSTEM_NAMES = {
  repository: { description: "Git repository of the system's manifests", template: 'k8s-{system}', rule: REPOSITORY_NAME },
  gitRepository: { description: 'Flux GitRepository', template: 'k8s-{system}', rule: DNS_SUBDOMAIN },
  kustomization: { description: 'Flux Kustomization', template: '{system}', rule: KUSTOMIZATION_NAME },
  helmRelease: { description: 'Flux HelmRelease, and the Helm release it makes', template: '{system}', rule: HELM_RELEASE_NAME },
  namespace: { description: "Namespace of the system's workload", template: '{system}', rule: DNS_LABEL },
} as const satisfies Record<string, DerivedName>;

/** Names that exist once. */
export const PLATFORM_NAMES = {
  platformChartsRepository: {
    description: 'Git repository of the shared charts',
    template: 'k8s-platform-charts',
    rule: REPOSITORY_NAME,
  },
  platformChartsGitRepository: {
    description: 'Flux GitRepository of the shared charts',
    template: 'k8s-platform-charts',
    rule: DNS_SUBDOMAIN,
  },
} as const satisfies Record<string, DerivedName>;

export type EnvironmentNames = Readonly<Record<keyof typeof ENVIRONMENT_NAMES, string>>;
export type SystemNames = Readonly<Record<keyof typeof SYSTEM_NAMES, string>>;
export type PlatformNames = Readonly<Record<keyof typeof PLATFORM_NAMES, string>>;

/** What the placeholders of a template stand for. */
export interface NameContext {
  readonly environment?: string;
  readonly system?: string;
}

/** Fills the placeholders of a template. */
export function fillTemplate(template: string, context: NameContext): string {
  return template
    .replaceAll('{environment}', context.environment ?? '{environment}')
    .replaceAll('{system}', context.system ?? '{system}');
}

/**
 * Every name of a group: a name given for this one thing wins over the template of the platform's `naming`, which wins over the default.
 */
export function deriveNames<Key extends string>(
  defaults: Readonly<Record<Key, DerivedName>>,
  templates: Readonly<Partial<Record<NoInfer<Key>, string>>>,
  given: Readonly<Partial<Record<NoInfer<Key>, string>>>,
  context: NameContext,
): Readonly<Record<Key, string>> {
  const names = {} as Record<Key, string>;
  for (const key of Object.keys(defaults) as Key[]) {
    names[key] = given[key] ?? fillTemplate(templates[key] ?? defaults[key].template, context);
  }
  return names;
}

/** Name of the federated credential of one Flux controller: source-controller's is the plain one, as on the classic platform. */
export function federatedCredentialName(names: EnvironmentNames, controller: string): string {
  return controller === 'source-controller' ? names.federatedCredential : `${names.federatedCredential}-${controller}`;
}

/** Name of the secret with the public key of applications; the plain one holds that of the platform. */
export const applicationsPublicKeySecret = ({ publicKeySecret }: EnvironmentNames): string => `${publicKeySecret}-applications`;
