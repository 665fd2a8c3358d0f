import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type Problem } from '../model';
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
    const copies = new ChartCopies(options.directory, path.join(scratch, 'charts'), helm);
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
  const valuesFiles = (chart.valuesFiles ?? []).map((file) => ({ file, absolute: path.join(directory, file) }));
  const absent = valuesFiles.find(({ absolute }) => !fs.existsSync(absolute));
  if (absent !== undefined) return fail(release, `the file of values ${absent.file} does not exist`);
  const copy = await copies.get(chart.folder, chart.valuesFiles === undefined);
  if (typeof copy !== 'string') return fail(release, copy.failure);
  // As JSON: helm reads YAML 1.1, to which a text such as no is a boolean.
  fs.writeFileSync(valuesFile, JSON.stringify(values));
  const result = await helm.render({
    releaseName,
    namespace,
    chart: copy,
    valuesFiles: [...valuesFiles.map(({ absolute }) => absolute), valuesFile],
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
