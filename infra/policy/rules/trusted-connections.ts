import { ORGANIZATION_STACK } from '../../../src/model';
import { type Finding } from '../finding';
import { devOpsName, isKnownText, sameName, shown, valueAt } from '../known-value';
import { azureType, devOpsClass } from '../resource-type';
import { type StackResource, type StackRule } from '../rule';

const FIELDS = ['issuer', 'subject'] as const;

/** Only a service connection that is made here becomes an identity of pipelines. */
export const trustedConnections: StackRule = {
  name: 'trusted-connections',
  description:
    'In the stack organization, issuer and subject of a federated credential come from one service connection of the same stack, and are no ' +
    'texts; the connection signs in as the identity of the stack that has the credential; and connections of different names have different ' +
    'identities: one that reaches a cluster trusts nothing else (Azure DevOps: workload identity federation). It is enough to know which ' +
    'resource issuer, subject and credentials come from; the names of identities are known.',
  check: ({ name, resources }) => {
    if (name !== ORGANIZATION_STACK) return [];
    const connections = resources.filter(({ type }) => devOpsClass(type) === 'ServiceEndpointAzureRM');
    return [
      ...resources
        .filter(({ type }) => azureType(type) === 'managedidentity:FederatedIdentityCredential')
        .flatMap((credential) => checkCredential(credential, resources)),
      ...connections.flatMap((connection) => checkConnection(connection, connections)),
    ];
  },
};

function checkCredential(credential: StackResource, resources: readonly StackResource[]): readonly Finding[] {
  const { name, props, urn } = credential;
  const [issuers, subjects] = FIELDS.map((field) => connectionsOf(credential, field)) as [readonly string[], readonly string[]];
  if (issuers.length === 1 && subjects.length === 1 && issuers[0] === subjects[0])
    return checkIdentity(credential, issuers[0]!, resources);
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

function checkIdentity(credential: StackResource, connection: string, resources: readonly StackResource[]): readonly Finding[] {
  const { name, props, urn } = credential;
  const identity = identityOf(credential, resources);
  const used = identityFrom(
    resources.find((one) => one.urn === connection)!,
    'credentials',
  );
  if (identity !== undefined && identity === used) return [];
  return [
    {
      message: `${name} is of the identity ${shown(valueAt(props, 'resourceName'))}, which is not the one that its service connection signs in as.`,
      remedy: 'Make the credential for the UserAssignedIdentity of this stack that the credentials of the connection come from.',
      urn,
    },
  ];
}

/** The identity of this stack that a credential is of: the one it comes from, or the one of its name and resource group. */
function identityOf(credential: StackResource, resources: readonly StackResource[]): string | undefined {
  const from = identityFrom(credential, 'resourceName');
  if (from !== undefined) return from;
  const found = resources.filter(
    ({ type, props }) =>
      isIdentity(type) &&
      ['resourceName', 'resourceGroupName'].every((field) => {
        const value = valueAt(credential.props, field);
        return isKnownText(value) && sameName(valueAt(props, field), value);
      }),
  );
  return found.length === 1 ? found[0]!.urn : undefined;
}

function checkConnection(connection: StackResource, connections: readonly StackResource[]): readonly Finding[] {
  const { urn } = connection;
  const name = devOpsName(connection);
  const identity = identityFrom(connection, 'credentials');
  if (identity === undefined)
    return [
      {
        message: `'${name}' signs in by credentials that do not come from one identity of this stack.`,
        remedy: 'Take credentials.serviceprincipalid from one UserAssignedIdentity (clientId).',
        urn,
      },
    ];
  const others = connections.filter((one) => identityFrom(one, 'credentials') === identity && !isNamed(one, connection));
  if (others.length === 0) return [];
  return [
    {
      message: `'${name}' has the same identity as ${others.map((one) => `'${devOpsName(one)}'`).join(', ')}: who may use one has the rights of the other.`,
      remedy: 'Make a UserAssignedIdentity for each service connection.',
      urn,
    },
  ];
}

/** Whether a connection is the same, or has the same name in another project. */
function isNamed(one: StackResource, other: StackResource): boolean {
  const name = valueAt(other.props, 'serviceEndpointName');
  return one.urn === other.urn || (isKnownText(name) && sameName(valueAt(one.props, 'serviceEndpointName'), name));
}

const isIdentity = (type: string): boolean => azureType(type) === 'managedidentity:UserAssignedIdentity';

/** The one identity of this stack that an input comes from. */
function identityFrom({ propertyDependencies }: StackResource, property: string): string | undefined {
  const sources = (propertyDependencies[property] ?? []).filter(({ type }) => isIdentity(type));
  return sources.length === 1 ? sources[0]!.urn : undefined;
}
