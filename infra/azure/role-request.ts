import { shellLine } from './shell-word';

/** The only version of conditions that Azure takes. */
export const CONDITION_VERSION = '2.0';

/** A role assignment to ask another team for. */
export interface RequestedRoleAssignment {
  readonly role: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly scope: string;
  /** What the role is limited to. @default - nothing */
  readonly condition?: string;
  readonly why: string;
}

/** The command with which those who may assign a role. */
export function requestText({ role, principalId, principalType, scope, condition, why }: RequestedRoleAssignment): string {
  const principal = ['--assignee-object-id', principalId, '--assignee-principal-type', principalType];
  const limit = condition === undefined ? [] : ['--condition', condition, '--condition-version', CONDITION_VERSION];
  return `${shellLine('az', 'role', 'assignment', 'create', '--role', role, ...principal, '--scope', scope, ...limit)}  # ${why}`;
}
