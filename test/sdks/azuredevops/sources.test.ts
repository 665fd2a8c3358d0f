import packageFile from '../../../sdks/azuredevops/package.json';
import { declaredIn, findingsOf, inputsIn } from './check-sdk';
import { EXTRACT, SOURCES, STRICTER } from './sdk';

describe('the sources against the schema', () => {
  test('nothing is misspelt, mistyped, missing or secret', () => {
    expect(findingsOf(SOURCES, EXTRACT, STRICTER)).toEqual([]);
  });

  test('what is stricter than the schema is so still', () => {
    const findings = findingsOf(SOURCES, EXTRACT);
    expect(findings).toEqual(Object.keys(STRICTER).map((at) => `${at}: the SDK requires it, the schema does not.`));
  });

  test('every resource and function of the extract is there, and no other', () => {
    const functions = Object.keys(EXTRACT.functions).map((name) => `${name}Output`);
    expect(declaredIn(SOURCES)).toEqual([...Object.keys(EXTRACT.resources), 'Provider', ...functions].sort());
  });

  test('the package has the version of the plugin', () => {
    expect(packageFile).toMatchObject({ name: '@pulumi/azuredevops', version: EXTRACT.plugin.version });
  });

  test('the provider takes nothing that could be a secret', () => {
    expect(inputsIn(SOURCES, 'ProviderArgs')).toEqual([
      'auxiliaryTenantIds',
      'clientId',
      'clientIdFilePath',
      'oidcAzureServiceConnectionId',
      'oidcTokenFilePath',
      'orgServiceUrl',
      'tenantId',
      'useCli',
      'useMsi',
      'useOidc',
    ]);
  });

  test('a service connection takes an identity and nothing that could be a secret', () => {
    expect(inputsIn(SOURCES, 'ServiceEndpointAzureRMCredentials')).toEqual(['serviceprincipalid']);
  });

  test('every interface, property and class says what it is', () => {
    const bare = Object.entries(SOURCES).flatMap(([file, text]) =>
      [...text.matchAll(/^(?<before>.*)\n(?<line> *(export (interface|class|type) \w|(declare public )?readonly \w).*)$/gm)]
        .filter(({ groups }) => file !== 'utilities.ts' && file !== 'index.ts' && !groups!['before']!.endsWith('*/'))
        .map(({ groups }) => `${file}: ${groups!['line']!.trim()}`),
    );
    expect(bare).toEqual([]);
  });
});

/** A class, right as it is, in which each test below spoils one thing. */
const CHECK = `
type Target = 'endpoint' | 'environment' | 'queue' | 'repository' | 'securefile' | 'variablegroup';
interface Template {
  readonly repositoryName: pulumi.Input<string>;
  readonly repositoryRef: pulumi.Input<string>;
  readonly repositoryType?: pulumi.Input<'azuregit' | 'github'>;
  readonly templatePath: pulumi.Input<string>;
}
export interface CheckRequiredTemplateArgs {
  readonly projectId: pulumi.Input<string>;
  readonly requiredTemplates: pulumi.Input<readonly pulumi.Input<Template>[]>;
  readonly targetResourceId: pulumi.Input<string>;
  readonly targetResourceType: pulumi.Input<Target>;
}
export class CheckRequiredTemplate extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/checkRequiredTemplate:CheckRequiredTemplate';
  declare public readonly projectId: pulumi.Output<string>;
  declare public readonly requiredTemplates: pulumi.Output<pulumi.Unwrap<Template>[]>;
  declare public readonly targetResourceId: pulumi.Output<string>;
  declare public readonly targetResourceType: pulumi.Output<string>;
  declare public readonly version: pulumi.Output<number>;
}`;

const GIT = `
interface Initialization {
  readonly initType: pulumi.Input<'Clean'>;
}
export interface GitArgs {
  readonly initialization: pulumi.Input<Initialization>;
  readonly projectId: pulumi.Input<string>;
}`;

const LOOK_UP = `
export interface GetGroupOutputArgs {
  readonly name: pulumi.Input<string>;
  readonly projectId?: pulumi.Input<string>;
}
export interface GetGroupResult {
  readonly descriptor: string;
  readonly groupId: string;
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly originId: string;
  readonly projectId?: string;
}
export function getGroupOutput(args: GetGroupOutputArgs): pulumi.Output<GetGroupResult> {
  return lookUp('azuredevops:index/getGroup:getGroup', args);
}`;

