import { type FileChange } from '../../manifests';
import { count } from './command';
import { type Terminal } from './terminal';

const SIGNS = { create: '+', update: '~', remove: '-', unchanged: ' ' } as const;
const STYLES = { create: 'green', update: 'yellow', remove: 'red', unchanged: 'dim' } as const;

/** More lines than this are summed up; `git status` has them all. */
const MOST_LINES = 40;

export function changedOnly(changes: readonly FileChange[]): readonly FileChange[] {
  return changes.filter(({ kind }) => kind !== 'unchanged');
}

/** Each changed file on a line. */
export function printChanges(terminal: Terminal, changes: readonly FileChange[]): void {
  const changed = changedOnly(changes);
  for (const { kind, path } of changed.slice(0, MOST_LINES))
    terminal.print(`  ${terminal.style(STYLES[kind], `${SIGNS[kind]} ${path}`)}`);
  if (changed.length > MOST_LINES) terminal.print(`  … and ${changed.length - MOST_LINES} more`);
}

/** `2 written, 1 removed, 24 unchanged`. */
export function sumUp(changes: readonly FileChange[]): string {
  const number = (...kinds: readonly FileChange['kind'][]): number => changes.filter(({ kind }) => kinds.includes(kind)).length;
  const parts = [
    [number('create', 'update'), 'written'],
    [number('remove'), 'removed'],
    [number('unchanged'), 'unchanged'],
  ] as const;
  const sum = parts.filter(([amount]) => amount > 0).map(([amount, what]) => `${amount} ${what}`);
  return sum.length === 0 ? count(0, 'file') : sum.join(', ');
}

/** For machines: what happened to which file. */
export function changesAsData(
  changes: readonly FileChange[],
): readonly { readonly kind: FileChange['kind']; readonly path: string }[] {
  return changedOnly(changes).map(({ kind, path }) => ({ kind, path }));
}
