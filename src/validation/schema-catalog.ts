import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { evaluateRules, type BrokenRule, type UnknownRule } from './cel-rules';
import {
  extensionGroups,
  isDefinition,
  readDefinitions,
  readExtension,
  readKubernetesSchemas,
  type CustomResourceDefinition,
  type KubernetesSchemas,
  type OpenApiSchema,
} from './schema-files';
import { pruneNulls } from './prune-nulls';
import { findRepeatedEntries, type RepeatedEntry } from './repeated-entries';
import { definitionSchema, strictSchema } from './strict-schema';

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** What is wrong with one object. */
export interface ObjectVerdict {
  /** Broken structure: unknown fields, wrong types, missing fields. */
  readonly errors: readonly ErrorObject[];
  /** Entries of lists that are maps. */
  readonly repeated: readonly RepeatedEntry[];
  /** Broken rules; only looked at when the structure is right. */
  readonly broken: readonly BrokenRule[];
  /** Rules that could not be evaluated here. */
  readonly unknown: readonly UnknownRule[];
}

/** One kind of object in one API version. */
export interface KindSchema {
  readonly scope: 'Namespaced' | 'Cluster';
  /**
   * Checks an object by its schema and rules, with the schema's defaults applied.
   *
   * @throws Error when the schema itself cannot be compiled
   */
  check(object: unknown): ObjectVerdict;
}

/** The schemas of every kind that can be checked, compiled when they are first used. */
export class SchemaCatalog {
  private readonly ajv = new Ajv({
    allErrors: true,
    strict: false,
    useDefaults: true,
    verbose: true,
    logger: false,
    code: { regExp: Object.assign((pattern: string, flags: string) => this.goRegExp(pattern, flags), { code: 'new RegExp' }) },
  });
  /** Patterns that JavaScript cannot express; no value was checked by them. */
  public readonly unsupportedPatterns = new Set<string>();

  private readonly kinds = new Map<string, KindSchema>();
  private readonly kubernetes: KubernetesSchemas;
  /** Groups of extensions that nobody has looked up yet: parsing all of them would double the time of a start. */
  private readonly unread = new Set(extensionGroups());
  /** Keys of kinds that extensions define. */
  private readonly extensions = new Set<string>();
  /** `group/kind` of the platform's own definitions, which replace those of extensions whole. */
  private readonly own = new Set<string>();

  /**
   * @param fluxVersion version of Flux whose committed schemas to use
   * @param operatorVersion version of the Flux Operator whose committed schemas to use
   * @param kubernetesVersion minor version of Kubernetes whose committed schemas to use
   */
  public constructor(
    fluxVersion: string,
    operatorVersion: string,
    public readonly kubernetesVersion: string,
  ) {
    this.kubernetes = readKubernetesSchemas(kubernetesVersion);
    addFormats(this.ajv);
    // Kubernetes' durations are Go's, not those of ISO 8601.
    this.ajv.addFormat('duration', /^[-+]?(?:0|(?:[0-9]+(?:\.[0-9]*)?(?:ns|us|µs|ms|s|m|h))+)$/);
    this.ajv.addSchema({
      $id: 'kubernetes',
      definitions: Object.fromEntries(
        Object.entries(this.kubernetes.definitions).map(([name, schema]) => [name, definitionSchema(name, schema)]),
      ),
    });
    for (const [kind, { definition, scope }] of Object.entries(this.kubernetes.kinds)) {
      this.add(kind, scope, () => ({ $ref: `kubernetes#/definitions/${definition}` }), undefined);
    }
    for (const definition of [...readDefinitions('flux', fluxVersion), ...readDefinitions('flux-operator', operatorVersion)]) {
      this.addVersions(definition);
    }
  }

