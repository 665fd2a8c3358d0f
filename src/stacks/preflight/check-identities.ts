import { identityRoles, type IdentityRole } from '../../../manifests/builders';
import {
  azureDevOpsProject,
  ORGANIZATION_STACK,
  OUTPUTS_FOLDER,
  type AzureDevOpsProject,
  type Environment,
  type Location,
  type OutputsFile,
  type Platform,
} from '../../model';
import { GraphFailure, withAzureDevOpsGraph, type AzureDevOpsGraph } from './azure-devops-graph';
import { type NoToken } from './azure-devops-token';
import { type PreflightCheck } from './preflight-check';
import { type PreflightOptions } from './preflight-options';
import { GROUP_OF, judgeGroups } from './project-groups';

const GRAPH_ADDRESS = 'https://vssps.dev.azure.com';

const REQUEST_MILLISECONDS = 20_000;

/** An identity of the environment, as Azure DevOps has to know it. */
interface Identity {
  readonly role: IdentityRole;
  readonly name: string;
  /** Object id of its service principal. @default - it is not known */
  readonly objectId?: string;
  /** Where the object id is said. */
  readonly location: Location;
}

type KnownIdentity = Identity & { readonly objectId: string };

/** Whether the identities that the Flux controllers become are entitled in the organization and in a group of the project. */
export async function checkIdentities(
  platform: Platform,
  environment: Environment,
  options: PreflightOptions,
  token: string | NoToken,
): Promise<readonly PreflightCheck[]> {
  const identities = identitiesOf(platform, environment, options);
  const known = identities.filter((identity): identity is KnownIdentity => identity.objectId !== undefined);
  const checks = known.length === 0 ? [] : await checkKnown(platform, environment, known, options, token);
  return [
    ...identities.filter(({ objectId }) => objectId === undefined).map((each) => objectIdUnknown(each, environment)),
    ...checks,
  ];
}

function identitiesOf(
  { flux }: Platform,
  { name, names, outputs }: Environment,
  { principals = {} }: PreflightOptions,
): readonly Identity[] {
  const recorded: Partial<OutputsFile['identities']> = outputs?.identities ?? {};
  return identityRoles(flux.components).map((role) => {
    const given = principals[role];
    const objectId = given ?? recorded[role]?.principalId;
    return {
      role,
      name: role === 'reader' ? names.readerIdentity : names.writerIdentity,
      location: { file: given === undefined ? `${OUTPUTS_FOLDER}/${name}.yaml` : `--${role}-principal` },
      ...(objectId === undefined ? {} : { objectId }),
    };
  });
}

const objectIdUnknown = ({ role, name, location }: Identity, environment: Environment): PreflightCheck => ({
  name: role,
  result: 'unknown',
  location,
  detail: `the object id of identity '${name}' is not known`,
  remedy: `Give it as --${role}-principal, or record the outputs of stack '${environment.name}'.`,
});

async function checkKnown(
  platform: Platform,
  environment: Environment,
  identities: readonly KnownIdentity[],
  options: PreflightOptions,
  token: string | NoToken,
): Promise<readonly PreflightCheck[]> {
  if (typeof token !== 'string') return identities.map((identity) => notLookedAt(identity, token.reason, token.remedy));
  const project = azureDevOpsProject(platform.git);
  const graphOptions = {
    address: options.graphAddress ?? GRAPH_ADDRESS,
    organization: project.organization,
    token,
    environment: options.environment,
    requestMilliseconds: options.requestMilliseconds ?? REQUEST_MILLISECONDS,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  return orNotLookedAt(identities, () =>
    withAzureDevOpsGraph(graphOptions, async (graph) => {
      const descriptors = await findDescriptors(graph, identities);
      const checks: PreflightCheck[] = [];
      for (const identity of identities) {
        const descriptor = descriptors.get(identity.objectId.toLowerCase());
        const stack = byStack(platform, environment, identity);
        checks.push(
          ...(descriptor === undefined
            ? [notEntitled(identity, project, stack)]
            : await orNotLookedAt([identity], async () => [await checkGroups(graph, identity, descriptor, project, stack)])),
        );
      }
      return checks;
    }),
  );
}

async function orNotLookedAt(
  identities: readonly KnownIdentity[],
  look: () => Promise<readonly PreflightCheck[]>,
): Promise<readonly PreflightCheck[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof GraphFailure)) throw error;
    return identities.map((identity) => notLookedAt(identity, error.message, error.remedy));
  }
}

