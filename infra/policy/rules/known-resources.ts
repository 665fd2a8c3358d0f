import { ORGANIZATION_STACK } from '../../../src/model';
import { devOpsClass, isAzureNative } from '../resource-type';
import { type Finding } from '../finding';
import { type ResourceRule } from '../rule';

/** Packages whose resources are judged one by one; of azure-native, the rule `tagged` knows the types. */
const PACKAGES = ['azure-native', 'azuredevops', 'kubernetes', 'command'];

/** What Pulumi itself makes. */
const OF_PULUMI: ReadonlySet<string> = new Set(['pulumi:pulumi:Stack', ...PACKAGES.map((name) => `pulumi:providers:${name}`)]);

const KUBERNETES: ReadonlySet<string> = new Set([
  'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy',
  'kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding',
  'kubernetes:fluxcd.controlplane.io/v1:FluxInstance',
  'kubernetes:helm.sh/v3:Release',
  'kubernetes:rbac.authorization.k8s.io/v1:ClusterRole',
  'kubernetes:rbac.authorization.k8s.io/v1:RoleBinding',
]);

const COMMANDS: ReadonlySet<string> = new Set(['command:local:Command']);

/** The classes of sdks/azuredevops. */
const AZURE_DEVOPS: ReadonlySet<string> = new Set([
  'BranchPolicyBuildValidation',
  'BranchPolicyCommentResolution',
  'BranchPolicyMergeTypes',
  'BranchPolicyMinReviewers',
  'BuildDefinition',
  'BuildDefinitionPermissions',
  'BuildFolder',
  'CheckApproval',
  'CheckBranchControl',
  'CheckExclusiveLock',
  'CheckRequiredTemplate',
  'Environment',
  'Git',
  'GitPermissions',
  'GitRepositoryBranch',
  'Group',
  'GroupMembership',
  'PipelineAuthorization',
  'ServiceEndpointAzureRM',
  'ServicePrincipalEntitlement',
]);

/** Nothing is made that no rule was thought of for. */
export const knownResources: ResourceRule = {
  name: 'known-resources',
  description:
    'A stack makes only the kinds of resource that the rules were written for: of azure-native, azuredevops, kubernetes and command those ' +
    'that this repository uses (of azure-native, tagged lists them), and components of k8s-gitops, which only group. Another way to the ' +
    'same thing, such as azuredevops ResourceAuthorization, would go round a rule. The Azure DevOps side is the stack ' +
    `${ORGANIZATION_STACK}'s alone, and what is in clusters the others', for pipelines run those.`,
  about: () => true,
  check: ({ type, stack }) =>
    isKnown(type)
      ? outOfPlace(type, stack)
      : [
          {
            message: `Nobody has judged ${type}: no rule was thought of for it.`,
            remedy:
              'Think of what it can open and write the rule for that; then add it to infra/policy/rules/known-resources.ts.',
          },
        ],
};

/** Packages that only the stack `organization` uses, and those that only the others do. */
const PACKAGES_OF_ONE_SIDE = { organization: ['azuredevops'], others: ['kubernetes', 'command'] } as const;

/** Pipelines run the environments' stacks: what they could change there would not protect anything from them. */
function outOfPlace(type: string, stack: string): readonly Finding[] {
  const used = type.replace(/^pulumi:providers:/, '').split(':')[0]!;
  const isOrganization = stack === ORGANIZATION_STACK;
  const foreign: readonly string[] = PACKAGES_OF_ONE_SIDE[isOrganization ? 'others' : 'organization'];
  if (!foreign.includes(used)) return [];
  return [
    isOrganization
      ? {
          message: `${type} is in the stack ${ORGANIZATION_STACK}, which has the Azure DevOps side alone.`,
          remedy: "Make it in an environment's stack.",
        }
      : {
          message: `${type} is in the stack ${stack}, and the Azure DevOps side is the stack ${ORGANIZATION_STACK}'s alone: pipelines run the environments' stacks.`,
          remedy: `Make it in the stack ${ORGANIZATION_STACK}.`,
        },
  ];
}

function isKnown(type: string): boolean {
  const devOps = devOpsClass(type);
  if (devOps !== undefined) return isKnownClass(type, devOps);
  return (
    isAzureNative(type) || type.startsWith('k8s-gitops:') || [OF_PULUMI, KUBERNETES, COMMANDS].some((types) => types.has(type))
  );
}

/** Classes are told by their tokens of today; an old name of one is another way to it. */
function isKnownClass(type: string, name: string): boolean {
  // service-connections-without-secrets says more of them.
  if (/^service_?endpoint(?!permissions)/i.test(name) && name !== 'ServiceEndpointAzureRM') return true;
  return AZURE_DEVOPS.has(name) && type === `azuredevops:index/${name[0]!.toLowerCase()}${name.slice(1)}:${name}`;
}
