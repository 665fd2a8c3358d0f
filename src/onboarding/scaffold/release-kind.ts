import { type System } from '../../model';
import { type Place } from './system-repository';

/** Folder of a system's own chart. */
export const CHART_FOLDER = 'chart';

/** Marks the one line that the pipeline changes; ci-cd-templates/application.yaml looks for it. */
export const TAG_MARK = 'set by the pipeline';

/** Tag until the pipeline has run for the first time. */
export const FIRST_TAG = '0.1.0';

/** Whether the chart of a system is in its own repository: of pattern A, or one that its pipeline brings to the registry. */
export const hasOwnChart = (system: System): boolean =>
  system.helmRelease === undefined ? system.pattern === 'A' : system.helmRelease.chart.kind === 'registry';

/** Where the chart goes that the pipeline brings to the registry. */
export function chartRepository({ helmRelease }: System): string | undefined {
  return helmRelease?.chart.kind === 'registry' ? helmRelease.chart.repository : undefined;
}

/** Whether the repository holds the source of an image; what a system mirrors, the platform brings to the registry. */
export const buildsImage = ({ pattern, mirror }: System): boolean => pattern === 'B' || (pattern === 'A' && mirror.length === 0);

/** Whose repository says which tag runs. */
export const ownerOfTag = ({ helmRelease }: System): 'system' | 'platform' => (helmRelease === undefined ? 'system' : 'platform');

/** File that holds the tag that runs in an environment. @returns `undefined` where the platform's repository does */
export function tagFile({ environment, system, folder }: Place): string | undefined {
  if (!buildsImage(system) || system.helmRelease !== undefined) return undefined;
  return system.pattern === 'A' ? valuesFile(environment.name) : inFolder(folder!, 'helmrelease.yaml');
}

/** Values of pattern A for one environment. */
export const valuesFile = (environment: string): string => `environments/${environment}/values.yaml`;

/** A file in a folder that may be all of the repository. */
export const inFolder = (folder: string, file: string): string => (folder === '' ? file : `${folder}/${file}`);
