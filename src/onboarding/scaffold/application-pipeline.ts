import { Document } from 'yaml';
import { azureDevOpsProject, type Problem } from '../../model';
import { applicationTemplatePath } from '../../pipelines';
import { imageRepository } from './image-repository';
import { buildsImage, CHART_FOLDER, chartRepository, hasOwnChart, ownerOfTag, tagFile } from './release-kind';
import { type ScaffoldFile } from './scaffold-file';
import { type Place, type SystemRepository } from './system-repository';

/** File of the pipeline of a system. */
export const PIPELINE_FILE = 'azure-pipelines.yaml';

/** What Azure Pipelines replaces in texts, and what would end one in a condition. */
const NOT_LITERAL = /\$\{\{|\$\(|\$\[|'/;

/** The pipeline of a system. @returns `undefined` where Azure Pipelines cannot extend the template of the platform */
export function applicationPipeline(repository: SystemRepository): ScaffoldFile | Problem | undefined {
  if (!hasPipeline(repository)) return undefined;
  const parameters = parametersOf(repository);
  const unsafe = textsIn(parameters).find((text) => NOT_LITERAL.test(text));
  if (unsafe !== undefined) {
    return {
      location: { file: repository.summary.file },
      message: `'${unsafe}' is a parameter of the pipeline, and Azure Pipelines would take a part of it for something else`,
      remedy: "Choose names without ', $(, $[ and ${{.",
    };
  }
  const { platform, places } = repository;
  const releases = parameters['source'] !== 'none';
  const document = new Document(
    {
      trigger: releases ? { branches: { include: branchesOf(places) }, paths: { exclude: notBuilt(places) } } : 'none',
      resources: {
        repositories: [
          {
            repository: 'platform',
            type: 'git',
            name: platformRepository(repository),
            ref: `refs/heads/${platform.environments.at(-1)!.branch}`,
          },
        ],
      },
      extends: { template: `${templateOf(repository)}@platform`, parameters },
    },
    { aliasDuplicateObjects: false },
  );
  return { path: PIPELINE_FILE, content: head(releases) + document.toString({ lineWidth: 0 }), editedBy: 'nobody' };
}

/** A template of one organization cannot be extended from another. */
export function hasPipeline({ platform, git }: SystemRepository): boolean {
  if (platform.git.host !== 'azure-devops' || git.host !== 'azure-devops') return false;
  const [home, own] = [platform.git, git].map((address) => azureDevOpsProject(address).organization.toLowerCase());
  return home === own;
}

/** The template that the signing connections require, with the branch that it is taken from. */
export const templateOf = ({ platform }: SystemRepository): string => applicationTemplatePath(platform);

/** `<project>/<repository>` of the platform, as Azure Pipelines names it. */
const platformRepository = ({ platform: { git } }: SystemRepository): string =>
  `${azureDevOpsProject(git).project}/${git.repository}`;

function head(releases: boolean): string {
  const what = releases
    ? `it builds, scans, pushes and signs the image, and changes its tag by pull request. The
# steps are the platform's; the service connections that push and sign accept no others. \`system scaffold\` writes this file: only where the
# image comes from is yours to edit (source, context, dockerfile, upstream). It has no variables, and neither has the pipeline in its settings.`
    : 'it validates pull requests. `system scaffold` writes this file.';
  return `# The pipeline of this repository: ${what}
# Azure Repos starts it for a pull request by a branch policy (build validation), not by this file.
`;
}

type Parameters = Readonly<Record<string, string | readonly Readonly<Record<string, string>>[]>>;

function parametersOf(repository: SystemRepository): Parameters {
  const { places, summary } = repository;
  const { system } = places[0];
  const charts = places.map((place) => chartRepository(place.system));
  const published = charts.find((chart) => chart !== undefined);
  const source = buildsImage(system) ? 'docker' : 'none';
  return {
    system: summary.name,
    source,
    ...(source === 'none' ? {} : { image: imageRepository(summary) }),
    ...(places.some((place) => hasOwnChart(place.system)) ? { chart: CHART_FOLDER } : {}),
    ...(published === undefined ? {} : { chartRepository: published }),
    ...(source === 'none' ? {} : { bump: ownerOfTag(system), releases: places.map(releaseOf) }),
  };
}

function releaseOf(place: Place): Readonly<Record<string, string>> {
  const file = tagFile(place);
  return {
    environment: place.environment.name,
    ref: `refs/heads/${place.branch}`,
    ...(file === undefined ? {} : { file }),
  };
}

const branchesOf = (places: readonly Place[]): readonly string[] => [...new Set(places.map(({ branch }) => branch))];

/** Folders that hold no source: without them the pull request with a new tag would build the next one. */
function notBuilt(places: readonly Place[]): readonly string[] {
  const folders = places.flatMap(({ folder }) => (folder === undefined || folder === '' ? [] : [folder]));
  const files = places
    .flatMap((place) => tagFile(place) ?? [])
    .filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)));
  return [...new Set(['CODEOWNERS', 'README.md', ...folders, ...files])].sort();
}

const textsIn = (parameters: Parameters): readonly string[] =>
  Object.values(parameters).flatMap((value) =>
    typeof value === 'string' ? [value] : value.flatMap((entry) => Object.values(entry)),
  );
