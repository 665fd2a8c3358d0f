import {
  IMAGE_REFERENCE,
  parseMirrorReference,
  UNRESOLVED,
  violation,
  type Environment,
  type Platform,
  type Problem,
  type System,
} from '../../model';
import { imageRepository } from './image-repository';
import { chartRepository, ownerOfTag } from './release-kind';
import { isSameRepository } from './repository-url';
import { placeOf } from './system-repository';

/** What a pipeline is about to release. */
export interface Release {
  /** URL of the repository that holds the pipeline and what it builds, by every name that the pipeline knows it by. */
  readonly repositories: readonly string[];
  /** Full ref, `refs/heads/...`, by every name that the pipeline knows it by. */
  readonly refs: readonly string[];
  /** Image without tag, with the registry. */
  readonly image: string;
  /** Chart without version, with the registry. @default - none */
  readonly chart?: string;
  /** Third-party image that is copied, with tag and digest. @default - the image was built */
  readonly upstream?: string;
  /** Whose repository the pipeline changes afterwards. @default - none */
  readonly bump?: string;
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
  const problem = (message: string, remedy: string): Problem => ({ location: { file: system.file }, message, remedy });
  return [
    ...originProblems(platform, environment, system, release, problem),
    ...imageProblems(environment, system, release, problem),
    ...chartProblems(environment, system, release, problem),
    ...upstreamProblems(platform, system, release, problem),
    ...bumpProblems(system, release, problem),
  ];
}

/** Branch whose commits are released to an environment, without `refs/heads/`. */
export const releaseBranch = (platform: Platform, environment: Environment, system: System): string =>
  placeOf(platform, environment, system).branch;

type MakeProblem = (message: string, remedy: string) => Problem;

function originProblems(
  platform: Platform,
  environment: Environment,
  system: System,
  release: Release,
  problem: MakeProblem,
): readonly Problem[] {
  const { git, branch } = placeOf(platform, environment, system);
  return [...new Set(release.repositories.filter((repository) => !isSameRepository(git, repository)))]
    .map((repository) =>
      problem(
        `'${system.name}' is released from ${git.url}, and the pipeline is in ${repository}`,
        "Run it there, or change 'git' of the registration.",
      ),
    )
    .concat(
      // Exactly: conditions of Azure Pipelines ignore case, and Git does not.
      [...new Set(release.refs.filter((ref) => ref !== `refs/heads/${branch}`))].map((ref) =>
        problem(
          `'${system.name}' is released to '${environment.name}' from refs/heads/${branch}, and the pipeline runs for ${ref}`,
          "Merge there first, or change 'branch' of the registration.",
        ),
      ),
    );
}

/** A team may have several systems, each with a repository and reviewers of its own: what is theirs is that of the system. */
function imageProblems(environment: Environment, system: System, { image }: Release, problem: MakeProblem): readonly Problem[] {
  const own = `${environment.registry.loginServer}/${imageRepository(system)}`;
  // A whole reference with any tag: nothing in the text may be a tag, a digest or a way out.
  if ((image === own || image.startsWith(`${own}/`)) && violation(IMAGE_REFERENCE, `${image}:1`) === undefined) return [];
  return [
    problem(
      `the image '${image}' is neither ${own} nor a repository below it, which is what '${system.name}' has in '${environment.name}'`,
      `Push to ${own}.`,
    ),
  ];
}

function chartProblems(
  { registry: { loginServer } }: Environment,
  system: System,
  { chart }: Release,
  problem: MakeProblem,
): readonly Problem[] {
  const expected = chartRepository(system);
  if (chart === undefined || (expected !== undefined && chart === `${loginServer}/${expected}`)) return [];
  return [
    problem(
      `the chart '${chart}' is not that of '${system.name}', ${expected === undefined ? 'which has none in the registry' : `${loginServer}/${expected}`}`,
      "Push no chart but the one in 'chart.repository' of the registration.",
    ),
  ];
}

/** What a team copies, the platform has seen: the digest is that of the lock. */
function upstreamProblems({ lock }: Platform, system: System, { upstream }: Release, problem: MakeProblem): readonly Problem[] {
  if (upstream === undefined) return [];
  const { kind, name, digest } = parseMirrorReference(upstream);
  if (violation(IMAGE_REFERENCE, upstream) !== undefined || kind !== 'image' || digest === undefined) {
    return [problem(`'${upstream}' does not name an image by tag and digest`, "Give 'host/repository:tag@sha256:...'.")];
  }
  const declared = system.mirror
    .map(parseMirrorReference)
    .find((reference) => reference.kind === 'image' && reference.name === name);
  if (declared === undefined) {
    return [
      problem(
        `'${upstream}' is not an image under 'mirror' of '${system.name}'`,
        system.mirror.length === 0 ? 'Register it there first.' : `There are ${system.mirror.join(', ')}.`,
      ),
    ];
  }
  const locked = Object.hasOwn(lock.images, name) ? lock.images[name]!.digest : UNRESOLVED;
  if (locked === UNRESOLVED)
    return [problem(`the digest of '${name}' is not in platform.lock.yaml`, 'Run `npx k8s-gitops upgrade` in the platform.')];
  return digest === locked
    ? []
    : [problem(`'${upstream}' has another digest than platform.lock.yaml has for ${name}, ${locked}`, 'Name that one.')];
}

function bumpProblems(system: System, { bump }: Release, problem: MakeProblem): readonly Problem[] {
  const expected = ownerOfTag(system);
  if (bump === undefined || bump === expected) return [];
  return [
    problem(
      `the tag of '${system.name}' stands in the repository of the ${expected} (release: ${system.release}), and the pipeline would change that of '${bump}'`,
      `Set 'bump: ${expected}' in the pipeline.`,
    ),
  ];
}
