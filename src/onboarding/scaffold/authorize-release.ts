import { type Environment, type Platform, type Problem, type System } from '../../model';
import { teamRepositories } from './image-repository';
import { chartRepository } from './release-kind';
import { isSameRepository } from './repository-url';
import { placeOf } from './system-repository';

/** What a pipeline is about to release. */
export interface Release {
  /** URL of the repository that holds the pipeline and what it builds. */
  readonly repository: string;
  /** Full ref, `refs/heads/...`. */
  readonly ref: string;
  /** Image without tag, with the registry. */
  readonly image: string;
  /** Chart without version, with the registry. @default - none */
  readonly chart?: string;
}

/**
 * What forbids a pipeline to release a system to an environment. A team writes its pipeline and may write anything into it; the registration
 * says which repository and branch release, and what is theirs in the registry.
 */
export function releaseProblems(
  platform: Platform,
  environment: Environment,
  system: System,
  release: Release,
): readonly Problem[] {
  const { git, branch } = placeOf(platform, environment, system);
  const { loginServer } = environment.registry;
  const problem = (message: string, remedy: string): Problem => ({ location: { file: system.file }, message, remedy });
  const problems: Problem[] = [];
  if (!isSameRepository(git, release.repository)) {
    problems.push(
      problem(
        `'${system.name}' is released from ${git.url}, and the pipeline is in ${release.repository}`,
        "Run it there, or change 'git' of the registration.",
      ),
    );
  }
  // Exactly: conditions of Azure Pipelines ignore case, and Git does not.
  if (release.ref !== `refs/heads/${branch}`) {
    problems.push(
      problem(
        `'${system.name}' is released to '${environment.name}' from refs/heads/${branch}, and the pipeline runs for ${release.ref}`,
        "Merge there first, or change 'branch' of the registration.",
      ),
    );
  }
  const folder = `${loginServer}/${teamRepositories(system)}/`;
  if (!release.image.startsWith(folder) || /[:@]|\/\/|\/$|\.\./.test(release.image.slice(folder.length - 1))) {
    problems.push(
      problem(
        `the image '${release.image}' is not a repository below ${folder}, which is what team ${system.team} has in '${environment.name}'`,
        `Push to ${folder}${system.name}.`,
      ),
    );
  }
  const expected = chartRepository(system);
  if (release.chart !== undefined && (expected === undefined || release.chart !== `${loginServer}/${expected}`)) {
    problems.push(
      problem(
        `the chart '${release.chart}' is not that of '${system.name}', ${expected === undefined ? 'which has none in the registry' : `${loginServer}/${expected}`}`,
        "Push no chart but the one in 'chart.repository' of the registration.",
      ),
    );
  }
  return problems;
}
