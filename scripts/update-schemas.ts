/**
 * Reduces the published schemas of Flux, the Flux Operator and Kubernetes to their structure and writes them under `schemas/`.
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
const KUBERNETES: Source = {
  module: 'k8s.io/kubernetes@v1.34.4',
  licence: 'Apache-2.0',
  sum: 'h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk=',
};
const FLUX_VERSIONS = ['2.8.3', '2.9.5'];

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
  const kubernetesVersion = KUBERNETES.module.split('@v')[1]!.split('.').slice(0, 2).join('.');
  writeKubernetes(path.join(root, 'kubernetes', `${kubernetesVersion}.json`), KUBERNETES);
}

main();
