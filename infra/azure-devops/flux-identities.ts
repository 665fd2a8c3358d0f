import { identityRoles, type IdentityRole } from '../../manifests/builders';
import { azureDevOpsProject, type AzureDevOpsProject, type Environment, type Platform } from '../../src/model';
import { syncedProjects } from './synced-projects';

/** A managed identity of an environment's Flux. */
export interface FluxIdentity {
  readonly environment: Environment;
  readonly role: IdentityRole;
  /** Name of the managed identity. */
  readonly name: string;
  /** Object id of its service principal. @default - it is not known yet */
  readonly objectId?: string;
}

/** A managed identity that an organization of Azure DevOps has to know, and the projects in it that it reads. */
export interface FluxEntitlement extends FluxIdentity {
  readonly organization: string;
  readonly projects: readonly AzureDevOpsProject[];
}

/** Every identity that the Flux controllers become, known or not. */
export function fluxIdentities({ flux, environments, organization }: Platform): readonly FluxIdentity[] {
  const roles = identityRoles(flux.components);
  const givenIds = new Map(Object.entries(organization?.settings.fluxIdentities ?? {}));
  return environments.flatMap((environment) =>
    roles.map((role) => {
      const given = givenIds.get(environment.name)?.[role];
      const objectId = environment.outputs?.identities[role]?.principalId ?? given;
      return {
        environment,
        role,
        name: environment.names[`${role}Identity`],
        ...(objectId === undefined ? {} : { objectId }),
      };
    }),
  );
}

/** What has to be entitled where, known or not: in every organization from which an environment syncs. */
export function fluxEntitlements(platform: Platform): readonly FluxEntitlement[] {
  const home = azureDevOpsProject(platform.git);
  return fluxIdentities(platform).flatMap((identity) => {
    const organizations = new Map<string, AzureDevOpsProject[]>();
    // What writes, writes to this repository and syncs nothing.
    const others = identity.role === 'reader' ? syncedProjects(identity.environment) : [];
    for (const project of [home, ...others]) {
      const key = project.organization.toLowerCase();
      const there = organizations.get(key) ?? [];
      const isKnown = there.some((known) => known.project.toLowerCase() === project.project.toLowerCase());
      organizations.set(key, isKnown ? there : [...there, project]);
    }
    return [...organizations.values()].map((projects) => ({ ...identity, organization: projects[0]!.organization, projects }));
  });
}
