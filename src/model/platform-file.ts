import { z } from 'zod';
import { gitFields, hostOverrides } from './git-host';
import { ENVIRONMENT_NAMES, PLATFORM_NAMES, SYSTEM_NAMES, type DerivedName } from './naming';
import { onlyPlaceholders } from './placeholders';
import { defined } from './records';
import { CLUSTER_NAME, GUID, REGISTRY_NAME, RESOURCE_GROUP_NAME, VAULT_NAME } from './rules/azure-names';
import { BRANCH_NAME } from './rules/git-names';
import { DNS_LABEL, DNS_SUBDOMAIN, DURATION, KUBERNETES_VERSION, QUANTITY } from './rules/kubernetes-names';
import { REGISTRY_HOST } from './rules/oci-references';
import { supplyChain } from './supply-chain';
import { RELATIVE_PATH } from './rules/paths';
import { text, type TextRule } from './rules/text-rule';
import { RELEASE_VERSION } from './rules/versions';

/** Version of Kubernetes that a cluster is taken to run. */
const DEFAULT_KUBERNETES_VERSION = '1.34';

/** The controllers of this platform, in the order of the operator's documentation. */
export const FLUX_COMPONENTS = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
] as const;
export type FluxComponent = (typeof FLUX_COMPONENTS)[number];

/** Controllers that everything else stands on. */
const INDISPENSABLE: readonly FluxComponent[] = ['source-controller', 'kustomize-controller'];

export const FLUX_VARIANTS = [
  'upstream-alpine',
  'enterprise-alpine',
  'enterprise-distroless',
  'enterprise-distroless-fips',
] as const;

