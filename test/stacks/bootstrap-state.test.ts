import { bootstrapState, type Bootstrap, type BootstrapOptions, type StateRequest } from '../../src/stacks';
import { PIPELINE, SELF, StandInAz, SUBSCRIPTION, TENANT, type AzureState } from './stand-in-az';

const REQUEST: StateRequest = {
  subscription: SUBSCRIPTION,
  location: 'westeurope',
  resourceGroup: 'state-rg',
  storageAccount: 'myorgstate',
  vault: 'my-org-state',
  container: 'pulumi',
  key: 'pulumi-secrets',
  principals: [PIPELINE],
  principalType: 'ServicePrincipal',
};
const PROVIDERS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/state-rg/providers`;
const CONTAINER = `${PROVIDERS}/Microsoft.Storage/storageAccounts/myorgstate/blobServices/default/containers/pulumi`;
const KEY = `${PROVIDERS}/Microsoft.KeyVault/vaults/my-org-state/keys/pulumi-secrets`;

const bootstrap = (
  az: StandInAz,
  options: Partial<BootstrapOptions> = {},
  request: Partial<StateRequest> = {},
): Promise<Bootstrap> =>
  bootstrapState(
    { ...REQUEST, ...request },
    {
      environment: az.environment,
      stacks: ['dev', 'prod'],
      patience: { deadlineMilliseconds: 5000, pauseMilliseconds: 1 },
      ...options,
    },
  );

const states = ({ parts }: Bootstrap): readonly string[] => parts.map(({ what, state }) => `${what}: ${state}`);

let everything: AzureState;

beforeAll(async () => {
  const az = new StandInAz();
  expect((await bootstrap(az)).problems).toEqual([]);
  everything = az.state;
});

/** An Azure in which everything was made, and something changed since. */
const made = (edit: (state: AzureState) => void = () => undefined): StandInAz => new StandInAz(everything).change(edit);

const ALL = [
  ...['resource group', 'storage account', 'versions, soft delete', 'container'],
  ...['Storage Blob Data Contributor', 'Storage Blob Data Contributor', 'Key Vault', 'key'],
  ...['Key Vault Crypto User', 'Key Vault Crypto User', 'delete lock', 'delete lock'],
];

describe('making the state backend', () => {
  it('makes everything on the first run, with the least that is safe', async () => {
    const az = new StandInAz();
    const result = await bootstrap(az);
    expect(result.problems).toEqual([]);
    expect(states(result)).toEqual(ALL.map((what) => `${what}: made`));
    const { state } = az;
    expect(state.groups).toEqual({
      'state-rg': { name: 'state-rg', location: 'westeurope', tags: { 'managed-by': 'k8s-gitops' } },
    });
    expect(state.accounts['myorgstate']).toEqual({
      name: 'myorgstate',
      resourceGroup: 'state-rg',
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: 'TLS1_2',
      encryption: { requireInfrastructureEncryption: true },
      tags: { 'managed-by': 'k8s-gitops' },
    });
    expect(state.blobServices['myorgstate']).toEqual({
      resourceGroup: 'state-rg',
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 30 },
      containerDeleteRetentionPolicy: { enabled: true, days: 30 },
    });
    expect(Object.keys(state.containers)).toEqual(['myorgstate/pulumi']);
    expect(state.vaults['my-org-state']).toMatchObject({
      properties: { enableRbacAuthorization: true, enablePurgeProtection: true, softDeleteRetentionInDays: 90 },
    });
    expect(state.keys).toEqual({
      'my-org-state/pulumi-secrets': { properties: { kty: 'RSA', keySize: 3072, keyOps: ['encrypt', 'decrypt'] } },
    });
    expect(state.assignments.map(({ scope, principalId, principalType }) => [scope, principalId, principalType])).toEqual([
      [CONTAINER, SELF, 'User'],
      [CONTAINER, PIPELINE, 'ServicePrincipal'],
      [KEY, SELF, 'User'],
      [KEY, PIPELINE, 'ServicePrincipal'],
    ]);
    expect(state.locks.map(({ resource, level }) => [resource, level])).toEqual([
      ['Microsoft.Storage/storageAccounts/myorgstate', 'CanNotDelete'],
      ['Microsoft.KeyVault/vaults/my-org-state', 'CanNotDelete'],
    ]);
  });

  it('asks in the subscription that was named, every time that it can', async () => {
    const az = new StandInAz();
    await bootstrap(az);
    const others = az.calls.filter((call) => !call.includes(`--subscription ${SUBSCRIPTION}`));
    expect(others).toEqual([
      'account show --only-show-errors --output json',
      'ad signed-in-user show --only-show-errors --output json',
    ]);
  });

  it('says which commands of Pulumi come next', async () => {
    expect((await bootstrap(new StandInAz())).next).toEqual({
      login: "pulumi login 'azblob://pulumi?storage_account=myorgstate'",
      stackInit: [
        "pulumi stack init dev --secrets-provider 'azurekeyvault://my-org-state.vault.azure.net/keys/pulumi-secrets'",
        "pulumi stack init prod --secrets-provider 'azurekeyvault://my-org-state.vault.azure.net/keys/pulumi-secrets'",
      ],
    });
    const cloud = { storageEndpoint: 'core.usgovcloudapi.net', keyvaultDns: '.vault.usgovcloudapi.net' };
    const { next } = await bootstrap(new StandInAz({ cloud }), { stacks: ['dev'] }, { vault: 'My-Org-State' });
    expect(next).toEqual({
      login: "pulumi login 'azblob://pulumi?storage_account=myorgstate&domain=blob.core.usgovcloudapi.net'",
      stackInit: [
        "pulumi stack init dev --secrets-provider 'azurekeyvault://my-org-state.vault.usgovcloudapi.net/keys/pulumi-secrets'",
      ],
    });
  });

  it('changes nothing on the second run', async () => {
    const az = made();
    const before = az.state;
    const result = await bootstrap(az);
    expect(result.problems).toEqual([]);
    expect(states(result)).toEqual(ALL.map((what) => `${what}: present`));
    expect(az.writes).toEqual([]);
    expect({ ...az.state, refusals: 0 }).toEqual({ ...before, refusals: 0 });
  });

  it('gives roles to who is new, and to nobody twice', async () => {
    const az = made();
    const third = '55555555-5555-5555-5555-555555555555';
    const result = await bootstrap(az, {}, { principals: [PIPELINE.toUpperCase(), third, SELF], principalType: 'Group' });
    expect(result.problems).toEqual([]);
    expect(az.writes).toHaveLength(2);
    for (const call of az.writes) expect(call).toContain(`--assignee-object-id ${third} --assignee-principal-type Group`);
  });

  it('needs nobody but who is signed in', async () => {
    const az = new StandInAz();
    expect((await bootstrap(az, {}, { principals: [] })).problems).toEqual([]);
    expect(az.state.assignments.map(({ principalId }) => principalId)).toEqual([SELF, SELF]);
  });

  it('writes nothing on a dry run, and shows what it would run', async () => {
    const az = new StandInAz();
    const before = az.state;
    const result = await bootstrap(az, { dryRun: true });
    expect(result.problems).toEqual([]);
    expect(states(result)).toEqual(ALL.map((what) => `${what}: planned`));
    expect(az.writes).toEqual([]);
    expect(az.state).toEqual(before);
    expect(result.next?.login).toContain('myorgstate');
    const real = new StandInAz();
    const { parts } = await bootstrap(real);
    expect(result.parts.map(({ command }) => command)).toEqual(parts.map(({ command }) => command));
    const run = real.writes.map((call) => call.replace(' --only-show-errors --output json', ''));
    expect(result.parts.map(({ command }) => command!.replaceAll("'", ''))).toEqual(run.map((call) => `az ${call}`));
  });

  it.each([0, 1, 2, 4, 7, 11])('goes on after a run that was interrupted before part %i', async (index) => {
    const az = new StandInAz();
    const controller = new AbortController();
    let makings = 0;
    const interrupted = await bootstrap(az, {
      signal: controller.signal,
      tell: (what) => {
        if (what.startsWith('making') && makings++ === index) controller.abort();
      },
    });
    expect(states(interrupted)).toEqual(
      ALL.map((what, part) => `${what}: ${part < index ? 'made' : part === index ? 'failed' : 'not reached'}`),
    );
    expect(interrupted.problems).toHaveLength(1);
    expect(interrupted.problems[0]!.message).toContain('was interrupted');
    expect(interrupted.next).toBeUndefined();
    const again = await bootstrap(az);
    expect(again.problems).toEqual([]);
    expect(states(again)).toEqual(ALL.map((what, part) => `${what}: ${part < index ? 'present' : 'made'}`));
    expect(again.parts.slice(index).map(({ command }) => command)).toEqual(
      interrupted.parts.slice(index).map(({ command }) => command),
    );
    expect(az.state).toEqual({ ...everything, refusals: az.state.refusals });
  });

  it('stops at what cannot be made, and says what to do', async () => {
    const stderr = "(VaultAlreadyExists) The vault name 'my-org-state' is already in use.";
    const az = new StandInAz().change((state) => (state.failures['keyvault create'] = { times: 1, stderr }));
    const result = await bootstrap(az);
    expect(states(result).slice(5, 8)).toEqual(['Storage Blob Data Contributor: made', 'Key Vault: failed', 'key: not reached']);
    expect(result.problems).toEqual([
      {
        location: { file: 'Key Vault my-org-state' },
        message: `\`az keyvault create\` failed: ${stderr}`,
        remedy: 'The name is taken: name another vault with --vault, or have a deleted one back with `az keyvault recover`.',
      },
    ]);
  });

  it('waits until a new role lets its holder in', async () => {
    const az = new StandInAz({ refusals: 3 });
    expect((await bootstrap(az)).problems).toEqual([]);
    expect(az.calls.filter((call) => call.startsWith('storage blob list'))).toHaveLength(4);
  });

  it('does not wait for ever', async () => {
    const az = new StandInAz({ refusals: 1000 });
    const result = await bootstrap(az, { patience: { deadlineMilliseconds: 100, pauseMilliseconds: 60 } });
    expect(states(result)).toEqual(ALL.map((what) => `${what}: made`));
    expect(result.problems).toEqual([
      {
        location: { file: 'container myorgstate/pulumi' },
        message: expect.stringContaining('everything is made, but the role did not let you in within 0.1 s') as string,
        remedy: 'Run it again in some minutes: it changes nothing that is there.',
      },
    ]);
  });
});

