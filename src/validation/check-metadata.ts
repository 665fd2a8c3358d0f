import { DNS_LABEL, DNS_SUBDOMAIN, quote, violation, type Problem, type TextRule, type YamlLocator } from '../model';

const QUALIFIED_NAME =
  /^(?:(?=[^/]{1,253}\/)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?(?=[^/]{1,63}$)[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?=.{0,63}$)(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/;
const DATA_KEY = /^(?=.{1,253}$)(?!\.\.?$)[-._a-zA-Z0-9]+$/;

/** Names of roles and their bindings only have to fit into a URL. */
const PATH_SEGMENT: TextRule = {
  title: 'path segment',
  pattern: /^(?!\.\.?$)[^/%]+$/,
  rule: "no '/' and no '%', other than '.' and '..'",
  source: 'Kubernetes object names, path segment',
};

/** Kinds whose name is a DNS label, because it becomes part of host names. */
const LABEL_NAMED_KINDS = new Set(['Namespace', 'Service']);

const RBAC_GROUP = 'rbac.authorization.k8s.io/';

interface ObjectContent {
  readonly apiVersion?: unknown;
  readonly metadata?: {
    readonly name?: unknown;
    readonly namespace?: unknown;
    readonly labels?: unknown;
    readonly annotations?: unknown;
  } | null;
  readonly data?: unknown;
  readonly binaryData?: unknown;
  readonly stringData?: unknown;
}

/**
 * What the API server checks in code and not by a schema: names, namespaces, labels, annotations, keys of data.
 *
 * @param defaultNamespace namespace of objects that name none. Default: they have to name one
 */
export function checkMetadata(
  content: object,
  locator: YamlLocator,
  kind: string,
  scope: 'Namespaced' | 'Cluster',
  defaultNamespace?: string,
): readonly Problem[] {
  const { metadata, ...fields } = content as ObjectContent;
  if (typeof metadata !== 'object' || metadata === null) return [];
  const problems: Problem[] = [];
  const add = (path: readonly string[], message: string, remedy: string): void => {
    problems.push({ location: locator.locateKey(path) ?? locator.locate(path), message: `${kind}: ${message}`, remedy });
  };
  checkName();
  checkKeys('labels', metadata.labels);
  checkKeys('annotations', metadata.annotations);
  for (const [key, value] of entriesOf(metadata.labels)) {
    if (typeof value !== 'string' || LABEL_VALUE.test(value)) continue;
    add(
      ['metadata', 'labels', key],
      `the label '${key}' has the value ${quote(value)}`,
      "A label's value has up to 63 letters, digits, '-', '_' and '.'.",
    );
  }
  for (const field of kind === 'ConfigMap' || kind === 'Secret' ? (['data', 'binaryData', 'stringData'] as const) : []) {
    for (const [key] of entriesOf(fields[field])) {
      if (!DATA_KEY.test(key))
        add([field, key], `${quote(key)} is not a valid key of '${field}'`, "Use letters, digits, '-', '_' and '.'.");
    }
  }
  return problems;

  function checkName(): void {
    const { name, namespace } = metadata!;
    if (name === undefined) add(['metadata'], "'metadata.name' is missing", 'Add it.');
    const rule = LABEL_NAMED_KINDS.has(kind)
      ? DNS_LABEL
      : String(fields.apiVersion).startsWith(RBAC_GROUP)
        ? PATH_SEGMENT
        : DNS_SUBDOMAIN;
    if (typeof name === 'string' && violation(rule, name) !== undefined) {
      problems.push({
        location: locator.locate(['metadata', 'name']),
        message: `${kind}: 'metadata.name' ${quote(name)} is not a valid object name`,
        remedy: `Use ${rule.rule} (${rule.source}).`,
      });
    }
    const object = typeof name === 'string' ? `${quote(name)} ` : '';
    if (scope === 'Cluster') {
      if (namespace === undefined) return;
      add(
        ['metadata', 'namespace'],
        `${object}has the namespace ${quote(namespace)}, but the kind has none`,
        "Remove 'namespace'.",
      );
    } else if (namespace === undefined) {
      if (defaultNamespace !== undefined) return;
      add(['metadata'], `${object}has no 'metadata.namespace', and Flux has no default for it here`, "Add 'namespace'.");
    } else if (typeof namespace === 'string' && violation(DNS_LABEL, namespace) !== undefined) {
      add(
        ['metadata', 'namespace'],
        `${object}has ${quote(namespace)}, which is not a valid namespace`,
        `Use ${DNS_LABEL.rule}.`,
      );
    }
  }

  function checkKeys(field: 'labels' | 'annotations', value: unknown): void {
    for (const [key] of entriesOf(value)) {
      if (QUALIFIED_NAME.test(key)) continue;
      add(
        ['metadata', field, key],
        `${quote(key)} is not a valid key of '${field}'`,
        "Use 'name' or 'prefix/name' of letters, digits, '-', '_' and '.'.",
      );
    }
  }
}

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];
