/**
 * Where a value lacks something that is expected of it: mappings may have more keys; lists have to be equal in length and order, but
 * for the patches of a FluxInstance, of which there may be more.
 *
 * @returns paths of what is missing or different, empty when all is there
 */
export function missingFrom(actual: unknown, expected: unknown, path = ''): readonly string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [path];
    if (path.endsWith('.patches')) {
      return expected.flatMap((entry, index) =>
        actual.some((candidate) => missingFrom(candidate, entry).length === 0) ? [] : [`${path}[${index}]`],
      );
    }
    if (actual.length !== expected.length) return [path];
    return expected.flatMap((entry, index) => missingFrom(actual[index], entry, `${path}[${index}]`));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return [path];
    return Object.entries(expected).flatMap(([key, value]) =>
      missingFrom((actual as Record<string, unknown>)[key], value, `${path}.${key}`),
    );
  }
  return actual === expected ? [] : [path];
}
