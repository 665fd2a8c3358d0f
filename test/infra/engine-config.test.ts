import { engineConfig } from '../../infra/engine-config';
import { stackConfigFile } from '../../src/model';

const NEEDED = { 'azure-native:location': 'westeurope', 'azure-native:subscriptionId': '33333333-3333-4333-8333-333333333301' };

describe('the configuration that the engine hands over', () => {
  it('is understood with its objects as JSON and its scalars as texts', () => {
    const result = engineConfig(
      stackConfigFile,
      {
        ...NEEDED,
        'azure-native:useOidc': 'true',
        'k8s-gitops:registry': '{"tier":"Premium"}',
        'k8s-gitops:roleAssignments': 'external',
      },
      'dev',
    );
    expect(result).toMatchObject({
      config: {
        'azure-native:useOidc': 'true',
        'k8s-gitops:registry': { tier: 'Premium', exposure: 'public' },
        'k8s-gitops:roleAssignments': 'external',
      },
    });
  });

  it.each([
    [
      { 'k8s-gitops:registry': '{"tier":"Gold"}' },
      "'config.k8s-gitops:registry.tier' is 'Gold', not one of Basic, Standard, Premium",
    ],
    [{ 'k8s-gitops:regsitry': '{}' }, "unknown key 'k8s-gitops:regsitry' in 'config'"],
    [{ 'k8s-gitops:registry': '{tier' }, "'config.k8s-gitops:registry' is the text"],
    [{ 'k8s-gitops:registry': 'Premium' }, "'config.k8s-gitops:registry' is the text"],
    [{ 'azure-native:useOidc': 'yes' }, "'config.azure-native:useOidc'"],
    [{ 'azure-native:location': 'West Europe' }, "'config.azure-native:location': 'West Europe' is not a valid Azure region"],
    [{ 'azure-native:clientSecret': 'hunter2' }, "'azure-native:clientSecret' is a secret"],
  ])('%j is told with its key, at the file that it belongs in', (wrong, message) => {
    const result = engineConfig(stackConfigFile, { ...NEEDED, ...wrong }, 'dev');
    expect(result).toEqual({
      problems: [
        expect.objectContaining({ location: { file: 'Pulumi.dev.yaml' }, message: expect.stringContaining(message) as string }),
      ],
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});