describe('what is there already', () => {
  const set =
    (things: 'accounts' | 'blobServices', value: object) =>
    (state: AzureState): void => {
      Object.assign(state[things]['myorgstate']!, value);
    };
  const vault =
    (value: object) =>
    (state: AzureState): void => {
      Object.assign((state.vaults['my-org-state'] as { properties: object }).properties, value);
    };
  const key =
    (value: object) =>
    (state: AzureState): void => {
      Object.assign((state.keys['my-org-state/pulumi-secrets'] as { properties: object }).properties, value);
    };
  const ACCOUNT_UPDATE = `az storage account update --name myorgstate --resource-group state-rg`;
  const VAULT_UPDATE = `az keyvault update --name my-org-state --resource-group state-rg`;

  it.each<[edit: (state: AzureState) => void, expected: readonly (readonly [message: string, remedy: string])[]]>([
    [
      set('accounts', {
        kind: 'Storage',
        sku: { name: 'Standard_LRS' },
        allowSharedKeyAccess: true,
        allowBlobPublicAccess: true,
        enableHttpsTrafficOnly: false,
        minimumTlsVersion: 'TLS1_0',
        encryption: { requireInfrastructureEncryption: false },
      }),
      [
        ["'allowBlobPublicAccess' is 'true'", `${ACCOUNT_UPDATE} --allow-blob-public-access false`],
        ["'allowSharedKeyAccess' is 'true'", `${ACCOUNT_UPDATE} --allow-shared-key-access false`],
        ["'enableHttpsTrafficOnly' is 'false'", `${ACCOUNT_UPDATE} --https-only true`],
        ["'minimumTlsVersion' is 'TLS1_0'", `${ACCOUNT_UPDATE} --min-tls-version TLS1_2`],
        ["'requireInfrastructureEncryption' is 'false'", 'name another one with --storage-account'],
        ["its kind is 'Storage'", 'Name another account with --storage-account'],
        [
          "its redundancy is 'Standard_LRS'",
          'az storage account migration start --account-name myorgstate --resource-group state-rg --sku Standard_ZRS',
        ],
      ],
    ],
    [
      set('accounts', { allowSharedKeyAccess: null, encryption: null }),
      [
        ["'allowSharedKeyAccess' is not set", `${ACCOUNT_UPDATE} --allow-shared-key-access false`],
        ["'requireInfrastructureEncryption' is not set", '--storage-account'],
      ],
    ],
    [
      vault({ enableRbacAuthorization: false, enablePurgeProtection: null, softDeleteRetentionInDays: 7 }),
      [
        ["'enablePurgeProtection' is not set", `${VAULT_UPDATE} --enable-purge-protection true`],
        ["'enableRbacAuthorization' is 'false'", `${VAULT_UPDATE} --enable-rbac-authorization true`],
        ["'softDeleteRetentionInDays' is '7', not '90'", '--vault'],
      ],
    ],
    [key({ kty: 'EC', keySize: null }), [["it is of type 'EC'", '--key']]],
    [
      key({ keySize: 2048, keyOps: ['decrypt', 'sign'], attributes: { enabled: false } }),
      [
        [
          "it does not allow 'encrypt'",
          'az keyvault key set-attributes --vault-name my-org-state --name pulumi-secrets --ops encrypt decrypt',
        ],
        ['it has 2048 bits, not 3072', '--key'],
        ['it is disabled', '--enabled true'],
      ],
    ],
  ])('is told when it is weaker, and never changed: %#', async (edit, expected) => {
    // Were anything made on top of it, the locks would be.
    const az = made((state) => {
      edit(state);
      state.locks = [];
    });
    const before = az.state;
    const result = await bootstrap(az);
    expect(result.problems.map(({ message, remedy }) => [message, remedy])).toEqual(
      expected.map((texts) => texts.map((text) => expect.stringContaining(text) as string)),
    );
    expect(result.next).toBeUndefined();
    expect(states(result).filter((state) => state.endsWith('weaker'))).toHaveLength(1);
    expect(az.writes).toEqual([]);
    expect(az.state).toEqual(before);
  });

  it('shows the subscription in the command that mends it', async () => {
    const { problems } = await bootstrap(made(set('accounts', { allowSharedKeyAccess: true })));
    expect(problems[0]!.remedy).toBe(
      `Run \`${ACCOUNT_UPDATE} --allow-shared-key-access false --subscription ${SUBSCRIPTION}\`, then run it again.`,
    );
  });

  it.each([
    [{ isVersioningEnabled: false }, "'isVersioningEnabled' is 'false'"],
    [{ deleteRetentionPolicy: { enabled: true, days: 7 } }, 'deleted blobs are kept for 7 days, not for 30 days'],
    [{ containerDeleteRetentionPolicy: { enabled: false, days: 30 } }, 'deleted containers are kept not at all'],
  ])('keeps deleted state in an account of somebody else only when they say so: %j', async (service, message) => {
    const edit = set('blobServices', service);
    const foreign = made((state) => {
      edit(state);
      state.accounts['myorgstate']!['tags'] = { owner: 'landing-zone' };
    });
    const { problems } = await bootstrap(foreign);
    expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
    expect(problems[0]!.remedy).toContain('az storage account blob-service-properties update --account-name myorgstate');
    expect(foreign.writes).toEqual([]);
    const own = made(edit);
    expect((await bootstrap(own)).problems).toEqual([]);
    expect(own.writes).toHaveLength(1);
  });

  it('accepts what is stronger or other, but not weaker', async () => {
    const az = made((state) => {
      set('accounts', { sku: { name: 'Standard_RAGZRS' }, minimumTlsVersion: 'TLS1_3', tags: null })(state);
      set('blobServices', { deleteRetentionPolicy: { enabled: true, days: 90 } })(state);
      key({ kty: 'RSA-HSM', keySize: 4096, keyOps: ['encrypt', 'decrypt', 'sign'] })(state);
      state.locks[0]!.level = 'ReadOnly';
    });
    expect((await bootstrap(az)).problems).toEqual([]);
    expect(az.writes).toEqual([]);
  });

  it('tells all that is wrong at once', async () => {
    const az = made((state) => {
      set('accounts', { allowSharedKeyAccess: true, allowBlobPublicAccess: true })(state);
      vault({ enablePurgeProtection: false })(state);
    });
    expect((await bootstrap(az)).problems).toHaveLength(3);
    expect((await bootstrap(az, { dryRun: true })).problems).toHaveLength(3);
  });

  it.each<AzureState['groups']>([{}, { 'state-rg': { name: 'state-rg' } }])('finds out that the name is taken before anything is made: %j', async (groups) => {
    const az = new StandInAz({ takenNames: ['myorgstate'], groups });
    const result = await bootstrap(az);
    expect(result.problems).toEqual([
      {
        location: { file: 'storage account myorgstate' },
        message:
          "is not in the resource group 'state-rg', and its name is not to be had: The storage account named myorgstate is already taken.",
        remedy: 'Name another one with --storage-account, or the resource group that holds it with --resource-group.',
      },
    ]);
    expect(az.writes).toEqual([]);
  }); // prettier-ignore
});

