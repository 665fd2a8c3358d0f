import { checkPlan, policyFacts } from '../../../infra/policy/index';
import { planOrganization, planStack } from '../../../infra/plan';
import { loadPlatform } from '../../support/load-platform';
import { REPOSITORY } from '../../support/platform-folder';
import { stacksFolder } from '../plans';

jest.setTimeout(60_000);

const FOLDERS: Readonly<Record<string, () => string>> = {
  'this repository': () => REPOSITORY,
  'stacks that make everything': () => stacksFolder('first'),
  'stacks whose outputs are recorded': () => stacksFolder('first', 'recorded'),
  'stacks that share a registry and a Key Vault': () => stacksFolder('shared'),
  'stacks with their Azure DevOps side': () => stacksFolder('first', 'organization'),
  'stacks with their Azure DevOps side, recorded': () => stacksFolder('first', 'organization', 'organization-recorded'),
  'stacks that use what another team owns': () => stacksFolder('existing'),
};

describe.each(Object.keys(FOLDERS))('%s', (folder) => {
  it('breaks no rule', async () => {
    const platform = loadPlatform(FOLDERS[folder]!());
    const facts = policyFacts(platform);
    const environments = platform.environments.filter(({ stack }) => stack !== undefined);
    expect(environments.length).toBeGreaterThan(0);
    for (const environment of environments) {
      const plan = await planStack({ platform, environment, settings: environment.stack! });
      if ('refusal' in plan) throw new Error(plan.refusal);
      expect(plan.resources.length).toBeGreaterThan(5);
      expect(await checkPlan(plan, facts)).toEqual([]);
    }
    const { organization } = platform;
    if (organization === undefined) return;
    const plan = await planOrganization({ platform, organization });
    expect(plan).toMatchObject({ stack: 'organization', violations: [] });
  });
});

it('knows of the platform what rules need', () => {
  expect(policyFacts(loadPlatform(stacksFolder('first')))).toMatchObject({
    productionStack: 'prod',
    productionDeployment: 'prod',
    repository: 'k8s-gitops',
    branches: { dev: 'dev', prod: 'master' },
    signingConnections: ['image-signing-dev-sc', 'image-signing-prod-sc'],
    pullConnections: ['acr-dev-sc', 'acr-prod-sc'],
    deployingBranches: new Map([
      ['dev', 'dev'],
      ['prod', 'master'],
    ]),
    connectingBranches: new Map([
      ['k8s-rbac-dev-ado-sc', 'dev'],
      ['k8s-rbac-prod-ado-sc', 'master'],
    ]),
    fluxVersion: '2.9.5',
  });
});

it('tells names that differ in case alone once, and production by the order of promotion', () => {
  const platform = loadPlatform(stacksFolder('first'));
  const [dev, prod] = [platform.environments.at(0)!, platform.environments.at(-1)!];
  const signing = {
    ...prod,
    names: { ...prod.names, signingServiceConnection: dev.names.signingServiceConnection.toUpperCase() },
  };
  const facts = policyFacts({ ...platform, environments: [signing, dev] });
  expect(facts.signingConnections).toEqual([dev.names.signingServiceConnection.toUpperCase()]);
  expect(facts.productionStack).toBe(dev.name);
});
