import { misplacedGitFields, type GitSettings } from '../git-host';
import { type Problem } from '../problem';
import { type Sources } from '../sources';
import { environmentsOf, gitSettingsIn, hostSettings, platformChartsGitSettings } from '../system-settings';
import { type YamlFile } from '../yaml-file';
import { type PathSegment } from '../yaml-locator';

/** Every Git host has what its address needs, and nothing that it would ignore. */
export function checkGitHosts({ platform, systems }: Sources): readonly Problem[] {
  const own = misplaced(hostSettings(platform.content.git), platform.yaml, [['git']]);
  // What is wrong with the platform's own host is inherited by everything else: it is told once.
  if (own.length > 0) return own;
  return [
    ...misplaced(platformChartsGitSettings(platform.content), platform.yaml, [['platformCharts']]),
    ...[...systems.values()].flatMap(({ yaml, content }) =>
      environmentsOf(content, platform.content).flatMap((environment) =>
        misplaced(gitSettingsIn(content, environment, platform.content), yaml, [['environments', environment, 'git'], ['git']]),
      ),
    ),
  ];
}

function misplaced(settings: GitSettings, yaml: YamlFile, places: readonly (readonly PathSegment[])[]): readonly Problem[] {
  return misplacedGitFields(settings).map(({ field, reason }) => {
    const location =
      places.map((place) => yaml.locateKey([...place, field])).find((found) => found !== undefined) ??
      places.map((place) => yaml.locateKey(place)).find((found) => found !== undefined) ??
      yaml.locate([]);
    return reason === 'missing'
      ? { location, message: `Git host '${settings.host}' needs '${field}'`, remedy: `Add '${field}'.` }
      : {
          location,
          message: `Git host '${settings.host}' has no use for '${field}' ('${settings[field]!}')`,
          remedy: `Remove '${field}', or change 'host'.`,
        };
  });
}
