import { formatLocation, type Problem } from '../problem';
import { type Source, type Sources } from '../sources';
import { suggestion } from '../suggest';
import { type SystemFile } from '../system-file';
import { own } from '../records';
import { environmentsOf, settingsIn, waitsIn } from '../system-settings';
import { type PathSegment } from '../yaml-locator';

/** `dependsOn` of every system in every environment: the others exist there, can be waited for, and form no cycle. */
export function checkDependencies(sources: Sources): readonly Problem[] {
  const environments = Object.keys(sources.platform.content.environments);
  const problems = [...sources.systems].flatMap(([name, system]) =>
    environmentsOf(system.content, sources.platform.content).flatMap((environment) =>
      checkReferences(name, system, environment, sources),
    ),
  );
  return [...problems, ...environments.flatMap((environment) => checkCycles(environment, sources))];
}

/** Where the dependency stands that counts in this environment. */
function placeOf({ yaml, content }: Source<SystemFile>, environment: string, index: number): Problem['location'] {
  const overridden = own(content.environments, environment)?.dependsOn !== undefined;
  const path: readonly PathSegment[] = overridden ? ['environments', environment, 'dependsOn', index] : ['dependsOn', index];
  return yaml.locate(path);
}

function checkReferences(
  name: string,
  system: Source<SystemFile>,
  environment: string,
  { platform, systems, systemNames }: Sources,
): readonly Problem[] {
  const { content } = system;
  const seen = new Set<string>();
  return (settingsIn(content, environment).dependsOn ?? []).flatMap((dependency, index): Problem[] => {
    const location = placeOf(system, environment, index);
    const problem = (message: string, remedy: string): Problem[] => [{ location, message, remedy }];
    if (seen.has(dependency)) return problem(`'${dependency}' stands twice in 'dependsOn'`, 'Keep one of the two.');
    seen.add(dependency);
    if (dependency === name) return problem(`system '${name}' depends on itself`, 'Remove it.');
    const other = systems.get(dependency);
    if (other === undefined) {
      // A system whose own file is broken exists all the same.
      if (systemNames.has(dependency)) return [];
      return problem(`system '${name}' depends on '${dependency}', which does not exist`, suggestion(dependency, [...systemNames].filter((known) => known !== name), 'systems')); // prettier-ignore
    }
    if (!environmentsOf(other.content, platform.content).includes(environment)) {
      return problem(
        `system '${name}' depends on '${dependency}' in environment '${environment}', where '${dependency}' (${other.yaml.file}) does not run`,
        `Add '${environment}' to the environments of '${dependency}', or give 'environments.${environment}.dependsOn' without it.`,
      );
    }
    if (content.registration && !other.content.registration) {
      return problem(
        `the Kustomization of '${name}' cannot wait for '${dependency}', which has none ('registration: false', ${other.yaml.file})`,
        `Remove the dependency, or give '${dependency}' a registration.`,
      );
    }
    if (
      content.registration &&
      settingsIn(other.content, environment).wait === undefined &&
      !waitsIn(other.content, environment)
    ) {
      return problem(
        `system '${name}' depends on '${dependency}', which does not wait for its objects (pattern B, ${other.yaml.file}): "ready" would only mean "applied"`,
        `Add 'wait: true' to ${other.yaml.file}, or 'wait: false' if applied is enough.`,
      );
    }
    if (content.release === 'platform' && other.content.pattern === 'C') {
      return problem(
        `the HelmRelease of '${name}' cannot wait for '${dependency}', which has none (pattern C, ${other.yaml.file}): Flux lets a HelmRelease depend on HelmReleases only`,
        `Use 'release: system' for '${name}', so that its Kustomization waits, or remove the dependency.`,
      );
    }
    return [];
  });
}

function checkCycles(environment: string, { platform, systems }: Sources): readonly Problem[] {
  const problems: Problem[] = [];
  const finished = new Set<string>();
  const dependenciesOf = (name: string): readonly string[] => {
    const system = systems.get(name);
    if (system === undefined || !environmentsOf(system.content, platform.content).includes(environment)) return [];
    return settingsIn(system.content, environment).dependsOn ?? [];
  };
  // Iterative, because a chain may be as long as there are systems.
  for (const start of [...systems.keys()].sort()) {
    const trail: { readonly name: string; next: number }[] = finished.has(start) ? [] : [{ name: start, next: 0 }];
    while (trail.length > 0) {
      const current = trail.at(-1)!;
      const index = current.next++;
      const dependency = dependenciesOf(current.name)[index];
      if (dependency === undefined) {
        finished.add(current.name);
        trail.pop();
        continue;
      }
      const begin = trail.findIndex(({ name }) => name === dependency);
      if (begin === -1) {
        if (!finished.has(dependency)) trail.push({ name: dependency, next: 0 });
      } else if (dependency !== current.name) {
        problems.push(cycleProblem(trail.slice(begin).map(({ name }) => name)));
      }
    }
  }
  return problems;

  function cycleProblem(names: readonly string[]): Problem {
    const steps = names.map((name, position) => {
      const next = names[(position + 1) % names.length]!;
      const system = systems.get(name)!;
      const index = dependenciesOf(name).indexOf(next);
      return { name, next, location: placeOf(system, environment, index) };
    });
    const last = steps.at(-1)!;
    const path = [...names, names[0]!].map((name) => `'${name}'`).join(' → ');
    return {
      location: last.location,
      message: `systems depend on each other in a circle: ${path} (${steps.map(({ location }) => formatLocation(location)).join(', ')})`,
      remedy: 'Remove one of these dependencies.',
    };
  }
}
