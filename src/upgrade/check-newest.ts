import { compare, lt, valid } from 'semver';
import { loadLockRequirements, PLATFORM_FILE, TOOL_NAMES, type LockRequirements, type Problem } from '../model';
import { newestVersion } from '../tools';
import { Interrupted, stopIfInterrupted } from './interruption';
import { fetchManifests, MANIFESTS_REPOSITORY, openManifestsFolder } from './published-manifests';
import { Registry } from './registry';
import { type UpgradeRequest } from './upgrade-request';

/** A product as it is, and as it could be. */
export interface NewestVersion {
  readonly what: string;
  readonly current: string;
  /** @default - it could not be learned */
  readonly newest?: string;
  /** Whether the newest is newer than the current. */
  readonly outdated: boolean;
  /** Why the newest could not be learned. @default - it could */
  readonly reason?: string;
}

/** What could be upgraded. */
export interface NewestVersions {
  readonly interrupted: boolean;
  readonly versions: readonly NewestVersion[];
  readonly problems: readonly Problem[];
}

/** Compares the versions of the platform with the newest published ones; writes nothing. */
export async function checkNewest(request: UpgradeRequest): Promise<NewestVersions> {
  const read = loadLockRequirements(request.directory);
  if ('problems' in read) return { interrupted: false, versions: [], problems: read.problems };
  try {
    return await compareWithNewest(request, read.requirements);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { interrupted: true, versions: [], problems: [] };
  }
}

async function compareWithNewest(request: UpgradeRequest, requirements: LockRequirements): Promise<NewestVersions> {
  const { directory, environment, signal } = request;
  const { flux, supplyChain } = requirements.platform;
  const registry = new Registry({ directory, environment, signal, registries: supplyChain.registries });
  const operator = await newestOperator(registry);
  const newestFlux = await fluxIn(request, registry, operator, flux.version);
  if (newestFlux instanceof Object && 'location' in newestFlux)
    return { interrupted: false, versions: [], problems: [newestFlux] };
  const tools = requirements.lock?.tools ?? {};
  const names = TOOL_NAMES.filter((name) => tools[name] !== undefined);
  const context = { environment, signal, downloads: supplyChain.downloads };
  const newestTools = await Promise.all(names.map((name) => newestVersion(name, context)));
  stopIfInterrupted(signal);
  const versions = [
    verdict('Flux', flux.version, newestFlux),
    verdict('Flux Operator', flux.operator, operator),
    ...names.map((name, index) => {
      const newest = newestTools[index]!;
      return verdict(name, tools[name]!.version, typeof newest === 'string' ? { version: newest } : { reason: newest.message });
    }),
  ];
  const isAllUnknown = versions.every(({ newest }) => newest === undefined);
  return { interrupted: false, versions, problems: isAllUnknown ? [NOTHING_LEARNED] : [] };
}

const NOTHING_LEARNED: Problem = {
  location: { file: PLATFORM_FILE },
  message: 'no newest version could be learned',
  remedy:
    "Run it where the publishers can be reached, or say under 'supplyChain' where they are reached from here; --manifests DIR tells the newest Flux without a network.",
};

type Newest = { readonly version: string } | { readonly reason: string };

function verdict(what: string, current: string, newest: Newest): NewestVersion {
  if ('reason' in newest) return { what, current, outdated: false, reason: newest.reason };
  return { what, current, newest: newest.version, outdated: lt(current, newest.version) };
}

/** The operator whose manifests are published, by their tags; those that are pushed again later have a suffix. */
async function newestOperator(registry: Registry): Promise<Newest> {
  const tags = await registry.tags(MANIFESTS_REPOSITORY);
  if ('failure' in tags) return { reason: tags.failure.reason };
  const version = tags.value
    .filter((tag) => tag.startsWith('v') && /^\d+\.\d+\.\d+$/.test(tag.slice(1)) && valid(tag.slice(1)) !== null)
    .map((tag) => tag.slice(1))
    .sort(compare)
    .at(-1);
  return version === undefined ? { reason: `${MANIFESTS_REPOSITORY} has no tag of a release` } : { version };
}

async function fluxIn(request: UpgradeRequest, registry: Registry, operator: Newest, current: string): Promise<Newest | Problem> {
  if (request.manifests !== undefined) {
    const folder = openManifestsFolder(request.manifests);
    if ('location' in folder) return folder;
    return newestOf(folder.versions, folder.name);
  }
  if ('reason' in operator) return operator;
  const manifests = await fetchManifests(registry, operator.version, current);
  if ('failure' in manifests) return { reason: manifests.failure.reason };
  return newestOf(manifests.value.versions, manifests.value.name);
}

function newestOf(versions: readonly string[], where: string): Newest {
  const version = versions.at(-1);
  return version === undefined ? { reason: `${where} has no version of Flux` } : { version };
}
