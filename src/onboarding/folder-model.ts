import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import {
  load,
  loadLockRequirements,
  LOCK_FILE,
  lockText,
  mirrorTarget,
  OUTPUTS_FOLDER,
  parseMirrorReference,
  PLATFORM_FILE,
  SCAN_EXCEPTIONS_FILE,
  SYSTEMS_FOLDER,
  UNRESOLVED,
  type LockFile,
  type MirrorReference,
  type Platform,
  type Problem,
} from '../model';

/** The model of a platform folder. */
export interface FolderModel {
  readonly platform: Platform;
  /** What systems mirror and the lock does not have yet; the model holds it as unresolved. */
  readonly unlocked: readonly string[];
}

export type FolderResult = FolderModel | { readonly problems: readonly Problem[] };

/** A file of the input as it will be. */
export interface ProposedFile {
  /** Path relative to the platform folder, with forward slashes. */
  readonly file: string;
  /** @default - it is deleted */
  readonly content?: string;
}

/** The model of a folder; that the lock lacks what a system mirrors is no problem here, because `upgrade` is the next step then. */
export function loadFolder(directory: string): FolderResult {
  const loaded = load(directory);
  if ('platform' in loaded) return { platform: loaded.platform, unlocked: [] };
  const read = loadLockRequirements(directory);
  if ('problems' in read) return read;
  if (missingFromLock(read.requirements).length === 0) return loaded;
  return loadProposed(directory);
}

/**
 * The model as it will be, read from a copy.
 *
 * @param directory a folder that {@link loadFolder} has no problems with: links in it could lead out of the copy
 * @param proposed the change. Default: none
 */
export function loadProposed(directory: string, proposed?: ProposedFile): FolderResult {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'k8s-gitops-onboarding-'));
  try {
    for (const name of inputsOf(directory)) {
      const from = path.join(directory, name);
      if (fs.existsSync(from)) copy(from, path.join(scratch, name));
    }
    if (proposed !== undefined) apply(scratch, proposed);
    return loadWithCompletedLock(scratch, path.resolve(directory));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

const inputsOf = (directory: string): readonly string[] => [
  ...[PLATFORM_FILE, LOCK_FILE, SCAN_EXCEPTIONS_FILE, SYSTEMS_FOLDER, OUTPUTS_FOLDER],
  ...fs.readdirSync(directory).filter((name) => /^Pulumi\..+\.ya?ml$/.test(name)),
];

/** A copy that can be changed and removed, even of what is read-only. */
function copy(from: string, to: string): void {
  const stat = fs.lstatSync(from);
  if (stat.isSymbolicLink()) {
    fs.symlinkSync(fs.readlinkSync(from), to);
  } else if (stat.isDirectory()) {
    fs.mkdirSync(to);
    for (const name of fs.readdirSync(from)) copy(path.join(from, name), path.join(to, name));
  } else if (stat.isFile()) {
    fs.writeFileSync(to, fs.readFileSync(from));
  }
}

function apply(scratch: string, { file, content }: ProposedFile): void {
  const target = path.join(scratch, file);
  if (content === undefined) {
    fs.rmSync(target);
    return;
  }
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content);
}

function loadWithCompletedLock(scratch: string, directory: string): FolderResult {
  const read = loadLockRequirements(scratch);
  if ('problems' in read) return read;
  const missing = missingFromLock(read.requirements);
  if (missing.length > 0) fs.writeFileSync(path.join(scratch, LOCK_FILE), lockText(completed(read.requirements.lock!, missing)));
  const loaded = load(scratch);
  if ('platform' in loaded)
    return { platform: { ...loaded.platform, directory }, unlocked: [...new Set(missing.map(({ name }) => name))] };
  if (missing.length === 0) return loaded;
  // The lines are those of the completed lock.
  return {
    problems: loaded.problems.map((problem) =>
      problem.location.file === LOCK_FILE ? { ...problem, location: { file: LOCK_FILE } } : problem,
    ),
  };
}

const SECTIONS = { image: 'images', chart: 'charts' } as const;

function missingFromLock({
  mirror,
  lock,
}: {
  readonly mirror: readonly string[];
  readonly lock?: LockFile;
}): readonly MirrorReference[] {
  if (lock === undefined) return [];
  return mirror.map(parseMirrorReference).filter(({ kind, name }) => !Object.hasOwn(lock[SECTIONS[kind]], name));
}

function completed(lock: LockFile, missing: readonly MirrorReference[]): LockFile {
  const entries = (kind: MirrorReference['kind']): LockFile['images'] =>
    Object.fromEntries(
      missing
        .filter((reference) => reference.kind === kind)
        .map(({ name, repository, tag }) => [
          name,
          { upstream: repository, tag, digest: UNRESOLVED, target: mirrorTarget(repository), signer: UNRESOLVED },
        ]),
    );
  return { ...lock, images: { ...lock.images, ...entries('image') }, charts: { ...lock.charts, ...entries('chart') } };
}
