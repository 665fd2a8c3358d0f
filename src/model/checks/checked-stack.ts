import { type EnvironmentFileEntry } from '../platform-file';
import { type Location } from '../problem';
import { type Source, type Sources } from '../sources';
import { type StackConfig } from '../stack-config-file';
import { type PathSegment } from '../yaml-locator';

/** One stack's configuration, beside what platform.yaml says of its environment. */
export interface CheckedStack extends Source<{ readonly config: StackConfig }> {
  readonly name: string;
  readonly entry: EnvironmentFileEntry;
  readonly sources: Sources;
}

/** Where a value of the configuration stands. */
export const at = ({ yaml }: CheckedStack, key: string, ...path: readonly PathSegment[]): Location =>
  yaml.locate(['config', key, ...path]);
