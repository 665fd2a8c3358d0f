import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileSystemProblem, TOOL_NAMES, type LockFile, type Problem, type ToolName, type ToolPlatform } from '../model';
import { commandLinks, writeLinks } from './command-links';
import { concurrently } from './concurrently';
import { download } from './download';
import { extract } from './extract';
import { type DownloadContext } from './http-request';
import { archiveState, compareInstalled, wantedMembers } from './installed-files';
import { describePinned, lockLocator, pinnedTool, supportedPlatform, type PinnedTool } from './locked-tools';
import { releaseNotes } from './published-tools';
import { temporaryName, TEMPORARY_SUFFIX } from './temporary-name';
import { interrupted, ToolFailure } from './tool-failure';
import { ToolsFolder } from './tools-folder';

/** More at a time would only share the line. */
const CONCURRENCY = 4;

/** Temporary files of that age are of a run that was killed: none lasts as long. */
const LEFTOVER_MILLISECONDS = 2 * 60 * 60 * 1000;

/** How far the installation of a tool is. */
export interface ToolProgress {
  readonly name: ToolName;
  readonly version: string;
  readonly step: 'verifying' | 'downloading' | 'extracting';
  /** Bytes that came. @default - nothing is being downloaded */
  readonly received?: number;
  /** Bytes that will come. @default - the server does not say */
  readonly total?: number;
}

/** What is to be installed, and where. */
export interface InstallRequest extends DownloadContext {
  /** Platform folder. */
  readonly directory: string;
  /** `tools` of the lock. */
  readonly tools: LockFile['tools'];
  /** @default - all tools of the lock */
  readonly names?: readonly ToolName[];
  /** Folder to install into, relative to the folder of this process. @default - `.tools` of the platform folder */
  readonly to?: string;
  /** @default - that of this machine */
  readonly platform?: ToolPlatform;
  /** @default - nobody is told */
  readonly onProgress?: (progress: ToolProgress) => void;
}

/** What became of a tool. */
export interface InstalledTool {
  readonly name: ToolName;
  /** @default - it is not in the lock */
  readonly version?: string;
  readonly state: 'installed' | 'present' | 'failed';
  /** Folder of its executables, as the user knows it. @default - the installation failed */
  readonly folder?: string;
}

/** What became of all of them. */
export interface Installation {
  readonly tools: readonly InstalledTool[];
  readonly problems: readonly Problem[];
  /** Folder that belongs on PATH, as the user knows it. */
  readonly bin: string;
}

/** Installs tools as the lock pins them; one that fails leaves nothing behind and does not keep the others from being installed. */
export async function installTools(wanted: InstallRequest): Promise<Installation> {
  const folder = new ToolsFolder(wanted.directory, wanted.to);
  const bin = folder.show(folder.bin);
  const platform = wanted.platform ?? supportedPlatform();
  if (typeof platform !== 'string') return { tools: [], problems: [platform], bin };
  const names = TOOL_NAMES.filter((name) => wanted.names?.includes(name) ?? wanted.tools[name] !== undefined);
  const locate = lockLocator(wanted.directory);
  if (names.length === 0) return { tools: [], problems: [NOTHING], bin };
  const existed = fs.existsSync(folder.root);
  const outcomes = await concurrently(CONCURRENCY, names, async (name) => {
    const tool = pinnedTool(wanted.tools, name, platform, locate);
    return 'message' in tool ? tool : installOrTell(folder, tool, wanted);
  });
  tidyUp(folder, names, existed);
  return {
    tools: names.map((name, index) => describeOutcome(folder, name, wanted.tools[name]?.version, outcomes[index]!)),
    problems: outcomes.filter((outcome) => typeof outcome !== 'string'),
    bin,
  };
}

const NOTHING: Problem = {
  location: { file: 'platform.lock.yaml' },
  message: "'tools' has no entries",
  remedy: 'Run `npx k8s-gitops tools lock`, which pins the newest versions.',
};

function describeOutcome(
  folder: ToolsFolder,
  name: ToolName,
  version: string | undefined,
  outcome: 'installed' | 'present' | Problem,
): InstalledTool {
  if (version === undefined) return { name, state: 'failed' };
  if (typeof outcome !== 'string') return { name, version, state: 'failed' };
  return { name, version, state: outcome, folder: folder.show(folder.files({ name, version })) };
}

