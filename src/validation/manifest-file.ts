import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import { duplicateKeys, readTextFile, YamlLocator, type Problem } from '../model';
import { GO_SCALARS } from './go-scalars';

/** Bundles of custom resource definitions are large; nothing in a GitOps repository is larger than this. */
const MAX_BYTES = 16 * 1024 * 1024;

/** One YAML document of a manifest file. */
export interface ManifestDocument {
  readonly content: unknown;
  readonly locator: YamlLocator;
}

/**
 * Reads all documents of a manifest file as kustomize does, with which Flux builds: YAML 1.2, the merge key of 1.1, and
 * numbers and dates as Go reads them.
 *
 * @returns the documents that are not empty, or what is wrong with the file
 */
export function readManifestFile(root: string, file: string): readonly ManifestDocument[] | Problem {
  const source = readTextFile(root, file, MAX_BYTES);
  return typeof source === 'string' ? parseManifests(source, file) : source;
}

/**
 * The documents of a text, read as a manifest file is.
 *
 * @param file what problems name as the place of the text
 */
export function parseManifests(source: string, file: string): readonly ManifestDocument[] | Problem {
  const conflict = /^<{7} /m.exec(source);
  if (conflict !== null) {
    return {
      location: { file, line: source.slice(0, conflict.index).split('\n').length, column: 1 },
      message: 'has conflict markers of a Git merge',
      remedy: 'Resolve the conflict; a generated file is made anew by `npm start`.',
    };
  }
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(source, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      merge: true,
      customTags: (tags) => [...GO_SCALARS, ...tags],
    });
    if (!Array.isArray(documents)) return [];
    return readDocuments(documents as Document.Parsed[], file, lines);
  } catch (error) {
    if (error instanceof RangeError) return tooDeep(file);
    if (!(error instanceof ReferenceError)) throw error;
    const unresolved = /^Unresolved alias .*: (.+)$/.exec(error.message)?.[1];
    if (unresolved !== undefined) {
      return {
        location: { file },
        message: `the alias '*${unresolved}' has no anchor before it`,
        remedy: 'Write the value out in place of the alias.',
      };
    }
    return {
      location: { file },
      message: 'aliases expand to far more than is written (an alias bomb)',
      remedy: 'Write it flatter, with values in place of aliases.',
    };
  }
}

function tooDeep(file: string): Problem {
  return {
    location: { file },
    message: 'is nested too deeply to be read',
    remedy: 'Write it flatter, with values in place of aliases.',
  };
}

function readDocuments(
  documents: readonly Document.Parsed[],
  file: string,
  lines: LineCounter,
): readonly ManifestDocument[] | Problem {
  const manifests: ManifestDocument[] = [];
  for (const document of documents) {
    const error = document.errors[0];
    if (error !== undefined) {
      // Where the parser ran out of stack depends on who called it.
      if (error.code === 'RESOURCE_EXHAUSTION') return tooDeep(file);
      const { line, col } = lines.linePos(error.pos[0]);
      return {
        location: { file, line, column: col },
        message: `is not valid YAML: ${error.message.split('\n')[0]!.trim()}`,
        remedy: REMEDY,
      };
    }
    const locator = new YamlLocator(file, document, lines);
    const [duplicate] = duplicateKeys(document);
    if (duplicate !== undefined) {
      return {
        location: locator.position(duplicate),
        message: 'the same key stands twice in one mapping',
        remedy: 'Keep one of the two.',
      };
    }
    const content = document.toJS({ maxAliasCount: 100 }) as unknown;
    if (content !== null) manifests.push(...expandList({ content, locator }));
  }
  return manifests;
}

/** Flux and kubectl apply the items of a `List`, each as if it stood alone. */
function expandList(document: ManifestDocument): readonly ManifestDocument[] {
  if (typeof document.content !== 'object' || document.content === null) return [document];
  const { apiVersion, kind, items } = document.content as { apiVersion?: unknown; kind?: unknown; items?: unknown };
  if (apiVersion !== 'v1' || kind !== 'List' || !Array.isArray(items)) return [document];
  return items.flatMap((content: unknown, index) => expandList({ content, locator: document.locator.below(['items', index]) }));
}

const REMEDY = 'Correct the syntax on this line or the one before.';
