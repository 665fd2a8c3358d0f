/**
 * Makes test/fixtures/azuredevops-schema.json from the provider's public schema:
 *
 *     git -C pulumi-azuredevops show v3.15.0:provider/cmd/pulumi-resource-azuredevops/schema.json > schema.json
 *     node --import tsx test/sdks/azuredevops/extract-schema.ts schema.json 3.15.0 > test/fixtures/azuredevops-schema.json
 */
import * as fs from 'node:fs';
import type { Extract, ExtractedProperties, ExtractedProperty, ExtractedResource } from './extract';

interface SchemaType {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: SchemaType;
  readonly additionalProperties?: SchemaType;
}

interface SchemaProperty extends SchemaType {
  readonly description?: string;
  readonly secret?: boolean;
  readonly willReplaceOnChanges?: boolean;
}

interface SchemaObject {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaProperty>>;
  readonly required?: readonly string[];
}

interface Schema {
  readonly provider: SchemaResource;
  readonly resources: Readonly<Record<string, SchemaResource>>;
  readonly types: Readonly<Record<string, SchemaObject>>;
  readonly functions: Readonly<Record<string, { readonly inputs?: SchemaObject; readonly outputs: SchemaObject }>>;
}

interface SchemaResource extends SchemaObject {
  readonly inputProperties?: Readonly<Record<string, SchemaProperty>>;
  readonly requiredInputs?: readonly string[];
  readonly aliases?: readonly { readonly type: string }[];
}

const RESOURCES = [
  'BranchPolicyBuildValidation',
  'BranchPolicyCommentResolution',
  'BranchPolicyMergeTypes',
  'BranchPolicyMinReviewers',
  'BuildDefinition',
  'BuildDefinitionPermissions',
  'BuildFolder',
  'CheckApproval',
  'CheckBranchControl',
  'CheckExclusiveLock',
  'CheckRequiredTemplate',
  'Environment',
  'Git',
  'GitPermissions',
  'GitRepositoryBranch',
  'Group',
  'GroupMembership',
  'PipelineAuthorization',
  'ServiceEndpointAzureRM',
  'ServicePrincipalEntitlement',
];
const FUNCTIONS = ['getAgentQueue', 'getGitRepository', 'getGroup', 'getProject'];

/** Nested types of inputs that the SDK leaves out. */
const LEFT_OUT = [
  'BuildDefinitionBuildCompletionTrigger',
  'BuildDefinitionCiTriggerOverride',
  'BuildDefinitionJob',
  'BuildDefinitionPullRequestTrigger',
  'BuildDefinitionSchedule',
  'BuildDefinitionVariable',
];

const TARGETS = ['endpoint', 'environment', 'queue', 'repository', 'securefile', 'variablegroup'];
const MATCHES = ['Exact', 'Prefix', 'DefaultBranch'];

/** The schema has no enums: its descriptions name the values. Each is looked for there, and a description that names values needs an entry. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'BranchPolicyBuildValidationSettingsScope.matchType': MATCHES,
  'BranchPolicyCommentResolutionSettingsScope.matchType': MATCHES,
  'BranchPolicyMergeTypesSettingsScope.matchType': MATCHES,
  'BranchPolicyMinReviewersSettingsScope.matchType': MATCHES,
  'BuildDefinition.jobAuthorizationScope': ['project', 'projectCollection'],
  'BuildDefinition.queueStatus': ['enabled', 'paused', 'disabled'],
  'BuildDefinitionRepository.repoType': ['GitHub', 'TfsGit', 'Bitbucket', 'GitHub Enterprise', 'Git'],
  'CheckApproval.targetResourceType': TARGETS,
  'CheckBranchControl.targetResourceType': TARGETS,
  'CheckExclusiveLock.targetResourceType': TARGETS,
  'CheckRequiredTemplate.targetResourceType': TARGETS,
  'CheckRequiredTemplateRequiredTemplate.repositoryType': ['azuregit', 'github', 'githubenterprise', 'bitbucket'],
  'GitInitialization.initType': ['Uninitialized', 'Clean', 'Import'],
  'GitInitialization.sourceType': ['Git'],
  'GroupMembership.mode': ['add', 'overwrite'],
  'PipelineAuthorization.type': ['endpoint', 'queue', 'variablegroup', 'environment', 'repository'],
  'ServiceEndpointAzureRM.environment': ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment', 'AzureGermanCloud', 'AzureStack'],
  'ServiceEndpointAzureRM.serviceEndpointAuthenticationScheme': [
    'WorkloadIdentityFederation',
    'ManagedServiceIdentity',
    'ServicePrincipal',
  ],
  'ServicePrincipalEntitlement.accountLicenseType': [
    'advanced',
    'basic',
    'earlyAdopter',
    'express',
    'none',
    'professional',
    'stakeholder',
  ],
  'ServicePrincipalEntitlement.licensingSource': ['account', 'auto', 'msdn', 'none', 'profile', 'trial'],
};

/** Where the keys of a map stand in a table of its description, and the values in the examples of its resource. */
const MAPS: Readonly<Record<string, readonly string[]>> = {
  'BuildDefinitionPermissions.permissions': ['Allow', 'Deny'],
  'GitPermissions.permissions': ['Allow', 'Deny', 'NotSet'],
};

const named = new Set<string>();

