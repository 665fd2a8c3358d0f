import { CLUSTERS_FOLDER, substitutionFor } from '../../manifests';
import {
  APP_CHART,
  CENTRAL_CHARTS,
  recordAt,
  sortProblems,
  TENANT_CHART,
  type Platform,
  type Problem,
  type System,
} from '../model';
import { readManifestFile, validateManifest, type Findings, type ManifestDocument, type SchemaCatalogs } from '../validation';
import { appWorkload } from './app-workload';
import { checkBeside } from './check-beside';
import { checkImages } from './check-images';
import { checkOwnRelease } from './check-own-release';
import { checkPatternC } from './check-pattern-c';
import { checkQuota } from './check-quota';
import { checkReleaseNames } from './check-release-names';
import { readFluxFolder } from './flux-folder';
import { isHelmRelease, readRelease, type ReleaseContext } from './read-releases';
import { type ReleaseAtHand } from './release-at-hand';
import { type Repositories } from './repositories';
import { substitute } from './substitution';

/** What is to be looked at. */
export interface SurveyRequest {
  readonly platform: Platform;
  readonly repositories: Repositories;
  /** Schemas, with the definitions of the platform. */
  readonly catalogs: SchemaCatalogs;
  /** Environments to look at. @default - all */
  readonly only?: ReadonlySet<string>;
}

/** Everything that systems bring, as far as it is at hand. */
export interface Survey extends Findings {
  readonly releases: readonly ReleaseAtHand[];
  /** Objects that Flux applies of systems of pattern C, or beside a release. */
  readonly objects: readonly AppliedObject[];
  /** Repositories that were looked into, by system. */
  readonly looked: readonly string[];
  /** Systems whose repository is not at hand. */
  readonly absent: readonly string[];
}

/** An object that Flux applies of a system's repository. */
export interface AppliedObject {
  readonly environment: string;
  readonly system: System;
  readonly document: ManifestDocument;
}

/**
 * Reads what the systems' repositories hold, and what the platform releases itself, and checks all that needs no helm: what the
 * registration decides, the schema of values, kinds of pattern C, quotas.
 */
export function survey({ platform, repositories, catalogs, only }: SurveyRequest): Survey {
  const findings: Findings[] = [];
  const releases: ReleaseAtHand[] = [];
  const objects: AppliedObject[] = [];
  const looked = new Set<string>();
  const absent = new Set<string>();
  for (const environment of platform.environments) {
    if (only !== undefined && !only.has(environment.name)) continue;
    for (const system of environment.systems) {
      const repository = system.registration === undefined ? undefined : repositories.find(system);
      const context: ReleaseContext = { platform, environment, system, ...(repository === undefined ? {} : { repository }) };
      if (system.helmRelease !== undefined) releases.push(...platformReleases(context));
      if (system.registration === undefined) continue;
      (repository === undefined ? absent : looked).add(system.name);
      if (repository === undefined) continue;
      const own = surveyRepository(context, repository, system.registration.path, catalogs);
      findings.push(own);
      releases.push(...own.releases);
      objects.push(...own.documents.map((document) => ({ environment: environment.name, system, document })));
    }
    const here = releases.filter((release) => release.environment === environment.name);
    findings.push({ problems: [...checkReleaseNames(environment, here), ...checkImages(environment, here)], notes: [] });
  }
  for (const sharing of byNamespace(releases).values()) {
    findings.push({ problems: [...quotaProblems(sharing), ...tenantProblems(sharing)], notes: [] });
  }
  return {
    problems: sortProblems(findings.flatMap(({ problems }) => problems)),
    notes: sortProblems(findings.flatMap(({ notes }) => notes)),
    releases,
    objects,
    looked: [...looked].sort(),
    absent: [...absent].sort(),
  };
}

/** The HelmRelease that the platform synthesized. */
function platformReleases(context: ReleaseContext): readonly ReleaseAtHand[] {
  const { platform, environment, system } = context;
  const file = `${CLUSTERS_FOLDER}/${environment.name}/systems/${system.name}.yaml`;
  const read = readManifestFile(platform.directory, file);
  // What is wrong with a generated file is told where all of them are validated.
  if ('location' in read) return [];
  return read.filter(isHelmRelease).map(({ content }) => readRelease(content, { file: system.file }, context));
}

