import { isRecord, suggestion, type Problem } from '../model';
import { type ManifestDocument } from '../validation';

/** Values of variables; none at all means that Flux substitutes nothing. */
export type Variables = Readonly<Record<string, string>> | undefined;

type PathSegment = string | number;

/** Variables of Flux, `${name}`, with a default (`${name:=default}`) or escaped (`$${name}`). */
const VARIABLE = /\$?\$\{([^{}]*)\}/g;
const SUPPORTED = /^([_a-zA-Z][_a-zA-Z0-9]*)(?::?[=-](.*))?$/s;

/** An object with its variables filled in, as `postBuild.substitute` of a Kustomization does it. */
export function substitute(
  document: ManifestDocument,
  variables: Variables,
): { readonly content: unknown; readonly problems: readonly Problem[] } {
  const { content, locator } = document;
  if (variables === undefined || isDisabled(content)) return { content, problems: [] };
  const problems: Problem[] = [];
  const fill = (value: unknown, path: readonly PathSegment[]): unknown => {
    if (typeof value === 'string') return value.replace(VARIABLE, (written, inner: string) => resolve(written, inner, path));
    if (Array.isArray(value)) return value.map((entry: unknown, index) => fill(entry, [...path, index]));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, fill(child, [...path, key])]));
  };
  const resolve = (written: string, inner: string, path: readonly PathSegment[]): string => {
    if (written.startsWith('$$')) return written.slice(1);
    const [, name, fallback] = SUPPORTED.exec(inner) ?? [];
    const value = name === undefined ? undefined : Object.hasOwn(variables, name) ? variables[name] : fallback;
    if (value !== undefined) return value;
    problems.push({
      location: locator.locate(path),
      message:
        name === undefined
          ? `'${written}' is more than a variable with a default, which is all that is understood here`
          : `the variable '${name}' has no value: the registration gives ${Object.keys(variables).join(', ')}`,
      remedy:
        name === undefined
          ? "Write the text itself, or '$$' for a dollar sign that is meant."
          : `${suggestion(name, Object.keys(variables), 'variables')} Write '$${written}' for the text itself.`,
    });
    return written;
  };
  return { content: fill(content, []), problems };
}

/** An object may say that nothing in it is substituted. */
function isDisabled(content: unknown): boolean {
  if (!isRecord(content) || !isRecord(content['metadata'])) return false;
  return ['labels', 'annotations'].some((field) => {
    const entries = (content['metadata'] as Readonly<Record<string, unknown>>)[field];
    return isRecord(entries) && entries['kustomize.toolkit.fluxcd.io/substitute'] === 'disabled';
  });
}
