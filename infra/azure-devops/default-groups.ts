/** The group of everybody who works on a project's code. Source: Azure DevOps, default groups. */
export const CONTRIBUTORS = 'Contributors';

/** The group of everybody who may read a project's code. Source: Azure DevOps, default groups. */
export const READERS = 'Readers';
