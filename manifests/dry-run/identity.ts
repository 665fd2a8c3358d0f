import { GUID } from '../../src/model';

/** Which requests a ValidatingAdmissionPolicy looks at: `spec.matchConditions[]`. */
export interface MatchCondition {
  readonly name: string;
  /** A CEL expression. */
  readonly expression: string;
}

/** Whom a role is given to: `subjects[]`. */
export interface UserSubject {
  readonly apiGroup: 'rbac.authorization.k8s.io';
  readonly kind: 'User';
  readonly name: string;
}

/** What the objects say of the identity; apart, because the Pulumi program knows it later than all the rest. */
export interface DryRunIdentity<Conditions = MatchCondition[], Subjects = UserSubject[]> {
  readonly matchConditions: Conditions;
  readonly subjects: Subjects;
}

/**
 * An identity as a cluster knows it: on AKS with Microsoft Entra integration the user name of a managed identity is its object id.
 * Sources: kubelogin, "Using Service Principal"; Azure/kubelogin#39, where a managed identity needs `kind: User`.
 *
 * @param principalId object id, not the client id
 * @throws Error when it is no object id, because it becomes part of an expression
 */
export function dryRunIdentity(principalId: string): DryRunIdentity {
  if (!GUID.pattern.test(principalId)) throw new Error(`'${principalId}' is not the object id of an identity: ${GUID.rule}`);
  // RBAC compares letter by letter, and Microsoft Entra ID writes small letters.
  const user = principalId.toLowerCase();
  return {
    matchConditions: [
      {
        name: 'is-the-dry-run-identity',
        // The refusal reaches further than the rights: no spelling of the name may have them without it. `has`, because an empty name
        // is left out, and an error here would refuse that request, whoever sends it.
        expression: `has(request.userInfo.username) && request.userInfo.username.lowerAscii() == '${user}'`,
      },
    ],
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  };
}
