import {
  LOCK_FILE,
  TOOL_NAMES,
  UNRESOLVED,
  type LockedTool,
  type LockFile,
  type Location,
  type Problem,
  type ToolName,
} from '../model';
import { resolveTool, type DownloadContext } from '../tools';
import { checkStep } from './check-versions';
import { type InputLocations } from './input-locations';

/** The tools whose version changes. */
export interface ToolInputs {
  readonly tools: LockFile['tools'];
  readonly versions: Readonly<Partial<Record<ToolName, string>>>;
  readonly allowDowngrade: boolean;
  readonly context: DownloadContext;
  readonly locations: InputLocations;
}

/** The tools of the lock as they will be. */
export interface ResolvedTools {
  readonly tools: LockFile['tools'];
  readonly notes: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** Learns what the asked-for versions of tools are; the others stay as they are. */
export async function resolveTools({ tools, versions, allowDowngrade, context, locations }: ToolInputs): Promise<ResolvedTools> {
  const resolved: LockFile['tools'] = {};
  const notes: Problem[] = [];
  const problems: Problem[] = [];
  for (const name of TOOL_NAMES) {
    const [locked, version] = [tools[name], versions[name]];
    if (locked !== undefined) resolved[name] = locked;
    if (version === undefined || (locked?.version === version && isComplete(locked))) continue;
    const location = locked === undefined ? { file: LOCK_FILE } : locations.inLock(['tools', name, 'version']);
    const from = locked === undefined ? {} : { from: locked.version };
    const refused = checkStep({ product: name, ...from, to: version, location }, { allowDowngrade, allowSkippedMinor: true });
    problems.push(...refused);
    if (refused.length > 0) continue;
    const published = await resolveTool(name, version, context);
    if (!isKnown(published.tool)) {
      problems.push(...published.notes, unknownTool(name, version, location));
      continue;
    }
    resolved[name] = locked?.version === version ? keepKnown(locked, published.tool) : published.tool;
    notes.push(...published.notes);
  }
  return { tools: resolved, notes, problems };
}

const checksumsOf = ({ downloads }: LockedTool): readonly (string | undefined)[] =>
  Object.values(downloads).map(({ sha256, sha512 }) => sha256 ?? sha512);
const isKnown = (tool: LockedTool): boolean => checksumsOf(tool).some((checksum) => checksum !== UNRESOLVED);
const isComplete = (tool: LockedTool): boolean => checksumsOf(tool).every((checksum) => checksum !== UNRESOLVED);

/** What was reviewed stays; \`tools lock\` compares it with what the publisher says now. */
function keepKnown(locked: LockedTool, published: LockedTool): LockedTool {
  const known = Object.entries(locked.downloads).filter(([, { sha256, sha512 }]) => (sha256 ?? sha512) !== UNRESOLVED);
  return { version: locked.version, downloads: { ...published.downloads, ...Object.fromEntries(known) } };
}

function unknownTool(name: ToolName, version: string, location: Location): Problem {
  return {
    location,
    message: `no checksum of ${name} ${version} can be learned`,
    remedy: 'Check that this version is published, and that its publisher can be reached.',
  };
}