const ENVIRONMENT_NAME: TextRule = {
  ...DNS_LABEL,
  title: 'environment name',
  pattern: /^(?=.{1,63}$)(?!\d+$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  rule: `${DNS_LABEL.rule}, and not a number, which would lose its place in the order of promotion`,
};

/** Ways to treat a finding: tell it, or stop because of it. */
export const ENFORCEMENT = ['audit', 'enforce'] as const;

function template(name: DerivedName, placeholders: readonly string[]): z.ZodType<string, string> {
  return z.string().min(1).superRefine(onlyPlaceholders(placeholders)).describe(`${name.description}. Default: ${name.template}`);
}

type Templates<Names extends Record<string, DerivedName>> = { [Key in keyof Names]: z.ZodOptional<z.ZodType<string, string>> };

function templates<Names extends Record<string, DerivedName>>(names: Names, placeholders: readonly string[]): Templates<Names> {
  const entries = Object.entries(names).map(([key, name]) => [key, template(name, placeholders).optional()] as const);
  return Object.fromEntries(entries) as Templates<Names>;
}

/** Fields that give one name each, checked by the rule of the name. */
export function givenNames<Names extends Record<string, DerivedName>, Key extends keyof Names & string>(
  names: Names,
  keys: readonly Key[],
): Record<Key, z.ZodOptional<z.ZodString>> {
  const entries = keys.map((key) => [key, text(names[key]!.rule).describe(`${names[key]!.description}.`).optional()] as const);
  return Object.fromEntries(entries) as Record<Key, z.ZodOptional<z.ZodString>>;
}

/** Names of an environment that have no field of their own elsewhere. */
const OTHER_ENVIRONMENT_NAMES = Object.keys(ENVIRONMENT_NAMES).filter(
  (key) => key !== 'cluster' && key !== 'resourceGroup',
) as Exclude<keyof typeof ENVIRONMENT_NAMES, 'cluster' | 'resourceGroup'>[];

const sharedWith = text(DNS_LABEL).describe('Use the one of this environment, which must own it.');

interface Ownership {
  readonly name?: string;
  readonly loginServer?: string;
  readonly sharedWith?: string;
}

/** Either a resource of its own, or that of another environment. */
const ownedOrShared =
  (resource: string) =>
  ({ sharedWith: owner, ...own }: Ownership, context: z.RefinementCtx): void => {
    if (owner === undefined && own.name === undefined) {
      context.addIssue({
        code: 'custom',
        message: `the environment neither owns a ${resource} nor shares one`,
        params: { remedy: `Give 'name' for one of its own, or 'sharedWith' with the environment whose ${resource} it uses.` },
      });
    }
    const [given] = Object.entries(defined(own));
    if (owner !== undefined && given !== undefined) {
      const [field, value] = given;
      context.addIssue({
        code: 'custom',
        path: [field],
        message: `the environment shares the ${resource} of '${owner}' and gives '${field}' of its own ('${value}')`,
        params: { remedy: `Keep either 'sharedWith' or '${field}'.` },
      });
    }
  };

const environment = z
  .strictObject({
    branch: text(BRANCH_NAME).describe('Branch of this repository that the environment follows; no two environments share one.'),
    cluster: z
      .strictObject({
        name: text(CLUSTER_NAME).describe('Name of the AKS cluster. Default: aks-<environment>').optional(),
        resourceGroup: text(RESOURCE_GROUP_NAME)
          .describe('Resource group of the AKS cluster. Default: aks-rg-<environment>')
          .optional(),
        kubernetesVersion: text(KUBERNETES_VERSION)
          .describe(
            `Version of Kubernetes that the cluster runs, in quotes, by which manifests and charts are checked. Default: ${DEFAULT_KUBERNETES_VERSION}`,
          )
          .default(DEFAULT_KUBERNETES_VERSION),
      })
      .describe('The existing AKS cluster on which Flux runs.')
      .prefault({}),
    registry: z
      .strictObject({
        name: text(REGISTRY_NAME).describe('Name of the Azure Container Registry, globally unique.').optional(),
        loginServer: text(REGISTRY_HOST)
          .describe('Host of the registry, where it is not <name>.azurecr.io: other clouds, domain name label scope.')
          .optional(),
        sharedWith: sharedWith.optional(),
      })
      .superRefine(ownedOrShared('registry'))
      .describe('The registry from which everything in the cluster is pulled: owned, or shared with another environment.'),
    vault: z
      .strictObject({
        name: text(VAULT_NAME).describe('Name of the Azure Key Vault with the signing keys, globally unique.').optional(),
        sharedWith: sharedWith.optional(),
      })
      .superRefine(ownedOrShared('vault'))
      .describe('The Key Vault with the signing keys: owned, or shared with another environment.'),
    scan: z
      .enum(ENFORCEMENT)
      .describe('What a HIGH or CRITICAL finding in an image does: audit reports it, enforce stops the release. Default: audit')
      .default('audit'),
    dryRun: z
      .enum(['none', 'cluster'])
      .describe(
        'Whether pull requests are tried on the live cluster: cluster, by an identity that an admission policy keeps to dry-runs, or none. Default: none',
      )
      .default('none'),
    platformCharts: z
      .strictObject({
        branch: text(BRANCH_NAME)
          .describe('Branch of the shared chart repository for this environment. Default: branch of the environment')
          .optional(),
      })
      .describe('What this environment takes from the shared chart repository.')
      .optional(),
    names: z
      .strictObject(givenNames(ENVIRONMENT_NAMES, OTHER_ENVIRONMENT_NAMES))
      .describe("Names of this environment's resources that differ from `naming`.")
      .optional(),
  })
  .describe('One environment: a branch, a cluster, a Pulumi stack.');

/** The schema of `platform.yaml`: what the platform team decides for all systems. */
export const platformFile = z
  .strictObject({
    git: z
      .strictObject({
        ...hostOverrides,
        host: gitFields.host,
        repository: gitFields.repository.describe('Name of this repository. Default: k8s-gitops').default('k8s-gitops'),
      })
      .describe('The Git host, and this repository on it. Systems inherit the host.'),
    azure: z
      .strictObject({ tenantId: text(GUID).describe('Id of the Microsoft Entra tenant of all environments.') })
      .describe('What all environments have in common on Azure. What only provisioning needs stands in Pulumi.<stack>.yaml.'),
    tenancy: z
      .enum(['shared'])
      .describe('How systems are isolated from each other. shared: all registrations are in namespace flux-system.'),
    flux: z
      .strictObject({
        version: text(RELEASE_VERSION).describe('Version of Flux.'),
        operator: text(RELEASE_VERSION).describe('Version of the Flux Operator and of its chart.'),
        variant: z
          .enum(FLUX_VARIANTS)
          .describe("Flavour of Flux's images; required because they come from a private registry. Default: upstream-alpine")
          .default('upstream-alpine'),
        size: z
          .enum(['small', 'medium', 'large'])
          .describe(
            'Vertical scaling of the controllers: small for tens of systems, medium for hundreds, large for up to a thousand. Default: medium',
          )
          .default('medium'),
        components: z
          .array(z.enum(FLUX_COMPONENTS))
          .superRefine((components, context) => {
            for (const component of INDISPENSABLE) {
              if (components.includes(component)) continue;
              context.addIssue({
                code: 'custom',
                message: `'flux.components' (${components.join(', ')}) lacks ${component}, without which Flux applies nothing`,
                params: { remedy: `Add ${component}.` },
              });
            }
            const twice = components.find((component, index) => components.indexOf(component) !== index);
            if (twice !== undefined) {
              context.addIssue({
                code: 'custom',
                message: `'flux.components' names ${twice} twice`,
                params: { remedy: 'Keep one of the two.' },
              });
            }
          })
          .describe('Controllers to install. Default: all six')
          .default([...FLUX_COMPONENTS]),
        networkPolicy: z
          .boolean()
          .describe(
            "Whether network policies limit traffic to Flux's namespace; the cluster's network plugin has to enforce them. Default: true",
          )
          .default(true),
        web: z
          .boolean()
          .describe('Whether the operator serves the Flux Status Web UI in the cluster. Default: false')
          .default(false),
        storage: z
          .strictObject({
            class: text(DNS_SUBDOMAIN).describe('StorageClass of the volume, such as managed-csi.'),
            size: text(QUANTITY).describe('Size of the volume, such as 10Gi.'),
          })
          .describe(
            'A volume on which source-controller keeps artifacts over restarts. Default: none, artifacts are fetched again',
          )
          .optional(),
        interval: text(DURATION).describe('How often the environment branch is polled. Default: 1m').default('1m'),
      })
      .describe('Flux and the Flux Operator.'),
    naming: z
      .strictObject({
        ...templates(ENVIRONMENT_NAMES, ['environment']),
        ...templates(SYSTEM_NAMES, ['system', 'environment']),
        platformChartsGitRepository: text(PLATFORM_NAMES.platformChartsGitRepository.rule)
          .refine((name) => name !== 'flux-system', {
            error: "cannot be 'flux-system': Flux would sync the charts in place of the platform",
          })
          .describe(`${PLATFORM_NAMES.platformChartsGitRepository.description}. Default: k8s-platform-charts`)
          .optional(),
      })
      .describe('Naming conventions of the company: templates for derived names, with {environment} and {system}.')
      .optional(),
    platformCharts: z
      .strictObject({
        ...hostOverrides,
        repository: gitFields.repository.describe('Name of the shared chart repository. Default: k8s-platform-charts').optional(),
        path: text(RELATIVE_PATH).describe('Folder in it that holds the charts. Default: .').default('.'),
        interval: text(DURATION).describe('How often it is polled. Default: 1m').default('1m'),
      })
      .describe('The shared chart repository, whose platform-app-chart pattern B uses. Where it is not said, as in `git`.')
      .prefault({}),
    supplyChain,
    environments: z
      .record(text(ENVIRONMENT_NAME), environment)
      .superRefine((value, context) => {
        if (Object.keys(value).length === 0) {
          context.addIssue({
            code: 'custom',
            message: `'environments' is empty`,
            params: { remedy: 'Add at least one environment.' },
          });
        }
      })
      .describe('The environments by name, in the order of promotion.'),
  })
  .describe('What the platform team decides for all systems.');

export type PlatformFile = z.output<typeof platformFile>;
export type EnvironmentFileEntry = PlatformFile['environments'][string];
