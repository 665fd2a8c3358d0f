import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { FLUX_NAMESPACE } from '../../manifests';
import {
  isCentralChart,
  isRecord,
  recordAt,
  textAt,
  type CentralChart,
  type Environment,
  type JsonObject,
  type Location,
  type Platform,
  type System,
} from '../model';
import { type ManifestDocument } from '../validation';
import { CHARTS_FOLDER } from './charts-folder';
import { type ReleaseAtHand, type ReleaseChart } from './release-at-hand';

/** Where releases are read from. */
export interface ReleaseContext {
  readonly platform: Platform;
  readonly environment: Environment;
  readonly system: System;
  /** The system's repository, as a path from the platform folder. @default - it is not at hand */
  readonly repository?: string;
}

/** Whether a document declares a Helm release. */
export function isHelmRelease({ content }: ManifestDocument): boolean {
  return (
    textAt(content, 'apiVersion')?.startsWith('helm.toolkit.fluxcd.io/') === true && textAt(content, 'kind') === 'HelmRelease'
  );
}

/**
 * The Helm release that a HelmRelease makes.
 *
 * @param content the object, with its variables filled in
 * @param location where it is declared
 */
export function readRelease(content: unknown, location: Location, context: ReleaseContext): ReleaseAtHand {
  const spec = recordAt(content, 'spec');
  const name = textAt(content, 'metadata', 'name') ?? context.system.name;
  const target = textAt(spec, 'targetNamespace');
  const values = spec['values'];
  const central = centralChartOf(spec, context);
  return {
    environment: context.environment.name,
    system: context.system,
    name,
    // As Flux names a release that has no name of its own.
    releaseName: textAt(spec, 'releaseName') ?? shortened(target === undefined ? name : `${target}-${name}`),
    namespace: target ?? textAt(content, 'metadata', 'namespace') ?? FLUX_NAMESPACE,
    storageNamespace: textAt(spec, 'storageNamespace') ?? textAt(content, 'metadata', 'namespace') ?? FLUX_NAMESPACE,
    chart: Array.isArray(spec['valuesFrom'])
      ? { kind: 'elsewhere', reason: 'some of its values stand in the cluster (valuesFrom)' }
      : chartOf(spec, context),
    ...(central === undefined ? {} : { central }),
    values: isRecord(values) ? (values as JsonObject) : {},
    location,
  };
}

/** As Flux does: Helm's names have 53 characters. */
function shortened(name: string): string {
  if (name.length <= 53) return name;
  return `${name.slice(0, 40)}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}

/** Charts of the shared chart repository are known by their folder, whether it is at hand or not. */
function centralChartOf(spec: Readonly<Record<string, unknown>>, { environment }: ReleaseContext): CentralChart | undefined {
  const chart = recordAt(spec, 'chart', 'spec');
  if (textAt(chart, 'sourceRef', 'name') !== environment.platformCharts.gitRepository) return undefined;
  const name = path.posix.basename(textAt(chart, 'chart') ?? '');
  return isCentralChart(name) ? name : undefined;
}

function chartOf(
  spec: Readonly<Record<string, unknown>>,
  { platform, environment, system, repository }: ReleaseContext,
): ReleaseChart {
  const chart = recordAt(spec, 'chart', 'spec');
  const source = textAt(chart, 'sourceRef', 'name');
  const given = textAt(chart, 'chart');
  if (textAt(chart, 'sourceRef', 'kind') !== 'GitRepository' || given === undefined) {
    return { kind: 'elsewhere', reason: 'its chart is in a registry' };
  }
  if (source === environment.platformCharts.gitRepository) {
    const folder = path.posix.join(
      CHARTS_FOLDER,
      path.posix.relative(environment.platformCharts.path, path.posix.normalize(given)),
    );
    return hasChart(platform, folder)
      ? { kind: 'folder', folder, within: CHARTS_FOLDER }
      : { kind: 'elsewhere', reason: `its chart ${given} is in the shared chart repository, and not in ${folder}` };
  }
  if (source !== system.names.gitRepository || repository === undefined) {
    return { kind: 'elsewhere', reason: `its chart is in the GitRepository '${source ?? ''}', which is not at hand` };
  }
  if (given.endsWith('.tgz')) return { kind: 'elsewhere', reason: `its chart ${given} is packaged, so that nobody reviews it` };
  const valuesFiles = chart['valuesFiles'];
  return {
    kind: 'folder',
    folder: path.posix.join(repository, given),
    within: repository,
    ...(chart['ignoreMissingValuesFiles'] === true ? { ignoreMissingValuesFiles: true } : {}),
    ...(Array.isArray(valuesFiles) && valuesFiles.length > 0
      ? { valuesFiles: valuesFiles.map((file) => path.posix.join(repository, String(file))) }
      : {}),
  };
}

const hasChart = ({ directory }: Platform, folder: string): boolean => fs.existsSync(path.join(directory, folder, 'Chart.yaml'));
