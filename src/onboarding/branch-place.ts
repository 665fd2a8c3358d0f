import { PLATFORM_FILE, YamlFile, type Platform, type Problem, type SystemSummary } from '../model';
import { inEnvironments } from './known-system';

/** A problem of a system's repository that quotes the ref of a branch, told where the branch is written; any other as it is. */
export function atBranch(platform: Platform, { name, file }: SystemSummary, problem: Problem): Problem {
  if (problem.location.line !== undefined) return problem;
  const system = inEnvironments(platform, name).find(
    ({ registration }) => registration !== undefined && problem.message.includes(`'refs/heads/${registration.branch}'`),
  );
  if (system === undefined) return problem;
  const places = [
    [file, ['environments', system.environment, 'branch']],
    [file, ['branch']],
    [PLATFORM_FILE, ['environments', system.environment, 'branch']],
  ] as const;
  for (const [holder, place] of places) {
    const yaml = YamlFile.read(platform.directory, holder);
    if (yaml instanceof YamlFile && yaml.locateKey(place) !== undefined) return { ...problem, location: yaml.locate(place) };
  }
  return problem;
}
