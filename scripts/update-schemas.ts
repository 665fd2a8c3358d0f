/**
 * Reduces the published schemas of Flux, the Flux Operator, Kubernetes and the operators whose objects the platform's charts make
 * to their structure and writes them under `schemas/`, and the definitions of the example of pattern C.
 *
 * Needs Go (only to download modules, checked against Go's checksum database) and network access to a Go module proxy.
 * Run it as `npm run schemas:update`, then `npm run imports` to regenerate the constructs under `manifests/imports/`.
 *
 * `k8s-gitops upgrade` adds the schemas of a new version of Flux and the Flux Operator by itself; this makes those of Kubernetes, and
 * all of them anew.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { stringify } from 'yaml';
import { type JsonObject } from '../src/model';
import { reduceDefinitions, reduceSchema, schemaFileText } from '../src/upgrade';

interface Source {
  /** Go module and version that holds the published schemas. */
  readonly module: string;
  /** Licence of the module, for the provenance note in the written files. */
  readonly licence: string;
  /** Go checksum (`h1:`) the download must have, so that a moved tag is noticed. */
  readonly sum: string;
}

const OPERATOR: Source = {
  module: 'github.com/controlplaneio-fluxcd/flux-operator@v0.59.0',
  licence: 'AGPL-3.0',
  sum: 'h1:jByuiWYtjSJxucGHuz68tV0DeVFz5CYrKQYfxAwE7lE=',
};
/** One for each minor version that a cluster of the platform may have. */
const KUBERNETES: readonly Source[] = [
  { module: 'k8s.io/kubernetes@v1.33.13', licence: 'Apache-2.0', sum: 'h1:bmH31xUdSzeA5vk0wZAK9MZp11mdLuzUSeKk0qN3hPQ=' },
  { module: 'k8s.io/kubernetes@v1.34.4', licence: 'Apache-2.0', sum: 'h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk=' },
  { module: 'k8s.io/kubernetes@v1.35.4', licence: 'Apache-2.0', sum: 'h1:o/8dBC/pHVpYoGV4OAIytAlNPZbdYVTXJHoYvXC4qzM=' },
  { module: 'k8s.io/kubernetes@v1.36.3', licence: 'Apache-2.0', sum: 'h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o=' },
];

interface Extension extends Source {
  /** Files of the module with one definition each, of the kinds that the platform's charts make. */
  readonly files: readonly string[];
}