const notLookedAt = (identity: KnownIdentity, reason: string, remedy: string): PreflightCheck => ({
  name: identity.role,
  result: 'unknown',
  location: identity.location,
  detail: `${shown(identity)}: ${reason}`,
  remedy,
});

const shown = ({ name, objectId }: KnownIdentity): string => `identity '${name}' (object id ${objectId})`;

/** Descriptors by object id in small letters; the list is read no further than it has to be. */
async function findDescriptors(
  graph: AzureDevOpsGraph,
  identities: readonly KnownIdentity[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(identities.map(({ objectId }) => objectId.toLowerCase()));
  const found = new Map<string, string>();
  for await (const { originId, descriptor } of graph.servicePrincipals()) {
    const objectId = originId?.toLowerCase();
    if (objectId !== undefined && wanted.has(objectId)) found.set(objectId, descriptor);
    if (found.size === wanted.size) break;
  }
  return found;
}

const notEntitled = (
  identity: KnownIdentity,
  { organization, project }: AzureDevOpsProject,
  stack: string | undefined,
): PreflightCheck => ({
  name: identity.role,
  result: 'missing',
  location: identity.location,
  detail: `${shown(identity)} is not entitled in the organization '${organization}'`,
  remedy:
    stack ??
    `In Azure DevOps, Organization settings > Users > Add users: service principal '${identity.name}', access level Basic, project '${project}', group ${GROUP_OF[identity.role]}.`,
});

/** What to do where the stack of the Azure DevOps side entitles; `undefined` where people do. */
function byStack({ organization }: Platform, environment: Environment, { role, objectId }: KnownIdentity): string | undefined {
  if (organization?.settings.entitlements !== 'managed') return undefined;
  const run = `run \`pulumi up --stack ${ORGANIZATION_STACK}\``;
  const isKnown =
    environment.outputs?.identities[role] !== undefined ||
    organization.settings.fluxIdentities[environment.name]?.[role] !== undefined;
  return isKnown
    ? `${run.replace('run', 'Run')}, which entitles it.`
    : `Give 'k8s-gitops:fluxIdentities.${environment.name}.${role}: ${objectId}' in Pulumi.${ORGANIZATION_STACK}.yaml and ${run}, which entitles it.`;
}

async function checkGroups(
  graph: AzureDevOpsGraph,
  identity: KnownIdentity,
  descriptor: string,
  project: AzureDevOpsProject,
  stack: string | undefined,
): Promise<PreflightCheck> {
  const { sufficient, certain, groups } = await judgeGroups(graph, descriptor, identity.role, project);
  const check = { name: identity.role, location: identity.location } as const;
  if (sufficient !== undefined) {
    const doubt = certain ? '' : `, which has to be allowed to contribute; its groups: ${groups.join(', ')}`;
    return { ...check, result: 'ok', detail: `'${identity.name}' is in ${sufficient}${doubt}` };
  }
  const group = GROUP_OF[identity.role];
  const needs =
    identity.role === 'reader'
      ? `is in no group of the project '${project.project}'`
      : `is in no group of the project '${project.project}' that may push`;
  return {
    ...check,
    result: 'missing',
    detail: `${shown(identity)} ${needs}; its groups: ${groups.length === 0 ? 'none' : groups.join(', ')}`,
    remedy:
      stack ??
      `In Azure DevOps, Project settings of '${project.project}' > Permissions > ${group} > Members > Add: '${identity.name}' itself (a membership through a Microsoft Entra group is not seen here).`,
  };
}
