/** A file of a system's repository as scaffolding makes it. */
export interface ScaffoldFile {
  /** Path in the repository, with forward slashes. */
  readonly path: string;
  readonly content: string;
  /** Who changes it from now on: the team, or nobody, because it follows from the registration. */
  readonly editedBy: 'team' | 'nobody';
}
