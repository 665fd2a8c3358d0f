import { organizationSettings, type OrganizationConfig } from '../../src/model';
import { organizationConfig } from '../../src/model/organization-config-file';

const DEV = '33333333-3333-4333-8333-33333333330a';
const PROD = '33333333-3333-4333-8333-33333333330b';
const ENVIRONMENTS = [
  { name: 'experimental', branch: 'experimental' },
  { name: 'dev', branch: 'dev' },
  { name: 'prod', branch: 'master' },
];

const parse = (config: Readonly<Record<string, unknown>> = {}): OrganizationConfig =>
  organizationConfig.parse({
    'azure-native:location': 'westeurope',
    'azure-native:subscriptionId': PROD,
    'k8s-gitops:resourceGroup': 'platform-pipelines',
    'k8s-gitops:subscriptionNames': { [DEV]: 'my-org-nonprod', [PROD]: 'my-org-prod' },
    ...config,
  });

const settingsOf = (
  config?: Readonly<Record<string, unknown>>,
  environments: readonly { readonly name: string; readonly branch: string }[] = ENVIRONMENTS,
) => organizationSettings(parse(config), environments);

describe('the settings of the stack organization', () => {
  it('squash into the first environment alone, whose promotions would conflict otherwise', () => {
    expect(settingsOf().branchPolicies).toEqual({
      experimental: { minimumReviewers: 1, mergeTypes: ['noFastForward', 'squash'] },
      dev: { minimumReviewers: 1, mergeTypes: ['noFastForward'] },
      prod: { minimumReviewers: 1, mergeTypes: ['noFastForward'] },
    });
  });

  it('go by the position of an environment, not by its name', () => {
    for (let first = 0; first < ENVIRONMENTS.length; first++) {
      const order = [...ENVIRONMENTS.slice(first), ...ENVIRONMENTS.slice(0, first)];
      const { branchPolicies, templates } = settingsOf({}, order);
      const squashing = Object.keys(branchPolicies).filter((name) => branchPolicies[name]!.mergeTypes.includes('squash'));
      expect(squashing).toEqual([order[0]!.name]);
      expect(Object.keys(branchPolicies)).toEqual(order.map(({ name }) => name));
      expect(templates.branch).toBe(order.at(-1)!.branch);
    }
  });

  it('keep of a branch policy what is given, and derive the rest', () => {
    const { branchPolicies } = settingsOf({
      'k8s-gitops:branchPolicies': { experimental: { minimumReviewers: 3 }, prod: { mergeTypes: ['rebase'] } },
    });
    expect(branchPolicies).toEqual({
      experimental: { minimumReviewers: 3, mergeTypes: ['noFastForward', 'squash'] },
      dev: { minimumReviewers: 1, mergeTypes: ['noFastForward'] },
      prod: { minimumReviewers: 1, mergeTypes: ['rebase'] },
    });
  });

  it.each(['constructor', 'valueof', 'prototype'])('have no policy for an environment %s but its own', (name) => {
    const { branchPolicies, approvals } = settingsOf({}, [...ENVIRONMENTS, { name, branch: name }]);
    expect(branchPolicies[name]).toEqual({ minimumReviewers: 1, mergeTypes: ['noFastForward'] });
    expect(Object.hasOwn(approvals, name)).toBe(false);
  });

  it('take the templates from the branch of the last environment', () => {
    expect(settingsOf({ 'k8s-gitops:templates': { dryRun: 'other/dry-run.yaml' } }).templates).toEqual({
      branch: 'master',
      application: 'ci-cd-templates/application.yaml',
      dryRun: 'other/dry-run.yaml',
    });
  });

  it.each([
    ['small', (id: string) => id.toLowerCase()],
    ['capital', (id: string) => id.toUpperCase()],
  ])('find the name of a subscription whose id is written in %s letters', (_case, write) => {
    const { subscriptionNames } = settingsOf({
      'k8s-gitops:subscriptionNames': { [write(DEV)]: 'my-org-nonprod', [write(PROD)]: 'My-Org-Prod' },
    });
    expect([...subscriptionNames]).toEqual([
      [DEV, 'my-org-nonprod'],
      [PROD, 'My-Org-Prod'],
    ]);
  });

  it('sign in as the texts of the engine say, and say nothing that is not given', () => {
    expect(settingsOf().azureDevOpsSignIn).toEqual({});
    expect(
      settingsOf({ 'azuredevops:useOidc': 'true', 'azuredevops:useCli': false, 'azuredevops:clientId': DEV }).azureDevOpsSignIn,
    ).toEqual({ useOidc: true, useCli: false, clientId: DEV });
  });

  it('have the tag of the program, whatever is given', () => {
    expect(settingsOf({ 'k8s-gitops:tags': { 'cost-center': 'platform' } }).tags).toEqual({
      'cost-center': 'platform',
      'managed-by': 'k8s-gitops',
    });
  });
});

describe('the configuration of the stack organization', () => {
  it.each([
    'azuredevops:personalAccessToken',
    'azuredevops:clientSecret',
    'azuredevops:clientCertificatePassword',
    'azuredevops:oidcToken',
    'azure-native:clientSecret',
  ])('refuses %s without repeating it', (key) => {
    const problem = (): unknown => parse({ [key]: 'hunter2' });
    expect(problem).toThrow('no secret stands in this repository');
    expect(problem).not.toThrow('hunter2');
  });

  it('is a mapping', () => {
    for (const config of [undefined, null, [], 'x', 3]) expect(organizationConfig.safeParse(config).success).toBe(false);
  });

  it.each([
    ['k8s-gitops:templates', { application: 'a.yaml' }, true],
    ['k8s-gitops:templates', { application: 'ci/templates/a b.yml' }, true],
    ['k8s-gitops:templates', { application: '.azure/a.yaml' }, true],
    ['k8s-gitops:templates', { application: 'a.json' }, false],
    ['k8s-gitops:templates', { application: '.yaml' }, false],
    ['k8s-gitops:templates', { application: 'ci/.yaml' }, false],
    ['k8s-gitops:templates', { application: '/a.yaml' }, false],
    ['k8s-gitops:templates', { application: './a.yaml' }, false],
    ['k8s-gitops:templates', { application: 'ci/../a.yaml' }, false],
    ['k8s-gitops:templates', { application: 'ci//a.yaml' }, false],
    ['k8s-gitops:templates', { application: 'ci\\a.yaml' }, false],
    ['k8s-gitops:templates', { application: 'a.yaml@templates' }, false],
    ['k8s-gitops:templates', { application: 'C:/a.yaml' }, false],
    ['k8s-gitops:pipelines', { folder: '\\' }, true],
    ['k8s-gitops:pipelines', { folder: '\\platform\\k8s gitops' }, true],
    ['k8s-gitops:pipelines', { folder: 'platform' }, false],
    ['k8s-gitops:pipelines', { folder: '\\platform\\' }, false],
    ['k8s-gitops:pipelines', { folder: '\\..' }, false],
    ['k8s-gitops:fluxWriters', 'Flux Identities', true],
    ['k8s-gitops:fluxWriters', 'PROJECT ADMINISTRATORS', false],
    ['k8s-gitops:fluxIdentities', { dev: { reader: DEV.toUpperCase() } }, true],
    ['k8s-gitops:fluxIdentities', { dev: { owner: DEV } }, false],
  ])('has %s: %j: %s', (key, value, isValid) => {
    const config = { ...parse(), [key]: value };
    expect(organizationConfig.safeParse(config).success).toBe(isValid);
  });
});
