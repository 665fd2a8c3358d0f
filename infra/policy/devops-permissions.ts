import { type PlanValue } from '../plan/plan-value';
import { type Finding } from './finding';
import { isKnownText, isObject, shown } from './known-value';
import { type StackResource } from './rule';

/** Whether permissions of Azure DevOps deny all of these, whose names it takes in any case. */
export function denies(permissions: PlanValue | undefined, ...names: readonly string[]): boolean {
  if (!isObject(permissions)) return false;
  const denied = Object.entries(permissions)
    .filter(([, value]) => isKnownText(value) && value.toLowerCase() === 'deny')
    .map(([name]) => name.toLowerCase());
  return names.every((name) => denied.includes(name.toLowerCase()));
}

/** What is wrong with permissions that are not told. */
export const untoldPermissions = ({ name, urn }: StackResource, permissions: PlanValue | undefined): Finding => ({
  message: `The permissions of ${name} are ${shown(permissions)}, so nobody knows what they allow.`,
  remedy: 'List the permissions by name.',
  urn,
});
