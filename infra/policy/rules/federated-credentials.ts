import { ORGANIZATION_STACK } from '../../../src/model';
import { isKnownText, listAt, shown, valueAt } from '../known-value';
import { COMPUTED, type PlanValue } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { azureTypes, type ResourceRule } from '../rule';

/** Source: Microsoft Entra Workload ID. */
const AUDIENCE = 'api://AzureADTokenExchange';

/** How the subjects of Flux's ServiceAccounts begin. */
const FLUX = 'system:serviceaccount:flux-system:';

/** Exactly one somebody becomes an identity. */
export const federatedCredentials: ResourceRule = {
  name: 'federated-credentials',
  description:
    `A federated credential takes tokens for ${AUDIENCE} alone, of one subject, and of none by an expression (Microsoft Entra Workload ID). ` +
    'The subject of a service connection is only known once the connection is there, and is one subject by its nature (trusted-connections ' +
    "looks where it comes from); in the stack of an environment it is a ServiceAccount in Flux's namespace, and known, as the audience always is.",
  about: azureTypes('managedidentity:FederatedIdentityCredential'),
  check: ({ props, stack }) => {
    const audiences = valueAt(props, 'audiences');
    const subject = valueAt(props, 'subject');
    const list = listAt(audiences);
    const expression = valueAt(props, 'claimsMatchingExpression');
    return [
      ...(expression === undefined
        ? []
        : [
            {
              message: 'claimsMatchingExpression is set, by which many subjects can become the identity.',
              remedy: 'Take claimsMatchingExpression out, and name the one subject.',
            },
          ]),
      ...(list.length === 1 && list[0] === AUDIENCE
        ? []
        : [
            {
              message: `audiences is ${shown(audiences)}, and has to be ['${AUDIENCE}'].`,
              remedy: `Set audiences to ['${AUDIENCE}'].`,
            },
          ]),
      ...subjectFaults(subject, stack),
    ];
  },
};

function subjectFaults(subject: PlanValue | undefined, stack: string): readonly Finding[] {
  const isOne = subject === COMPUTED || (isKnownText(subject) && /^[^*?]+$/.test(subject));
  if (!isOne)
    return [
      {
        message: `subject is ${shown(subject)}, and has to be one subject without * or ?.`,
        remedy: 'Name the one ServiceAccount or service connection, and make a credential for each.',
      },
    ];
  if (stack === ORGANIZATION_STACK || subject.startsWith(FLUX)) return [];
  return [
    {
      message: `subject is ${shown(subject)}, and has to begin with '${FLUX}' in the stack of an environment.`,
      remedy: `Name a ServiceAccount of Flux: ${FLUX}<name>.`,
    },
  ];
}