describe('who makes it', () => {
  it('has to be signed in', async () => {
    const az = new StandInAz({ user: null });
    const { problems, parts } = await bootstrap(az);
    expect(problems).toEqual([
      {
        location: { file: 'az' },
        message: "`az account show` failed: Please run 'az login' to setup account.",
        remedy: 'Sign in with `az login`, then run it again.',
      },
    ]);
    expect(parts).toEqual([]);
    expect(az.calls).toHaveLength(1);
  });

  it('has to have the Azure CLI', async () => {
    const { problems } = await bootstrap(new StandInAz(), { environment: { PATH: '/nowhere' } });
    expect(problems).toEqual([
      {
        location: { file: 'az' },
        message: 'the Azure CLI is not on PATH',
        remedy: 'Install it (learn.microsoft.com/cli/azure), sign in with `az login`, and run it again.',
      },
    ]);
  });

  it('has to know the subscription', async () => {
    const other = '99999999-9999-9999-9999-999999999999';
    const { problems } = await bootstrap(new StandInAz(), {}, { subscription: other });
    expect(problems[0]).toMatchObject({
      location: { file: '--subscription' },
      message: expect.stringContaining(`the subscription '${other}' is not one that you are signed in to`) as string,
    });
  });

  it('has to work in the tenant of the subscription, where people are looked up', async () => {
    const other = '99999999-9999-9999-9999-999999999999';
    const subscriptions = { [SUBSCRIPTION]: TENANT, [other]: '88888888-8888-8888-8888-888888888888' };
    const { problems } = await bootstrap(new StandInAz({ subscriptions, defaultSubscription: other }));
    expect(problems[0]!.message).toContain(`but the subscription is in '${TENANT}'`);
    expect(problems[0]!.remedy).toContain(`az account set --subscription ${SUBSCRIPTION}`);
  });

  it('may be a service principal that names who is to use it', async () => {
    const user = { name: '66666666-6666-6666-6666-666666666666', type: 'servicePrincipal' };
    const az = new StandInAz({ user });
    expect((await bootstrap(az)).problems).toEqual([]);
    expect(az.state.assignments.map(({ principalId }) => principalId)).toEqual([PIPELINE, PIPELINE]);
    expect(az.calls.filter((call) => /^(ad|storage blob) /.test(call))).toEqual([]);
    const { problems } = await bootstrap(new StandInAz({ user }), {}, { principals: [] });
    expect(problems.map(({ location }) => location.file)).toEqual(['--principal']);
  });

  it('is told once when it is interrupted while it looks', async () => {
    const az = made();
    const controller = new AbortController();
    const { problems } = await bootstrap(az, {
      signal: controller.signal,
      tell: (what) => {
        if (what.startsWith('looking for container')) controller.abort();
      },
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]!.message).toContain('was interrupted');
  });
});

