import { type GitAddress } from '../../model';
import { type ScaffoldFile } from './scaffold-file';
import { type SystemRepository } from './system-repository';

/** Who reviews what. */
export function codeOwners({ git, summary }: SystemRepository): ScaffoldFile {
  return { path: 'CODEOWNERS', content: `${headOf(git)}* ${ownerOf(git, summary.team)}\n`, editedBy: 'nobody' };
}

function headOf({ host }: GitAddress): string {
  switch (host) {
    case 'azure-devops':
      return `# Who reviews what. Azure DevOps does not read this file: there, a branch policy names the team (automatically included reviewers,
# required). It is for people, and for the day that the repository moves.
`;
    case 'github':
      return '# Who reviews what; the branch has to require reviews of code owners.\n';
    case 'generic':
      return '# Who reviews what, as GitLab and Gitea read it; the branch has to require it.\n';
  }
}

/** A team of GitHub stands below its organization. */
const ownerOf = ({ host, url }: GitAddress, team: string): string =>
  host === 'github' ? `@${new URL(url).pathname.split('/').at(-2)!}/${team}` : `@${team}`;
