import { hasTenant, ownChartManifest, platformAppManifest, tenantManifest } from '../../../manifests';
import { type Platform } from '../../model';
import { imageRepository } from './image-repository';
import { ownImage } from './own-image';
import { buildsImage, FIRST_TAG, inFolder, TAG_MARK, valuesFile } from './release-kind';
import { type ScaffoldFile } from './scaffold-file';
import { type Place } from './system-repository';

/** The HelmRelease of pattern B for one environment. */
export function platformAppFiles({ environment, system, folder }: Place): readonly ScaffoldFile[] {
  const image = { repository: `\${registry}/${imageRepository(system)}`, tag: FIRST_TAG };
  const manifest = platformAppManifest(environment, system, { replicaCount: 1, image });
  return [
    {
      path: inFolder(folder!, 'helmrelease.yaml'),
      content: `# What '${system.name}' runs. Yours to edit: \`values\`; the README of the central chart describes them.
# Not to edit: names and chart, by which the platform knows the release, and the variables. Flux fills these in: sku and aadGroupId are
# decided in ${system.file} of the platform.
${markTag(manifest)}`,
      editedBy: 'team',
    },
  ];
}

/** The HelmRelease of pattern A for one environment, with its values and its tenant. */
export function ownChartFiles(platform: Platform, { environment, system, folder }: Place): readonly ScaffoldFile[] {
  const { repository, tag } = ownImage(platform, system);
  const values = `image:
  repository: ${environment.registry.loginServer}/${repository}
  tag: ${JSON.stringify(tag)}
${hasTenant(system) ? '# The tenant brings one.\nserviceAccount:\n  create: false\n' : ''}`;
  const files: readonly ScaffoldFile[] = [
    {
      path: valuesFile(environment.name),
      content: `# Values in '${environment.name}', over those of chart/values.yaml. Yours to edit. No variables are filled in here.
${buildsImage(system) ? markTag(values) : values}`,
      editedBy: 'team',
    },
    {
      path: inFolder(folder!, 'helmrelease.yaml'),
      content: `# How Flux releases '${system.name}': the chart of this repository with the values of the environment. Edit those.
${ownChartManifest(environment, system)}`,
      editedBy: 'nobody',
    },
  ];
  if (!hasTenant(system)) return files;
  return [
    ...files,
    {
      path: inFolder(folder!, 'tenant.yaml'),
      content: `# The namespace of '${system.name}', with access, quota, limits and network policies. Flux fills in the variables: they are decided in
# ${system.file} of the platform.
${tenantManifest(environment, system)}`,
      editedBy: 'nobody',
    },
  ];
}

/** Marks the line that the pipeline changes. */
function markTag(yaml: string): string {
  return yaml.replace(/^( *tag: .*)$/m, (line) => `${line} # ${TAG_MARK}`);
}
