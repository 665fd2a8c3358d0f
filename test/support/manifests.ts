import { parseAllDocuments } from 'yaml';
import { synthesize } from '../../manifests';
import { loadPlatform } from './load-platform';
import { platformFolder } from './platform-folder';

export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The objects of one generated file of a fixture. */
export function manifestsOf(fixture: string, file: string): readonly Manifest[] {
  const files = synthesize(loadPlatform(platformFolder(fixture))).flatMap((environment) => environment.files);
  return parseAllDocuments(files.find(({ path }) => path === file)!.content).map((document) => document.toJS() as Manifest);
}

/** The specification of the first object of a kind. */
export const specOf = (kind: string, manifests: readonly Manifest[]): Readonly<Record<string, unknown>> =>
  manifests.find((manifest) => manifest.kind === kind)!.spec;
