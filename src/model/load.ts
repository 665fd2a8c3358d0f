import * as fs from 'node:fs';
import * as path from 'node:path';
import { type z } from 'zod';
import { checkDependencies } from './checks/check-dependencies';
import { checkDryRuns } from './checks/check-dry-runs';
import { checkEnvironments } from './checks/check-environments';
import { checkGitHosts } from './checks/check-git-hosts';
import { checkLock } from './checks/check-lock';
import { checkOrganization } from './checks/check-organization';
import { checkOutputs } from './checks/check-outputs';
import { checkRecordedPipelines } from './checks/check-recorded-pipelines';
import { checkScanExceptions } from './checks/check-scan-exceptions';
import { checkStackConfigs } from './checks/check-stack-configs';
import { checkStackFiles } from './checks/check-stack-files';
import { checkSystemFiles, checkSystems } from './checks/check-systems';
import { lockFile, type LockFile } from './lock-file';
import { ORGANIZATION_STACK } from './environment-names';
import { organizationConfigFile } from './organization-config-file';
import { organizationOutputsFile } from './organization-outputs-file';
import { outputsFile } from './outputs-file';
import { type Platform } from './platform';
import { platformFile, type PlatformFile } from './platform-file';
import { type Problem, sortProblems } from './problem';
import { resolve } from './resolve';
import { parseBySchema } from './schema-problems';
import { type Source, type Sources } from './sources';
import { scanExceptionsFile } from './scan-exceptions-file';
import { stackConfigFile } from './stack-config-file';
import { OUTPUTS_FOLDER, outputsPath, stackFile } from './stack-file-name';
import { systemFile } from './system-file';
import { YamlFile } from './yaml-file';

export const PLATFORM_FILE = 'platform.yaml';
export const LOCK_FILE = 'platform.lock.yaml';
export const SCAN_EXCEPTIONS_FILE = 'scan-exceptions.yaml';
export const SYSTEMS_FOLDER = 'systems';

const ORGANIZATION_OUTPUTS = outputsPath(ORGANIZATION_STACK);

/** What has to hold whatever the lock says. */
const CHECKS_WITHOUT_LOCK = [
  checkEnvironments,
  checkOutputs,
  checkStackFiles,
  checkStackConfigs,
  checkDryRuns,
  checkRecordedPipelines,
  checkOrganization,
  checkGitHosts,
  checkSystems,
  checkDependencies,
];
const CHECKS = [...CHECKS_WITHOUT_LOCK, checkLock, checkScanExceptions];

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
  const read = readSources(root, directory);
  const problems = [...read.problems];
  if (read.sources !== undefined) {
    for (const check of CHECKS) problems.push(...check(read.sources));
    const { lock } = read.sources;
    if (problems.length === 0 && lock !== undefined) return { platform: resolve(root, read.sources, lock.content) };
  }
  return { problems: sortProblems(problems) };
}

/** What the lock has to hold, and what it holds. */
export interface LockRequirements {
  readonly platform: PlatformFile;
  /** References under `mirror:` of all systems, as written. */
  readonly mirror: readonly string[];
  /** @default - there is none yet */
  readonly lock?: LockFile;
}

/**
 * Reads and checks all input files of a platform folder but for whether the lock is the model's: what resolves the lock starts here.
 *
 * @param directory folder that holds `platform.yaml`
 */
export function loadLockRequirements(
  directory: string,
): { readonly requirements: LockRequirements } | { readonly problems: readonly Problem[] } {
  const root = path.resolve(directory);
  const { sources, problems: told } = readSources(root, directory);
  const hasLock = fs.existsSync(path.join(root, LOCK_FILE));
  const problems = told.filter(({ location }) => hasLock || location.file !== LOCK_FILE);
  if (sources !== undefined) {
    for (const check of CHECKS_WITHOUT_LOCK) problems.push(...check(sources));
    if (problems.length === 0) {
      const mirror = [...sources.systems.values()].flatMap(({ content }) => content.mirror);
      const { lock } = sources;
      return {
        requirements: { platform: sources.platform.content, mirror, ...(lock === undefined ? {} : { lock: lock.content }) },
      };
    }
  }
  return { problems: sortProblems(problems) };
}

/** Every input file, and what is wrong with each by itself. */
function readSources(root: string, given: string): { readonly sources?: Sources; readonly problems: readonly Problem[] } {
  const unusable = unusableFolder(root, given);
  if (unusable !== undefined) return { problems: [unusable] };

  const problems: Problem[] = [];
  const systemFiles = listFolder(root, SYSTEMS_FOLDER, problems);
  const outputFiles = listFolder(root, OUTPUTS_FOLDER, problems);
  const platform = read(root, PLATFORM_FILE, platformFile, problems);
  const lock = read(root, LOCK_FILE, lockFile, problems);
  const scanExceptions = readIfThere(root, SCAN_EXCEPTIONS_FILE, scanExceptionsFile, problems);
  const systems = readAll(root, systemFiles, systemFile, problems);
  const outputs = readAll(
    root,
    outputFiles.filter((file) => file !== ORGANIZATION_OUTPUTS),
    outputsFile,
    problems,
  );
  const organizationOutputs = outputFiles.includes(ORGANIZATION_OUTPUTS)
    ? read(root, ORGANIZATION_OUTPUTS, organizationOutputsFile, problems)
    : undefined;
  const organizationConfig = readIfThere(root, stackFile(ORGANIZATION_STACK), organizationConfigFile, problems);

  problems.push(...checkSystemFiles(systems));
  if (platform === undefined) return { problems };
  const stackConfigs = new Map<string, Source<z.output<typeof stackConfigFile>>>();
  for (const name of Object.keys(platform.content.environments)) {
    const config = readIfThere(root, stackFile(name), stackConfigFile, problems);
    if (config !== undefined) stackConfigs.set(name, config);
  }
  const systemNames = new Set(systemFiles.map(nameOf));
  const stackFiles = fs.readdirSync(root).filter((name) => /^Pulumi\..+\.ya?ml$/.test(name));
  const organization = { organizationConfig, organizationOutputs };
  return {
    sources: { platform, lock, scanExceptions, systems, outputs, stackConfigs, ...organization, stackFiles, systemNames },
    problems,
  };
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

function readIfThere<Schema extends z.ZodType>(
  root: string,
  file: string,
  schema: Schema,
  problems: Problem[],
): Source<z.output<Schema>> | undefined {
  return fs.lstatSync(path.join(root, file), { throwIfNoEntry: false }) === undefined
    ? undefined
    : read(root, file, schema, problems);
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
