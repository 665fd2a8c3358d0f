/** Whether a value is a mapping. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The mapping at a key; an empty one when there is none. */
export function recordAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const found = path.reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
  return isRecord(found) ? found : {};
}

/** The text at a key, `undefined` when there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = recordAt(value, ...path.slice(0, -1))[path.at(-1)!];
  return typeof found === 'string' ? found : undefined;
}
