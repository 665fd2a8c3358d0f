import { load } from '../../src/model';
import { edit, platformFolder, writeFile } from '../support/platform-folder';

const SUBSCRIPTION = '33333333-3333-4333-8333-33333333330a';
const GROUPS = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;
const PRINCIPAL = '44444444-4444-4444-8444-444444444411';

/** Writes the configuration of a stack; each line stands below `config`. */
function configure(folder: string, environment: string, ...lines: readonly string[]): void {
  const required = ['azure-native:location: westeurope', `azure-native:subscriptionId: ${SUBSCRIPTION}`];
  writeFile(
    folder,
    `Pulumi.${environment}.yaml`,
    ['config:', ...[...required, ...lines].map((line) => `  ${line}`), ''].join('\n'),
  );
}

const messages = (folder: string): readonly string[] => {
  const result = load(folder);
  return 'problems' in result ? result.problems.map(({ message }) => message) : [];
};

const privateVault = (network: string, ...more: readonly string[]): readonly string[] => [
  'k8s-gitops:vault: { exposure: private }',
  'k8s-gitops:privateNetwork:',
  `  subnetId: ${GROUPS}/network/providers/Microsoft.Network/virtualNetworks/${network}/subnets/endpoints`,
  ...more,
];

describe('private DNS zones', () => {
  it('may be made for virtual networks and resource groups of their own', () => {
    const folder = platformFolder();
    configure(folder, 'dev', ...privateVault('vnet-dev'));
    configure(folder, 'prod', ...privateVault('vnet-prod'));
    expect(messages(folder)).toEqual([]);
  });

  it('may be one for two environments, of which the second names it', () => {
    const folder = platformFolder();
    configure(folder, 'dev', ...privateVault('vnet'));
    const zone = `${GROUPS}/aks-rg-dev/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`;
    configure(folder, 'prod', ...privateVault('vnet', `  vaultDnsZoneId: ${zone}`));
    expect(messages(folder)).toEqual([]);
  });

  it('are nothing to an environment whose Key Vault is public', () => {
    const folder = platformFolder();
    configure(folder, 'dev', ...privateVault('vnet'));
    configure(folder, 'prod', ...privateVault('vnet').slice(1));
    expect(messages(folder)).toEqual([]);
  });

  it('are told for each later environment', () => {
    const folder = platformFolder();
    edit(
      folder,
      'platform.yaml',
      '  prod:\n',
      '  test:\n    branch: test\n    registry: { name: myorgtest }\n    vault: { name: my-org-test }\n  prod:\n',
    );
    for (const environment of ['dev', 'test', 'prod']) configure(folder, environment, ...privateVault('vnet'));
    expect(messages(folder)).toEqual([
      expect.stringContaining("'prod' makes a private DNS zone"),
      expect.stringContaining("'test' makes a private DNS zone"),
    ]);
  });
});