function surveyRepository(
  context: ReleaseContext,
  repository: string,
  folder: string,
  catalogs: SchemaCatalogs,
): Findings & { readonly releases: readonly ReleaseAtHand[]; readonly documents: readonly ManifestDocument[] } {
  const { platform, environment, system } = context;
  const read = readFluxFolder(platform.directory, repository, joined(repository, folder));
  const problems: Problem[] = [...read.problems];
  const notes: Problem[] = [...read.notes];
  const releases: ReleaseAtHand[] = [];
  const documents: ManifestDocument[] = [];
  const variables = substitutionFor(system, environment);
  for (const document of read.documents) {
    const before = problems.length;
    const filled = substitute(document, variables);
    problems.push(...filled.problems);
    const applied = { ...document, content: filled.content };
    const verdict = validateManifest(applied, catalogs.of(environment.name));
    problems.push(...verdict.problems);
    notes.push(...verdict.notes);
    if (system.pattern === 'C') problems.push(...checkPatternC(applied, system));
    if (isHelmRelease(document) && system.pattern !== 'C') {
      const release = readRelease(filled.content, document.locator.locate(['metadata', 'name']), context);
      problems.push(...checkOwnRelease(applied, release));
      releases.push(problems.length === before ? release : { ...release, broken: true });
    } else {
      if (system.pattern !== 'C') problems.push(...checkBeside(applied, system, catalogs.of(environment.name)));
      documents.push(applied);
    }
  }
  problems.push(...missingRelease(context, joined(repository, folder), releases));
  return { problems, notes, releases, documents };
}

/** Without it nothing runs, and what depends on the system waits for ever. */
function missingRelease(
  { environment, system }: ReleaseContext,
  folder: string,
  releases: readonly ReleaseAtHand[],
): readonly Problem[] {
  const { helmRelease } = system.names;
  if (system.pattern === 'C' || system.release === 'platform' || releases.some(({ name }) => name === helmRelease)) return [];
  return [
    {
      location: { file: folder },
      message: `has no HelmRelease '${helmRelease}', which ${system.name} is released by in ${environment.name} (${system.file})`,
      remedy: "Add it (`npx k8s-gitops system scaffold` makes one), or set 'release: platform' in the registration.",
    },
  ];
}

const joined = (repository: string, folder: string): string =>
  [repository, ...folder.split('/').filter((part) => part !== '.')].join('/');

/** Values of the central chart say enough to compare them with the quota of their SKU. */
function quotaProblems(sharing: readonly ReleaseAtHand[]): readonly Problem[] {
  const { system, environment, location } = sharing[0]!;
  if (system.sku === undefined) return [];
  const workloads = sharing.flatMap(({ central, releaseName, values }) => {
    if (central !== APP_CHART) return [];
    const complete = CENTRAL_CHARTS[APP_CHART].safeParse(values);
    return complete.success ? appWorkload(complete.data.nameOverride ?? releaseName, complete.data) : [];
  });
  return checkQuota(workloads, { system: system.name, environment, sku: system.sku, location });
}

/** Of the releases in the namespace of pattern B exactly one brings the tenant: Helm refuses an object that another release owns. */
function tenantProblems(sharing: readonly ReleaseAtHand[]): readonly Problem[] {
  const central = sharing.filter((release) => release.central !== undefined);
  const bringing = central.filter(
    (release) => (release.central === TENANT_CHART ? release.values : recordAt(release.values, 'tenant'))['enabled'] !== false,
  );
  const { system, environment, namespace, location } = sharing[0]!;
  if (bringing.length === 0 && central.length > 0 && system.pattern === 'B') {
    return [
      {
        location,
        message: `no release of ${system.name} in ${environment} brings the tenant of namespace '${namespace}': it would have neither quota nor network policy`,
        remedy:
          "Remove 'tenant: { enabled: false }' from the values of one of them; charts/platform-app-chart/README.md tells how it moves.",
      },
    ];
  }
  return bringing.slice(1).map((release) => ({
    location: release.location,
    message: `the release '${release.name}' brings the tenant of namespace '${namespace}' in ${environment}, which '${bringing[0]!.name}' brings already`,
    remedy: "Write 'tenant: { enabled: false }' in the values of all but one.",
  }));
}

/** Releases that share a namespace of an environment. */
function byNamespace(releases: readonly ReleaseAtHand[]): ReadonlyMap<string, readonly ReleaseAtHand[]> {
  const found = new Map<string, ReleaseAtHand[]>();
  for (const release of releases) {
    const key = JSON.stringify([release.environment, release.namespace]);
    found.set(key, [...(found.get(key) ?? []), release]);
  }
  return found;
}
