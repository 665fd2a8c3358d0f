import * as fs from 'node:fs';
import * as path from 'node:path';
import { type z } from 'zod';
import { checkDependencies } from './checks/check-dependencies';
import { checkEnvironments } from './checks/check-environments';
import { checkGitHosts } from './checks/check-git-hosts';
import { checkLock } from './checks/check-lock';
import { checkOutputs } from './checks/check-outputs';
import { checkSystemFiles, checkSystems } from './checks/check-systems';
import { lockFile } from './lock-file';
import { outputsFile } from './outputs-file';
import { type Platform } from './platform';
import { platformFile } from './platform-file';
import { type Problem, sortProblems } from './problem';
import { resolve } from './resolve';
import { parseBySchema } from './schema-problems';
import { type Source, type Sources } from './sources';
import { systemFile } from './system-file';
import { YamlFile } from './yaml-file';

export const PLATFORM_FILE = 'platform.yaml';
export const LOCK_FILE = 'platform.lock.yaml';
export const SYSTEMS_FOLDER = 'systems';
export const OUTPUTS_FOLDER = 'outputs';

const CHECKS = [checkEnvironments, checkOutputs, checkLock, checkGitHosts, checkSystems, checkDependencies];

/** The model, or everything that is wrong with its files. */
export type LoadResult = { readonly platform: Platform } | { readonly problems: readonly Problem[] };

/**
 * Reads and checks all input files of a platform folder.
 *
 * @param directory folder that holds `platform.yaml`
 * @returns the model, or every problem of every file, in the order of files and lines
 */
export function load(directory: string): LoadResult {
  const root = path.resolve(directory);
  const unusable = unusableFolder(root, directory);
  if (unusable !== undefined) return { problems: [unusable] };

  const problems: Problem[] = [];
  const systemFiles = listFolder(root, SYSTEMS_FOLDER, problems);
  const outputFiles = listFolder(root, OUTPUTS_FOLDER, problems);
  const platform = read(root, PLATFORM_FILE, platformFile, problems);
  const lock = read(root, LOCK_FILE, lockFile, problems);
  const systems = readAll(root, systemFiles, systemFile, problems);
  const outputs = readAll(root, outputFiles, outputsFile, problems);

  problems.push(...checkSystemFiles(systems));
  if (platform !== undefined) {
    const sources: Sources = { platform, lock, systems, outputs, systemNames: new Set(systemFiles.map(nameOf)) };
    for (const check of CHECKS) problems.push(...check(sources));
    if (problems.length === 0 && lock !== undefined) return { platform: resolve(root, sources, lock.content) };
  }
  return { problems: sortProblems(problems) };
}

function unusableFolder(root: string, given: string): Problem | undefined {
  const stat = fs.statSync(root, { throwIfNoEntry: false });
  if (stat === undefined)
    return { location: { file: given }, message: 'does not exist', remedy: 'Name the platform folder with --dir.' };
  if (!stat.isDirectory())
    return { location: { file: given }, message: 'is not a folder', remedy: 'Name the folder that holds platform.yaml.' };
  return undefined;
}

/** The YAML files of an input folder; anything else in it would be ignored silently, so it is a problem. */
function listFolder(root: string, folder: string, problems: Problem[]): readonly string[] {
  const stat = fs.lstatSync(path.join(root, folder), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) {
    const kind = stat.isSymbolicLink() ? 'a symbolic link' : 'not a folder';
    problems.push({
      location: { file: folder },
      message: `is ${kind}`,
      remedy: 'Make it a folder of YAML files inside the platform folder.',
    });
    return [];
  }
  return fs
    .readdirSync(path.join(root, folder))
    .sort()
    .filter((name) => !name.startsWith('.') && !/^readme(\.\w+)?$/i.test(name))
    .flatMap((name) => {
      const file = `${folder}/${name}`;
      if (name.endsWith('.yaml')) return [file];
      problems.push({
        location: { file },
        message: `is not a '<name>.yaml' file, so it would be ignored`,
        remedy: name.endsWith('.yml') ? `Rename it to '${name.slice(0, -'.yml'.length)}.yaml'.` : `Move it out of ${folder}/.`,
      });
      return [];
    });
}

const nameOf = (file: string): string => path.posix.basename(file, '.yaml');

function read<Schema extends z.ZodType>(
  root: string,
  file: string,
  schema: Schema,
  problems: Problem[],
): Source<z.output<Schema>> | undefined {
  const yaml = YamlFile.read(root, file);
  if (!(yaml instanceof YamlFile)) {
    problems.push(...yaml);
    return undefined;
  }
  const content = parseBySchema(schema, yaml);
  if ('problems' in content) {
    problems.push(...content.problems);
    return undefined;
  }
  return { yaml, content: content.data };
}

function readAll<Schema extends z.ZodType>(
  root: string,
  files: readonly string[],
  schema: Schema,
  problems: Problem[],
): ReadonlyMap<string, Source<z.output<Schema>>> {
  const sources = new Map<string, Source<z.output<Schema>>>();
  for (const file of files) {
    const source = read(root, file, schema, problems);
    if (source !== undefined) sources.set(nameOf(file), source);
  }
  return sources;
}
