import * as path from 'node:path';
import {
  type Environment,
  type GitAddress,
  type Platform,
  type Problem,
  type Registration,
  type System,
  type SystemSummary,
} from '../../model';

/** A system in one environment, with what its repository is there. */
export interface Place {
  readonly environment: Environment;
  readonly system: System;
  /** @default - Flux applies nothing of the repository */
  readonly registration?: Registration;
  /** Branch that releases to this environment, without `refs/heads/`. */
  readonly branch: string;
  /** Folder that Flux applies, relative and without `./`; `''` is all of the repository. @default - none */
  readonly folder?: string;
}

/** The repository of a system, and every environment that it serves. */
export interface SystemRepository {
  readonly platform: Platform;
  readonly summary: SystemSummary;
  readonly git: GitAddress;
  /** In the order of promotion, at least one. */
  readonly places: readonly [Place, ...Place[]];
}

/**
 * The repository of a system.
 *
 * @param repository its name, where the environments have different ones
 */
export function systemRepository(platform: Platform, summary: SystemSummary, repository?: string): SystemRepository | Problem {
  const all = placesOf(platform, summary.name);
  const places = repository === undefined ? all : all.filter(({ git }) => git.repository === repository);
  const location = { file: summary.file };
  const names = [...new Set(all.map(({ git }) => git.repository))];
  const [first, ...others] = places;
  if (first === undefined) {
    return {
      location,
      message:
        repository === undefined
          ? `'${summary.name}' runs in no environment`
          : `'${summary.name}' has no repository '${repository}'`,
      remedy: repository === undefined ? "Name one in 'environments'." : `Its repositories: ${names.join(', ')}.`,
    };
  }
  const other = others.find(({ git }) => git.url !== first.git.url);
  if (other !== undefined) {
    const where = (place: Located): string => `${place.git.url} in '${place.environment.name}'`;
    return {
      location,
      message: `'${summary.name}' has more than one repository: ${where(first)}, ${where(other)}`,
      remedy:
        names.length > 1
          ? `Say which with --repository: ${names.join(', ')}.`
          : "They have the same name: give each a name of its own in 'git.repository'.",
    };
  }
  return { platform, summary, git: first.git, places: [first, ...others] };
}

type Located = Place & { readonly git: GitAddress };

/** Where a system runs, in the order of promotion. */
function placesOf(platform: Platform, name: string): readonly Located[] {
  return platform.environments.flatMap((environment): readonly Located[] => {
    const system = environment.systems.find((candidate) => candidate.name === name);
    return system === undefined ? [] : [placeOf(platform, environment, system)];
  });
}

/** A system in an environment, and the repository from which it is released there. */
export function placeOf(platform: Platform, environment: Environment, system: System): Located {
  const { registration } = system;
  if (registration === undefined) {
    return { environment, system, branch: environment.branch, git: besidePlatform(platform.git, system.names.repository) };
  }
  const folder = path.posix.join(registration.path, '/').slice(0, -1);
  return {
    environment,
    system,
    registration,
    branch: registration.branch,
    folder: folder === '.' ? '' : folder,
    git: registration.git,
  };
}

/** Where Flux applies nothing, the model gives no repository: it is the one of the usual name beside the platform's. */
function besidePlatform(git: GitAddress, repository: string): GitAddress {
  const own = encodeURIComponent(git.repository);
  const end = git.url.endsWith('.git') ? `${git.repository}.git` : own;
  const name = git.url.endsWith('.git') ? `${repository}.git` : encodeURIComponent(repository);
  return { ...git, repository, url: git.url.slice(0, -end.length) + name };
}
