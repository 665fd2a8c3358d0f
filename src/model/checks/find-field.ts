import { type Problem } from '../problem';
import { type Source } from '../sources';
import { type SystemFile } from '../system-file';
import { type PathSegment } from '../yaml-locator';

/** Where a field stands that may stand for all environments or for one. */
export function findField({ yaml, content }: Source<SystemFile>, path: readonly PathSegment[]): Problem['location'] | undefined {
  const places = [path, ...Object.keys(content.environments ?? {}).map((environment) => ['environments', environment, ...path])];
  return yaml.locateFirstKey(places);
}
