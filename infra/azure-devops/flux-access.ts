import * as azuredevops from '@pulumi/azuredevops';
import * as pulumi from '@pulumi/pulumi';
import { READERS } from './default-groups';
import { fluxEntitlements } from './flux-identities';
import { type OrganizationContext } from './organization-context';
import { type Projects, type UsedProject } from './projects';
import { type Repository } from './repository';

/** The access level that reads repositories, which people know as Basic. Source: Azure DevOps, user entitlements. */
const BASIC = 'express';

/** What writing to this repository takes, and no more: its policies hold. Source: Azure DevOps, Git permissions. */
const MAY_PUSH = {
  GenericRead: 'Allow',
  GenericContribute: 'Allow',
  CreateBranch: 'Allow',
  PolicyExempt: 'Deny',
  PullRequestBypassPolicy: 'Deny',
  ForcePush: 'Deny',
  EditPolicies: 'Deny',
  ManagePermissions: 'Deny',
} as const;

/** What the access of Flux is made from. */
export interface FluxAccessArgs extends OrganizationContext {
  readonly projects: Projects;
  readonly repository: Repository;
}

/** What the Flux identities may do in Azure DevOps: all of them read where something is synced from, and writers push to this repository. */
export class FluxAccess extends pulumi.ComponentResource {
  public constructor(name: string, args: FluxAccessArgs, options?: pulumi.ComponentResourceOptions) {
    super('k8s-gitops:azuredevops:FluxAccess', name, {}, options);
    const { platform, projects } = args;
    const members = new Map<UsedProject, pulumi.Output<string>[]>();
    const writers: pulumi.Output<string>[] = [];
    for (const entitlement of fluxEntitlements(platform)) {
      const { role, environment, objectId } = entitlement;
      if (objectId === undefined) continue;
      const used = entitlement.projects.map((project) => projects.of(project));
      const descriptor = this.entitle(`flux-${role}-${environment.name}${used[0]!.organizationSuffix}`, objectId, used[0]!);
      for (const project of used) members.set(project, [...(members.get(project) ?? []), descriptor]);
      if (role === 'writer') writers.push(descriptor);
    }
    for (const [project, descriptors] of members) {
      new azuredevops.GroupMembership(
        `flux-readers${project.suffix}`,
        { group: projects.group(project, READERS).descriptor, members: descriptors, mode: 'add' },
        { parent: this, provider: project.provider },
      );
    }
    if (writers.length > 0) this.letWrite(writers, args);
    this.registerOutputs({});
  }

  /** Azure DevOps knows nobody who is not entitled in the organization, whatever group they are in. */
  private entitle(name: string, objectId: string, { provider }: UsedProject): pulumi.Output<string> {
    return new azuredevops.ServicePrincipalEntitlement(
      name,
      { origin: 'aad', originId: objectId, accountLicenseType: BASIC, licensingSource: 'account' },
      { parent: this, provider },
    ).descriptor;
  }

  /** A group of their own, because Contributors could push to every repository of the project. */
  private letWrite(writers: readonly pulumi.Output<string>[], { organization, projects, repository }: FluxAccessArgs): void {
    const { id: projectId, provider } = projects.home;
    const by = { parent: this, provider };
    const group = new azuredevops.Group(
      'flux-writers',
      {
        scope: projectId,
        displayName: organization.settings.fluxWriters,
        description: 'Managed identities of Flux that push to this repository; made by the stack organization',
      },
      by,
    );
    new azuredevops.GroupMembership(
      'flux-writers',
      // Nobody else: what is in it may push.
      { group: group.descriptor, members: [...writers], mode: 'overwrite' },
      by,
    );
    new azuredevops.GitPermissions(
      'flux-writers-push',
      {
        projectId,
        repositoryId: repository.repositoryId,
        principal: group.descriptor,
        permissions: MAY_PUSH,
        replace: true,
      },
      by,
    );
  }
}
