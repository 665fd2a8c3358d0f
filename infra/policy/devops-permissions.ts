import { type PlanValue } from '../plan/plan-value';
import { isKnownText, isObject } from './known-value';

/** Whether permissions of Azure DevOps deny all of these, whose names it takes in any case. */
export function denies(permissions: PlanValue | undefined, ...names: readonly string[]): boolean {
  if (!isObject(permissions)) return false;
  const denied = Object.entries(permissions)
    .filter(([, value]) => isKnownText(value) && value.toLowerCase() === 'deny')
    .map(([name]) => name.toLowerCase());
  return names.every((name) => denied.includes(name.toLowerCase()));
}
