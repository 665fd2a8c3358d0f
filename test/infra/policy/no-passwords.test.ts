import { COMPUTED, SECRET, type PlanObject } from '../../../infra/plan';
import { wrongWith } from './checked';

const wrong = (inputs: PlanObject, type = 'Command'): Promise<readonly string[]> => wrongWith('no-passwords', type, inputs);

const GITHUB = `ghp_${'a1B2'.repeat(9)}`;
const JWT = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`;

describe('no-passwords', () => {
  it.each([
    'password',
    'adminPassword',
    'clientSecret',
    'client_secret',
    'AZURE_CLIENT_SECRET',
    'personalAccessToken',
    'AZURE_DEVOPS_EXT_PAT',
    'serviceprincipalkey',
    'serviceprincipalcertificate',
    'sharedAccessKey',
    'primaryAccessKey',
    'connectionString',
    'GITHUB_TOKEN',
    'client-key-data',
    'apiKey',
    '.dockerconfigjson',
    'MY_SECRET',
  ])('refuses a property %s at any depth, whatever it holds', async (name) => {
    for (const value of ['x', SECRET, COMPUTED])
      expect(await wrong({ environment: { more: [{ [name]: value }] } })).toEqual([
        `environment.more.0.${name} is called like a password, and no input may be one.`,
      ]);
    expect(await wrong({ environment: { [name]: '' } })).toEqual([]);
    expect(await wrong({ environment: { [name]: true } })).toEqual([]);
  });

  it.each([
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMHc='],
    ['a key of a storage account', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc=='],
    ['a shared access signature', `https://a.blob.core.windows.net/c?sv=2024&sig=${'a1'.repeat(15)}%3D`],
    ['a password in a connection string', 'Server=db;User Id=me;Password=hunter2;'],
    ['a token of GitHub', `use ${GITHUB} here`],
    ['a token of Azure DevOps', `${'aB3'.repeat(25)}xAZDO1a2B`],
    ['a token of Azure DevOps', 'abcdefghij234567klmnopqrst'.repeat(2)],
    ['a client secret of Microsoft Entra ID', `abC8Q~${'x1_'.repeat(11)}`],
    ['a JSON Web Token', `Authorization: Bearer ${JWT}`],
    ['a password in a URL', 'https://me:hunter2@dev.azure.com/my-org'],
  ])('refuses %s in any text, and does not tell it', async (kind, text) => {
    const found = await wrong({ triggers: ['fine', text] });
    expect(found).toEqual([expect.stringContaining(`triggers.1 holds ${kind}`)]);
    expect(found[0]).not.toContain(text);
  });

  it.each([
    'npm run k8s-gitops -- login --password hunter2',
    'az login --client-secret=hunter2',
    'AZURE_CLIENT_SECRET=hunter2 az login',
    "echo x && GITHUB_TOKEN='hunter2' gh",
    'docker login myorg.azurecr.io -u me -p hunter2',
    'az login --service-principal -u me -p=hunter2',
    'docker login -phunter2 x',
    'curl -u me:hunter2 https://dev.azure.com',
    'curl -sSu "me:hunter2" https://dev.azure.com',
    'curl --user me:hunter2 https://dev.azure.com',
    'DB_PASS=hunter2 migrate',
  ])('refuses the command %s', async (create) => {
    expect(await wrong({ create })).toEqual(['create gives a password to a command, and no input may be one.']);
  });

  it.each([
    'npm run --silent k8s-gitops -- images release --env dev --key azurekms://my.vault.azure.net/platform/0123',
    'helm registry login --password-stdin x',
    'az login --client-secret "$SECRET"',
    'GITHUB_TOKEN=$(cat file) gh',
    'kubelogin get-token --login azurecli',
    'docker login myorg.azurecr.io -u me -p "$ACR"',
    'az login && mkdir -p folder',
    'curl -u "$USER:$PASS" https://dev.azure.com',
    'curl -u "me:$PASS" -o x:y https://dev.azure.com',
    'curl https://dev.azure.com:443/x',
  ])('lets the command %s be', async (create) => {
    expect(await wrong({ create, update: COMPUTED })).toEqual([]);
  });

  it('refuses a password among the words of an interpreter', async () => {
    expect(await wrong({ interpreter: ['docker', 'login', '-p', 'hunter2'] })).toEqual([
      'interpreter gives a password to a command, and no input may be one.',
    ]);
    expect(await wrong({ interpreter: ['/bin/sh', '-c'] })).toEqual([]);
  });

  it.each(['DB_PASS', 'PASS', 'MY_PASSWORD_1', 'TOKEN_OF_ME', 'SYSTEM_ACCESSTOKEN'])(
    'refuses the variable %s of a command',
    async (name) => {
      for (const value of ['hunter2', SECRET, COMPUTED])
        expect(await wrong({ environment: { [name]: value } })).toEqual([expect.stringContaining(`environment.${name} `)]);
      expect(await wrong({ environment: { [name]: '' } })).toEqual([]);
    },
  );

  it('lets variables be that say where a password is, or how many tokens', async () => {
    const environment = { AZURE_FEDERATED_TOKEN_FILE: '/var/run/token', MAX_TOKENS: '4096', COMPASS: 'north', BYPASS: 'x' };
    expect(await wrong({ environment })).toEqual([]);
  });

  it.each([
    ['max-token', '4096'],
    ['serviceAccountToken', 'projected'],
    ['automountToken', 'false'],
    ['adminPassword', 'none'],
    ['secretKeyForPassword', 'password'],
    ['secretKeyForPassword', COMPUTED],
    ['passwordSecretName', 'flux-system'],
    ['tokenRef', 'flux-system'],
    ['adminPassword', 12],
  ])('lets %s %j be, in a list of variables too', async (name, value) => {
    expect(await wrong({ data: { [name]: value } }, 'kubernetes:core/v1:ConfigMap')).toEqual([]);
    expect(await wrong({ values: { env: [{ name, value }] } }, 'Release')).toEqual([]);
  });

  it.each([
    ['max-token', 'hunter2'],
    ['max-token', COMPUTED],
    ['adminPassword', '123456'],
    ['adminPassword', 'none1'],
    ['serviceAccountToken', SECRET],
    ['secretKeyForPassword', SECRET],
    ['monkeyforpassword', 'hunter2'],
  ])('refuses %s %j', async (name, value) => {
    expect(await wrong({ data: { [name]: value } }, 'kubernetes:core/v1:ConfigMap')).toEqual([
      `data.${name} is called like a password, and no input may be one.`,
    ]);
    expect(await wrong({ values: { env: [{ name, value }] } }, 'Release')).toHaveLength(1);
  });

  it('refuses variables by their name or because they are secret', async () => {
    expect(await wrong({ variables: [{ name: 'ADMIN_PASSWORD', value: 'x' }] }, 'BuildDefinition')).toHaveLength(1);
    expect(await wrong({ variables: [{ name: 'plain', value: 'x', isSecret: true }] }, 'BuildDefinition')).toHaveLength(1);
    expect(await wrong({ variables: [{ name: 'plain', secretValue: SECRET }] }, 'BuildDefinition')).toHaveLength(1);
    expect(await wrong({ variables: [{ name: 'plain', value: 'x' }] }, 'BuildDefinition')).toEqual([]);
  });

  it('refuses a kubeconfig with a credential, and lets one be that calls kubelogin', async () => {
    const provider = 'pulumi:providers:kubernetes';
    const kubeconfig = (user: object): PlanObject => ({ kubeconfig: JSON.stringify({ users: [{ name: 'me', user }] }) });
    for (const user of [{ token: 'x' }, { 'client-key-data': 'x' }, { password: 'x' }])
      expect(await wrong(kubeconfig(user), provider)).toEqual([expect.stringContaining('kubeconfig that holds a credential')]);
    expect(await wrong({ kubeconfig: 'users:\n  - user:\n      token: x\n' }, provider)).toHaveLength(1);
    const exec = { exec: { command: 'kubelogin', args: ['get-token', '--login', 'azurecli'] } };
    expect(await wrong(kubeconfig(exec), provider)).toEqual([]);
    // A plan does not show what is in it; the engine does.
    expect(await wrong({ kubeconfig: SECRET }, provider)).toEqual([]);
  });

  it('refuses every content of a Key Vault secret but a public key', async () => {
    const pem = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQ==\n-----END PUBLIC KEY-----\n';
    for (const value of [pem, COMPUTED]) expect(await wrong({ properties: { value } }, 'Secret')).toEqual([]);
    for (const value of ['hunter2', SECRET, `${pem}and more`])
      expect(await wrong({ properties: { value } }, 'Secret')).toEqual([expect.stringContaining('no public key')]);
  });

  it('refuses the content of a Secret of Kubernetes', async () => {
    const type = 'kubernetes:core/v1:Secret';
    expect(await wrong({ stringData: { any: COMPUTED } }, type)).toHaveLength(1);
    expect(await wrong({ data: SECRET }, type)).toHaveLength(1);
    expect(await wrong({ metadata: { name: 'x' }, type: 'kubernetes.io/service-account-token', data: {} }, type)).toEqual([]);
  });

  it('lets names and numbers be that only sound alike', async () => {
    const inputs = {
      secretName: 'cosign-public-key-dev',
      publicKey: '-----BEGIN PUBLIC KEY-----\nMFk=\n-----END PUBLIC KEY-----',
      tokenExpirationSeconds: 600,
      sync: { pullSecret: 'flux-system', url: 'https://dev.azure.com/my-org/my-project/_git/k8s-gitops' },
      chart: `oci://my.azurecr.io:443/charts/op@sha256:${'ab'.repeat(32)}`,
      triggers: [`fluxcd/source-controller:v1.9.5@sha256:${'6f2'.repeat(21)}0`],
      __defaults: ['password'],
    };
    expect(await wrong(inputs)).toEqual([]);
  });
});

it('does not judge tags of Azure by their names, and by what they hold', async () => {
  for (const tags of [{ token: 'x', password: COMPUTED, pat: 'Anna' }] as const)
    expect(await wrongWith('no-passwords', 'Vault', { tags })).toEqual([]);
  expect(await wrongWith('no-passwords', 'Vault', { tags: { about: 'AccountKey=abc' } })).toEqual([
    expect.stringContaining('tags.about holds a key'),
  ]);
  expect(await wrongWith('no-passwords', 'Vault', { properties: { tags: { token: 'x' } } })).toHaveLength(1);
  expect(await wrongWith('no-passwords', 'Release', { tags: { token: 'x' } })).toHaveLength(1);
});
