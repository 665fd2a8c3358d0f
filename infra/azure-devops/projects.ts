import * as azuredevops from '@pulumi/azuredevops';
import type * as pulumi from '@pulumi/pulumi';
import { type AzureDevOpsProject, type OrganizationSettings } from '../../src/model';

/** A project of Azure DevOps, with what its resources are made by. */
export interface UsedProject extends AzureDevOpsProject {
  readonly id: pulumi.Output<string>;
  readonly provider: azuredevops.Provider;
  /** How the logical names of its resources end, whatever its spelling; empty for the project of this repository. */
  readonly suffix: string;
  /** How the logical names of what is made once for its organization end; empty for the organization of this repository. */
  readonly organizationSuffix: string;
}

/** A group of a project. */
export interface ProjectGroup {
  /** By which groups and permissions know it. */
  readonly descriptor: pulumi.Output<string>;
  /** By which approvals know it. */
  readonly groupId: pulumi.Output<string>;
}

/** The projects that the stack works in, each looked up once, each by the provider of its organization. */
export class Projects {
  /** The project of this repository. */
  public readonly home: UsedProject;

  private readonly providers = new Map<string, azuredevops.Provider>();
  private readonly projects = new Map<string, UsedProject>();
  private readonly groups = new Map<string, ProjectGroup>();

  public constructor(
    home: AzureDevOpsProject,
    private readonly settings: Pick<OrganizationSettings, 'azureDevOpsSignIn'>,
  ) {
    this.home = this.use(home, '', '');
  }

  /** The project of a name; Azure DevOps ignores its case, and so do the names of resources. */
  public of({ organization, project }: AzureDevOpsProject): UsedProject {
    const isHome = organization.toLowerCase() === this.home.organization.toLowerCase();
    // A slash is in no name of an environment, project or organization: no two of them make the same logical name.
    const organizationSuffix = isHome ? '' : `/${organization.toLowerCase()}`;
    return this.use({ organization, project }, `${organizationSuffix}/${project.toLowerCase()}`, organizationSuffix);
  }

  /** A group of a project, which has to be there. */
  public group({ id, provider, suffix }: UsedProject, name: string): ProjectGroup {
    const key = `${suffix}/${name.toLowerCase()}`;
    const known = this.groups.get(key);
    if (known !== undefined) return known;
    const found = azuredevops.getGroupOutput({ projectId: id, name }, { provider });
    const group = { descriptor: found.descriptor, groupId: found.groupId };
    this.groups.set(key, group);
    return group;
  }

  private use({ organization, project }: AzureDevOpsProject, suffix: string, organizationSuffix: string): UsedProject {
    const key = `${organization}/${project}`.toLowerCase();
    const known = this.projects.get(key);
    if (known !== undefined) return known;
    const provider = this.provider(organization);
    const { id } = azuredevops.getProjectOutput({ name: project }, { provider });
    const used = { organization, project, id, provider, suffix, organizationSuffix };
    this.projects.set(key, used);
    return used;
  }

  /** Made for an organization that the model names: what an environment variable says cannot lead to another. */
  private provider(organization: string): azuredevops.Provider {
    const key = organization.toLowerCase();
    const known = this.providers.get(key);
    if (known !== undefined) return known;
    const provider = new azuredevops.Provider(`azure-devops-${key}`, {
      // In one spelling, whatever the systems have: another one would be another provider.
      orgServiceUrl: `https://dev.azure.com/${encodeURIComponent(key)}`,
      ...this.settings.azureDevOpsSignIn,
    });
    this.providers.set(key, provider);
    return provider;
  }
}
