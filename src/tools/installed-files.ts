import * as fs from 'node:fs';
import * as path from 'node:path';
import { readMembers } from './archive-members';
import { hashFile, hashStream } from './checksum';
import { type PinnedTool } from './locked-tools';
import { type WantedMembers } from './member-path';
import { PUBLISHED_TOOLS, targetOf } from './published-tools';
import { type ToolsFolder } from './tools-folder';

/** How an installed file differs from the archive. */
export interface FileDifference {
  /** Path below the tool's folder. */
  readonly file: string;
  readonly difference: 'missing' | 'changed' | 'not executable' | 'not of the archive';
}

/** Whether the kept archive is the one that the lock pins. */
export async function archiveState(
  folder: ToolsFolder,
  tool: PinnedTool,
  signal?: AbortSignal,
): Promise<'missing' | 'intact' | { readonly found: string }> {
  const archive = folder.archive(tool);
  const stat = fs.lstatSync(archive, { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  if (!stat.isFile()) return { found: 'no regular file' };
  const found = await hashFile(archive, tool.checksum.algorithm, signal);
  return found === tool.checksum.value ? 'intact' : { found };
}

/** What is wanted of the archive of a tool. */
export function wantedMembers(folder: ToolsFolder, tool: PinnedTool, signal?: AbortSignal): WantedMembers {
  const { archive, members } = PUBLISHED_TOOLS[tool.name];
  return {
    archive: folder.archive(tool),
    kind: archive,
    members: members(targetOf(tool.platform)),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** What an installation has, and how it differs from its archive. */
export interface Comparison {
  /** Every file of the archive that is installed. */
  readonly files: readonly string[];
  readonly differences: readonly FileDifference[];
}

/**
 * Compares every installed file with the archive, byte for byte.
 *
 * @throws ToolFailure when the archive is damaged
 */
export async function compareInstalled(folder: ToolsFolder, tool: PinnedTool, signal?: AbortSignal): Promise<Comparison> {
  const root = folder.files(tool);
  const files: string[] = [];
  const differences: FileDifference[] = [];
  await readMembers(wantedMembers(folder, tool, signal), async (file, content) => {
    files.push(file);
    const expected = await hashStream(content, 'sha256', signal);
    const difference = await compareFile(path.join(root, file), expected, signal);
    if (difference !== undefined) differences.push({ file, difference });
  });
  const known = new Set(files);
  for (const file of listFiles(root)) if (!known.has(file)) differences.push({ file, difference: 'not of the archive' });
  return { files: files.sort(), differences: differences.sort((a, b) => (a.file < b.file ? -1 : 1)) };
}

async function compareFile(
  file: string,
  expected: string,
  signal?: AbortSignal,
): Promise<FileDifference['difference'] | undefined> {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 'missing';
  if (!stat.isFile() || (await hashFile(file, 'sha256', signal)) !== expected) return 'changed';
  return (stat.mode & 0o111) === 0o111 ? undefined : 'not executable';
}

/** Every file below a folder, whatever it is; links are not followed. */
function listFiles(root: string, below = ''): readonly string[] {
  if (fs.lstatSync(path.join(root, below), { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return fs.readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(below, entry.name);
    return entry.isDirectory() ? listFiles(root, file) : [file];
  });
}
