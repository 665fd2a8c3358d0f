import {
  CONTROLLERS_PATH,
  LOCK_FILE,
  mirrorTarget,
  OPERATOR,
  parseMirrorReference,
  PLATFORM_FILE,
  UNRESOLVED,
  type Location,
  type LockedArtifact,
  type LockFile,
  type MirrorReference,
  type PlatformFile,
  type Problem,
  type Signer,
} from '../model';
import { concurrently } from '../tools';
import { unknownVersion } from './check-versions';
import { defaultSigner } from './default-signers';
import { type InputLocations } from './input-locations';
import { type ManifestsSource } from './manifests-source';
import { CONTROLLER_REPOSITORIES, type PublishedImage, type PublishedManifests } from './published-manifests';
import { type Registry } from './registry';

const OPERATOR_IMAGE = 'ghcr.io/controlplaneio-fluxcd/flux-operator';
const OPERATOR_CHART = 'ghcr.io/controlplaneio-fluxcd/charts/flux-operator';

/** The repositories whose tags are never pushed anew; enterprise images are rebuilt under their tag for a newer version of Flux. */
const NEVER_REBUILT = CONTROLLER_REPOSITORIES['upstream-alpine'];

/** More calls of crane at once would not be faster. */
const CONCURRENCY = 4;

type Section = 'images' | 'charts';

/** What the lock is resolved from. */
export interface LockInputs {
  /** @default - there is none yet */
  readonly before?: LockFile;
  /** As the model will be. */
  readonly flux: PlatformFile['flux'];
  /** References under `mirror:` of all systems. */
  readonly mirror: readonly string[];
  /** Who signs a repository, as given on the command line. */
  readonly signers: ReadonlyMap<string, Signer>;
  readonly tools: LockFile['tools'];
  readonly registry: Registry;
  readonly manifests: ManifestsSource;
  readonly locations: InputLocations;
}

/** What became of it. */
export interface ResolvedLock {
  readonly lock: LockFile;
  /** What could not be learned. */
  readonly notes: readonly Problem[];
  /** What forbids writing the lock. */
  readonly problems: readonly Problem[];
}

interface Findings {
  readonly notes: Problem[];
  readonly problems: Problem[];
}

/** An entry whose digest only the registry knows. */
interface WantedArtifact {
  readonly section: Section;
  readonly name: string;
  readonly upstream: string;
  readonly tag: string;
  readonly target: string;
  readonly signer: Signer;
  /** @default - whatever the tag names */
  readonly digest?: string;
  /** Where it is asked for. */
  readonly location: Location;
}

/** Makes the lock anew: what is resolved stays, what is missing is learned, what nothing asks for is left out. */
export async function resolveLock(inputs: LockInputs): Promise<ResolvedLock> {
  const { before, flux, tools } = inputs;
  const found: Findings = { notes: [], problems: [] };
  const controllers = await resolveControllers(inputs, found);
  const wanted = [...operatorArtifacts(inputs), ...mirroredArtifacts(inputs, found)];
  const artifacts = await resolveArtifacts(wanted, inputs, found);
  const of = (section: Section, isOperator: boolean): readonly (readonly [string, LockedArtifact])[] =>
    wanted.flatMap((artifact, index) =>
      artifact.section === section && (artifact.name === OPERATOR) === isOperator
        ? [[artifact.name, artifacts[index]!] as const]
        : [],
    );
  const lock: LockFile = {
    flux: {
      version: flux.version,
      variant: flux.variant,
      operator: flux.operator,
      resolvedFrom: controllers.resolvedFrom ?? before?.flux.resolvedFrom ?? UNRESOLVED,
    },
    images: Object.fromEntries([...of('images', true), ...controllers.entries, ...of('images', false)]),
    charts: Object.fromEntries([...of('charts', true), ...of('charts', false)]),
    tools,
  };
  return { lock, ...found };
}

/** The entries of the controllers, from what the operator publishes; where that is not needed, as they are. */
async function resolveControllers(
  inputs: LockInputs,
  found: Findings,
): Promise<{ readonly entries: readonly (readonly [string, LockedArtifact])[]; readonly resolvedFrom?: string }> {
  const { before, flux, manifests } = inputs;
  const isSameVersion = before?.flux.version === flux.version && before.flux.variant === flux.variant;
  const kept = flux.components.flatMap((name) => {
    const entry = isSameVersion ? before.images[name] : undefined;
    return entry === undefined ? [] : [[name, entry] as const];
  });
  const isComplete = kept.length === flux.components.length && kept.every(([, { digest }]) => digest !== UNRESOLVED);
  if (isComplete && !manifests.isGiven) return { entries: withGivenSigners(kept, inputs) };
  const published = await manifests.get();
  if ('failure' in published) {
    const { reason, remedy } = published.failure;
    if (kept.length === flux.components.length) {
      for (const [name] of kept.filter(([, { digest }]) => digest === UNRESOLVED))
        found.notes.push({
          location: inputs.locations.inLock(['images', name, 'digest']),
          message: `'images.${name}' has no digest: ${reason}`,
          remedy,
        });
      return { entries: withGivenSigners(kept, inputs) };
    }
    found.problems.push({
      location: inputs.locations.inPlatform(['flux', 'version']),
      message: `the images of Flux ${flux.version} are not known: ${reason}`,
      remedy: `${remedy} Or name a folder with the manifests: --manifests DIR.`,
    });
    return { entries: kept };
  }
  return takeControllers(inputs, found, published.value, isSameVersion);
}

