import { parse, stringify } from 'yaml';
import { checkKubeconfig, kubeloginKubeconfig } from '../../infra/cluster/kubeconfig';

/** A kubeconfig as Azure gives it to a user of a cluster, with what must not get any further. */
const FROM_AZURE = stringify({
  apiVersion: 'v1',
  clusters: [
    {
      name: 'aks-dev',
      cluster: { server: 'https://aks-dev-1.hcp.westeurope.azmk8s.io:443', 'certificate-authority-data': 'Q0E=' },
    },
  ],
  users: [
    { name: 'clusterUser_g_aks-dev', user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ', token: 'tok' } },
  ],
});

describe('the kubeconfig of a stack', () => {
  it.each(['azurecli', 'workloadidentity'] as const)('holds the endpoint, and asks kubelogin (%s) for a token', (login) => {
    const kubeconfig = kubeloginKubeconfig(FROM_AZURE, 'aks-dev', login);
    expect(typeof kubeconfig).toBe('string');
    expect(parse(kubeconfig as string)).toMatchObject({
      clusters: [{ cluster: { server: 'https://aks-dev-1.hcp.westeurope.azmk8s.io:443', 'certificate-authority-data': 'Q0E=' } }],
      users: [
        {
          user: {
            exec: {
              command: 'kubelogin',
              args: ['get-token', '--login', login, '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630'],
              interactiveMode: 'Never',
            },
          },
        },
      ],
      'current-context': 'aks-dev',
    });
  });

  it('takes over no credential', () => {
    const kubeconfig = kubeloginKubeconfig(FROM_AZURE, 'aks-dev', 'azurecli');
    for (const credential of ['Q0VSVA==', 'S0VZ', 'tok"', 'clusterUser']) expect(kubeconfig).not.toContain(credential);
  });

  it.each([
    ['nothing', ''],
    ['no cluster', 'clusters: []'],
    ['no authority', 'clusters: [{ cluster: { server: https://x } }]'],
    ['no YAML', '{'],
    ['a list', '- a'],
  ])('says so when Azure gives %s', (_what, text) => {
    expect(kubeloginKubeconfig(text, 'aks-dev', 'azurecli')).toEqual({ wrong: expect.any(String) as string });
  });
});

describe('a given kubeconfig', () => {
  const config = (user: string): string =>
    stringify({
      contexts: [
        { name: 'one', context: { user } },
        { name: 'two', context: { user: 'me' } },
      ],
      'current-context': 'one',
    });

  it('is used with its current context, or a given one', () => {
    expect(checkKubeconfig(config('me'))).toBeUndefined();
    expect(checkKubeconfig(config('clusterAdmin_g_c'), 'two')).toBeUndefined();
  });

  it.each(['client-key-data', 'client-certificate', 'token', 'tokenFile', 'password'])(
    'is refused with a standing credential (%s)',
    (field) => {
      const text = stringify({
        contexts: [{ name: 'one', context: { user: 'me' } }],
        'current-context': 'one',
        users: [
          { name: 'me', user: { [field]: 'hunter2' } },
          { name: 'other', user: { token: 'x' } },
        ],
      });
      expect(checkKubeconfig(text)).toBe(
        `holds a credential ('${field}' of user 'me'): sign in by a program ('exec'), such as kubelogin`,
      );
      expect(checkKubeconfig(text.replace(field, 'exec'))).toBeUndefined();
    },
  );

  it('is refused with an administrator, another context, or none', () => {
    expect(checkKubeconfig(config('clusterAdmin_g_c'))).toMatch(/uses the administrator 'clusterAdmin_g_c'/);
    expect(checkKubeconfig(config('me'), 'three')).toBe("has no context 'three' (it has one, two)");
    expect(checkKubeconfig('contexts: []')).toBe('has no current context');
    expect(checkKubeconfig('{')).toBe('is not YAML');
    expect(checkKubeconfig('')).toBe('has no current context');
  });
});
