import { type GitAddress } from './git-host';

/** A project of Azure DevOps. */
export interface AzureDevOpsProject {
  readonly organization: string;
  readonly project: string;
}

/** The project whose repository an address of host `azure-devops` names: `https://<host>/<organization>/<project>/_git/<repository>`. */
export function azureDevOpsProject({ url }: GitAddress): AzureDevOpsProject {
  const [organization, project] = new URL(url).pathname.split('/').slice(1).map(decodeURIComponent) as [string, string];
  return { organization, project };
}
