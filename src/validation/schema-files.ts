import * as fs from 'node:fs';
import * as path from 'node:path';

/** A schema as Kubernetes publishes it: OpenAPI v3 with extensions. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly items?: OpenApiSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message?: string }[];
  readonly [keyword: string]: unknown;
}

/** The parts of a CustomResourceDefinition that validation reads. */
export interface CustomResourceDefinition {
  readonly kind: 'CustomResourceDefinition';
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly scope: string;
    readonly versions: readonly { readonly name: string; readonly schema?: { readonly openAPIV3Schema?: OpenApiSchema } }[];
  };
}

/** Whether an object says that it is a definition; its structure may still be wrong. */
export function isDefinition(content: unknown): boolean {
  const object = content as { apiVersion?: unknown; kind?: unknown } | null | undefined;
  return object?.kind === 'CustomResourceDefinition' && object.apiVersion === 'apiextensions.k8s.io/v1';
}

/** The committed schemas of Kubernetes' own kinds (`npm run schemas:update`). */
export interface KubernetesSchemas {
  /** By `apiVersion/kind`. */
  readonly kinds: Readonly<Record<string, { readonly definition: string; readonly scope: string }>>;
  readonly definitions: Readonly<Record<string, OpenApiSchema>>;
}

/** The folder of this repository that holds the committed schemas, whatever platform folder is validated. */
const SCHEMAS = path.join(__dirname, '..', '..', 'schemas');

/** Versions of `flux` or `flux-operator` whose schemas are committed, oldest first. */
export function schemaVersions(product: 'flux' | 'flux-operator'): readonly string[] {
  return fs.readdirSync(path.join(SCHEMAS, product)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The custom resource definitions of one version. */
export function readDefinitions(product: 'flux' | 'flux-operator', version: string): readonly CustomResourceDefinition[] {
  const folder = path.join(SCHEMAS, product, version);
  return fs
    .readdirSync(folder)
    .flatMap((file) => (readJson(path.join(folder, file)) as { items: CustomResourceDefinition[] }).items);
}

/** Minor versions of Kubernetes whose schemas are committed, oldest first. */
export function kubernetesVersions(): readonly string[] {
  return jsonFiles('kubernetes').sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/**
 * The schemas of one version of Kubernetes.
 *
 * @param minor one of {@link kubernetesVersions}
 */
export function readKubernetesSchemas(minor: string): KubernetesSchemas {
  return readJson(path.join(SCHEMAS, 'kubernetes', `${minor}.json`)) as KubernetesSchemas;
}

/** API groups of the operators whose objects the platform's charts make, and whose schemas are committed. */
export function extensionGroups(): readonly string[] {
  return jsonFiles('extensions').sort();
}

/**
 * The custom resource definitions of one such group.
 *
 * @param group one of {@link extensionGroups}
 */
export function readExtension(group: string): readonly CustomResourceDefinition[] {
  return (readJson(path.join(SCHEMAS, 'extensions', `${group}.json`)) as { items: CustomResourceDefinition[] }).items;
}

const jsonFiles = (folder: string): string[] =>
  fs.readdirSync(path.join(SCHEMAS, folder)).map((file) => path.basename(file, '.json'));

const readJson = (file: string): unknown => JSON.parse(fs.readFileSync(file, 'utf8'));
