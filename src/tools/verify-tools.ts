import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  fileSystemProblem,
  TOOL_NAMES,
  type Location,
  type LockFile,
  type Problem,
  type ToolName,
  type ToolPlatform,
} from '../model';
import { ALGORITHM_NAMES } from './checksum';
import { commandLinks, linkedCommands, linkTarget, NO_LINK, type CommandLink } from './command-links';
import { concurrently } from './concurrently';
import { archiveState, compareInstalled, type FileDifference } from './installed-files';
import { describePinned, lockLocator, pinnedTool, supportedPlatform, type PinnedTool } from './locked-tools';
import { interrupted, ToolFailure } from './tool-failure';
import { ToolsFolder } from './tools-folder';

const CONCURRENCY = 2;

/** What is to be verified, and where. */
export interface VerifyRequest {
  /** Platform folder. */
  readonly directory: string;
  /** `tools` of the lock. */
  readonly tools: LockFile['tools'];
  /** @default - all tools of the lock */
  readonly names?: readonly ToolName[];
  /** Folder they are installed in, relative to the folder of this process. @default - `.tools` of the platform folder */
  readonly to?: string;
  /** @default - that of this machine */
  readonly platform?: ToolPlatform;
  /** Stops the work early. @default - nothing does */
  readonly signal?: AbortSignal;
}

/** How an installed tool is. */
export interface VerifiedTool {
  readonly name: ToolName;
  /** @default - it is not in the lock */
  readonly version?: string;
  readonly state: 'intact' | 'not intact' | 'other version' | 'not installed';
}

/** How all of them are. */
export interface Verification {
  readonly tools: readonly VerifiedTool[];
  readonly problems: readonly Problem[];
}

interface Verdict {
  readonly state: VerifiedTool['state'];
  readonly problems: readonly Problem[];
  /** @default - the files are not known */
  readonly links?: readonly CommandLink[];
}

/** Compares what is installed with the lock: archives by their checksum, files byte for byte with their archive, and links. */
export async function verifyTools(wanted: VerifyRequest): Promise<Verification> {
  const platform = wanted.platform ?? supportedPlatform();
  if (typeof platform !== 'string') return { tools: [], problems: [platform] };
  const folder = new ToolsFolder(wanted.directory, wanted.to);
  const names = TOOL_NAMES.filter((name) => wanted.names?.includes(name) ?? wanted.tools[name] !== undefined);
  const locate = lockLocator(wanted.directory);
  const verdicts = await concurrently(CONCURRENCY, names, async (name): Promise<Verdict> => {
    const tool = pinnedTool(wanted.tools, name, platform, locate);
    return 'message' in tool ? { state: 'not installed', problems: [tool] } : verify(folder, tool, wanted.signal);
  });
  const problems = verdicts.flatMap((verdict) => verdict.problems);
  // Of some tools alone nobody can say whose the other commands are.
  if (wanted.names === undefined && wanted.signal?.aborted !== true) problems.push(...foreignCommands(folder, names, verdicts));
  return {
    tools: names.map((name, index) => {
      const version = wanted.tools[name]?.version;
      return { name, ...(version === undefined ? {} : { version }), state: verdicts[index]!.state };
    }),
    problems,
  };
}

async function verify(folder: ToolsFolder, tool: PinnedTool, signal: AbortSignal | undefined): Promise<Verdict> {
  try {
    if (signal?.aborted === true) throw interrupted();
    return notInstalled(folder, tool) ?? (await verifyInstalled(folder, tool, signal));
  } catch (error) {
    if (signal?.aborted === true) return broken([interrupted().problem(at(folder, folder.files(tool)), describePinned(tool))]);
    if (error instanceof ToolFailure) return broken([error.problem(at(folder, folder.archive(tool)), describePinned(tool))]);
    const problem = fileSystemProblem(error, process.cwd());
    if (problem === undefined) throw error;
    return broken([problem]);
  }
}

const broken = (problems: readonly Problem[]): Verdict => ({ state: 'not intact', problems });

const at = (folder: ToolsFolder, file: string): Location => ({ file: folder.show(file) });

const install = ({ name }: PinnedTool): string => `Run \`npx k8s-gitops tools install ${name}\`, which installs it anew.`;