async function installOrTell(
  folder: ToolsFolder,
  tool: PinnedTool,
  wanted: InstallRequest,
): Promise<'installed' | 'present' | Problem> {
  try {
    if (wanted.signal?.aborted === true) throw interrupted();
    removeLeftovers(folder, tool.name);
    const problem = await ensureArchive(folder, tool, wanted);
    return problem ?? (await ensureFiles(folder, tool, wanted));
  } catch (error) {
    if (error instanceof ToolFailure) {
      return error.problem(
        tool.location,
        `${describePinned(tool)} cannot be installed from ${folder.show(folder.archive(tool))}`,
      );
    }
    if (wanted.signal?.aborted === true) return interrupted().problem(tool.location, describePinned(tool));
    const problem = fileSystemProblem(error, process.cwd());
    if (problem === undefined) throw error;
    return problem;
  }
}

/** The archive that the lock pins is there: it was, or it is downloaded. */
async function ensureArchive(folder: ToolsFolder, tool: PinnedTool, wanted: InstallRequest): Promise<Problem | undefined> {
  const { name, version, url, checksum, location } = tool;
  const file = folder.archive(tool);
  wanted.onProgress?.({ name, version, step: 'verifying' });
  const state = await archiveState(folder, tool, wanted.signal);
  if (state === 'intact') return undefined;
  if (state !== 'missing') fs.rmSync(file, { recursive: true });
  wanted.onProgress?.({ name, version, step: 'downloading' });
  return download(
    {
      url,
      file,
      checksum,
      location,
      what: describePinned(tool),
      mismatchRemedy: `Nothing of it was kept. Run it again; if it stays so, ask whoever runs the proxy or mirror, or see whether the publisher replaced the release (${releaseNotes(name, version)}): \`npx k8s-gitops tools lock\` compares.`,
      onProgress: (received, total) =>
        wanted.onProgress?.({ name, version, step: 'downloading', received, ...(total === undefined ? {} : { total }) }),
    },
    wanted,
  );
}

/** Every file of the archive is there as it is in the archive, and the links point to them. */
async function ensureFiles(folder: ToolsFolder, tool: PinnedTool, wanted: InstallRequest): Promise<'installed' | 'present'> {
  const { name, version } = tool;
  const target = folder.files(tool);
  if (fs.lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
    const { files, differences } = await compareInstalled(folder, tool, wanted.signal);
    if (differences.length === 0) return writeLinks(folder, tool, commandLinks(folder, tool, files)) ? 'installed' : 'present';
  }
  wanted.onProgress?.({ name, version, step: 'extracting' });
  const temporary = temporaryName(target);
  const files = await extract(wantedMembers(folder, tool, wanted.signal), temporary);
  replaceFolder(temporary, target);
  writeLinks(folder, tool, commandLinks(folder, tool, files));
  return 'installed';
}

/** A folder that has content cannot be renamed over, so the old one steps aside first. */
function replaceFolder(temporary: string, target: string): void {
  const old = temporaryName(target);
  const replaces = fs.lstatSync(target, { throwIfNoEntry: false }) !== undefined;
  try {
    if (replaces) fs.renameSync(target, old);
    fs.renameSync(temporary, target);
  } catch (error) {
    if (replaces && !fs.existsSync(target)) fs.renameSync(old, target);
    fs.rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
  fs.rmSync(old, { recursive: true, force: true });
}

/** What a run that was killed left of a tool. */
function removeLeftovers(folder: ToolsFolder, name: ToolName): void {
  for (const place of [folder.archives, folder.versions(name)]) {
    if (!fs.existsSync(place)) continue;
    for (const entry of fs.readdirSync(place)) {
      const file = path.join(place, entry);
      if (!entry.startsWith('.') || !entry.endsWith(TEMPORARY_SUFFIX)) continue;
      const age = Date.now() - (fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
      if (age > LEFTOVER_MILLISECONDS) fs.rmSync(file, { recursive: true, force: true });
    }
  }
}

/** Folders in which nothing came to stand. */
function tidyUp(folder: ToolsFolder, names: readonly ToolName[], existed: boolean): void {
  const own = [...names.map((name) => folder.versions(name)), folder.archives, folder.bin];
  for (const place of existed ? own : [...own, folder.root]) {
    const isEmpty = fs.lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true && fs.readdirSync(place).length === 0;
    if (isEmpty) fs.rmdirSync(place);
  }
}