function takeControllers(
  inputs: LockInputs,
  found: Findings,
  manifests: PublishedManifests,
  isSameVersion: boolean,
): { readonly entries: readonly (readonly [string, LockedArtifact])[]; readonly resolvedFrom?: string } {
  const { before, flux } = inputs;
  const location = inputs.locations.inPlatform(['flux', 'version']);
  if (!manifests.versions.includes(flux.version)) {
    found.problems.push(unknownVersion(flux.version, manifests.versions, manifests.name, location));
    return { entries: [] };
  }
  const images = manifests.images(flux.version, flux.variant);
  if ('location' in images) {
    found.problems.push(images);
    return { entries: [] };
  }
  const entries = flux.components.flatMap((name): readonly (readonly [string, LockedArtifact])[] => {
    const image = images.get(name);
    if (image === undefined) {
      found.problems.push({
        location: inputs.locations.inPlatform(['flux', 'components']),
        message: `Flux ${flux.version} (${flux.variant}) has no ${name}`,
        remedy: `It has ${[...images.keys()].join(', ')}. Choose among these under 'flux.components', or another version.`,
      });
      return [];
    }
    const earlier = before?.images[name];
    if (isMoved(earlier, image, isSameVersion)) {
      found.problems.push(
        movedTag(
          inputs.locations.inLock(['images', name, 'digest']),
          `${image.upstream}:${image.tag}`,
          earlier!.digest,
          image.digest,
        ),
      );
    }
    const isSameRepository = earlier?.upstream === image.upstream;
    const target = `${CONTROLLERS_PATH}/${name}`;
    const signer = inputs.signers.get(image.upstream) ?? (isSameRepository ? earlier.signer : defaultSigner(image.upstream));
    return [[name, { ...image, target, signer }]];
  });
  const isAsBefore = entries.every(([name, { upstream, tag, digest }]) => {
    const earlier = before?.images[name];
    return earlier?.upstream === upstream && earlier.tag === tag && earlier.digest === digest;
  });
  return { entries, ...(isSameVersion && isAsBefore ? {} : { resolvedFrom: manifests.source(flux.version, flux.variant) }) };
}

function isMoved(earlier: LockedArtifact | undefined, image: PublishedImage, isSameVersion: boolean): boolean {
  if (earlier?.upstream !== image.upstream || earlier.tag !== image.tag) return false;
  if (earlier.digest === UNRESOLVED || earlier.digest === image.digest) return false;
  return isSameVersion || image.upstream.startsWith(`${NEVER_REBUILT}/`);
}

function withGivenSigners(
  entries: readonly (readonly [string, LockedArtifact])[],
  { signers }: LockInputs,
): readonly (readonly [string, LockedArtifact])[] {
  return entries.map(([name, entry]) => [name, { ...entry, signer: signers.get(entry.upstream) ?? entry.signer }] as const);
}

function operatorArtifacts({ before, flux, signers, locations }: LockInputs): readonly WantedArtifact[] {
  const location = locations.inPlatform(['flux', 'operator']);
  const artifact = (section: Section, upstream: string, tag: string): WantedArtifact => {
    const earlier = before?.[section][OPERATOR];
    const kept = earlier?.upstream === upstream ? earlier : undefined;
    const signer = signers.get(upstream) ?? kept?.signer ?? defaultSigner(upstream);
    return { section, name: OPERATOR, upstream, tag, target: kept?.target ?? mirrorTarget(upstream), signer, location };
  };
  return [artifact('images', OPERATOR_IMAGE, `v${flux.operator}`), artifact('charts', OPERATOR_CHART, flux.operator)];
}

