import { PIPELINE_ROLES } from '../../azure/pipeline-roles';
import { COMPUTED, type PlanObject, type PlanValue } from '../../plan/plan-value';
import { azureScope } from '../azure-scope';
import { type Finding } from '../finding';
import { ASSIGNABLE_ROLES, KNOWN_ROLES, type KnownRole } from '../known-roles';
import { isKnownText, shown, valueAt } from '../known-value';
import { azureType } from '../resource-type';
import { limitsOf } from '../role-condition';
import { azureTypes, type ResourceRule } from '../rule';

const ROLE_ADMINISTRATOR = PIPELINE_ROLES.roleBasedAccessControlAdministrator;

/** Roles that give everything, or the right to give it. Source: Azure built-in roles, privileged. */
const PRIVILEGED: Readonly<Record<string, string>> = {
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': 'Owner',
  'b24988ac-6180-42a0-ab88-20f7382dd24c': 'Contributor',
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': 'User Access Administrator',
  [ROLE_ADMINISTRATOR.id]: ROLE_ADMINISTRATOR.name,
};

/** To whom roles may be assigned, in small letters. */
const PRINCIPAL_TYPES = ['serviceprincipal', 'group', 'user'];

/** Nobody gets more than a role for one thing. */
export const leastRoles: ResourceRule = {
  name: 'least-roles',
  description:
    'Only the roles of infra/azure/roles.ts and infra/azure/pipeline-roles.ts are assigned and none is defined, none as wide as a subscription; what opens ' +
    'a registry, key, secret or cluster is assigned at that alone; and who assigns roles is limited by a condition to the roles and kinds of ' +
    'principal of the environments (Azure RBAC: best practices; decision 10). Roles and conditions are known before; the scope ' +
    'of a registry, key or secret may be known later, and is looked at again when it is.',
  about: azureTypes('authorization:RoleAssignment', 'authorization:RoleDefinition'),
  check: ({ type, props }) => (azureType(type) === 'authorization:RoleDefinition' ? checkDefinition() : checkAssignment(props)),
};

function checkAssignment(props: PlanObject): readonly Finding[] {
  const definition = valueAt(props, 'roleDefinitionId');
  const id = roleOf(definition);
  if (id === undefined)
    return [
      {
        message: `roleDefinitionId is ${shown(definition)}, so nobody knows which role it is.`,
        remedy: 'Give the id of a role that ends with its GUID, and is known before anything is made.',
      },
    ];
  const role = KNOWN_ROLES.get(id);
  if (role === undefined)
    return [
      {
        message: `The role ${PRIVILEGED[id] ?? id} is none that this platform assigns.`,
        remedy: 'Assign a role of infra/azure/roles.ts or infra/azure/pipeline-roles.ts, or judge it and add it there.',
      },
    ];
  return [...checkScope(role, valueAt(props, 'scope')), ...(id === ROLE_ADMINISTRATOR.id ? checkCondition(props) : [])];
}

function checkScope({ name, at, scopeMayBeLater }: KnownRole, value: PlanValue | undefined): readonly Finding[] {
  const remedy =
    at === undefined
      ? 'Assign it at the resource group or resource that it is needed for.'
      : `Assign it at one resource of the type ${at}.`;
  const finding = (fault: string): readonly Finding[] => [
    { message: `${name} is assigned at the scope ${shown(value)}, ${fault}.`, remedy },
  ];
  const scope = azureScope(value);
  if (scope === undefined) {
    if (value === COMPUTED && scopeMayBeLater) return [];
    return finding('and nobody knows how wide that is');
  }
  if (scope.kind === 'wide') return finding('which is wider than a resource group');
  if (at === undefined || (scope.kind === 'resource' && scope.type === at)) return [];
  return finding(`and may be assigned at one of ${at} alone`);
}

function checkCondition(props: PlanObject): readonly Finding[] {
  const condition = valueAt(props, 'condition');
  const version = valueAt(props, 'conditionVersion');
  const remedy =
    'Give a condition of version 2.0 that limits RoleDefinitionId by GuidEquals and PrincipalType by StringEqualsIgnoreCase, for ' +
    'roleAssignments/write and for roleAssignments/delete.';
  const who = `${ROLE_ADMINISTRATOR.name} is assigned`;
  if (!isKnownText(condition)) return [{ message: `${who} with a condition that is ${shown(condition)}.`, remedy }];
  if (version !== '2.0')
    return [{ message: `${who} with a condition whose conditionVersion is ${shown(version)}, and has to be '2.0'.`, remedy }];
  const limits = limitsOf(condition);
  if ('open' in limits) return [{ message: `${who} with a condition that limits nothing: ${limits.open}.`, remedy }];
  return [
    ...limits.roles
      .filter((role) => !ASSIGNABLE_ROLES.has(role))
      .map((role) => ({
        message: `${who} with a condition that allows to assign ${PRIVILEGED[role] ?? 'another role'} (${role}).`,
        remedy: 'Take that role out of both lists of the condition.',
      })),
    ...limits.principalTypes
      .filter((type) => !PRINCIPAL_TYPES.includes(type))
      .map((type) => ({
        message: `${who} with a condition that allows to assign to '${type}', which is no PrincipalType that is known here.`,
        remedy: 'Take that type out of both lists of the condition.',
      })),
  ];
}

/** Whoever changes a role changes what all who have it may do. */
function checkDefinition(): readonly Finding[] {
  return [
    {
      message: 'A role is defined here, and the roles that this platform assigns are all built in.',
      remedy: 'Assign a role of infra/azure/roles.ts or infra/azure/pipeline-roles.ts.',
    },
  ];
}

/** Every form of a role's id ends with its GUID. */
function roleOf(definition: PlanValue | undefined): string | undefined {
  if (!isKnownText(definition)) return undefined;
  return /(?:^|\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i.exec(definition.trim())?.[1]?.toLowerCase();
}