const PROMETHEUS_OPERATOR: Extension = {
  module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
  licence: 'Apache-2.0',
  sum: 'h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=',
  files: ['podmonitors', 'prometheusrules', 'servicemonitors'].map(
    (plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
  ),
};
const EXTENSIONS: readonly Extension[] = [
  PROMETHEUS_OPERATOR,
  {
    module: 'github.com/cert-manager/cert-manager@v1.21.2',
    licence: 'Apache-2.0',
    sum: 'h1:UWgoYM+KLNtRlqmoWOKjKBOBUPVHeepQ6/ac3ERJW68=',
    files: ['certificates', 'clusterissuers', 'issuers'].map((plural) => `deploy/crds/cert-manager.io_${plural}.yaml`),
  },
  {
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    licence: 'Apache-2.0',
    sum: 'h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=',
    files: ['clustersecretstores', 'externalsecrets', 'secretstores'].map(
      (plural) => `config/crds/bases/external-secrets.io_${plural}.yaml`,
    ),
  },
  {
    // Not the newest: what this release of the standard channel knows, every later one knows too.
    module: 'sigs.k8s.io/gateway-api@v1.4.1',
    licence: 'Apache-2.0',
    sum: 'h1:NPxFutNkKNa8UfLd2CMlEuhIPMQgDQ6DXNKG9sHbJU8=',
    files: ['gatewayclasses', 'gateways', 'httproutes'].map(
      (plural) => `config/crd/standard/gateway.networking.k8s.io_${plural}.yaml`,
    ),
  },
];
const FLUX_VERSIONS = ['2.8.3', '2.9.5'];

/** Extensions whose module is missing from some module proxies: what their reference says, without their sentences. */
const WRITTEN_BY_HAND = new Set(['secrets-store.csi.x-k8s.io.json']);

function download(source: Source): string {
  // `go mod download` answers with an error where the module wants a newer Go, yet the verified files are in the cache.
  const answer = spawnSync('go', ['mod', 'download', '-json', source.module], { encoding: 'utf8', cwd: '/' });
  const result = JSON.parse(answer.stdout) as { Sum?: string; Zip?: string; Error?: string };
  if (result.Zip === undefined || result.Sum === undefined) {
    throw new Error(`cannot download ${source.module}: ${result.Error ?? answer.stderr}`);
  }
  if (result.Sum !== source.sum) {
    throw new Error(`${source.module} has checksum ${result.Sum}, expected ${source.sum}`);
  }
  const cache = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim();
  return path.join(cache, source.module);
}

function provenance(source: Source): JsonObject {
  return { module: source.module, checksum: source.sum, licence: source.licence, reduced: 'structure only, no descriptions' };
}

function write(file: string, content: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  console.log(`wrote ${file}`);
}

function writeDefinitions(target: string, source: Source, files: readonly string[]): void {
  const texts = files.map((file) => fs.readFileSync(file, 'utf8'));
  fs.rmSync(target, { recursive: true, force: true });
  for (const [name, content] of reduceDefinitions(texts, provenance(source))) write(path.join(target, name), content);
}

/** The reduced definitions of an extension by API group, without versions that no API server answers to. */
function reduceExtension(extension: Extension): ReadonlyMap<string, { readonly items: readonly JsonObject[] }> {
  const folder = download(extension);
  const texts = extension.files.map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
  return new Map(
    [...reduceDefinitions(texts, provenance(extension))].map(([name, text]) => {
      const list = JSON.parse(text) as JsonObject & { readonly items: readonly JsonObject[] };
      return [name, { ...list, items: list.items.map(onlyServed) }];
    }),
  );
}

function onlyServed(definition: JsonObject): JsonObject {
  const spec = definition['spec'] as JsonObject & { readonly versions: readonly JsonObject[] };
  return { ...definition, spec: { ...spec, versions: spec.versions.filter(({ served }) => served === true) } };
}

function writeExtensions(target: string): void {
  for (const file of fs.readdirSync(target)) if (!WRITTEN_BY_HAND.has(file)) fs.rmSync(path.join(target, file));
  for (const extension of EXTENSIONS) {
    for (const [name, list] of reduceExtension(extension)) write(path.join(target, name), schemaFileText(list));
  }
}

/** The definitions as a platform team applies them by pattern C, one file for each. */
function writeExample(target: string, extension: Extension): void {
  fs.rmSync(target, { recursive: true, force: true });
  for (const { items } of reduceExtension(extension).values()) {
    for (const definition of items) {
      const { names } = definition['spec'] as { readonly names: { readonly plural: string } };
      const header = [
        `# Generated by \`npm run schemas:update\` of the platform from ${extension.module} (${extension.licence}):`,
        '# structure only, no descriptions.',
      ];
      const text = stringify(definition, { singleQuote: true, lineWidth: 0, aliasDuplicateObjects: false });
      write(path.join(target, `${names.plural}.yaml`), `${header.join('\n')}\n${text}`);
    }
  }
}

/** A path below a named object, such as `.../pods/{name}/eviction`. */
const isSubresource = (path: string): boolean => path.includes('{name}');

const apiKey = ({ group, version, kind }: Record<string, string>): string =>
  `${group === '' ? '' : `${group!}/`}${version!}/${kind!}`;

function writeKubernetes(target: string, source: Source): void {
  const swagger = JSON.parse(fs.readFileSync(path.join(download(source), 'api/openapi-spec/swagger.json'), 'utf8')) as {
    definitions: Record<string, JsonObject>;
    paths: Record<string, Record<string, { 'x-kubernetes-group-version-kind'?: Record<string, string> }>>;
  };
  // What can be created at a path of its own is a kind; those of alpha and beta versions come and go.
  const creatable = new Map<string, Record<string, string>>();
  const namespaced = new Set<string>();
  for (const [path, operations] of Object.entries(swagger.paths)) {
    const gvk = operations['post']?.['x-kubernetes-group-version-kind'];
    if (gvk === undefined || path.endsWith('}') || /[a-z]\d*(?:alpha|beta)\d/.test(gvk['version']!) || isSubresource(path))
      continue;
    creatable.set(apiKey(gvk), gvk);
    if (path.includes('/namespaces/{namespace}/')) namespaced.add(apiKey(gvk));
  }
  const nameOf = new Map<string, string>();
  for (const [name, definition] of Object.entries(swagger.definitions)) {
    for (const gvk of (definition['x-kubernetes-group-version-kind'] ?? []) as Record<string, string>[]) {
      nameOf.set(apiKey(gvk), name);
    }
  }
  const kinds: Record<string, JsonObject> = {};
  const pending: string[] = [];
  for (const key of [...creatable.keys()].sort()) {
    const name = nameOf.get(key);
    if (name === undefined) throw new Error(`${source.module} does not define ${key}`);
    kinds[key] = { definition: name, scope: namespaced.has(key) ? 'Namespaced' : 'Cluster' };
    pending.push(name);
  }
  const definitions: Record<string, JsonObject> = {};
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name in definitions) continue;
    const reduced = reduceSchema(swagger.definitions[name]!);
    definitions[name] = reduced;
    for (const [, reference] of JSON.stringify(reduced).matchAll(/"#\/definitions\/([^"]+)"/g)) pending.push(reference!);
  }
  write(
    target,
    schemaFileText({
      provenance: provenance(source),
      kinds,
      definitions: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1))),
    }),
  );
}

function main(): void {
  const root = path.join(__dirname, '..', 'schemas');
  const operator = download(OPERATOR);
  const yamlFiles = (directory: string): string[] => fs.readdirSync(directory).sort().map((file) => path.join(directory, file)); // prettier-ignore
  for (const version of FLUX_VERSIONS) {
    writeDefinitions(
      path.join(root, 'flux', version),
      OPERATOR,
      yamlFiles(path.join(operator, 'config/data/flux', `v${version}`)),
    );
  }
  const operatorVersion = OPERATOR.module.split('@v')[1]!;
  writeDefinitions(
    path.join(root, 'flux-operator', operatorVersion),
    OPERATOR,
    yamlFiles(path.join(operator, 'config/crd/bases')),
  );
  fs.rmSync(path.join(root, 'kubernetes'), { recursive: true, force: true });
  for (const source of KUBERNETES) {
    const minor = source.module.split('@v')[1]!.split('.').slice(0, 2).join('.');
    writeKubernetes(path.join(root, 'kubernetes', `${minor}.json`), source);
  }
  writeExtensions(path.join(root, 'extensions'));
  writeExample(path.join(root, '..', 'examples', 'monitoring-crds', 'crds'), PROMETHEUS_OPERATOR);
}

main();
