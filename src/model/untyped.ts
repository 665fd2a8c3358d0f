import { type PathSegment } from './yaml-locator';

/** The value at a path of an object whose structure nobody has checked; `undefined` where the path ends early or in nothing. */
export function valueAt(object: unknown, ...path: readonly PathSegment[]): unknown {
  return (
    path.reduce<unknown>((value, segment) => {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
      return (value as Readonly<Record<PathSegment, unknown>>)[segment];
    }, object) ?? undefined
  );
}

/** The list at a path, empty where there is none. */
export function listAt(object: unknown, ...path: readonly PathSegment[]): readonly unknown[] {
  const value = valueAt(object, ...path);
  return Array.isArray(value) ? value : [];
}

/** The text at a path, `undefined` where there is none. */
export function textAt(object: unknown, ...path: readonly PathSegment[]): string | undefined {
  const value = valueAt(object, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** Whether a value is a mapping. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The mapping at a path, empty where there is none. */
export function recordAt(object: unknown, ...path: readonly PathSegment[]): Readonly<Record<string, unknown>> {
  const value = valueAt(object, ...path);
  return isRecord(value) ? value : {};
}
