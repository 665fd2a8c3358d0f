import { misplacedGitFields, type GitSettings } from '../git-host';
import { type Problem } from '../problem';
import { URL_REPOSITORY_NAME } from '../rules/git-names';
import { violation } from '../rules/text-rule';
import { type Sources } from '../sources';
import {
  environmentsOf,
  gitSettingsIn,
  hostSettings,
  platformChartsGitSettings,
  platformNamesOf,
  systemNamesIn,
} from '../system-settings';
import { type YamlFile } from '../yaml-file';
import { type PathSegment } from '../yaml-locator';

/** Every Git host has what its address needs, and nothing that it would ignore. */
export function checkGitHosts({ platform, systems }: Sources): readonly Problem[] {
  const own = misplaced(hostSettings(platform.content.git), platform.yaml, [['git']]);
  // What is wrong with the platform's own host is inherited by everything else: it is told once.
  if (own.length > 0) return own;
  const charts = platformChartsGitSettings(platform.content);
  return [
    ...repositoryName(hostSettings(platform.content.git), platform.content.git.repository, platform.yaml, [['git']]),
    ...misplaced(charts, platform.yaml, [['platformCharts']]),
    ...repositoryName(charts, platformNamesOf(platform.content).platformChartsRepository, platform.yaml, [['platformCharts']]),
    ...[...systems].flatMap(([name, { yaml, content }]) =>
      environmentsOf(content, platform.content).flatMap((environment) => {
        const settings = gitSettingsIn(content, environment, platform.content);
        const { repository } = systemNamesIn(name, content, environment, platform.content);
        const places = [['environments', environment, 'git'], ['git']];
        return [...misplaced(settings, yaml, places), ...repositoryName(settings, repository, yaml, places)];
      }),
    ),
  ];
}

/** Azure DevOps' URLs are encoded; those of other hosts hold the name as it is. */
function repositoryName(
  { host }: GitSettings,
  repository: string,
  yaml: YamlFile,
  places: readonly (readonly PathSegment[])[],
): readonly Problem[] {
  const broken = host === 'azure-devops' ? undefined : violation(URL_REPOSITORY_NAME, repository);
  if (broken === undefined) return [];
  const location = yaml.locateFirstKey(places.map((place) => [...place, 'repository']));
  return [
    {
      location: location ?? { file: yaml.file },
      message: `on Git host '${host}', the repository '${repository}' ${broken}`,
      remedy: "Give another 'repository'.",
    },
  ];
}

function misplaced(settings: GitSettings, yaml: YamlFile, places: readonly (readonly PathSegment[])[]): readonly Problem[] {
  return misplacedGitFields(settings).map(({ field, reason }) => {
    const location =
      yaml.locateFirstKey(places.map((place) => [...place, field])) ?? yaml.locateFirstKey(places) ?? yaml.locate([]);
    return reason === 'missing'
      ? { location, message: `Git host '${settings.host}' needs '${field}'`, remedy: `Add '${field}'.` }
      : {
          location,
          message: `Git host '${settings.host}' has no use for '${field}' ('${settings[field]!}')`,
          remedy: `Remove '${field}', or change 'host'.`,
        };
  });
}
