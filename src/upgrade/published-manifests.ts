import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { compare, valid } from 'semver';
import { parse } from 'yaml';
import { z } from 'zod';
import { lockFile, readTextFile, type PlatformFile, type Problem } from '../model';
import { readArchive } from './read-archive';
import { type Answer, type Registry, type RegistryFailure } from './registry';

type Variant = PlatformFile['flux']['variant'];

/** Where the operator publishes the manifests and the digests of every version of Flux that it installs. */
export const MANIFESTS_REPOSITORY = 'ghcr.io/controlplaneio-fluxcd/flux-operator-manifests';

/** Repositories of the controllers by variant. */
export const CONTROLLER_REPOSITORIES: Readonly<Record<Variant, string>> = {
  'upstream-alpine': 'ghcr.io/fluxcd',
  'enterprise-alpine': 'ghcr.io/controlplaneio-fluxcd/alpine',
  'enterprise-distroless': 'ghcr.io/controlplaneio-fluxcd/distroless',
  'enterprise-distroless-fips': 'ghcr.io/controlplaneio-fluxcd/distroless-fips',
};

/** Lists of images have a kilobyte, definitions of a controller a few hundred. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Files by path with forward slashes. */
interface FileTree {
  /** Names in a folder, in order; none where there is no such folder. */
  list(folder: string): readonly string[];
  read(file: string): string | undefined;
}

/** An image of a controller as a version of Flux has it. */
export interface PublishedImage {
  readonly upstream: string;
  readonly tag: string;
  readonly digest: string;
}

/** What the operator publishes for the versions of Flux. */
export interface PublishedManifests {
  /** How messages call it. */
  readonly name: string;
  /** Versions of Flux, oldest first. */
  readonly versions: readonly string[];
  /** The images of a version by controller, or why they cannot be read. */
  images(version: string, variant: Variant): ReadonlyMap<string, PublishedImage> | Problem;
  /** What the lock says about where these images come from. */
  source(version: string, variant: Variant): string;
  /** Texts that hold the custom resource definitions of a version of Flux. */
  definitions(version: string): readonly string[];
  /** Texts that hold the custom resource definitions of the operator itself. */
  readonly operatorDefinitions: readonly string[];
  /** Provenance for what is derived from the definitions. */
  readonly provenance: string;
}

/**
 * Opens a folder that has `flux-images/` and `flux/`, or a checkout of the operator.
 *
 * @param folder as given on the command line
 */
export function openManifestsFolder(folder: string): PublishedManifests | Problem {
  const root = path.resolve(folder);
  const data = ['.', 'config/data'].find((candidate) => isFolder(path.join(root, candidate, 'flux-images')));
  if (data === undefined) {
    return {
      location: { file: folder },
      message: "has neither 'flux-images' nor 'config/data/flux-images'",
      remedy:
        "Name a folder with what the Flux Operator publishes as 'flux-operator-manifests', or a checkout of its repository.",
    };
  }
  const tree = folderTree(path.join(root, data));
  const given = `--manifests ${path.basename(root)}`;
  const bases = folderTree(path.join(root, 'config/crd/bases'));
  return {
    ...manifestsIn(tree, given),
    source: (version, variant) => {
      const file = imageListOf(version, variant);
      return `${given} ${file}@sha256:${createHash('sha256')
        .update(tree.read(file) ?? '')
        .digest('hex')}`;
    },
    operatorDefinitions: textsIn(bases, '.'),
    provenance: given,
  };
}

/**
 * Fetches what a version of the operator publishes.
 *
 * @param operator version of the operator
 * @param flux version of Flux whose definitions are needed
 */
