import { shellLine } from './shell-word';

/** A role assignment to ask another team for. */
export interface RequestedRoleAssignment {
  readonly role: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly scope: string;
  readonly why: string;
}

/** The command with which those who may assign a role. */
export function requestText({ role, principalId, principalType, scope, why }: RequestedRoleAssignment): string {
  const principal = ['--assignee-object-id', principalId, '--assignee-principal-type', principalType];
  return `${shellLine('az', 'role', 'assignment', 'create', '--role', role, ...principal, '--scope', scope)}  # ${why}`;
}
