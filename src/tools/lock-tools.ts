import * as semver from 'semver';
import {
  LOCK_FILE,
  TOOL_NAMES,
  TOOL_PLATFORMS,
  type LockedTool,
  type LockFile,
  type Problem,
  type ToolName,
  type ToolPlatform,
} from '../model';
import { ALGORITHM_NAMES, checksumOf, type Checksum, type LockedDownload } from './checksum';
import { concurrently } from './concurrently';
import { type DownloadContext } from './http-request';
import { lockLocator, type LockLocator } from './locked-tools';
import { newestVersion } from './newest-version';
import { releaseNotes } from './published-tools';
import { resolveTool } from './resolve-tool';
import { interrupted } from './tool-failure';
import { writeLock } from './write-lock';

const CONCURRENCY = 4;

/** What is to be locked. */
export interface LockRequest extends DownloadContext {
  /** Platform folder. */
  readonly directory: string;
  /** The lock as it is. */
  readonly lock: LockFile;
  /** Versions that are asked for. @default - those of the lock, the newest of what it lacks */
  readonly versions?: Readonly<Partial<Record<ToolName, string>>>;
  /** Whether a version may become an older one. @default false */
  readonly allowDowngrade?: boolean;
  /** Whether only to compare. @default false */
  readonly check?: boolean;
  /** Told of every tool that is looked up. @default - nobody is told */
  readonly onProgress?: (name: ToolName) => void;
}

/** How the entry of a tool changes. */
export interface ToolChange {
  readonly name: ToolName;
  /** Version in the lock. @default - the tool is not in the lock yet */
  readonly from?: string;
  readonly to: string;
  /** Platforms whose download or checksum changes. */
  readonly platforms: readonly ToolPlatform[];
  /** Platforms whose checksum is not known. */
  readonly unresolved: readonly ToolPlatform[];
  /** Address of the release notes of the version it becomes. */
  readonly releaseNotes: string;
}

/** What became of the lock. */
export interface LockResult {
  readonly changes: readonly ToolChange[];
  /** What could not be learned. */
  readonly notes: readonly Problem[];
  /** Why nothing was written. */
  readonly problems: readonly Problem[];
  readonly written: boolean;
}

interface Outcome {
  /** @default - the tool stays out of the lock */
  readonly tool?: LockedTool;
  readonly notes?: readonly Problem[];
  readonly problems?: readonly Problem[];
}

/** Brings the tools of the lock to what their publishers say. With a problem nothing is written. */
export async function lockTools(wanted: LockRequest): Promise<LockResult> {
  const locate = lockLocator(wanted.directory);
  const outcomes = await concurrently(CONCURRENCY, TOOL_NAMES, (name) => {
    wanted.onProgress?.(name);
    return lockTool(name, wanted, locate);
  });
  const notes = outcomes.flatMap((outcome) => outcome.notes ?? []);
  const problems = outcomes.flatMap((outcome) => outcome.problems ?? []);
  if (wanted.signal?.aborted === true) {
    return {
      changes: [],
      notes: [],
      problems: [interrupted().problem({ file: LOCK_FILE }, 'the lock was not written')],
      written: false,
    };
  }
  const tools: LockFile['tools'] = {};
  const changes: ToolChange[] = [];
  for (const [index, name] of TOOL_NAMES.entries()) {
    const { tool } = outcomes[index]!;
    if (tool === undefined) continue;
    tools[name] = tool;
    changes.push(...changeOf(name, wanted.lock.tools[name], tool));
  }
  if (problems.length > 0 || changes.length === 0 || wanted.check === true) return { changes, notes, problems, written: false };
  const failure = writeLock(wanted.directory, { ...wanted.lock, tools });
  return { changes, notes, problems: failure === undefined ? [] : [failure], written: failure === undefined };
}

async function lockTool(name: ToolName, wanted: LockRequest, locate: LockLocator): Promise<Outcome> {
  const locked = wanted.lock.tools[name];
  const version = wanted.versions?.[name] ?? locked?.version ?? (await newestVersion(name, wanted));
  // The tool stays out of the lock; `tools install` says so.
  if (typeof version !== 'string') return { notes: [version] };
  const downgrade = locked === undefined || wanted.allowDowngrade === true ? [] : refuseDowngrade(name, locked, version, locate);
  if (downgrade.length > 0) return { tool: locked!, problems: downgrade };
  const resolved = await resolveTool(name, version, wanted);
  if (locked === undefined) return wanted.versions?.[name] === undefined ? refuseUnknown(name, resolved, locate) : resolved;
  if (locked.version !== version) return refuseLoss(name, locked, resolved, locate) ?? resolved;
  const problems = replacedReleases(name, locked, resolved.tool, locate);
  return { tool: keepKnown(locked, resolved.tool), notes: resolved.notes, problems };
}

