import type * as pulumi from '@pulumi/pulumi';

/** Which branches a branch policy holds for. */
export interface BranchPolicyScope {
  /**
   * How `repositoryRef` is compared: the whole ref, its beginning, or not at all, for the default branch of every repository.
   *
   * @default Exact
   */
  readonly matchType?: pulumi.Input<'Exact' | 'Prefix' | 'DefaultBranch'>;
  /** GUID of the repository; must be left out with `DefaultBranch`. @default every repository of the project */
  readonly repositoryId?: pulumi.Input<string>;
  /**
   * The ref, as `refs/heads/main`; with `Prefix` what it begins with, as `refs/heads/release`. Must be left out with `DefaultBranch`.
   *
   * @default none
   */
  readonly repositoryRef?: pulumi.Input<string>;
}