describe('what cannot be understood', () => {
  it.each([
    'account show',
    'cloud show',
    'ad signed-in-user show',
    'group show',
    'storage account show',
    'storage account blob-service-properties show',
    'storage container-rm show',
    'role assignment list',
    'keyvault show',
    'resource show',
    'lock list',
  ])('is a problem and changes nothing: %s', async (command) => {
    const garbage = command.length % 2 === 0 ? '<html>sign in</html>' : '[7]';
    const az = made((state) => (state.garbage[command] = garbage));
    const { problems, next } = await bootstrap(az);
    expect(problems.length).toBeGreaterThan(0);
    for (const { remedy } of problems) expect(remedy).toContain('az upgrade');
    expect(next).toBeUndefined();
    expect(az.writes).toEqual([]);
  });
});

describe('names', () => {
  it.each<[Partial<StateRequest>, option: string]>([
    [{ subscription: 'my-subscription' }, '--subscription'],
    [{ location: 'West Europe' }, '--location'],
    [{ resourceGroup: 'ends-with-period.' }, '--resource-group'],
    [{ storageAccount: 'my-org-state' }, '--storage-account'],
    [{ storageAccount: 'MyOrgState' }, '--storage-account'],
    [{ storageAccount: 'ab' }, '--storage-account'],
    [{ storageAccount: 'a'.repeat(25) }, '--storage-account'],
    [{ container: 'a--b' }, '--container'],
    [{ container: 'ab' }, '--container'],
    [{ container: '$root' }, '--container'],
    [{ vault: '1vault' }, '--vault'],
    [{ key: 'a_b' }, '--key'],
    [{ principals: [PIPELINE, '--all'] }, '--principal'],
  ])("are checked by Azure's rules before anything is asked: %j", async (wrong, option) => {
    const az = new StandInAz();
    const { problems } = await bootstrap(az, {}, wrong);
    expect(problems.map(({ location }) => location.file)).toEqual([option]);
    expect(az.calls).toEqual([]);
  });

  it('are all told at once', async () => {
    const { problems } = await bootstrap(new StandInAz(), {}, { location: '', vault: '', key: '' });
    expect(problems).toHaveLength(3);
  });
});
