import { checkCluster } from '../../infra/cluster/check-cluster';

const ADDRESS = { name: 'aks-dev', resourceGroup: 'aks-rg-dev', subscriptionId: '33333333-3333-4333-8333-333333333301' };
const USABLE = {
  id: '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-dev/providers/Microsoft.ContainerService/managedClusters/aks-dev',
  currentKubernetesVersion: '1.34.1',
  oidcIssuerProfile: { enabled: true, issuerURL: 'https://oidc.prod-aks.azure.com/1/2/' },
  securityProfile: { workloadIdentity: { enabled: true } },
  aadProfile: { managed: true },
  identityProfile: { kubeletidentity: { objectId: '66666666-6666-4666-8666-666666666666' } },
};

describe('a cluster', () => {
  it('that has everything is used', () => {
    expect(checkCluster(USABLE, ADDRESS, { version: '2.9.5' })).toEqual({
      resourceId: USABLE.id,
      oidcIssuerUrl: 'https://oidc.prod-aks.azure.com/1/2/',
      kubeletPrincipalId: '66666666-6666-4666-8666-666666666666',
    });
  });

  it('that has nothing is told all of it at once, each with the command that mends it', () => {
    const problems = checkCluster({ id: 'x', currentKubernetesVersion: '1.30.0' }, ADDRESS, { version: '2.9.5' });
    const where = '--name aks-dev --resource-group aks-rg-dev --subscription 33333333-3333-4333-8333-333333333301';
    expect((problems as readonly string[]).map((problem) => problem.split('\n  → ')[1])).toEqual([
      `az aks update ${where} --enable-oidc-issuer`,
      `az aks update ${where} --enable-workload-identity`,
      `az aks update ${where} --enable-aad --enable-azure-rbac`,
      `az aks update ${where} --enable-managed-identity`,
      `az aks upgrade ${where} --kubernetes-version 1.34.1`,
    ]);
  });

  it.each([
    ['2.9.5', '1.34.0', false],
    ['2.9.5', '1.34.1', true],
    ['2.9.5', '1.36.2', true],
    // What nobody has looked up is not refused.
    ['3.0.0', '1.20.0', true],
  ])('for Flux %s on Kubernetes %s is usable: %s', (version, currentKubernetesVersion, usable) => {
    const result = checkCluster({ ...USABLE, currentKubernetesVersion }, ADDRESS, { version });
    expect('resourceId' in result).toBe(usable);
  });
});