function refuseDowngrade(name: ToolName, locked: LockedTool, version: string, locate: LockLocator): readonly Problem[] {
  if (!semver.lt(version, locked.version)) return [];
  return [
    {
      location: locate(['tools', name, 'version']),
      message: `'tools.${name}.version' is '${locked.version}', and '${version}' is older`,
      remedy: 'If that is meant, add --allow-downgrade.',
    },
  ];
}

/** A newest version that has no checksums is hardly a version; the tool stays out of the lock. */
function refuseUnknown(name: ToolName, resolved: { tool: LockedTool; notes: readonly Problem[] }, locate: LockLocator): Outcome {
  if (hasChecksum(resolved.tool)) return resolved;
  const note: Problem = {
    location: locate(['tools']),
    message: `its publisher calls ${resolved.tool.version} the newest version of ${name}, but no checksum of it can be learned`,
    remedy: `Find out which version there is, and run \`npx k8s-gitops tools lock --tool ${name}=VERSION\`.`,
  };
  return { notes: [...resolved.notes, note] };
}

const hasChecksum = ({ downloads }: LockedTool): boolean =>
  Object.values(downloads).some((download) => checksumOf(download) !== undefined);

/** A version of which nothing at all can be learned is most likely a wrong one. */
function refuseLoss(
  name: ToolName,
  locked: LockedTool,
  { tool, notes }: { tool: LockedTool; notes: readonly Problem[] },
  locate: LockLocator,
): Outcome | undefined {
  if (hasChecksum(tool) || !hasChecksum(locked)) return undefined;
  return {
    tool: locked,
    notes,
    problems: [
      {
        location: locate(['tools', name, 'version']),
        message: `no checksum of ${name} ${tool.version} can be learned, so the lock would lose those of ${locked.version}`,
        remedy: 'Check that this version is published, and that its publisher can be reached.',
      },
    ],
  };
}

/** Checksums of the lock that the publisher contradicts: what was reviewed and what is published now are two different things. */
function replacedReleases(name: ToolName, locked: LockedTool, published: LockedTool, locate: LockLocator): readonly Problem[] {
  return TOOL_PLATFORMS.flatMap((platform): readonly Problem[] => {
    const [before, now] = [knownChecksum(locked, platform), knownChecksum(published, platform)];
    if (before === undefined || now === undefined) return [];
    if (before.url !== now.url || before.algorithm !== now.algorithm || before.value === now.value) return [];
    return [
      {
        location: locate(['tools', name, 'downloads', platform, before.algorithm]),
        message: `the publisher replaced ${name} ${locked.version} for ${platform}: ${ALGORITHM_NAMES[before.algorithm]} ${before.value} is in the lock, ${now.value} is what it says now`,
        remedy: `Find out why (${releaseNotes(name, locked.version)}) before you trust it; nothing was written. If the new one is right, set this one to 'unresolved' and run it again.`,
      },
    ];
  });
}

function knownChecksum({ downloads }: LockedTool, platform: ToolPlatform): (Checksum & { readonly url: string }) | undefined {
  const download = downloads[platform];
  const checksum = download === undefined ? undefined : checksumOf(download);
  return download === undefined || checksum === undefined ? undefined : { url: download.url, ...checksum };
}

/** What the lock knows of a version stays, even where the publisher cannot be reached now. */
function keepKnown(locked: LockedTool, published: LockedTool): LockedTool {
  const downloads: LockedTool['downloads'] = {};
  for (const platform of TOOL_PLATFORMS) {
    const [before, now] = [locked.downloads[platform], published.downloads[platform]!];
    const stays =
      before !== undefined && checksumOf(before) !== undefined && (before.url === now.url || checksumOf(now) === undefined);
    downloads[platform] = stays ? before : now;
  }
  return { version: locked.version, downloads };
}

function changeOf(name: ToolName, before: LockedTool | undefined, after: LockedTool): readonly ToolChange[] {
  const platforms = TOOL_PLATFORMS.filter((platform) => !isSame(before?.downloads[platform], after.downloads[platform]));
  if (before?.version === after.version && platforms.length === 0) return [];
  return [
    {
      name,
      ...(before === undefined ? {} : { from: before.version }),
      to: after.version,
      platforms,
      unresolved: TOOL_PLATFORMS.filter((platform) => knownChecksum(after, platform) === undefined),
      releaseNotes: releaseNotes(name, after.version),
    },
  ];
}

const isSame = (a: LockedDownload | undefined, b: LockedDownload | undefined): boolean =>
  a?.url === b?.url && a?.sha256 === b?.sha256 && a?.sha512 === b?.sha512;
