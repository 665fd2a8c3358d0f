import * as path from 'node:path';
import {
  loadLockRequirements,
  sortProblems,
  type LockFile,
  type LockRequirements,
  type PlatformFile,
  type Problem,
} from '../model';
import { checkStep } from './check-versions';
import { findGeneratedChanges } from './generated-changes';
import { findImportChanges } from './import-changes';
import { findInputChanges } from './input-changes';
import { InputLocations } from './input-locations';
import { stopIfInterrupted } from './interruption';
import { ManifestsSource } from './manifests-source';
import { openManifestsFolder, type PublishedManifests } from './published-manifests';
import { changesToKnow, notesToRead } from './reading-list';
import { Refusal, refuseIfAny } from './refusal';
import { Registry } from './registry';
import { resolveLock } from './resolve-lock';
import { resolveTools } from './resolve-tools';
import { findSchemaChanges } from './schema-changes';
import { type UpgradeRequest } from './upgrade-request';
import { NOTHING, type Upgrade } from './upgrade-result';
import { versionChanges } from './version-changes';

/** The folder of this program, which holds the schemas. */
const PROGRAM = path.join(__dirname, '..', '..');

/** The model as it is, with the versions as they will be. */
interface Aim {
  readonly requirements: LockRequirements;
  readonly flux: PlatformFile['flux'];
  readonly locations: InputLocations;
}

/** What versions and digests are learned from. */
interface Sources {
  readonly registry: Registry;
  readonly manifests: ManifestsSource;
}

/**
 * Everything that would be written, before the first byte is.
 *
 * @throws Refusal, Interrupted
 */
export async function planUpgrade(request: UpgradeRequest): Promise<Upgrade> {
  const directory = path.resolve(request.directory);
  const aim = readAim(request);
  const sources = openSources(request, aim);
  request.onStep?.('resolving versions and digests');
  const { lock, notes } = await resolve(request, aim, sources);
  request.onStep?.('looking for schemas');
  const program = request.program ?? PROGRAM;
  const isFolderOfOperator = request.operator !== undefined;
  const schemas = await findSchemaChanges({ ...sources, directory, program, lock, isFolderOfOperator });
  notes.push(...schemas.notes);
  refuseIfAny(schemas.problems, notes);
  request.onStep?.('synthesizing');
  const before = aim.requirements.lock;
  const inputs = findInputChanges(directory, before, lock);
  const { platform, changes: generated } = findGeneratedChanges(directory, inputs);
  const imports = findImportChanges(directory, program, lock, schemas.changes.map(({ path: file }) => file)); // prettier-ignore
  return {
    ...NOTHING,
    notes: sortProblems(notes),
    versions: versionChanges(before, lock),
    releaseNotes: notesToRead(before, lock),
    knownChanges: changesToKnow(directory, before, lock, platform),
    changes: [...inputs, ...imports, ...schemas.changes, ...generated],
    importsChange: imports.length > 0,
    platform,
  };
}

function readAim(request: UpgradeRequest): Aim {
  const read = loadLockRequirements(request.directory);
  if ('problems' in read) throw new Refusal(read.problems);
  const { requirements } = read;
  const { flux: given } = requirements.platform;
  const flux = { ...given, version: request.flux ?? given.version, operator: request.operator ?? given.operator };
  const aim = { requirements, flux, locations: new InputLocations(path.resolve(request.directory)) };
  refuseIfAny(checkSteps(request, aim));
  return aim;
}

function checkSteps({ allowDowngrade = false, allowSkippedMinor = false }: UpgradeRequest, aim: Aim): readonly Problem[] {
  const { requirements, flux, locations } = aim;
  // What the lock holds is what runs; the model may have been changed by hand.
  const from = requirements.lock?.flux ?? requirements.platform.flux;
  const steps = [
    { product: 'Flux', from: from.version, to: flux.version, field: 'version', allowSkippedMinor },
    { product: 'the Flux Operator', from: from.operator, to: flux.operator, field: 'operator', allowSkippedMinor: true },
  ];
  return steps.flatMap(({ product, from: before, to, field, ...rules }) =>
    checkStep({ product, from: before, to, location: locations.inPlatform(['flux', field]) }, { allowDowngrade, ...rules }),
  );
}

function openSources({ directory, environment, signal, manifests }: UpgradeRequest, { requirements, flux }: Aim): Sources {
  const { registries } = requirements.platform.supplyChain;
  const registry = new Registry({ directory: path.resolve(directory), environment, signal, registries });
  return { registry, manifests: new ManifestsSource(registry, flux.operator, flux.version, openGiven(manifests)) };
}

function openGiven(folder: string | undefined): PublishedManifests | undefined {
  if (folder === undefined) return undefined;
  const given = openManifestsFolder(folder);
  if ('location' in given) throw new Refusal([given]);
  return given;
}

async function resolve(
  request: UpgradeRequest,
  { requirements, flux, locations }: Aim,
  sources: Sources,
): Promise<{ readonly lock: LockFile; readonly notes: Problem[] }> {
  const { environment, signal } = request;
  const before = requirements.lock;
  const tools = await resolveTools({
    tools: before?.tools ?? {},
    versions: request.tools ?? {},
    allowDowngrade: request.allowDowngrade === true,
    context: { environment, signal, downloads: requirements.platform.supplyChain.downloads },
    locations,
  });
  stopIfInterrupted(signal);
  const resolved = await resolveLock({
    ...sources,
    ...(before === undefined ? {} : { before }),
    flux,
    mirror: requirements.mirror,
    signers: request.signers ?? new Map(),
    tools: tools.tools,
    locations,
  });
  const notes = [...tools.notes, ...resolved.notes, ...uncertainOperator(request, before, resolved.lock, locations)];
  refuseIfAny([...tools.problems, ...resolved.problems], notes);
  return { lock: resolved.lock, notes };
}

/** An operator installs the versions of Flux that it carries; a folder does not say which operator it is of. */
function uncertainOperator(
  { manifests }: UpgradeRequest,
  before: LockFile | undefined,
  { flux }: LockFile,
  locations: InputLocations,
): readonly Problem[] {
  if (manifests === undefined || before === undefined) return [];
  if (before.flux.version === flux.version || before.flux.operator !== flux.operator) return [];
  return [
    {
      location: locations.inPlatform(['flux', 'operator']),
      message: `whether the Flux Operator ${flux.operator} carries Flux ${flux.version} cannot be told from a folder`,
      remedy: 'If the folder is of a newer operator, upgrade it too: --operator VERSION.',
    },
  ];
}
