import * as path from 'node:path';
import { type Problem, type System } from '../../model';
import { locateOnPath, runTool } from '../../tools';

/** What was built, and where its history is. */
export interface BuiltCommits {
  /** Folder of a clone with the whole history of the branch. */
  readonly clone: string;
  /** Full ids, as Azure Pipelines says them. */
  readonly commits: readonly string[];
  /** Branch that releases, without `refs/heads/`. */
  readonly branch: string;
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Looking into a history takes long only where it hangs. */
const TIMEOUT_MILLISECONDS = 120_000;

/**
 * What forbids to release a commit: whoever starts a pipeline may choose any commit for a branch, also one that nobody reviewed.
 *
 * @param environment of the process that runs Git
 */
export async function commitProblems(
  system: System,
  { clone, commits, branch }: BuiltCommits,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Problem[]> {
  const problem = (message: string, remedy: string): Problem => ({ location: { file: system.file }, message, remedy });
  const git = locateOnPath('git', environment);
  if (git === undefined) return [problem("whether what was built is merged needs 'git', which is not on PATH", 'Install it.')];
  const run = async (...args: readonly string[]): Promise<{ readonly code?: number; readonly stdout: string }> =>
    runTool(git, ['-C', path.resolve(clone), ...args], { environment, timeoutMilliseconds: TIMEOUT_MILLISECONDS });
  const shallow = await run('rev-parse', '--is-shallow-repository');
  if (shallow.code !== 0 || shallow.stdout.trim() !== 'false') {
    return [problem(`'${clone}' is no clone with the whole history`, "Check it out with 'fetchDepth: 0'.")];
  }
  const ref = `refs/remotes/origin/${branch}`;
  const problems: Problem[] = [];
  for (const commit of new Set(commits)) {
    if (!COMMIT.test(commit)) {
      problems.push(problem(`'${commit}' is not the full id of a commit`, 'Give what the pipeline built.'));
      continue;
    }
    const { code } = await run('merge-base', '--is-ancestor', commit, ref);
    if (code === 0) continue;
    problems.push(
      problem(
        `the commit ${commit} is not on ${branch}, from which '${system.name}' is released to '${system.environment}'`,
        'Merge it there first: a pipeline may be started for any commit, and only what was merged is reviewed.',
      ),
    );
  }
  return problems;
}
