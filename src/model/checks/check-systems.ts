import { type Problem } from '../problem';
import { own } from '../records';
import { type Source, type Sources } from '../sources';
import { suggestion } from '../suggest';
import { type SystemFile } from '../system-file';
import { checkObjectNames } from './check-object-names';
import { checkPattern } from './check-patterns';
import { checkCharts, checkRelease } from './check-releases';
import { checkValues } from './check-values';
import { checkDerivedNames, checkSystemName } from './check-system-names';

/** Each system by itself: what can be said without knowing the platform. */
export function checkSystemFiles(systems: Sources['systems']): readonly Problem[] {
  return [...systems].flatMap(([name, system]) => [
    ...checkSystemName(name, system),
    ...checkPattern(system),
    ...checkRelease(system),
  ]);
}

/** Each system in the environments that it runs in, and their object names against each other. */
export function checkSystems(sources: Sources): readonly Problem[] {
  const problems = [...sources.systems].flatMap(([name, system]) => {
    const charts = checkCharts(system, sources);
    // Which schema values follow is known once the release itself is right.
    const releasable = charts.length === 0 && checkRelease(system).length === 0;
    return [
      ...checkEnvironmentReferences(system, sources),
      ...charts,
      ...(releasable ? checkValues(system, sources) : []),
      ...checkDerivedNames(name, system, sources),
    ];
  });
  return [...problems, ...checkObjectNames(sources)];
}

/** The environments that a system names exist. */
function checkEnvironmentReferences({ yaml, content }: Source<SystemFile>, { platform }: Sources): readonly Problem[] {
  const known = Object.keys(platform.content.environments);
  if (content.environments !== undefined && Object.keys(content.environments).length === 0) {
    return [
      {
        location: yaml.locate(['environments']),
        message: "'environments' is empty, so the system would run nowhere",
        remedy: `Name some of ${known.join(', ')}; remove 'environments' for all; or delete the file.`,
      },
    ];
  }
  return Object.keys(content.environments ?? {})
    .filter((environment) => own(platform.content.environments, environment) === undefined)
    .map((environment) => ({
      location: yaml.locateKey(['environments', environment]) ?? yaml.locate(['environments']),
      message: `unknown environment '${environment}'`,
      remedy: suggestion(environment, known, 'environments of platform.yaml'),
    }));
}
