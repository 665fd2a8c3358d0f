import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from '../model';
import { type PinnedTool } from './locked-tools';
import { PUBLISHED_TOOLS } from './published-tools';
import { temporaryName, TEMPORARY_SUFFIX } from './temporary-name';
import { type ToolsFolder } from './tools-folder';

/** A link in bin/ and what it has to point to, relative to bin/. */
export interface CommandLink {
  readonly command: string;
  readonly target: string;
}

/** The links that the installed files of a tool get. */
export function commandLinks(folder: ToolsFolder, tool: PinnedTool, files: readonly string[]): readonly CommandLink[] {
  const { commands } = PUBLISHED_TOOLS[tool.name];
  return files
    .map((file) => ({
      command: path.basename(file),
      target: path
        .relative(folder.bin, path.join(folder.files(tool), file))
        .split(path.sep)
        .join('/'),
    }))
    .filter(({ command }) => ('prefix' in commands ? isNamed(command, commands.prefix) : commands.includes(command)));
}

/** `pulumi` and `pulumi-language-nodejs`, but nothing that would shadow a command of somebody else. */
const isNamed = (command: string, prefix: string): boolean => command === prefix || command.startsWith(`${prefix}-`);

/** Stands for the target of what is no link. */
export const NO_LINK = '';

/** Where a link points, `undefined` when there is nothing of that name. */
export function linkTarget(folder: ToolsFolder, command: string): string | undefined {
  const link = path.join(folder.bin, command);
  const stat = fs.lstatSync(link, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return stat.isSymbolicLink() ? fs.readlinkSync(link) : NO_LINK;
}

/** The names in bin/. */
export function linkedCommands(folder: ToolsFolder): readonly string[] {
  if (!fs.existsSync(folder.bin)) return [];
  return fs
    .readdirSync(folder.bin)
    .filter((name) => !name.endsWith(TEMPORARY_SUFFIX))
    .sort();
}

/** Makes the links of a tool, each replaced at once, and removes what another version of it had. @returns whether there was anything to do */
export function writeLinks(folder: ToolsFolder, { name }: PinnedTool, links: readonly CommandLink[]): boolean {
  const wrong = links.filter(({ command, target }) => linkTarget(folder, command) !== target);
  makeFolder(folder.bin);
  for (const { command, target } of wrong) {
    const link = path.join(folder.bin, command);
    const temporary = temporaryName(link);
    fs.symlinkSync(target, temporary);
    try {
      fs.renameSync(temporary, link);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw Object.assign(error as Error, { path: link });
    }
  }
  const kept = new Set(links.map(({ command }) => command));
  const stale = linkedCommands(folder).filter(
    (command) => !kept.has(command) && linkTarget(folder, command)?.startsWith(`../${name}/`) === true,
  );
  for (const command of stale) fs.rmSync(path.join(folder.bin, command));
  return wrong.length + stale.length > 0;
}
