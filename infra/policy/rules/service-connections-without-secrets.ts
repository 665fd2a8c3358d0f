import { type PlanObject } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { shown, valueAt } from '../known-value';
import { devOpsClass } from '../resource-type';
import { type ResourceRule } from '../rule';

/** The one kind that can do without a secret, and who may use a connection. */
const ALLOWED = ['ServiceEndpointAzureRM', 'ServiceendpointPermissions'];
const SCHEME = 'WorkloadIdentityFederation';
const SECRETS = ['serviceprincipalkey', 'serviceprincipalcertificate'];

/** No service connection keeps a secret. */
export const serviceConnectionsWithoutSecrets: ResourceRule = {
  name: 'service-connections-without-secrets',
  description:
    'A service connection signs in to Azure by workload identity federation (Azure DevOps: the recommended kind; the scheme is ' +
    'ServicePrincipal when it is not said). Other kinds keep a token or password. Only the client id may be known later.',
  about: (type) => /^service_?endpoint/i.test(devOpsClass(type) ?? ''),
  check: ({ type, props }) => {
    const kind = devOpsClass(type)!;
    if (!ALLOWED.includes(kind))
      return [
        {
          message: `A service connection of the kind ${kind} keeps a secret; only ServiceEndpointAzureRM may be made.`,
          remedy: `Use a ServiceEndpointAzureRM with ${SCHEME}, and the identity's roles for what it reaches.`,
        },
      ];
    return kind === 'ServiceEndpointAzureRM' ? checkAzure(props) : [];
  },
};

function checkAzure(props: PlanObject): readonly Finding[] {
  const scheme = valueAt(props, 'serviceEndpointAuthenticationScheme');
  const credentials = valueAt(props, 'credentials');
  return [
    ...(scheme === SCHEME
      ? []
      : [
          {
            message: `serviceEndpointAuthenticationScheme is ${shown(scheme)}, and has to be '${SCHEME}'.`,
            remedy: `Set serviceEndpointAuthenticationScheme to ${SCHEME}, and make a federated credential for the identity.`,
          },
        ]),
    ...(typeof credentials === 'string'
      ? [
          {
            message: `credentials is ${shown(credentials)}, and has to be an object with serviceprincipalid alone.`,
            remedy: 'Give credentials as an object; serviceprincipalid in it may be known later.',
          },
        ]
      : SECRETS.filter((key) => valueAt(credentials, key) !== undefined).map((key) => ({
          message: `credentials.${key} is set, and a connection must have no secret.`,
          remedy: `Take credentials.${key} out.`,
        }))),
  ];
}
