import { readFile, writeFile } from '../support/platform-folder';
import { isAfter, nameOf, planOf, resourceOf, stacksFolder } from './plans';
import { type Plan } from '../../infra/plan';

/** The plan of dev with further settings. */
function planWith(...settings: readonly string[]): Promise<Plan> {
  const folder = stacksFolder('first');
  writeFile(folder, 'Pulumi.dev.yaml', readFile(folder, 'Pulumi.dev.yaml') + settings.map((line) => `  ${line}\n`).join(''));
  return planOf(folder, 'dev');
}

describe('from where the registry and the Key Vault are reached', () => {
  it('can be a few addresses', async () => {
    const plan = await planWith(
      'k8s-gitops:registry: { tier: Premium, allowedIpRanges: [203.0.113.0/24, 198.51.100.7] }',
      'k8s-gitops:vault: { allowedIpRanges: [203.0.113.0/24], softDeleteRetentionInDays: 7 }',
    );
    expect(resourceOf(plan, 'Registry registry').inputs).toMatchObject({
      publicNetworkAccess: 'Enabled',
      dataEndpointEnabled: false,
      zoneRedundancy: 'Disabled',
      networkRuleSet: {
        defaultAction: 'Deny',
        ipRules: [
          { action: 'Allow', iPAddressOrRange: '203.0.113.0/24' },
          { action: 'Allow', iPAddressOrRange: '198.51.100.7' },
        ],
      },
    });
    expect(resourceOf(plan, 'Vault vault').inputs['properties']).toMatchObject({
      publicNetworkAccess: 'Enabled',
      networkAcls: { bypass: 'None', defaultAction: 'Deny', ipRules: [{ value: '203.0.113.0/24' }] },
      softDeleteRetentionInDays: 7,
    });
    expect(plan.resources.filter(({ custom }) => custom).map(nameOf)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^PrivateEndpoint/)]),
    );
  });

  it('is everywhere when nothing is said, by whoever signs in', async () => {
    const plan = await planWith('k8s-gitops:registry: { tier: Premium }');
    expect(resourceOf(plan, 'Registry registry').inputs).toMatchObject({
      publicNetworkAccess: 'Enabled',
      networkRuleSet: { defaultAction: 'Allow', ipRules: [] },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
    });
  });

  it('can be a private network, with the zones of a hub', async () => {
    const hub =
      '/subscriptions/33333333-3333-4333-8333-333333333303/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones';
    const plan = await planWith(
      'k8s-gitops:registry: { tier: Premium, exposure: private }',
      'k8s-gitops:vault: { exposure: private }',
      'k8s-gitops:privateNetwork:',
      '  subnetId: /subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/s',
      `  registryDnsZoneId: ${hub}/privatelink.azurecr.io`,
      `  vaultDnsZoneId: ${hub}/privatelink.vaultcore.azure.net`,
    );
    // What nobody reaches yet is not pushed to.
    for (const part of ['PrivateEndpoint registry', 'PrivateDnsZoneGroup registry']) {
      expect([part, isAfter(plan, 'Command mirrored-images', part)]).toEqual([part, true]);
    }
    const names = plan.resources.filter(({ custom }) => custom).map(nameOf);
    expect(names.filter((name) => /^(?:PrivateZone|VirtualNetworkLink)/.test(name))).toEqual([]);
    for (const [name, zone] of [
      ['registry', `${hub}/privatelink.azurecr.io`],
      ['vault', `${hub}/privatelink.vaultcore.azure.net`],
    ] as const) {
      expect(resourceOf(plan, `PrivateDnsZoneGroup ${name}`).inputs).toMatchObject({
        privateDnsZoneConfigs: [{ privateDnsZoneId: zone }],
      });
    }
  });
});

describe('a cluster in another subscription', () => {
  it('is looked up there', async () => {
    const plan = await planWith(
      'k8s-gitops:resourceGroup: platform-dev',
      'k8s-gitops:cluster: { subscriptionId: 33333333-3333-4333-8333-333333333309, login: workloadidentity }',
    );
    const { urn } = resourceOf(plan, 'azure-native subscription-33333333-3333-4333-8333-333333333309');
    expect(plan.lookUps.map(({ token, provider, args }) => [token.split(':').at(-1), provider, args['format']])).toEqual([
      ['getManagedCluster', urn, undefined],
      ['listManagedClusterUserCredentials', urn, 'exec'],
    ]);
  });
});
