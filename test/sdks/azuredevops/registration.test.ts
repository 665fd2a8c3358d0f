import * as sdk from '@pulumi/azuredevops';
import * as pulumi from '@pulumi/pulumi';
import { propertiesOf } from '../../../sdks/azuredevops/utilities';
import { inputsIn } from './check-sdk';
import type { ExtractedProperties, ExtractedProperty, ExtractedResource } from './extract';
import { preview, RecordingMonitor } from './recording-monitor';
import { EXTRACT, SOURCES, STRICTER } from './sdk';

interface ResourceClass {
  new (name: string, args?: object, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource;
  get(name: string, id: string, state?: object, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource;
  isInstance(candidate: unknown): boolean;
}
type LookUp = (args?: object, opts?: pulumi.InvokeOutputOptions) => pulumi.Output<Readonly<Record<string, unknown>>>;

const exported = sdk as unknown as Readonly<Record<string, unknown>>;
const resources = Object.entries(EXTRACT.resources).map(
  ([name, expected]) => [name, exported[name] as ResourceClass, expected] as const,
);
const functions = Object.entries(EXTRACT.functions).map(
  ([name, expected]) => [name, exported[`${name}Output`] as LookUp, expected] as const,
);

/** A value for each input that the SDK takes, made from the schema. */
function argsOf(interfaceName: string, { inputs }: ExtractedResource): Record<string, unknown> {
  return Object.fromEntries(inputsIn(SOURCES, interfaceName).map((name) => [name, valueOf(inputs[name]!)]));
}

function valueOf(property: ExtractedProperty, type = property.type): unknown {
  if (type.endsWith('[]')) return [valueOf(property, type.slice(0, -2))];
  if (type.startsWith('map<')) return { [property.keys?.[0] ?? 'key']: valueOf(property, type.slice(4, -1)) };
  const nested = EXTRACT.types[type];
  if (nested !== undefined) return objectOf(nested);
  return { string: property.values?.[0] ?? 'text', number: 7, boolean: true }[type];
}

const objectOf = (properties: ExtractedProperties): object =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([, { required }]) => required === true)
      .map(([name, property]) => [name, valueOf(property)]),
  );

const without = (args: object, name: string): object => Object.fromEntries(Object.entries(args).filter(([key]) => key !== name));

const isRequired = (resource: string, name: string, property: ExtractedProperty): boolean =>
  property.required === true || STRICTER[`${resource}.${name}`] !== undefined;

test('the package exports the resources and functions of the extract, and nothing else', () => {
  const names = [...Object.keys(EXTRACT.resources), ...Object.keys(EXTRACT.functions).map((name) => `${name}Output`)];
  expect(Object.keys(sdk).sort()).toEqual([...names, 'Provider'].sort());
});

describe.each(resources)('%s', (name, Resource, expected) => {
  const args = argsOf(`${name}Args`, expected);

  test('is registered with its token, version and inputs, and has its outputs in a preview', async () => {
    let resource: unknown;
    const { registered } = await preview(() => {
      resource = new Resource('it', args);
    });
    expect(registered.filter(({ type }) => type !== 'pulumi:pulumi:Stack')).toEqual([
      {
        type: expected.token,
        name: 'it',
        inputs: args,
        version: EXTRACT.plugin.version,
        provider: '',
        aliases: expected.aliases ?? [],
        secretOutputs: Object.keys(expected.outputs).filter((output) => expected.outputs[output]!.secret),
      },
    ]);
    const outputs = Object.keys(expected.outputs).filter((output) => output in args || !(output in expected.inputs));
    const properties = resource as Readonly<Record<string, unknown>>;
    expect(outputs.filter((output) => !pulumi.Output.isInstance(properties[output]))).toEqual([]);
    expect(Resource.isInstance(resource)).toBe(true);
  });

  test('needs what is required, and nothing else', async () => {
    const needed = Object.keys(args).filter((input) => isRequired(name, input, expected.inputs[input]!));
    await preview(() => {
      for (const input of Object.keys(args)) {
        const make = (): unknown => new Resource(`without-${input}`, without(args, input));
        if (needed.includes(input))
          expect(make).toThrow(`${expected.token} 'without-${input}' needs '${input}', which is missing.`);
        else make();
      }
    });
  });

  test('refuses an input it does not have', async () => {
    const strange = Object.keys(expected.outputs).find((output) => !(output in expected.inputs)) ?? 'tags';
    await preview(() => {
      for (const input of ['personalAccessToken', strange, 'constructor']) {
        expect(() => new Resource('it', { ...args, [input]: 'x' })).toThrow(`has no input '${input}'; it takes`);
      }
    });
  });

  test('is read by its id, with what is told of its state', async () => {
    const output = Object.keys(expected.outputs).find((each) => !(each in expected.inputs));
    const state = output === undefined ? {} : { [output]: 'known' };
    const { read } = await preview(() => {
      Resource.get('it', 'its-id', state, { version: '3.14.0' });
      Resource.get('another', 'its-id');
    });
    // Reads are not in order: one without state has less to wait for.
    expect(read.sort((a, b) => b.name.localeCompare(a.name))).toMatchObject([
      { type: expected.token, name: 'it', id: 'its-id', inputs: state, version: '3.14.0' },
      { type: expected.token, name: 'another', id: 'its-id', inputs: {}, version: EXTRACT.plugin.version },
    ]);
  });
});

