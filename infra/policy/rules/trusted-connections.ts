import { ORGANIZATION_STACK } from '../../../src/model';
import { type Finding } from '../finding';
import { shown, valueAt } from '../known-value';
import { azureType, devOpsClass } from '../resource-type';
import { type StackResource, type StackRule } from '../rule';

const FIELDS = ['issuer', 'subject'] as const;

/** Only a service connection that is made here becomes an identity of pipelines. */
export const trustedConnections: StackRule = {
  name: 'trusted-connections',
  description:
    'In the stack organization, issuer and subject of a federated credential come from one service connection of the same stack, and are no ' +
    'texts: an identity that reaches a cluster trusts nothing else (Azure DevOps: workload identity federation). It is enough to know which ' +
    'resource they come from.',
  check: ({ name, resources }) => {
    if (name !== ORGANIZATION_STACK) return [];
    return resources
      .filter(({ type }) => azureType(type) === 'managedidentity:FederatedIdentityCredential')
      .flatMap(checkCredential);
  },
};

function checkCredential(credential: StackResource): readonly Finding[] {
  const { name, props, urn } = credential;
  const [issuers, subjects] = FIELDS.map((field) => connectionsOf(credential, field)) as [readonly string[], readonly string[]];
  if (issuers.length === 1 && subjects.length === 1 && issuers[0] === subjects[0]) return [];
  return [
    {
      message:
        `${name} trusts the issuer ${shown(valueAt(props, 'issuer'))} and the subject ${shown(valueAt(props, 'subject'))}, ` +
        'which are not those of one service connection that is made here.',
      remedy:
        'Take both from one ServiceEndpointAzureRM (workloadIdentityFederationIssuer and workloadIdentityFederationSubject).',
      urn,
    },
  ];
}

const connectionsOf = ({ propertyDependencies }: StackResource, field: string): readonly string[] =>
  (propertyDependencies[field] ?? []).filter(({ type }) => devOpsClass(type) === 'ServiceEndpointAzureRM').map(({ urn }) => urn);
