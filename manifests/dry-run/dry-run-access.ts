import { dryRunIdentity, type DryRunIdentity, type MatchCondition, type UserSubject } from './identity';
import { dryRunOnlyPolicy, dryRunOnlyPolicyBinding, type DryRunOnlyPolicy, type DryRunOnlyPolicyBinding } from './policy';
import { dryRunRole, dryRunRoleBinding, type DryRunRole, type DryRunRoleBinding } from './role';

export interface DryRunAccessProps {
  /** Object id of the identity in Microsoft Entra ID, not its client id. */
  readonly principalId: string;
}

/** What lets an identity try out manifests on a live cluster and change nothing; in the order in which to apply it. */
export interface DryRunAccessObjects<Conditions = MatchCondition[], Subjects = UserSubject[]> {
  readonly policy: DryRunOnlyPolicy<Conditions>;
  readonly policyBinding: DryRunOnlyPolicyBinding;
  readonly role: DryRunRole;
  readonly roleBinding: DryRunRoleBinding<Subjects>;
}

/** The objects of `dryRun: cluster`: first the refusal, last the rights; to remove them, the other way round. */
export function dryRunAccessObjects({ principalId }: DryRunAccessProps): DryRunAccessObjects {
  return dryRunAccessObjectsFor(dryRunIdentity(principalId));
}

/** The same for an identity that may not be known yet. */
export function dryRunAccessObjectsFor<Conditions, Subjects>({
  matchConditions,
  subjects,
}: DryRunIdentity<Conditions, Subjects>): DryRunAccessObjects<Conditions, Subjects> {
  return {
    policy: dryRunOnlyPolicy(matchConditions),
    policyBinding: dryRunOnlyPolicyBinding(),
    role: dryRunRole(),
    roleBinding: dryRunRoleBinding(subjects),
  };
}
