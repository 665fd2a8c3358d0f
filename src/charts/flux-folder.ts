import * as fs from 'node:fs';
import * as path from 'node:path';
import { isRecord } from './is-record';
import { readManifestFile, type Findings, type ManifestDocument } from '../validation';
import { type Problem } from '../model';

/** What Flux would apply of a folder. */
export interface FluxFolder extends Findings {
  readonly documents: readonly ManifestDocument[];
}

const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What a kustomization may say for it to be read here: which files, and nothing that changes them. */
const PLAIN_FIELDS = new Set(['apiVersion', 'kind', 'resources']);

/**
 * Reads every manifest that Flux would apply of a folder: those that its kustomization lists, or all of them where there is none.
 *
 * @param root platform folder
 * @param repository the system's repository, relative to it, out of which nothing leads
 * @param folder path relative to the platform folder, with forward slashes
 */
export function readFluxFolder(root: string, repository: string, folder: string): FluxFolder {
  const absolute = path.join(root, folder);
  if (fs.lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return fail(
      { file: folder },
      'does not exist, although Flux applies this folder',
      'Add it, or correct `path` in the registration.',
    );
  }
  const kustomization = KUSTOMIZATION_FILES.find((name) => fs.existsSync(path.join(absolute, name)));
  if (kustomization !== undefined) return readKustomization(root, repository, folder, kustomization);
  const parts = fs
    .readdirSync(absolute, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return [readFluxFolder(root, repository, file)];
      return /\.ya?ml$/.test(entry.name) ? [readFile(root, file)] : [];
    });
  return merge(parts);
}

function readKustomization(root: string, repository: string, folder: string, name: string): FluxFolder {
  const file = path.posix.join(folder, name);
  const read = readManifestFile(root, file);
  if ('location' in read) return { documents: [], problems: [read], notes: [] };
  const [document] = read;
  const content = document?.content;
  if (document === undefined || !isRecord(content))
    return fail({ file }, 'is not a kustomization', 'List the files of the folder under `resources`.');
  const changing = Object.keys(content).filter((field) => !PLAIN_FIELDS.has(field));
  const resources = content['resources'] ?? [];
  const remote =
    Array.isArray(resources) && resources.some((entry) => typeof entry !== 'string' || /^[a-z+]+:|\/\/|^git@/.test(entry));
  if (changing.length > 0 || remote || !Array.isArray(resources)) {
    const note: Problem = {
      location: document.locator.locate(changing.length > 0 ? [changing[0]!] : ['resources']),
      message: `is built by kustomize (${changing.length > 0 ? changing.join(', ') : 'resources of elsewhere'}), which was not done: its objects were not checked`,
      remedy: 'Look at them with `kustomize build`; or list plain files under `resources` alone.',
    };
    return { documents: [], problems: [], notes: [note] };
  }
  const parts = (resources as readonly string[]).map((entry, index): FluxFolder => {
    const target = path.posix.join(folder, entry);
    if (!target.startsWith(`${path.posix.normalize(repository)}/`)) {
      return fail(
        document.locator.locate(['resources', index]),
        `lists '${entry}', which leads out of the repository`,
        'Keep what is applied in the repository of its system.',
      );
    }
    const stat = fs.lstatSync(path.join(root, target), { throwIfNoEntry: false });
    if (stat === undefined) {
      return fail(document.locator.locate(['resources', index]), `lists '${entry}', which does not exist`, 'Correct the path.');
    }
    return stat.isDirectory() ? readFluxFolder(root, repository, target) : readFile(root, target);
  });
  return merge(parts);
}

function readFile(root: string, file: string): FluxFolder {
  const read = readManifestFile(root, file);
  return 'location' in read ? { documents: [], problems: [read], notes: [] } : { documents: read, problems: [], notes: [] };
}

function fail(location: Problem['location'], message: string, remedy: string): FluxFolder {
  return { documents: [], problems: [{ location, message, remedy }], notes: [] };
}

function merge(parts: readonly FluxFolder[]): FluxFolder {
  return {
    documents: parts.flatMap(({ documents }) => documents),
    problems: parts.flatMap(({ problems }) => problems),
    notes: parts.flatMap(({ notes }) => notes),
  };
}
