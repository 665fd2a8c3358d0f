import { createTwoFilesPatch } from 'diff';
import { type FileChange } from '../../manifests';

/**
 * The difference between committed and synthesized files as a unified diff, empty when there is none. Lines with `-` are committed,
 * lines with `+` are what synthesis makes.
 */
export function driftDiff(changes: readonly FileChange[]): string {
  return changes
    .filter(({ kind }) => kind !== 'unchanged')
    .map((change) => {
      const before = 'before' in change ? change.before : '';
      const after = 'after' in change ? change.after : '';
      const from = change.kind === 'create' ? '/dev/null' : `a/${change.path}`;
      const to = change.kind === 'remove' ? '/dev/null' : `b/${change.path}`;
      return createTwoFilesPatch(from, to, before, after, undefined, undefined, {
        headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
      });
    })
    .join('');
}