const PERMISSIONS = `
export interface GitPermissionsArgs {
  readonly permissions: pulumi.Input<Partial<Record<'CreateTag', pulumi.Input<'Allow'>>>>;
  readonly principal: pulumi.Input<string>;
  readonly projectId: pulumi.Input<string>;
}
export class GitPermissions extends pulumi.CustomResource {
  public static readonly __pulumiType = 'azuredevops:index/gitPermissions:GitPermissions';
  declare public readonly permissions: pulumi.Output<Readonly<Record<string, string>>>;
  declare public readonly principal: pulumi.Output<string>;
  declare public readonly projectId: pulumi.Output<string>;
}`;

describe('the comparison itself', () => {
  test.each([CHECK, LOOK_UP, PERMISSIONS])('finds nothing where nothing is wrong', (source) => {
    expect(findingsOf({ 'it.ts': source }, EXTRACT)).toEqual([]);
  });

  test.each([
    ['a misspelt input', CHECK, 'targetResourceId: pulumi.Input', 'targetResourceID: pulumi.Input', 'has no such property'],
    ['an input that is left out', CHECK, '  readonly targetResourceId: pulumi.Input<string>;\n', '', 'always; the SDK does not'],
    ['a misspelt nested input', CHECK, 'templatePath', 'templateFile', 'CheckRequiredTemplate.requiredTemplates[].templateFile'],
    ['a required input made optional', CHECK, 'projectId:', 'projectId?:', 'the schema requires it'],
    ['a required nested input made optional', CHECK, 'repositoryRef:', 'repositoryRef?:', 'the schema requires it'],
    ['an optional input made required', CHECK, 'repositoryType?:', 'repositoryType:', 'the SDK requires it'],
    ['another type', CHECK, 'templatePath: pulumi.Input<string>', 'templatePath: pulumi.Input<number>', 'the schema has string'],
    ['no list', CHECK, 'readonly pulumi.Input<Template>[]', 'Template', 'the SDK has an object'],
    ['an input that no output can be given to', CHECK, 'projectId: pulumi.Input<string>', 'projectId: string', 'pulumi.Input'],
    ['a wrong value', CHECK, "'azuregit'", "'azurerepos'", 'does not name azurerepos'],
    ['a wrong value behind a name', CHECK, "'endpoint'", "'agentpool'", 'does not name agentpool'],
    ['any text where values are known', CHECK, "pulumi.Input<'azuregit' | 'github'>", 'pulumi.Input<string>', 'takes any text'],
    ['another token', CHECK, 'index/checkRequiredTemplate', 'index/checkTemplate', 'its type token is'],
    ['another class', CHECK, /CheckRequiredTemplate/g, 'CheckTemplate', 'no such resource'],
    [
      'an output that is left out',
      CHECK,
      '  declare public readonly version: pulumi.Output<number>;\n',
      '',
      'CheckRequiredTemplate.version',
    ],
    [
      'an output of another type',
      CHECK,
      'version: pulumi.Output<number>',
      'version: pulumi.Output<string>',
      'the schema has number',
    ],
    ['an output that is always there', CHECK, 'Output<number>', 'Output<number | undefined>', 'the schema requires it'],
    ['an invented output', CHECK, 'readonly version: pulumi.Output', 'readonly revision: pulumi.Output', 'among the outputs'],
    ['an invented permission', PERMISSIONS, "'CreateTag'", "'CreateTags'", 'does not name CreateTags'],
    ['an invented value of a permission', PERMISSIONS, "'Allow'", "'Permit'", 'does not name Permit'],
    ['a misspelt argument', LOOK_UP, 'projectId?: pulumi', 'projectID?: pulumi', 'among the arguments'],
    ['a misspelt result', LOOK_UP, 'groupId: string', 'groupID: string', 'among the results'],
    ['another function', LOOK_UP, 'index/getGroup:getGroup', 'index/getGroups:getGroups', 'its token is'],
  ] as const)('finds %s', (_, source, good, bad, finding) => {
    const spoiled = source.replace(good, bad);
    expect(spoiled).not.toBe(source);
    expect(findingsOf({ 'it.ts': spoiled }, EXTRACT).join('\n')).toContain(finding);
  });

  test('finds a secret, also a nested one', () => {
    const source = GIT.replace('initType', 'password?: pulumi.Input<string>;\n  readonly initType');
    const git = `${source}\nclass Git extends pulumi.CustomResource {}`;
    expect(findingsOf({ 'git.ts': git }, EXTRACT)).toContain(
      'Git.initialization.password: the schema calls it secret, the SDK must not have it.',
    );
    const provider = `interface ProviderArgs { readonly personalAccessToken?: pulumi.Input<string> }
      class Provider extends pulumi.ProviderResource { static readonly __pulumiType = 'azuredevops'; }`;
    expect(findingsOf({ 'provider.ts': provider }, EXTRACT)).toEqual([
      'Provider.personalAccessToken: the schema calls it secret, the SDK must not have it.',
    ]);
  });
});