function notInstalled(folder: ToolsFolder, tool: PinnedTool): Verdict | undefined {
  const { name, version } = tool;
  if (fs.existsSync(folder.files(tool))) return undefined;
  const others = versionsIn(folder.versions(name));
  const found = others.length === 0 ? 'it is not installed' : `only ${others.join(' and ')} is installed`;
  return {
    state: others.length === 0 ? 'not installed' : 'other version',
    problems: [
      {
        location: at(folder, folder.files(tool)),
        message: `the lock pins ${name} ${version}, but ${found}`,
        remedy: `Run \`npx k8s-gitops tools install ${name}\`.`,
      },
    ],
  };
}

function versionsIn(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort();
}

async function verifyInstalled(folder: ToolsFolder, tool: PinnedTool, signal: AbortSignal | undefined): Promise<Verdict> {
  const state = await archiveState(folder, tool, signal);
  if (state !== 'intact') return broken([archiveProblem(folder, tool, state)]);
  const { files, differences } = await compareInstalled(folder, tool, signal);
  const links = commandLinks(folder, tool, files);
  const wrongLinks = links.filter(({ command, target }) => linkTarget(folder, command) !== target);
  const problems = [
    ...differences.map((difference) => fileProblem(folder, tool, difference)),
    ...wrongLinks.map((link) => linkProblem(folder, tool, link)),
  ];
  const isOther = differences.length === 0 && wrongLinks.some((link) => pointsToOtherVersion(folder, tool, link));
  return { state: problems.length === 0 ? 'intact' : isOther ? 'other version' : 'not intact', problems, links };
}

const pointsToOtherVersion = (folder: ToolsFolder, { name }: PinnedTool, { command }: CommandLink): boolean =>
  linkTarget(folder, command)?.startsWith(`../${name}/`) === true;

function archiveProblem(folder: ToolsFolder, tool: PinnedTool, state: 'missing' | { readonly found: string }): Problem {
  const { algorithm, value } = tool.checksum;
  return {
    location: at(folder, folder.archive(tool)),
    message:
      state === 'missing'
        ? `the archive of ${describePinned(tool)} is missing, so nobody can say whether its files are intact`
        : `the archive of ${describePinned(tool)} was changed: the lock has the ${ALGORITHM_NAMES[algorithm]} ${value}, the archive ${state.found}`,
    remedy: install(tool),
  };
}

const DIFFERENCES: Readonly<Record<FileDifference['difference'], string>> = {
  missing: 'is missing',
  changed: 'is not what its archive has',
  'not executable': 'is not executable',
  'not of the archive': 'is not of its archive',
};

function fileProblem(folder: ToolsFolder, tool: PinnedTool, { file, difference }: FileDifference): Problem {
  return {
    location: at(folder, path.join(folder.files(tool), file)),
    message: `${DIFFERENCES[difference]} (${describePinned(tool)})`,
    remedy: install(tool),
  };
}

function linkProblem(folder: ToolsFolder, tool: PinnedTool, { command, target }: CommandLink): Problem {
  const found = linkTarget(folder, command);
  const is = found === undefined ? 'is missing' : found === NO_LINK ? 'is no link' : `points to '${found}'`;
  return {
    location: at(folder, path.join(folder.bin, command)),
    message: `${is}, but the lock wants a link to '${target}'`,
    remedy: install(tool),
  };
}

/** Whatever stands in bin/ shadows the commands of the system once bin/ is on PATH. */
function foreignCommands(folder: ToolsFolder, names: readonly ToolName[], verdicts: readonly Verdict[]): readonly Problem[] {
  const known = new Set(verdicts.flatMap(({ links }) => (links ?? []).map(({ command }) => command)));
  // Which links a tool has is not known when its files are not; that was told already.
  const undecided = new Set(names.filter((_name, index) => verdicts[index]!.links === undefined).map(String));
  return linkedCommands(folder)
    .filter((command) => !known.has(command) && !undecided.has(ownerOf(linkTarget(folder, command))))
    .map((command) => ({
      location: at(folder, path.join(folder.bin, command)),
      message: `'${command}' is not of a tool that the lock pins`,
      remedy: 'Remove it: whatever stands in this folder is run in place of the commands of the system.',
    }));
}

/** The tool into whose folder a link points, empty when it points elsewhere. */
const ownerOf = (target: string | undefined): string => /^\.\.\/([^/]+)\//.exec(target ?? '')?.[1] ?? '';