  /** Makes the kinds of a definition of the platform's own known; it replaces an extension's of the same kind in all its versions. */
  public addDefinition(definition: CustomResourceDefinition): void {
    const { group, names } = definition.spec;
    this.own.add(`${group}/${names.kind}`);
    for (const key of this.extensions) {
      if (key.startsWith(`${group}/`) && key.endsWith(`/${names.kind}`)) {
        this.extensions.delete(key);
        this.kinds.delete(key);
      }
    }
    this.addVersions(definition);
  }

  /** Makes the kinds of a rendered object known if it is a definition, and as definitions are. */
  public addDefinitionOf({ content }: { readonly content: unknown }): void {
    if (!isDefinition(content)) return;
    const verdict = this.find('apiextensions.k8s.io/v1', 'CustomResourceDefinition')?.check(content);
    if (verdict?.errors.length === 0) this.addDefinition(content as CustomResourceDefinition);
  }

  private addVersions({ spec }: CustomResourceDefinition): void {
    for (const { name, schema } of spec.versions) {
      const openApi: OpenApiSchema = schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
      const compile = (): OpenApiSchema => {
        const strict = strictSchema(openApi);
        const properties = {
          apiVersion: { type: 'string' },
          kind: { type: 'string' },
          ...strict.properties,
          metadata: { $ref: `kubernetes#/definitions/${OBJECT_META}` },
        };
        return {
          ...strict,
          properties,
          required: ['apiVersion', 'kind', 'metadata', ...((strict['required'] as string[] | undefined) ?? [])],
        };
      };
      this.add(`${spec.group}/${name}/${spec.names.kind}`, spec.scope, compile, openApi);
    }
  }

  /** The schema of a kind, `undefined` when it is not known. */
  public find(apiVersion: string, kind: string): KindSchema | undefined {
    this.readGroup(apiVersion.split('/')[0]!);
    return this.kinds.get(`${apiVersion}/${kind}`);
  }

  /** Every known `apiVersion/kind`. */
  public known(): readonly string[] {
    for (const group of this.unread) this.readGroup(group);
    return [...this.kinds.keys()];
  }

  /** Every known `apiVersion/kind` that is not Kubernetes' own. */
  public customKinds(): readonly string[] {
    return this.known().filter((key) => !Object.hasOwn(this.kubernetes.kinds, key));
  }

  private readGroup(group: string): void {
    if (!this.unread.delete(group)) return;
    for (const definition of readExtension(group)) {
      const { names, versions } = definition.spec;
      if (this.own.has(`${group}/${names.kind}`)) continue;
      this.addVersions(definition);
      for (const { name } of versions) this.extensions.add(`${group}/${name}/${names.kind}`);
    }
  }

  /** Go's regular expressions have their flags in front of the pattern. */
  private goRegExp(pattern: string, flags: string): RegExp {
    const [, goFlags = '', rest = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
    try {
      return new RegExp(rest, `${flags}${goFlags}`);
    } catch {
      this.unsupportedPatterns.add(pattern);
      return /(?:)/;
    }
  }

  private add(key: string, scope: string, schema: () => OpenApiSchema, rules: OpenApiSchema | undefined): void {
    let validate: ValidateFunction | undefined;
    this.kinds.set(key, {
      scope: scope === 'Cluster' ? 'Cluster' : 'Namespaced',
      check: (content) => {
        const object = withoutMetadataNulls(pruneNulls(content, rules));
        validate ??= this.ajv.compile(schema());
        if (!validate(object)) return { errors: validate.errors ?? [], repeated: [], broken: [], unknown: [] };
        const schemaOfRules = rules ?? {};
        return { errors: [], repeated: findRepeatedEntries(schemaOfRules, object), ...evaluateRules(schemaOfRules, object) };
      },
    });
  }
}

/** Metadata is Kubernetes' own in every kind. */
function withoutMetadataNulls(object: unknown): unknown {
  const { metadata } = object as { metadata?: unknown };
  return metadata === undefined ? object : { ...(object as object), metadata: pruneNulls(metadata) };
}
