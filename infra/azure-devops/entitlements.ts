import { fluxEntitlements, fluxIdentities } from './flux-identities';
import { licences } from './licences';
import { type OrganizationContext } from './organization-context';

/** What another team has to entitle, as sentences; empty where this stack does. */
export function entitlementRequests({ platform, organization }: OrganizationContext): readonly string[] {
  if (organization.settings.entitlements === 'managed') return [];
  const { repository } = organization.azureDevOps;
  return fluxEntitlements(platform).flatMap(({ organization: where, projects, name, objectId, role }) => {
    if (objectId === undefined) return [];
    const readers = projects.map(({ project }) => `[${project}]\\Readers`).join(', ');
    const isHome = where.toLowerCase() === organization.azureDevOps.organization.toLowerCase();
    const push = role === 'writer' && isHome ? `; allow it 'Contribute' and 'Create branch' on the repository ${repository}` : '';
    return [
      `in https://dev.azure.com/${where}, add the service principal '${name}' (object id ${objectId}) with access level Basic, to ${readers}${push}`,
    ];
  });
}

/** Tells the licences that the identities take, who is not entitled yet, and what another team has to do. */
export function tellEntitlements(context: OrganizationContext, requests: readonly string[]): void {
  const { platform, organization, effects } = context;
  const isManaged = organization.settings.entitlements === 'managed';
  for (const { organization: where, basic, paid } of licences(platform)) {
    effects.info(
      `Flux's identities take ${basic} Basic licences in the Azure DevOps organization ${where}: ${paid} to be paid for where nobody else takes the free ones, otherwise up to ${basic}.`,
    );
  }
  const unknown = fluxIdentities(platform).filter(({ objectId }) => objectId === undefined);
  if (unknown.length > 0) {
    const environments = [...new Set(unknown.map(({ environment }) => environment.name))].join(', ');
    const names = unknown.map(({ name }) => name).join(', ');
    const what = isManaged ? 'they are not entitled' : 'what to request for them is not told';
    effects.warn(
      `nobody has told the object ids of the Flux identities of ${environments} (${names}), so ${what}: record the outputs of the environment, or give 'k8s-gitops:fluxIdentities.<environment>', and run \`pulumi up --stack organization\` again.`,
    );
  }
  for (const request of requests) effects.request(request);
}
