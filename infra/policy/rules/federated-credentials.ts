import { listAt, shown, valueAt } from '../known-value';
import { COMPUTED } from '../../plan/plan-value';
import { azureTypes, type ResourceRule } from '../rule';

/** Source: Microsoft Entra Workload ID. */
const AUDIENCE = 'api://AzureADTokenExchange';

/** Exactly one somebody becomes an identity. */
export const federatedCredentials: ResourceRule = {
  name: 'federated-credentials',
  description:
    `A federated credential takes tokens for ${AUDIENCE} alone, of one subject, and of none by an expression (Microsoft Entra Workload ID). ` +
    'The subject of a service connection is only known once the connection is there, and is one subject by its nature (trusted-connections ' +
    'looks where it comes from); the audience is always known.',
  about: azureTypes('managedidentity:FederatedIdentityCredential'),
  check: ({ props }) => {
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
      ...(subject === COMPUTED || (typeof subject === 'string' && /^[^*?]+$/.test(subject))
        ? []
        : [
            {
              message: `subject is ${shown(subject)}, and has to be one subject without * or ?.`,
              remedy: 'Name the one ServiceAccount or service connection, and make a credential for each.',
            },
          ]),
    ];
  },
};
