import { formatLocation, type Location, type Problem } from '../model';
import { type ManifestDocument } from './manifest-file';
import { identify } from './validate-manifest';

/** The same object declared twice in one environment: Flux would apply one over the other, over and over. */
export class DuplicateObjects {
  private readonly first = new Map<string, Location>();

  /** Notes an object; a problem when the environment has it already. */
  public add(environment: string, document: ManifestDocument): readonly Problem[] {
    const identity = identify(document);
    if (identity === undefined) return [];
    const { apiVersion, kind, name, namespace } = identity;
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const key = JSON.stringify([environment, group, kind, namespace, name]);
    const location = document.locator.locate(['metadata', 'name']);
    const earlier = this.first.get(key);
    if (earlier === undefined) {
      this.first.set(key, location);
      return [];
    }
    return [
      {
        location,
        message: `${kind} '${namespace === undefined ? '' : `${namespace}/`}${name}' is declared twice in ${environment}, first at ${formatLocation(earlier)}`,
        remedy: 'Keep one of the two; a generated one is changed in platform.yaml or systems/.',
      },
    ];
  }
}
