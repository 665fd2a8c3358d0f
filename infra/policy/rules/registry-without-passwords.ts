import { type PlanValue } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { shown, valueAt } from '../known-value';
import { azureTypes, type ResourceRule } from '../rule';

/** What Azure leaves off when nothing is said; whether it is on has to be known, for nothing that is only known later decides it. */
const SWITCHES = {
  adminUserEnabled: 'The admin user is one password that everybody shares and that may push.',
  anonymousPullEnabled: 'Everybody on the network may pull then, signed in or not.',
} as const;

/** Nobody uses a registry without signing in as somebody. */
export const registryWithoutPasswords: ResourceRule = {
  name: 'registry-without-passwords',
  description: 'A registry has no admin user and no anonymous pull (Azure: best practices for Azure Container Registry).',
  about: azureTypes('containerregistry:Registry'),
  check: ({ props }) => Object.entries(SWITCHES).flatMap(([field, why]) => finding(field, why, valueAt(props, field))),
};

function finding(field: string, why: string, value: PlanValue | undefined): readonly Finding[] {
  if (value === undefined || value === false) return [];
  return [{ message: `${field} is ${shown(value)}, and has to be false. ${why}`, remedy: `Set ${field} to false.` }];
}