export async function fetchManifests(registry: Registry, operator: string, flux: string): Promise<Answer<PublishedManifests>> {
  const reference = `${MANIFESTS_REPOSITORY}:v${operator}`;
  const manifest = await registry.manifest(reference);
  if ('failure' in manifest) return manifest;
  const { digest, layers } = manifest.value;
  if (layers.length !== 1) return unusable(reference, `it has ${layers.length} layers instead of one`);
  const blob = await registry.blob(MANIFESTS_REPOSITORY, layers[0]!.digest);
  if ('failure' in blob) return blob;
  let files: ReadonlyMap<string, string>;
  try {
    files = await readArchive(blob.value, (file) => file.startsWith('flux-images/') || file.startsWith(`flux/v${flux}/`));
  } catch (error) {
    return unusable(reference, (error as Error).message);
  }
  const source = `${reference}@${digest}`;
  return {
    value: { ...manifestsIn(mapTree(files), reference), source: () => source, operatorDefinitions: [], provenance: source },
  };
}

function unusable(reference: string, what: string): { readonly failure: RegistryFailure } {
  return {
    failure: {
      kind: 'unusable',
      reason: `${reference} cannot be used: ${what}`,
      remedy: 'Name another source with --manifests, or another version of the operator.',
    },
  };
}

const imageListOf = (version: string, variant: Variant): string => `flux-images/v${version}/${variant}.yaml`;

function manifestsIn(tree: FileTree, name: string): Pick<PublishedManifests, 'name' | 'versions' | 'images' | 'definitions'> {
  const versions = tree
    .list('flux-images')
    .filter((folder) => folder.startsWith('v') && valid(folder.slice(1)) === folder.slice(1))
    .map((folder) => folder.slice(1))
    .sort(compare);
  return {
    name,
    versions,
    images: (version, variant) => readImages(tree, name, imageListOf(version, variant), CONTROLLER_REPOSITORIES[variant]),
    definitions: (version) => textsIn(tree, `flux/v${version}`),
  };
}

const { upstream, tag } = lockFile.shape.images.valueType.shape;
const imageList = z.object({
  images: z.array(
    z.object({
      name: z.string(),
      newName: z.string().optional(),
      newTag: tag,
      digest: z.string().regex(/^sha256:[a-f0-9]{64}$/),
    }),
  ),
});

/** The list of a version as kustomize reads it; only controllers of the variant's own repository are taken. */
function readImages(
  tree: FileTree,
  name: string,
  file: string,
  repository: string,
): ReadonlyMap<string, PublishedImage> | Problem {
  const unusableList = (message: string): Problem => ({
    location: { file: `${name} ${file}` },
    message,
    remedy: 'Take the manifests from another source with --manifests, or choose another version.',
  });
  const text = tree.read(file);
  if (text === undefined) return unusableList('does not exist');
  let content: z.output<typeof imageList>;
  try {
    content = imageList.parse(parse(text));
  } catch {
    return unusableList('is no list of images with tags and digests');
  }
  const images = new Map<string, PublishedImage>();
  for (const { name: original, newName = original, newTag, digest: published } of content.images) {
    const controller = newName.slice(newName.lastIndexOf('/') + 1);
    if (newName !== `${repository}/${controller}` || !upstream.safeParse(newName).success) {
      return unusableList(`names the image '${newName}', which is not of '${repository}'`);
    }
    images.set(controller, { upstream: newName, tag: newTag, digest: published });
  }
  return images;
}

function textsIn(tree: FileTree, folder: string): readonly string[] {
  return tree
    .list(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap((name) => tree.read(path.posix.join(folder, name)) ?? []);
}

const isFolder = (folder: string): boolean => fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;

function folderTree(root: string): FileTree {
  return {
    list: (folder) => (isFolder(path.join(root, folder)) ? fs.readdirSync(path.join(root, folder)).sort() : []),
    read: (file) => {
      const text = readTextFile(root, file, MAX_BYTES);
      return typeof text === 'string' ? text : undefined;
    },
  };
}

function mapTree(files: ReadonlyMap<string, string>): FileTree {
  return {
    list: (folder) => [
      ...new Set(
        [...files.keys()]
          .filter((file) => file.startsWith(`${folder}/`))
          .map((file) => file.slice(folder.length + 1).split('/')[0]!)
          .sort(),
      ),
    ],
    read: (file) => files.get(file),
  };
}
