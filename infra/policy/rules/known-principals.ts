import { ORGANIZATION_STACK } from '../../../src/model';
import { type Finding } from '../finding';
import { listAt, sameName, shown, valueAt } from '../known-value';
import { azureType, devOpsClass } from '../resource-type';
import { type StackResource, type StackRule } from '../rule';

/** Who gets rights from the stack `organization` is made there. */
export const knownPrincipals: StackRule = {
  name: 'known-principals',
  description:
    'In the stack organization, roles are assigned to identities of pipelines that are made there, as ServicePrincipal, and members of groups ' +
    'are the entitlements that are made there: nobody else gets rights by it. It is enough to know which resource they come from.',
  check: ({ name, resources }) =>
    name === ORGANIZATION_STACK ? resources.flatMap((one) => [...checkAssignment(one), ...checkMembership(one)]) : [],
};

function checkAssignment(assignment: StackResource): readonly Finding[] {
  const { type, name, props, urn } = assignment;
  if (azureType(type) !== 'authorization:RoleAssignment') return [];
  const sources = sourcesOf(assignment, 'principalId');
  const isMade = sources.length === 1 && azureType(sources[0]!.type) === 'managedidentity:UserAssignedIdentity';
  const principalType = valueAt(props, 'principalType');
  return [
    ...(isMade
      ? []
      : [
          {
            message: `${name} gives a role to ${shown(valueAt(props, 'principalId'))}, which does not come from one identity of this stack.`,
            remedy: 'Take principalId from a UserAssignedIdentity of this stack.',
            urn,
          },
        ]),
    ...(sameName(principalType, 'ServicePrincipal')
      ? []
      : [
          {
            message: `principalType is ${shown(principalType)} in ${name}, and has to be 'ServicePrincipal'.`,
            remedy: "Set principalType to 'ServicePrincipal'.",
            urn,
          },
        ]),
  ];
}

function checkMembership(membership: StackResource): readonly Finding[] {
  const { type, name, props, urn } = membership;
  if (devOpsClass(type) !== 'GroupMembership') return [];
  const sources = sourcesOf(membership, 'members');
  const areMade = sources.length > 0 && sources.every((source) => devOpsClass(source.type) === 'ServicePrincipalEntitlement');
  // An id more than there are entitlements is somebody else's.
  const members = listAt(props, 'members').length;
  if (areMade && members <= sources.length) return [];
  return [
    {
      message: `${name} has the members ${shown(valueAt(props, 'members'))}, which are not those of ServicePrincipalEntitlements of this stack.`,
      remedy: 'Take each member from a ServicePrincipalEntitlement (descriptor).',
      urn,
    },
  ];
}

/** The resources that an input comes from; components only group. */
const sourcesOf = ({ propertyDependencies }: StackResource, property: string): readonly { readonly type: string }[] =>
  (propertyDependencies[property] ?? []).filter(({ type }) => !type.startsWith('k8s-gitops:'));
