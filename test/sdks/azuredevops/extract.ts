/** How a value is written in the extract: `string`, `number`, `boolean`, `T[]`, `map<T>`, or the name of a nested type. */
export type TypeName = string;

/** A property as the provider's public schema has it. */
export interface ExtractedProperty {
  readonly type: TypeName;
  readonly required?: true;
  readonly secret?: true;
  readonly replaces?: true;
  /** The values that the provider documents; of a map those of its entries. */
  readonly values?: readonly string[];
  /** The keys of a map that the provider documents. */
  readonly keys?: readonly string[];
}

export type ExtractedProperties = Readonly<Record<string, ExtractedProperty>>;

export interface ExtractedResource {
  readonly token: string;
  /** Older type tokens of the same resource. */
  readonly aliases?: readonly string[];
  readonly inputs: ExtractedProperties;
  /** All outputs; those that are no input are what only the provider knows. */
  readonly outputs: ExtractedProperties;
}

/** What test/fixtures/azuredevops-schema.json holds. */
export interface Extract {
  readonly $comment: string;
  readonly plugin: { readonly name: string; readonly version: string };
  readonly provider: ExtractedResource;
  readonly functions: Readonly<Record<string, ExtractedResource>>;
  readonly resources: Readonly<Record<string, ExtractedResource>>;
  readonly types: Readonly<Record<string, ExtractedProperties>>;
}
