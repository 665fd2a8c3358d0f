import { type SystemSummary } from '../../model';

/** A name as a part of an OCI repository: small letters and digits, with single hyphens between. */
const repositoryPart = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Folder in the registry to which the pipelines of a team push. */
export const teamRepositories = ({ team }: Pick<SystemSummary, 'team'>): string => repositoryPart(team);

/** Repository in the registry of a system's own image, `<team>/<system>`. */
export const imageRepository = (system: Pick<SystemSummary, 'team' | 'name'>): string =>
  `${teamRepositories(system)}/${repositoryPart(system.name)}`;
