import * as fs from 'node:fs';
import * as path from 'node:path';
import { CLUSTERS_FOLDER } from '../../manifests';
import { TOOL_NAMES, type LockFile, type Platform } from '../model';
import { releaseNotes } from '../tools';
import { knownChanges, type KnownChangeVerdict } from './known-changes';
import { fluxReleaseNotes, operatorReleaseNotes } from './release-notes';

/** Addresses of the release notes of everything that changes. */
export function notesToRead(before: LockFile | undefined, { flux, tools }: LockFile): readonly string[] {
  const from = before?.flux;
  return [
    ...(from?.version === flux.version ? [] : fluxReleaseNotes(from?.version, flux.version)),
    ...(from?.operator === flux.operator ? [] : [operatorReleaseNotes(flux.operator)]),
    ...TOOL_NAMES.flatMap((name) => {
      const tool = tools[name];
      return tool === undefined || before?.tools[name]?.version === tool.version ? [] : [releaseNotes(name, tool.version)];
    }),
  ];
}

/** What works differently afterwards. */
export function changesToKnow(
  directory: string,
  before: LockFile | undefined,
  { flux }: LockFile,
  platform: Platform,
): readonly KnownChangeVerdict[] {
  if (before === undefined) return [];
  const manifests = manifestTexts(directory);
  const { components } = platform.flux;
  return [
    ...(before.flux.version === flux.version
      ? []
      : knownChanges('Flux', before.flux.version, flux.version, components, manifests)),
    ...(before.flux.operator === flux.operator
      ? []
      : knownChanges('Flux Operator', before.flux.operator, flux.operator, components, manifests)),
  ];
}

/** The committed manifests, those that were written by hand included. */
function manifestTexts(directory: string): ReadonlyMap<string, string> {
  const root = path.join(directory, CLUSTERS_FOLDER);
  if (!fs.existsSync(root)) return new Map();
  return new Map(
    fs
      .readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [path.relative(directory, file).split(path.sep).join('/'), fs.readFileSync(file, 'utf8')] as const),
  );
}
