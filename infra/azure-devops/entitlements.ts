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
export function tellEntitlements(context: OrganizationContext): void {
  const { platform, effects } = context;
  for (const { organization, basic, paid } of licences(platform)) {
    effects.info(
      `Flux's identities take ${basic} Basic licences in the Azure DevOps organization ${organization}; ${paid} of them are paid for, and all of them where others take the free ones.`,
    );
  }
  for (const environment of platform.environments) {
    const unknown = fluxIdentities(platform).filter(
      (identity) => identity.environment === environment && identity.objectId === undefined,
    );
    if (unknown.length === 0) continue;
    const names = unknown.map(({ role, name }) => `${role} '${name}'`).join(', ');
    effects.warn(
      `nobody has told the object ids of the Flux identities of ${environment.name} (${names}), so they are not entitled: record the outputs of ${environment.name}, or give 'k8s-gitops:fluxIdentities.${environment.name}', and run \`pulumi up --stack organization\` again.`,
    );
  }
  for (const request of entitlementRequests(context)) effects.request(request);
}
