import { ORGANIZATION_STACK } from '../../../src/model';
import { refersTo } from '../check-targets';
import { templateFault, templateFaults } from '../endpoint-checks';
import { type Finding } from '../finding';
import { devOpsName, isKnownText, sameName, shown, valueAt } from '../known-value';
import { authorizationsIn, isForAll } from '../pipeline-authorizations';
import { type PolicyFacts } from '../policy-facts';
import { devOpsClass } from '../resource-type';
import { type StackResource, type StackRule } from '../rule';

/** Only a pipeline that extends the platform's template signs, or uses what is open to every pipeline. */
export const signingConnections = (facts: PolicyFacts): StackRule => ({
  name: 'signing-connections',
  description:
    'A service connection that signs, or that every pipeline may use, requires the template of this repository and of the branch that are configured for it ' +
    '(decision 12; Azure DevOps: required template). Names and templates are known; of ids it is enough to know which resource they come from.',
  check: ({ name, resources }) => {
    if (name !== ORGANIZATION_STACK) return [];
    const endpoints = resources.filter(({ type }) => /^service_?endpoint(?!permissions)/i.test(devOpsClass(type) ?? ''));
    return [...signing(endpoints, resources, facts), ...openToAll(endpoints, resources, facts)];
  },
});

function signing(
  endpoints: readonly StackResource[],
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly Finding[] {
  if (endpoints.length === 0) return [];
  return facts.signingConnections.flatMap((connection) => {
    const found = endpoints.filter(({ props }) => sameName(valueAt(props, 'serviceEndpointName'), connection));
    if (found.length > 0) return found.flatMap((endpoint) => unprotected(endpoint, `'${connection}' signs`, resources, facts));
    return [
      {
        message: `There is no service connection '${connection}', by which an environment's images are signed.`,
        remedy: `Make a ServiceEndpointAzureRM with the serviceEndpointName '${connection}', known before it is made, and a CheckRequiredTemplate for it.`,
      },
    ];
  });
}

/** Without a pipeline, an authorization is for all of the project. */
function openToAll(
  endpoints: readonly StackResource[],
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly Finding[] {
  const open = authorizationsIn(resources).filter(
    (one) => isForAll(one) && (!isKnownText(valueAt(one.props, 'type')) || valueAt(one.props, 'type') === 'endpoint'),
  );
  return open.flatMap((authorization) => {
    const endpoint = endpoints.find((one) => refersTo(authorization, 'resourceId', one));
    if (endpoint !== undefined)
      return isSigning(endpoint, facts)
        ? []
        : unprotected(endpoint, `Every pipeline may use '${devOpsName(endpoint)}' (${authorization.name})`, resources, facts);
    return isProtectedElsewhere(authorization, resources, facts) ? [] : [unknownEndpoint(authorization)];
  });
}

const isSigning = ({ props }: StackResource, facts: PolicyFacts): boolean =>
  facts.signingConnections.some((name) => sameName(valueAt(props, 'serviceEndpointName'), name));

/** A connection that is not made here is known by its id alone. */
function isProtectedElsewhere({ props }: StackResource, resources: readonly StackResource[], facts: PolicyFacts): boolean {
  const id = valueAt(props, 'resourceId');
  return (
    isKnownText(id) &&
    resources.some(
      (check) =>
        devOpsClass(check.type) === 'CheckRequiredTemplate' &&
        valueAt(check.props, 'targetResourceType') === 'endpoint' &&
        valueAt(check.props, 'targetResourceId') === id &&
        templateFault(check, facts, true) === undefined,
    )
  );
}

const unknownEndpoint = ({ name, props, urn }: StackResource): Finding => ({
  message: `${name} opens the service connection ${shown(valueAt(props, 'resourceId'))} to every pipeline, and no CheckRequiredTemplate protects it.`,
  remedy: 'Name the pipeline (pipelineId), or make a CheckRequiredTemplate for the connection.',
  urn,
});

function unprotected(
  endpoint: StackResource,
  why: string,
  resources: readonly StackResource[],
  facts: PolicyFacts,
): readonly Finding[] {
  return templateFaults(endpoint, resources, facts).map(({ urn, fault }) => ({
    message: `${why}, and no template is required: ${fault}.`,
    remedy:
      "Make a CheckRequiredTemplate for it (targetResourceType endpoint) with the template that 'k8s-gitops:templates' names.",
    urn: urn ?? endpoint.urn,
  }));
}
