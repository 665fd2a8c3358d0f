import * as azuredevops from '@pulumi/azuredevops';
import type * as pulumi from '@pulumi/pulumi';

/** What a check protects. */
export interface CheckTarget {
  readonly projectId: pulumi.Input<string>;
  readonly targetResourceId: pulumi.Input<string>;
  readonly targetResourceType: 'endpoint' | 'environment';
}

/** Lets a protected resource be used by runs of this one branch alone, and only while the branch has policies. */
export function onlyFromBranch(
  name: string,
  { target, branch }: { readonly target: CheckTarget; readonly branch: string },
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new azuredevops.CheckBranchControl(
    name,
    {
      ...target,
      displayName: `Only ${branch}`,
      allowedBranches: `refs/heads/${branch}`,
      verifyBranchProtection: true,
      ignoreUnknownProtectionStatus: false,
    },
    options,
  );
}