/** What systems mirror, in the order of names; the same artifact once. */
function mirroredArtifacts(inputs: LockInputs, found: Findings): readonly WantedArtifact[] {
  const { before, mirror, signers, locations } = inputs;
  const references = new Map<string, MirrorReference & { readonly written: string }>();
  for (const written of mirror) {
    const reference = parseMirrorReference(written);
    const key = `${reference.kind} ${reference.name}`;
    // The one that says the digest.
    if (references.get(key)?.digest === undefined) references.set(key, { ...reference, written });
  }
  const unsigned = new Set<string>();
  const wanted = [...references.keys()].sort().map((key): WantedArtifact => {
    const { kind, name, repository, tag, digest, written } = references.get(key)!;
    const section: Section = kind === 'image' ? 'images' : 'charts';
    const siblings = Object.values(before?.[section] ?? {}).filter(({ upstream }) => upstream === repository);
    const earlier = before?.[section][name];
    const known = [earlier, ...siblings].filter((entry) => entry?.upstream === repository);
    const signer =
      signers.get(repository) ?? known.map((entry) => entry!.signer).find((given) => given !== UNRESOLVED) ?? UNRESOLVED;
    if (signer === UNRESOLVED && !unsigned.has(repository)) {
      unsigned.add(repository);
      found.notes.push(
        unknownSigner(
          before?.[section][name] === undefined ? locations.ofMirror(written) : locations.inLock([section, name, 'signer']),
          repository,
        ),
      );
    }
    const target = known[0]?.target ?? mirrorTarget(repository);
    return {
      section,
      name,
      upstream: repository,
      tag,
      target,
      signer,
      ...(digest === undefined ? {} : { digest }),
      location: locations.ofMirror(written),
    };
  });
  for (const repository of signers.keys()) {
    const isKnown =
      wanted.some(({ upstream }) => upstream === repository) ||
      repository === OPERATOR_IMAGE ||
      repository === OPERATOR_CHART ||
      inputs.flux.components.some((name) => repository === `${CONTROLLER_REPOSITORIES[inputs.flux.variant]}/${name}`);
    if (!isKnown) found.problems.push(unusedSigner(repository));
  }
  return wanted;
}

/** The entries, in the order in which they are wanted. */
async function resolveArtifacts(
  wanted: readonly WantedArtifact[],
  inputs: LockInputs,
  found: Findings,
): Promise<readonly LockedArtifact[]> {
  const results = await concurrently(CONCURRENCY, wanted, async (artifact) => {
    const own: Findings = { notes: [], problems: [] };
    return { entry: await resolveArtifact(artifact, inputs, own), found: own };
  });
  for (const { found: own } of results) {
    found.notes.push(...own.notes);
    found.problems.push(...own.problems);
  }
  return results.map(({ entry }) => entry);
}

async function resolveArtifact(
  { section, name, upstream, tag, target, signer, digest: declared, location }: WantedArtifact,
  { before, registry, locations }: LockInputs,
  { notes, problems }: Findings,
): Promise<LockedArtifact> {
  const earlier = before?.[section][name];
  const isSame = earlier?.upstream === upstream && earlier.tag === tag;
  const known = isSame && earlier.digest !== UNRESOLVED ? earlier.digest : declared;
  const entry = (digest: string): LockedArtifact => ({ upstream, tag, digest, target, signer });
  // What a person wrote down is what was reviewed; the tag may have gone on.
  if (declared !== undefined) return entry(known!);
  const reference = `${upstream}:${tag}`;
  const place = isSame ? locations.inLock([section, name, 'digest']) : location;
  const answer = await registry.manifest(reference);
  if ('value' in answer) {
    const { digest } = answer.value;
    if (known !== undefined && known !== digest) problems.push(movedTag(place, reference, known, digest));
    return entry(known ?? digest);
  }
  const { kind, reason, remedy } = answer.failure;
  if (known !== undefined) {
    if (kind === 'absent')
      notes.push({
        location: place,
        message: `${reference} is no longer upstream; its digest is kept`,
        remedy: 'Choose another version while the mirrored one is still there.',
      });
  } else if (kind === 'absent') {
    problems.push({ location, message: reason, remedy });
  } else {
    notes.push({ location: place, message: `'${section}.${name}' has no digest: ${reason}`, remedy });
  }
  return entry(known ?? UNRESOLVED);
}

function movedTag(location: Location, reference: string, before: string, now: string): Problem {
  return {
    location,
    message: `${reference} was resolved to '${before}', but upstream it is now '${now}': the tag was moved`,
    remedy: `Find out from its publisher why. If the new one is meant, delete the entry from ${LOCK_FILE} and run \`npx k8s-gitops upgrade\`.`,
  };
}

function unknownSigner(location: Location, repository: string): Problem {
  return {
    location,
    message: `nobody has said who signs ${repository}`,
    remedy: `Find out from its publisher, then run \`npx k8s-gitops upgrade --signer ${repository}=none\`, or with =ISSUER,IDENTITY.`,
  };
}

function unusedSigner(repository: string): Problem {
  return {
    location: { file: LOCK_FILE },
    message: `--signer names '${repository}', from which nothing is mirrored`,
    remedy: `Correct it, or add the image to 'mirror' of a system; ${PLATFORM_FILE} and systems/ say what is mirrored.`,
  };
}