function propertiesOf(owner: string, { properties = {}, required = [], description = '' }: SchemaObject): ExtractedProperties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      propertyOf(`${owner}.${name}`, property, required.includes(name), description),
    ]),
  );
}

function propertyOf(at: string, property: SchemaProperty, required: boolean, ownersText: string): ExtractedProperty {
  const text = plain(property.description ?? '');
  return {
    type: typeOf(property),
    ...(required ? { required } : {}),
    ...(property.secret === true ? { secret: true } : {}),
    ...(property.willReplaceOnChanges === true ? { replaces: true } : {}),
    ...valuesOf(at, text, plain(ownersText)),
  };
}

function valuesOf(at: string, text: string, ownersText: string): Pick<ExtractedProperty, 'values' | 'keys'> {
  const inMap = MAPS[at];
  if (inMap !== undefined) {
    named.add(at);
    const keys = [...text.matchAll(/^\|\s*([A-Z]\w+)\s*\|/gm)].map((row) => row[1]!).filter((key) => !/^Permissions?$/.test(key));
    agree(at, inMap.every((value) => ownersText.includes(`"${value}"`)) && keys.length > 0);
    return { keys: keys.sort(), values: [...inMap].sort() };
  }
  const values = VALUES[at];
  if (values === undefined) {
    agree(at, !/\b(possible|valid|supported) values\b/i.test(text));
    return {};
  }
  named.add(at);
  agree(
    at,
    values.every((value) => text.includes(`\`${value}\``) || text.includes(` ${value}\``)),
  );
  return { values: [...values].sort() };
}

function agree(at: string, holds: boolean): void {
  if (!holds) throw new Error(`${at}: the description of the schema and this script name different values.`);
}

/** Without the names of other languages. */
const plain = (text: string): string => text.replace(/<span [^>]*>([^]*?)<\/span>/g, '$1');

function typeOf({ type, $ref, items, additionalProperties }: SchemaType): string {
  if ($ref !== undefined) return $ref.slice($ref.lastIndexOf(':') + 1);
  if (type === 'array') return `${typeOf(items!)}[]`;
  if (type === 'object') return `map<${typeOf(additionalProperties!)}>`;
  return type === 'integer' ? 'number' : type!;
}

function resourceOf(name: string, token: string, resource: SchemaResource): ExtractedResource {
  const { inputProperties, requiredInputs, aliases, description } = resource;
  return {
    token,
    ...(aliases === undefined ? {} : { aliases: aliases.map(({ type }) => type).sort() }),
    inputs: propertiesOf(name, {
      properties: inputProperties ?? {},
      required: requiredInputs ?? [],
      description: description ?? '',
    }),
    outputs: propertiesOf(name, resource),
  };
}

/** The nested types that are named, and those that they name. */
function typesIn(schema: Schema, roots: readonly ExtractedProperties[]): Record<string, ExtractedProperties> {
  const types: Record<string, ExtractedProperties> = {};
  const follow = (properties: ExtractedProperties): void => {
    for (const { type } of Object.values(properties)) {
      const name = type.replace(/\[\]$|^map<|>$/g, '');
      const definition = schema.types[`azuredevops:index/${name}:${name}`];
      if (definition === undefined || name in types || LEFT_OUT.includes(name)) continue;
      follow((types[name] = propertiesOf(name, definition)));
    }
  };
  roots.forEach(follow);
  return types;
}

function extractOf(schema: Schema, version: string): Extract {
  const resources = Object.fromEntries(
    RESOURCES.map((name) => {
      const token = `azuredevops:index/${camel(name)}:${name}`;
      return [name, resourceOf(name, token, schema.resources[token]!)];
    }),
  );
  const functions = Object.fromEntries(
    FUNCTIONS.map((name) => {
      const token = `azuredevops:index/${name}:${name}`;
      const { inputs, outputs } = schema.functions[token]!;
      return [name, { token, inputs: propertiesOf(name, inputs ?? {}), outputs: propertiesOf(name, outputs) }];
    }),
  );
  const all = Object.values(resources).flatMap(({ inputs, outputs }) => [inputs, outputs]);
  const types = typesIn(schema, all);
  const unused = [...Object.keys(VALUES), ...Object.keys(MAPS)].filter((at) => !named.has(at));
  if (unused.length > 0) throw new Error(`The schema has no ${unused.join(', ')}.`);
  return {
    $comment:
      `Names, types, required, secret and replacing properties of the Azure DevOps resources in use: facts taken from the public repository ` +
      `pulumi/pulumi-azuredevops at v${version}, provider/cmd/pulumi-resource-azuredevops/schema.json. ` +
      `Made by test/sdks/azuredevops/extract-schema.ts (how, stands there). ` +
      `Values and keys are those that the descriptions of the schema name: it has no enums.`,
    plugin: { name: 'azuredevops', version },
    provider: resourceOf('Provider', 'pulumi:providers:azuredevops', schema.provider),
    functions,
    resources,
    types,
  };
}

const camel = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

const [file, version] = process.argv.slice(2);
if (file === undefined || version === undefined) throw new Error('Usage: extract-schema.ts SCHEMA_JSON VERSION');
const schema = JSON.parse(fs.readFileSync(file, 'utf8')) as Schema;
process.stdout.write(`${JSON.stringify(sorted(extractOf(schema, version)), null, 2)}\n`);
