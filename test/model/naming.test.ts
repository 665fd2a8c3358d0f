import { deriveNames, ENVIRONMENT_NAMES, federatedCredentialName, PLATFORM_NAMES, SYSTEM_NAMES } from '../../src/model/naming';
import { loadPlatform } from '../support/load-platform';
import { edit, platformFolder } from '../support/platform-folder';

describe('derived names', () => {
  it('are those of product.md', () => {
    expect(deriveNames(ENVIRONMENT_NAMES, {}, {}, { environment: 'dev' })).toEqual({
      cluster: 'aks-dev',
      resourceGroup: 'aks-rg-dev',
      readerIdentity: 'aks-dev-flux-source-controller',
      writerIdentity: 'aks-dev-flux-image-automation-controller',
      federatedCredential: 'aks-dev-flux-federated-credential',
      platformSigningKey: 'platform',
      applicationsSigningKey: 'applications',
      publicKeySecret: 'cosign-public-key-dev',
      agentPool: 'my-linux-agents',
      deploymentEnvironment: 'dev',
      clusterServiceConnection: 'k8s-rbac-dev-ado-sc',
      registryServiceConnection: 'acr-dev-sc',
      signingServiceConnection: 'image-signing-dev-sc',
      dryRunServiceConnection: 'k8s-dry-run-dev-sc',
      platformPipelineIdentity: 'aks-dev-platform-pipeline',
      applicationPipelineIdentity: 'aks-dev-application-pipeline',
      pullRequestPipelineIdentity: 'aks-dev-pull-request-pipeline',
      dryRunPipelineIdentity: 'aks-dev-dry-run-pipeline',
    });
    expect(deriveNames(SYSTEM_NAMES, {}, {}, { system: 'payments', environment: 'dev' })).toEqual({
      repository: 'k8s-payments',
      gitRepository: 'k8s-payments',
      kustomization: 'payments',
      helmRelease: 'payments',
      namespace: 'payments',
    });
    expect(PLATFORM_NAMES.platformChartsRepository.template).toBe('k8s-platform-charts');
  });

  it('follow the template of the company, and a name that is given wins over both', () => {
    const names = deriveNames(
      ENVIRONMENT_NAMES,
      { cluster: 'k8s-{environment}-weu' },
      { resourceGroup: 'legacy' },
      { environment: 'dev' },
    );
    expect(names.cluster).toBe('k8s-dev-weu');
    expect(names.resourceGroup).toBe('legacy');
    expect(
      deriveNames(ENVIRONMENT_NAMES, { cluster: 'k8s-{environment}' }, { cluster: 'mine' }, { environment: 'dev' }).cluster,
    ).toBe('mine');
  });

  it('can each be overridden, for all environments and for one', () => {
    const other = (key: string): string =>
      key === 'cluster' ? '    cluster: { name: other }\n' : `    cluster: { resourceGroup: other }\n`;
    for (const key of Object.keys(ENVIRONMENT_NAMES) as (keyof typeof ENVIRONMENT_NAMES)[]) {
      const template = platformFolder();
      edit(template, 'platform.yaml', 'tenancy: shared\n', `tenancy: shared\nnaming: { ${key}: "other-{environment}" }\n`);
      expect(loadPlatform(template).environments.map(({ names }) => names[key])).toEqual(['other-dev', 'other-prod']);

      const given = platformFolder();
      const line = key === 'cluster' || key === 'resourceGroup' ? other(key) : `    names: { ${key}: other }\n`;
      edit(given, 'platform.yaml', '    branch: dev\n', `    branch: dev\n${line}`);
      expect(loadPlatform(given).environments[0]!.names[key]).toBe('other');
      expect(loadPlatform(given).environments[1]!.names[key]).not.toBe('other');
    }
    for (const key of Object.keys(SYSTEM_NAMES) as (keyof typeof SYSTEM_NAMES)[]) {
      const template = platformFolder();
      edit(template, 'platform.yaml', 'tenancy: shared\n', `tenancy: shared\nnaming: { ${key}: "other-{system}" }\n`);
      expect(loadPlatform(template).environments[0]!.systems.map(({ names }) => names[key])).toEqual([
        'other-ingress',
        'other-shop',
      ]);

      const given = platformFolder();
      edit(
        given,
        'systems/ingress.yaml',
        'team: platform\n',
        `team: platform\n${key === 'repository' ? 'git: { repository: other }' : `names: { ${key}: other }`}\n`,
      );
      expect(loadPlatform(given).environments[0]!.systems[0]!.names[key]).toBe('other');
    }
  });

  it("append the controller to a federated credential, but for source-controller's", () => {
    const names = deriveNames(ENVIRONMENT_NAMES, {}, {}, { environment: 'dev' });
    expect(federatedCredentialName(names, 'source-controller')).toBe('aks-dev-flux-federated-credential');
    expect(federatedCredentialName(names, 'image-reflector-controller')).toBe(
      'aks-dev-flux-federated-credential-image-reflector-controller',
    );
  });
});
