import { type PlanObject, type PlanValue } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { isKnownText, listAt, shown, valueAt } from '../known-value';
import { azureType } from '../resource-type';
import { rolesOf } from '../role-condition';
import { azureTypes, type ResourceRule } from '../rule';

const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const USER_ACCESS_ADMINISTRATOR = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
const ROLE_ADMINISTRATOR = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168';

/** Roles that give everything, or the right to give it. Source: Azure built-in roles, privileged. */
const PRIVILEGED: Readonly<Record<string, string>> = {
  [OWNER]: 'Owner',
  [CONTRIBUTOR]: 'Contributor',
  [USER_ACCESS_ADMINISTRATOR]: 'User Access Administrator',
  [ROLE_ADMINISTRATOR]: 'Role Based Access Control Administrator',
};

/** Nobody gets more than a role for one thing. */
export const leastRoles: ResourceRule = {
  name: 'least-roles',
  description:
    'Nobody is Owner or User Access Administrator, nobody Contributor of more than one resource, and who assigns roles is limited by a ' +
    'condition to roles that are not privileged (Azure RBAC: best practices; decision 10). Roles, conditions and permissions are known ' +
    'before; a scope may be known later, as of a resource that is not there yet, except for a role as wide as Contributor.',
  about: azureTypes('authorization:RoleAssignment', 'authorization:RoleDefinition'),
  check: ({ type, props }) =>
    azureType(type) === 'authorization:RoleDefinition' ? checkDefinition(props) : checkAssignment(props),
};

function checkAssignment(props: PlanObject): readonly Finding[] {
  const definition = valueAt(props, 'roleDefinitionId');
  const role = roleOf(definition);
  const scope = valueAt(props, 'scope');
  if (role === undefined)
    return [
      {
        message: `roleDefinitionId is ${shown(definition)}, so nobody knows which role it is.`,
        remedy: 'Give the id of a role that ends with its GUID, and is known before anything is made.',
      },
    ];
  if (role === OWNER || role === USER_ACCESS_ADMINISTRATOR || (role === CONTRIBUTOR && !isOneResource(scope)))
    return [
      {
        message: `${PRIVILEGED[role]!} is assigned at the scope ${shown(scope)}, where it may not be.`,
        remedy: 'Assign the role that allows what is needed, at the resource that it is needed for.',
      },
    ];
  return role === ROLE_ADMINISTRATOR ? checkCondition(props) : [];
}

function checkCondition(props: PlanObject): readonly Finding[] {
  const condition = valueAt(props, 'condition');
  const version = valueAt(props, 'conditionVersion');
  const remedy =
    'Give a condition of version 2.0 that limits RoleDefinitionId by GuidEquals for roleAssignments/write and for roleAssignments/delete.';
  const who = `${PRIVILEGED[ROLE_ADMINISTRATOR]!} is assigned`;
  if (!isKnownText(condition)) return [{ message: `${who} with a condition that is ${shown(condition)}.`, remedy }];
  if (version !== '2.0')
    return [{ message: `${who} with a condition whose conditionVersion is ${shown(version)}, and has to be '2.0'.`, remedy }];
  const roles = rolesOf(condition);
  if ('open' in roles) return [{ message: `${who} with a condition that limits nothing: ${roles.open}.`, remedy }];
  return roles
    .filter((role) => role in PRIVILEGED)
    .map((role) => ({
      message: `${who} with a condition that allows to assign ${PRIVILEGED[role]!} (${role}).`,
      remedy: 'Take that role out of both lists of the condition.',
    }));
}

function checkDefinition(props: PlanObject): readonly Finding[] {
  const permissions = valueAt(props, 'permissions');
  const lists = listAt(permissions).flatMap((permission) =>
    ['actions', 'dataActions'].map((field) => valueAt(permission, field)),
  );
  const unknown = [permissions, ...listAt(permissions), ...lists].filter((value) => typeof value === 'string');
  const actions = lists.flatMap((list) => listAt(list));
  return [
    ...(permissions === undefined || unknown.length > 0
      ? [
          {
            message: `The permissions of the role are ${shown(permissions)}, so nobody knows what it allows.`,
            remedy: 'List the actions that the role needs.',
          },
        ]
      : []),
    ...actions.filter(allowsEverything).map((action) => ({
      message: `The role allows ${shown(action)}, which is more than a single kind of thing.`,
      remedy: 'List the actions that the role needs, without * in the place of a provider, and none that assigns roles.',
    })),
  ];
}

/** What allows everything at once, or to assign oneself what does; reading alone does not. */
function allowsEverything(action: PlanValue): boolean {
  if (!isKnownText(action)) return true;
  const name = action.toLowerCase();
  if (name === '*/read') return false;
  return name.startsWith('*') || /^microsoft\.authorization\/(?=.*(\*|role|elevate|policy|lock|deny)).*(?<!\/read)$/.test(name);
}

/** Every form of a role's id ends with its GUID. */
function roleOf(definition: PlanValue | undefined): string | undefined {
  if (!isKnownText(definition)) return undefined;
  return /(?:^|\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i.exec(definition.trim())?.[1]?.toLowerCase();
}

/** Whether a scope is a resource, and no management group, subscription or resource group. */
function isOneResource(scope: PlanValue | undefined): boolean {
  if (!isKnownText(scope)) return false;
  const resource = /^\/?subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?\/providers\/[^/]+\/[^/]+\/[^/]+/i;
  return resource.test(scope.trim());
}
