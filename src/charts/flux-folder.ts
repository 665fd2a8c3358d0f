import * as fs from 'node:fs';
import * as path from 'node:path';
import { isRecord, type Problem } from '../model';
import { readManifestFile, type Findings, type ManifestDocument } from '../validation';

/** What Flux would apply of a folder. */
export interface FluxFolder extends Findings {
  readonly documents: readonly ManifestDocument[];
}

const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What a kustomization may say for its files to be all that is applied. */
const PLAIN_FIELDS = new Set(['apiVersion', 'kind', 'resources']);

/** Where a folder is read from. */
interface Place {
  /** Platform folder, absolute. */
  readonly root: string;
  /** The system's repository relative to it, out of which nothing leads. */
  readonly repository: string;
  /** Folders on the way here, which must not come again. */
  readonly above: readonly string[];
}

/**
 * Reads every manifest that Flux would apply of a folder: those that its kustomization lists, or all of them where there is none.
 *
 * @param root platform folder
 * @param repository the system's repository, relative to it, out of which nothing leads
 * @param folder path relative to the platform folder, with forward slashes
 */
export function readFluxFolder(root: string, repository: string, folder: string): FluxFolder {
  return readFolder({ root, repository: path.posix.normalize(repository), above: [] }, folder);
}

function readFolder(place: Place, folder: string): FluxFolder {
  const absolute = path.join(place.root, folder);
  if (fs.lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return fail(
      { file: folder },
      'does not exist, although Flux applies this folder',
      'Add it, or correct `path` in the registration.',
    );
  }
  const inside = { ...place, above: [...place.above, path.posix.normalize(folder)] };
  const [kustomization, second] = KUSTOMIZATION_FILES.filter((name) => fs.existsSync(path.join(absolute, name)));
  if (second !== undefined) {
    return fail(
      { file: path.posix.join(folder, second) },
      `stands beside ${kustomization!}, and kustomize takes one`,
      'Keep one.',
    );
  }
  if (kustomization !== undefined) return readKustomization(inside, folder, kustomization);
  const parts = fs
    .readdirSync(absolute, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return [readFolder(inside, file)];
      return /\.ya?ml$/.test(entry.name) ? [readFile(place.root, file)] : [];
    });
  return merge(parts);
}

/** Its files are read whatever else it says; what else it says was not done. */
function readKustomization(place: Place, folder: string, name: string): FluxFolder {
  const file = path.posix.join(folder, name);
  const read = readManifestFile(place.root, file);
  if ('location' in read) return { documents: [], problems: [read], notes: [] };
  const [document] = read;
  const content = document?.content;
  if (document === undefined || !isRecord(content))
    return fail({ file }, 'is not a kustomization', 'List the files of the folder under `resources`.');
  const resources = content['resources'] ?? [];
  if (!Array.isArray(resources)) {
    return fail(document.locator.locate(['resources']), "'resources' is no list", 'List the files of the folder.');
  }
  const parts = resources.map((entry: unknown, index) =>
    readResource(place, folder, entry, document.locator.locate(['resources', index])),
  );
  return merge([...parts, ...instructions(document, content)]);
}

function readResource(place: Place, folder: string, entry: unknown, location: Problem['location']): FluxFolder {
  if (typeof entry !== 'string') return fail(location, 'is no path', 'Name a file or folder of the repository.');
  if (/^[a-z+]+:|\/\/|^git@/.test(entry)) {
    return fail(
      location,
      `lists '${entry}', which stands elsewhere: nobody reviews what it becomes`,
      'Keep a copy in the repository.',
    );
  }
  const target = path.posix.join(folder, entry);
  const within = target === place.repository || target.startsWith(`${place.repository}/`);
  if (path.posix.isAbsolute(entry) || !within) {
    return fail(
      location,
      `lists '${entry}', which leads out of the repository`,
      'Keep what is applied in the repository of its system.',
    );
  }
  if (place.above.includes(path.posix.normalize(target).replace(/\/$/, ''))) {
    return fail(location, `lists '${entry}', which lists this folder in turn`, 'Remove one of the two.');
  }
  const stat = fs.lstatSync(path.join(place.root, target), { throwIfNoEntry: false });
  if (stat === undefined) return fail(location, `lists '${entry}', which does not exist`, 'Correct the path.');
  return stat.isDirectory() ? readFolder(place, target) : readFile(place.root, target);
}

/** What a kustomization says besides its files. */
function instructions({ locator }: ManifestDocument, content: Readonly<Record<string, unknown>>): readonly FluxFolder[] {
  if (content['secretGenerator'] !== undefined) {
    return [
      fail(
        locator.locate(['secretGenerator']),
        'makes a Secret of what stands in Git: Git holds no secrets',
        'Use External Secrets or the Secrets Store CSI driver.',
      ),
    ];
  }
  const changing = Object.keys(content).filter((field) => !PLAIN_FIELDS.has(field));
  if (changing.length === 0) return [];
  const note: Problem = {
    location: locator.locate([changing[0]!]),
    message: `is built by kustomize (${changing.join(', ')}), which was not done: its files were checked as they are`,
    remedy: 'Look at what becomes of them with `kustomize build`.',
  };
  return [{ documents: [], problems: [], notes: [note] }];
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
