import { organizationStackOutputs, stackOutputs } from '../../src/model';
import { parsePrinted } from '../../src/stacks/record-parse';

const ENVIRONMENT = { schema: stackOutputs, of: "an environment's stack" };
const GROUP = '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g';
const identity = (digit: string): object => ({
  clientId: `11111111-1111-1111-1111-11111111111${digit}`,
  principalId: `33333333-3333-3333-3333-33333333333${digit}`,
  resourceId: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i`,
});
const smallest = {
  cluster: {
    resourceId: `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks-dev`,
    oidcIssuerUrl: 'https://oidc.example.com/',
    kubeletPrincipalId: '44444444-4444-4444-4444-444444444444',
  },
  identities: { reader: identity('1') },
};
const messages = (outputs: object): readonly string[] => {
  const result = parsePrinted(JSON.stringify(outputs), 'here', ENVIRONMENT);
  return 'problems' in result ? result.problems.map(({ message }) => message) : [];
};

describe('the outputs of a stack', () => {
  it('may have others beside them, which are ignored whatever they are', () => {
    const others = { large: '\u0000\u2028', 'a.b': '[secret]', number: 1e300, __proto__: null };
    expect(parsePrinted(JSON.stringify({ ...smallest, ...others }), 'here', ENVIRONMENT)).toEqual({ outputs: smallest });
  });

  it('need what every environment has', () => {
    expect(messages({})).toEqual(["'cluster' is missing", "'identities' is missing"]);
    const { resourceId, oidcIssuerUrl } = smallest.cluster;
    const cluster = { resourceId, oidcIssuerUrl };
    expect(messages({ ...smallest, cluster })).toEqual(["'cluster.kubeletPrincipalId' is missing"]);
    expect(messages({ ...smallest, identities: {} })).toEqual(["'identities.reader' is missing"]);
  });

  it('are strict below the names that they know', () => {
    const resourceId = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/myorgdev`;
    const registry = { resourceId, loginServer: 'myorgdev.azurecr.io', adminPassword: 'x' };
    expect(messages({ ...smallest, registry })).toEqual(["unknown key 'adminPassword' in 'registry'"]);
    expect(messages({ ...smallest, signingKeys: { platform: { id: 'https://v/keys/k/1', use: 'sign' } } })).toEqual([
      "unknown key 'use' in 'signingKeys.platform'",
      "'signingKeys.applications' is missing",
    ]);
  });

  it('name every secret by its path', () => {
    expect(
      messages({ ...smallest, identities: '[secret]', cluster: { ...smallest.cluster, oidcIssuerUrl: '[secret]' } }),
    ).toEqual([
      "'cluster.oidcIssuerUrl' is a secret, which Pulumi does not tell",
      "'identities' is a secret, which Pulumi does not tell",
    ]);
  });

  it('may give public keys with the line ends of Windows', () => {
    const key = (publicKey: string): object => ({ id: 'https://v/keys/k/1', publicKey });
    const pem = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n';
    const signingKeys = { platform: key(pem.replaceAll('\n', '\r\n')), applications: { id: 'https://v/keys/k/2' } };
    expect(parsePrinted(JSON.stringify({ ...smallest, signingKeys }), 'here', ENVIRONMENT)).toMatchObject({
      outputs: { signingKeys: { platform: key(pem) } },
    });
  });

  it('are those of the stack that was asked for', () => {
    const text = JSON.stringify(smallest);
    const of = "the stack 'organization'";
    const result = parsePrinted(text, 'here', { schema: organizationStackOutputs, of });
    const remedy = `Give the outputs of ${of} as \`pulumi stack output --json\` prints them; run \`pulumi up\` first where the stack is older than this program.`;
    expect(result).toEqual({
      problems: ['azureDevOps', 'pipelines'].map((name) => ({
        location: { file: 'here' },
        message: `'${name}' is missing`,
        remedy,
      })),
    });
    expect(parsePrinted('{}', 'here', ENVIRONMENT)).toMatchObject({
      problems: [
        { remedy: expect.stringContaining("outputs of an environment's stack") as string },
        { remedy: expect.stringContaining("outputs of an environment's stack") as string },
      ],
    });
  });
});