describe.each(functions)('%s', (name, lookUp, expected) => {
  const Name = name.charAt(0).toUpperCase() + name.slice(1);
  const args = argsOf(`${Name}OutputArgs`, expected);

  test('asks with its token, version and arguments, and gives back the answer', async () => {
    const results: unknown[] = [];
    const { invoked } = await preview(
      () => {
        lookUp(args).apply((result) => results.push(result));
      },
      new RecordingMonitor({ id: 'an-id', name: 'its-name' }),
    );
    expect(invoked).toEqual([{ token: expected.token, args, version: EXTRACT.plugin.version, provider: '' }]);
    expect(results).toEqual([{ id: 'an-id', name: 'its-name' }]);
  });

  test('asks the provider and the version of its options', async () => {
    const { invoked } = await preview(() => {
      const provider = new sdk.Provider('organization', { orgServiceUrl: 'https://dev.azure.com/my-org' });
      lookUp(args, { provider, version: '3.14.0' });
    });
    expect(invoked).toMatchObject([
      { provider: 'urn:pulumi:stack::project::pulumi:providers:azuredevops::organization::an-id', version: '3.14.0' },
    ]);
  });

  test('needs what is required, and refuses what it does not have', async () => {
    await preview(() => {
      for (const [input, { required }] of Object.entries(expected.inputs)) {
        if (required) expect(() => lookUp(without(args, input))).toThrow(`${expected.token} needs '${input}', which is missing.`);
      }
      expect(() => lookUp({ ...args, organization: 'x' })).toThrow("has no input 'organization'; it takes");
    });
  });
});

describe('Provider', () => {
  test('is registered with its configuration as text', async () => {
    let provider: unknown;
    const { registered } = await preview(() => {
      provider = new sdk.Provider('organization', {
        auxiliaryTenantIds: ['a', pulumi.output('b')],
        clientId: 'client',
        orgServiceUrl: 'https://dev.azure.com/my-org',
        useCli: false,
        useOidc: pulumi.output(true),
      });
    });
    const secret = Object.keys(EXTRACT.provider.inputs).filter((input) => EXTRACT.provider.inputs[input]!.secret);
    expect(registered.filter(({ type }) => type !== 'pulumi:pulumi:Stack')).toEqual([
      {
        type: EXTRACT.provider.token,
        name: 'organization',
        inputs: {
          auxiliaryTenantIds: '["a","b"]',
          clientId: 'client',
          orgServiceUrl: 'https://dev.azure.com/my-org',
          useCli: 'false',
          useOidc: 'true',
        },
        version: EXTRACT.plugin.version,
        provider: '',
        aliases: [],
        secretOutputs: secret,
      },
    ]);
    expect(sdk.Provider.isInstance(provider)).toBe(true);
    expect(sdk.Git.isInstance(provider)).toBe(false);
  });

  test.each(Object.keys(EXTRACT.provider.inputs).filter((name) => !inputsIn(SOURCES, 'ProviderArgs').includes(name)))(
    'refuses %s, which may be a secret',
    async (input) => {
      await preview(() => {
        expect(() => new sdk.Provider('organization', { [input]: 'x' })).toThrow(`has no input '${input}'`);
      });
    },
  );

  test('is asked when resources name it, and their version wins', async () => {
    const { registered } = await preview(() => {
      const provider = new sdk.Provider('organization');
      new sdk.BuildFolder('folder', { projectId: 'p', path: '\\platform' }, { provider, version: '3.14.0' });
    });
    expect(registered.find(({ name }) => name === 'folder')).toMatchObject({
      provider: 'urn:pulumi:stack::project::pulumi:providers:azuredevops::organization::an-id',
      version: '3.14.0',
    });
  });
});

test('an earlier alias stays beside one of the options', async () => {
  const { registered } = await preview(() => {
    const args = { projectId: 'p', settings: { buildDefinitionId: 1, displayName: 'it', scopes: [] } };
    new sdk.BranchPolicyBuildValidation('it', args, { aliases: [{ type: 'mine:index:Type' }] });
  });
  expect(registered.at(-1)!.aliases).toEqual([
    'azuredevops:Policy/branchPolicyBuildValidation:BranchPolicyBuildValidation',
    'mine:index:Type',
  ]);
});

test('a resource that Pulumi makes from its URN needs no input', () => {
  expect(propertiesOf('type', 'it', { name: 'required', url: 'output' }, undefined, { urn: 'urn:pulumi:it' })).toEqual({});
});

test('isInstance refuses what is no resource', () => {
  for (const candidate of [undefined, null, 'Git', {}, { __pulumiType: 'azuredevops:index/group:Group' }]) {
    expect(sdk.Git.isInstance(candidate)).toBe(false);
  }
});

/** What the compiler must refuse: where it does not, the comment before the line is an error. */
export function refusedByTheCompiler(): void {
  const connection = { projectId: 'p', serviceEndpointName: 'c', azurermSpnTenantid: 't' };
  const credentials = { serviceprincipalid: 'id' };
  const serviceEndpointAuthenticationScheme = 'WorkloadIdentityFederation';
  new sdk.ServiceEndpointAzureRM('right', { ...connection, credentials, serviceEndpointAuthenticationScheme });
  // @ts-expect-error -- the default is a scheme with a secret
  new sdk.ServiceEndpointAzureRM('default', { ...connection, credentials });
  new sdk.ServiceEndpointAzureRM('scheme', {
    ...connection,
    credentials,
    // @ts-expect-error -- a scheme with a secret
    serviceEndpointAuthenticationScheme: 'ServicePrincipal',
  });
  new sdk.ServiceEndpointAzureRM('key', {
    ...connection,
    serviceEndpointAuthenticationScheme,
    // @ts-expect-error -- a key is a secret
    credentials: { serviceprincipalid: 'id', serviceprincipalkey: 'secret' },
  });
  // @ts-expect-error -- a token is a secret
  new sdk.Provider('token', { personalAccessToken: 'secret' });
}