describe('identities of another team', () => {
  const made = `${GROUPS}/aks-rg-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
  const reader = ['k8s-gitops:existing:', `  readerIdentity: ${made}/aks-dev-flux-image-automation-controller`];

  it('may have the name that another resource group has', () => {
    const folder = platformFolder();
    configure(folder, 'dev', ...reader, 'k8s-gitops:resourceGroup: platform-dev');
    expect(messages(folder)).toEqual([]);
  });

  it('are compared with what the stack makes, in its own resource group', () => {
    const folder = platformFolder();
    const elsewhere = reader.map((line) =>
      line.replace('aks-rg-dev', 'Platform-dev').replace(SUBSCRIPTION, SUBSCRIPTION.toUpperCase()),
    );
    configure(folder, 'dev', ...elsewhere, 'k8s-gitops:resourceGroup: platform-dev');
    expect(messages(folder)).toEqual([expect.stringContaining('which the stack makes for the controllers that write')]);
  });

  it('may be whatever they are where no controller writes', () => {
    const folder = platformFolder();
    configure(folder, 'dev', ...reader, `  writerIdentity: ${made}/aks-dev-flux-image-automation-controller`);
    expect(messages(folder)).toHaveLength(1);
    edit(
      folder,
      'platform.yaml',
      '  operator: 0.59.0\n',
      '  operator: 0.59.0\n  components: [source-controller, kustomize-controller]\n',
    );
    expect(messages(folder)).toEqual([]);
  });
});

describe('the configuration of a stack', () => {
  it('may name the subscription in letters of another case', () => {
    const folder = platformFolder();
    configure(folder, 'dev', `k8s-gitops:cluster: { subscriptionId: ${SUBSCRIPTION.toUpperCase()} }`);
    expect(messages(folder)).toEqual([]);
    configure(folder, 'dev', 'k8s-gitops:cluster: { subscriptionId: 33333333-3333-4333-8333-333333333302 }');
    expect(messages(folder)).toEqual([expect.stringContaining('no resource group is given there')]);
  });

  it.each(['registry', 'vault'] as const)('says who may do what where only the %s is shared', (shared) => {
    const folder = platformFolder();
    const own = { registry: 'registry: { name: myorgdev }', vault: 'vault: { name: my-org-dev }' }[shared];
    edit(folder, 'platform.yaml', own, `${shared}: { sharedWith: prod }`);
    configure(folder, 'dev', 'k8s-gitops:access:', '  platformPipelines:', `    ado: { principalId: ${PRINCIPAL} }`);
    expect(messages(folder)).toEqual([]);
  });

  it('may give one principal in several lists, except for those that sign', () => {
    const folder = platformFolder();
    const list = (name: string): readonly string[] => [`  ${name}:`, `    ado: { principalId: ${PRINCIPAL} }`];
    configure(folder, 'dev', 'k8s-gitops:access:', ...list('platformPipelines'), ...list('verifiers'));
    expect(messages(folder)).toEqual([]);
  });

  it('takes the login server of another cloud', () => {
    const folder = platformFolder();
    edit(
      folder,
      'platform.yaml',
      'registry: { name: myorgdev }',
      'registry: { name: myorgdev, loginServer: myorgdev.azurecr.cn }',
    );
    configure(folder, 'dev', 'azure-native:environment: china');
    expect(messages(folder)).toEqual([]);
  });

  it('takes 13 tags and 100 ranges', () => {
    const folder = platformFolder();
    const tags = Array.from({ length: 13 }, (_, index) => `t${index}: x`).join(', ');
    const ranges = Array.from({ length: 100 }, (_, index) => `203.0.113.${index}`).join(', ');
    configure(folder, 'dev', `k8s-gitops:tags: { ${tags} }`, `k8s-gitops:vault: { allowedIpRanges: [${ranges}] }`);
    expect(messages(folder)).toEqual([]);
  });

  it('takes keys of another team, whose Key Vault is named in letters of another case', () => {
    const folder = platformFolder();
    const key = (name: string): string => `https://my-org-dev.vault.azure.net/keys/${name}/0123456789abcdef0123456789abcdef`;
    configure(
      folder,
      'dev',
      'k8s-gitops:existing:',
      `  vault: ${GROUPS}/vaults/providers/Microsoft.KeyVault/vaults/MY-org-dev`,
      `  signingKeys: { platform: '${key('platform')}', applications: '${key('applications')}' }`,
    );
    expect(messages(folder)).toEqual([]);
  });
});

describe('files beside platform.yaml', () => {
  it('may be the project, and the stack of the organization', () => {
    const folder = platformFolder('stacks/organization');
    for (const file of ['Pulumi.yaml', 'Pulumi.dev.yaml.orig']) writeFile(folder, file, 'config: {}\n');
    expect(messages(folder)).toEqual([]);
  });

  it('are told, all that look like settings and are of no stack', () => {
    const folder = platformFolder();
    for (const file of ['Pulumi.Dev.yaml', 'Pulumi.staging.yml', 'Pulumi.organization.yml']) writeFile(folder, file, '');
    const result = load(folder);
    expect('problems' in result && result.problems.map(({ location, remedy }) => [location.file, remedy])).toEqual([
      ['Pulumi.Dev.yaml', "Did you mean 'dev'? Rename or delete it."],
      ['Pulumi.organization.yml', "Rename it to 'Pulumi.organization.yaml'."],
      ['Pulumi.staging.yml', 'The stacks are dev, prod, organization. Rename or delete it.'],
    ]);
  });
});

describe('clusters of one name', () => {
  const folder = (): string => {
    const one = platformFolder();
    edit(one, 'platform.yaml', 'tenancy: shared\n', 'tenancy: shared\nnaming: { cluster: aks, resourceGroup: rg-aks }\n');
    return one;
  };

  it('are two in two subscriptions', () => {
    const one = folder();
    configure(one, 'dev');
    configure(one, 'prod');
    edit(one, 'Pulumi.prod.yaml', SUBSCRIPTION, '33333333-3333-4333-8333-33333333330b');
    expect(messages(one)).toEqual([]);
  });

  it('are one in one subscription, or where nobody knows it', () => {
    const one = folder();
    const same = [expect.stringMatching(/have the same cluster/)];
    expect(messages(one)).toEqual(same);
    configure(one, 'dev');
    configure(one, 'prod');
    expect(messages(one)).toEqual(same);
  });
});

describe('a key beside the Key Vault', () => {
  it('is refused although its host begins alike', () => {
    const one = platformFolder();
    configure(
      one,
      'dev',
      'k8s-gitops:existing:',
      `  vault: ${GROUPS}/vaults/providers/Microsoft.KeyVault/vaults/my-org-dev`,
      '  signingKeys:',
      '    platform: https://my-org-dev.evil.example/keys/platform/0',
      '    applications: https://my-org-dev.vault.azure.net/keys/applications/0',
    );
    expect(messages(one)).toEqual([expect.stringContaining("is a key at 'my-org-dev.evil.example'")]);
  });
});
