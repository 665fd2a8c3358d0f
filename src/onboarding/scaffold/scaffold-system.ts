import * as path from 'node:path';
import { hasTenant, tenantReleaseName } from '../../../manifests';
import { type Platform, type Problem, type SystemSummary } from '../../model';
import { applicationPipeline } from './application-pipeline';
import { chartSkeleton } from './chart-skeleton';
import { codeOwners } from './code-owners';
import { IGNORED_FILES } from './ignored-files';
import { clusterObjectFiles, furtherObjectFiles } from './other-objects';
import { ownImage } from './own-image';
import { readme } from './readme';
import { ownChartFiles, platformAppFiles } from './release-files';
import { chartRepository, hasOwnChart, inFolder, valuesFile } from './release-kind';
import { type ScaffoldFile } from './scaffold-file';
import { systemRepository, type Place, type SystemRepository } from './system-repository';

/** Source: Helm, validation of release names. */
const LONGEST_RELEASE_NAME = 53;

export interface ScaffoldOptions {
  /** Name of the repository, where the environments of the system have different ones. @default - the only one */
  readonly repository?: string;
}

export type ScaffoldResult = { readonly files: readonly ScaffoldFile[] } | { readonly problems: readonly Problem[] };

/** The files of a system's repository, in the order of their paths; the same model gives the same bytes. */
export function scaffoldSystem(platform: Platform, summary: SystemSummary, options: ScaffoldOptions = {}): ScaffoldResult {
  const repository = systemRepository(platform, summary, options.repository);
  if ('message' in repository) return { problems: [repository] };
  const problems = repository.places.flatMap((place) => tenantNameProblem(place) ?? []);
  const pipeline = applicationPipeline(repository);
  if (pipeline !== undefined && 'message' in pipeline) problems.push(pipeline);
  const applied = repository.places.map((place) => ({ place, files: appliedFiles(platform, place) }));
  const files = new Map<string, ScaffoldFile>();
  const common = [
    readme(repository),
    codeOwners(repository),
    IGNORED_FILES,
    ...(pipeline === undefined || 'message' in pipeline ? [] : [pipeline]),
    ...skeletonOf(repository),
  ];
  for (const file of common) files.set(file.path, file);
  for (const { place, files: own } of applied) {
    for (const file of own) {
      const earlier = files.get(file.path);
      if (earlier !== undefined && earlier.content !== file.content) problems.push(collision(place, file));
      files.set(file.path, file);
    }
  }
  for (const { place, files: own } of applied) {
    const list = listOfManifests(place, own, files);
    if (list !== undefined) files.set(list.path, list);
  }
  if (problems.length > 0) return { problems };
  return { files: [...files.values()].sort((one, other) => (one.path < other.path ? -1 : 1)) };
}

/** What stands in the folder that Flux applies in one environment, and beside it. */
function appliedFiles(platform: Platform, place: Place): readonly ScaffoldFile[] {
  const { system, folder } = place;
  if (folder === undefined) return [];
  if (system.pattern === 'C') return clusterObjectFiles(place);
  if (system.helmRelease !== undefined) return furtherObjectFiles(place);
  return system.pattern === 'A' ? ownChartFiles(platform, place) : platformAppFiles(place);
}

function skeletonOf({ platform, summary, places }: SystemRepository): readonly ScaffoldFile[] {
  const place = places.find(({ system }) => hasOwnChart(system));
  if (place === undefined) return [];
  const { system } = place;
  const published = chartRepository(system);
  const image = ownImage(platform, system);
  return chartSkeleton({
    name: published === undefined ? summary.name : path.posix.basename(published),
    description: `The system ${summary.name} of team ${summary.team}.`,
    image: image.repository,
    ...(published === undefined ? { tag: image.tag } : {}),
    withTenantFacts: system.helmRelease !== undefined && hasTenant(system),
  });
}

/** Flux takes every YAML file of a folder without `kustomization.yaml` for a manifest. */
function listOfManifests(
  { environment, folder, system }: Place,
  own: readonly ScaffoldFile[],
  all: ReadonlyMap<string, ScaffoldFile>,
): ScaffoldFile | undefined {
  if (folder === undefined || system.pattern === 'C') return undefined;
  const isBelow = (file: string): boolean => folder === '' || file.startsWith(`${folder}/`);
  const manifests = own.map(({ path: file }) => file).filter((file) => file !== valuesFile(environment.name));
  const others = [...all.keys()].filter((file) => /\.ya?ml$/.test(file) && isBelow(file) && !manifests.includes(file));
  if (others.length === 0) return undefined;
  const names = manifests.map((file) => path.posix.basename(file)).sort();
  return {
    path: inFolder(folder, 'kustomization.yaml'),
    content: `# What Flux applies of this folder: other files stand below it.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
${names.map((name) => `  - ${name}\n`).join('')}`,
    editedBy: 'team',
  };
}

function collision({ environment, system, registration }: Place, { path: file }: ScaffoldFile): Problem {
  return {
    location: { file: system.file },
    message: `'${file}' differs between '${environment.name}' and an earlier environment, and both apply the folder '${registration!.path}'`,
    remedy: "Give each environment a folder of its own: 'path' with {environment} in it.",
  };
}

function tenantNameProblem({ environment, system }: Place): Problem | undefined {
  if (system.pattern !== 'A' || system.helmRelease !== undefined || !hasTenant(system)) return undefined;
  const name = tenantReleaseName(system.names.helmRelease);
  if (name.length <= LONGEST_RELEASE_NAME) return undefined;
  return {
    location: { file: system.file },
    message: `the release of the tenant in '${environment.name}' would be called '${name}', which is longer than Helm stores`,
    remedy: `Give 'names.helmRelease' a name of at most ${LONGEST_RELEASE_NAME - tenantReleaseName('').length} characters.`,
  };
}
