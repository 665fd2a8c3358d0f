import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readTextFile, type Problem } from '../model';
import { concurrently } from '../tools';
import { parseManifests, type ManifestDocument } from '../validation';
import { ChartCopies } from './chart-folder';
import { Helm, type HelmOptions } from './helm';
import { type ReleaseAtHand } from './release-at-hand';

/** A release as Helm would install it. */
export interface RenderedRelease {
  readonly release: ReleaseAtHand;
  readonly documents: readonly RenderedDocument[];
}

/** An object of a release. */
export interface RenderedDocument extends ManifestDocument {
  /** Template that it comes from, by the path that Helm gives it. */
  readonly template: string;
}

/** What rendering needs besides the releases. */
export interface RenderOptions extends Omit<HelmOptions, 'scratch'> {
  /** Version of Kubernetes by environment. */
  readonly kubernetesVersions: ReadonlyMap<string, string>;
  /** `group/version/kind` of what clusters have besides Kubernetes' own. */
  readonly apiVersions: readonly string[];
  /** Told before each release. */
  readonly onRelease: (release: ReleaseAtHand) => void;
}

/** Larger than any file of values. */
const MAX_VALUES_BYTES = 1024 * 1024;

/** Renderings at the same time. */
const AT_ONCE = 4;

/** Renders releases with helm, in a scratch folder that goes afterwards. */
export async function renderReleases(
  releases: readonly ReleaseAtHand[],
  options: RenderOptions,
): Promise<{ readonly rendered: readonly RenderedRelease[]; readonly problems: readonly Problem[] }> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'k8s-gitops-charts-'));
  try {
    const helm = Helm.find({ ...options, scratch });
    if (!(helm instanceof Helm)) return { rendered: [], problems: [helm] };
    const copies = new ChartCopies(options.directory, path.join(scratch, 'charts'));
    const results = await concurrently(AT_ONCE, [...releases.entries()], async ([index, release]) => {
      options.onRelease(release);
      return render(release, path.join(scratch, `values-${index}.json`), copies, helm, options);
    });
    return {
      rendered: results.flatMap((result) => ('documents' in result ? [result] : [])),
      problems: results.flatMap((result) => ('documents' in result ? [] : [result])),
    };
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

async function render(
  release: ReleaseAtHand,
  valuesFile: string,
  copies: ChartCopies,
  helm: Helm,
  { directory, kubernetesVersions, apiVersions }: RenderOptions,
): Promise<RenderedRelease | Problem> {
  const { chart, values, environment, releaseName, namespace } = release;
  if (chart.kind === 'elsewhere') throw new Error(`${release.name} has no chart at hand`);
  const copy = copies.get(chart.folder, chart.within, chart.valuesFiles === undefined);
  if ('failure' in copy) return fail(release, copy.failure);
  const valuesFiles: string[] = [];
  for (const [index, file] of (chart.valuesFiles ?? []).entries()) {
    if (path.posix.relative(chart.within, file).startsWith('..')) {
      return fail(release, `the file of values ${file} is not in the repository that Flux reads it from`);
    }
    if (chart.ignoreMissingValuesFiles === true && !fs.existsSync(path.join(directory, file))) continue;
    const text = readTextFile(directory, file, MAX_VALUES_BYTES);
    if (typeof text !== 'string') return fail(release, `the file of values ${file} ${text.message}`);
    // helm splits lists of files at commas.
    valuesFiles.push(valuesFile.replace(/\.json$/, `-${index}.yaml`));
    fs.writeFileSync(valuesFiles.at(-1)!, text);
  }
  // As JSON: helm reads YAML 1.1, to which a text such as no is a boolean.
  fs.writeFileSync(valuesFile, JSON.stringify(values));
  const result = await helm.render({
    releaseName,
    namespace,
    chart: copy.folder,
    valuesFiles: [...valuesFiles, valuesFile],
    kubernetesVersion: kubernetesVersions.get(environment)!,
    apiVersions,
  });
  if ('failure' in result) return fail(release, result.failure);
  const documents: RenderedDocument[] = [];
  for (const part of result.manifests.split(/^---\n/m)) {
    const template = /^# Source: (\S+)/m.exec(part)?.[1] ?? chart.folder;
    const parsed = parseManifests(part, template);
    if ('location' in parsed) return fail(release, `${template} ${parsed.message}`);
    documents.push(...parsed.map((document) => ({ ...document, template })));
  }
  return { release, documents };
}

function fail({ location, name, environment }: ReleaseAtHand, message: string): Problem {
  return {
    location,
    message: `the release '${name}' cannot be rendered for ${environment}: ${message}`,
    remedy: 'Correct its values, or its chart.',
  };
}
