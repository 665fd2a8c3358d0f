import { APP_CHART, sortProblems, textAt, type Platform, type Problem } from '../model';
import { podServiceAccount, type Findings, type SchemaCatalog, type SchemaCatalogs } from '../validation';
import { checkQuota } from './check-quota';
import { checkRendered, isInNamespace, objectKey } from './check-rendered';
import { type ReleaseAtHand } from './release-at-hand';
import { renderReleases, type RenderedRelease, type RenderOptions } from './render-releases';
import { type Survey } from './survey';

/** What rendering is to find out. */
export interface ChartsRequest extends Pick<RenderOptions, 'environment' | 'signal' | 'onRelease'> {
  readonly platform: Platform;
  readonly survey: Survey;
  readonly catalogs: SchemaCatalogs;
}

/** What rendering found out. */
export interface ChartsVerdict extends Findings {
  readonly rendered: readonly { readonly release: ReleaseAtHand; readonly objects: number }[];
  /** Releases whose chart is not at hand, and why. */
  readonly elsewhere: readonly ReleaseAtHand[];
}

/** Renders every release at hand with helm, and judges what would be installed. */
export async function validateCharts(request: ChartsRequest): Promise<ChartsVerdict> {
  const { platform, survey, catalogs, environment, signal, onRelease } = request;
  const known = survey.releases.map((release): ReleaseAtHand =>
    release.broken === true ? { ...release, chart: { kind: 'elsewhere', reason: 'its declaration has problems' } } : release,
  );
  const elsewhere = known.filter(({ chart }) => chart.kind === 'elsewhere');
  const kubernetesVersions = new Map(
    platform.environments.map(({ name, cluster }) => [name, fullVersion(cluster.kubernetesVersion)]),
  );
  const { rendered, problems } = await renderReleases(
    known.filter(({ chart }) => chart.kind === 'folder'),
    {
      directory: platform.directory,
      environment,
      signal,
      onRelease,
      kubernetesVersions,
      apiVersions: catalogs.customKinds(),
    },
  );
  const findings: Findings[] = [{ problems, notes: [] }];
  for (const inCluster of platform.environments) {
    const { name } = inCluster;
    const here = rendered.filter(({ release }) => release.environment === name);
    const catalog = catalogs.of(name);
    // Definitions first: another release may hold objects of their kinds.
    for (const { documents } of here) for (const document of documents) catalog.addDefinitionOf(document);
    for (const release of here) findings.push(checkRendered(release, inCluster, catalog));
    findings.push({
      problems: [...quotaProblems(here), ...serviceAccountProblems(here, survey), ...overlaps(name, here, survey, catalog)],
      notes: [],
    });
  }
  return {
    problems: sortProblems(findings.flatMap((finding) => finding.problems)),
    notes: sortProblems(findings.flatMap(({ notes }) => notes)),
    rendered: rendered.map(({ release, documents }) => ({ release, objects: documents.length })),
    elsewhere,
  };
}

/** helm wants a patch version; where nobody says which, no chart is refused for wanting a later one. */
const fullVersion = (version: string): string => (version.split('.').length === 2 ? `${version}.99` : version);

/** Charts of teams say what they need only when they are rendered. */
function quotaProblems(rendered: readonly RenderedRelease[]): readonly Problem[] {
  const systems = new Set(rendered.map(({ release }) => release.system));
  return [...systems].flatMap((system) => {
    const own = rendered.filter(({ release }) => release.system === system);
    const objects = own.flatMap(({ release, documents }) =>
      documents.filter(
        (document) => isInNamespace(document, system.names.namespace) && release.namespace === system.names.namespace,
      ),
    );
    const { location, environment } = own[0]!.release;
    // Releases of the central chart alone were counted by their values.
    if (system.sku === undefined || own.every(({ release }) => release.central === APP_CHART)) return [];
    return checkQuota(
      objects.map(({ content }) => content),
      { system: system.name, environment, sku: system.sku, location },
    );
  });
}

/** Pods that name a ServiceAccount which is not there are never made. */
function serviceAccountProblems(rendered: readonly RenderedRelease[], { releases, objects }: Survey): readonly Problem[] {
  return rendered.flatMap(({ release, documents }) => {
    const { environment, namespace, system, location } = release;
    const sharing = releases.filter((other) => other.environment === environment && other.namespace === namespace);
    const together = rendered.filter((other) => sharing.includes(other.release));
    // What is not at hand may make it.
    if (together.length < sharing.length) return [];
    const made = new Set(
      [
        ...together.flatMap((other) => other.documents),
        ...objects.filter((other) => other.environment === environment).map(({ document }) => document),
      ]
        .filter(({ content }) => textAt(content, 'kind') === 'ServiceAccount')
        .map(({ content }) => textAt(content, 'metadata', 'name')),
    );
    return documents
      .filter((document) => isInNamespace(document, namespace))
      .flatMap(({ content }): readonly Problem[] => {
        const name = podServiceAccount(content);
        if (name === undefined || name === 'default' || made.has(name)) return [];
        const workload = `${textAt(content, 'kind') ?? ''} '${textAt(content, 'metadata', 'name') ?? ''}'`;
        return [
          {
            location,
            message: `the pods of ${workload} of ${system.name} in ${environment} run as the ServiceAccount '${name}', which no release of namespace '${namespace}' makes`,
            remedy: `Name one of ${[...made].join(', ') || 'those that there are'}, or let a chart make it.`,
          },
        ];
      });
  });
}

/** Two that declare the same object undo each other: Helm refuses it, and what Flux applies beside a chart wins until the next release. */
function overlaps(
  environment: string,
  rendered: readonly RenderedRelease[],
  { objects }: Survey,
  catalog: SchemaCatalog,
): readonly Problem[] {
  const owners = new Map<string, ReleaseAtHand>();
  const problems: Problem[] = [];
  for (const { release, documents } of rendered) {
    for (const { content, template } of documents) {
      const key = objectKey(content, catalog, release.namespace);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, release);
      else if (owner === release) {
        problems.push({
          location: release.location,
          message: `the release '${release.name}' in ${environment} has ${describeObject(key)} twice (${template})`,
          remedy: 'Helm installs each object once: leave one of them out.',
        });
      } else {
        problems.push({
          location: release.location,
          message: `the releases '${owner.name}' and '${release.name}' in ${environment} both have ${describeObject(key)} (${template})`,
          remedy: 'Helm refuses an object that another release owns: leave it to one of them.',
        });
      }
    }
  }
  for (const { system, document, environment: where } of objects) {
    const key = objectKey(document.content, catalog);
    const owner = where === environment ? owners.get(key) : undefined;
    if (owner === undefined) continue;
    problems.push({
      location: document.locator.locate(['metadata', 'name']),
      message: `${system.name} applies ${describeObject(key)} in ${environment}, which the chart of the release '${owner.name}' (${owner.system.name}) manages`,
      remedy: 'What stands beside a chart only adds to it: change the chart or its values, or use another name.',
    });
  }
  return problems;
}

function describeObject(key: string): string {
  const [, kind, namespace, name] = JSON.parse(key) as string[];
  return `${kind!} '${namespace === '' ? '' : `${namespace!}/`}${name!}'`;
}
