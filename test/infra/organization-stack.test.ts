import { COMPUTED, stackOrder, type Plan } from '../../infra/plan';
import { checkPlan, policyFacts } from '../../infra/policy/index';
import { loadPlatform } from '../support/load-platform';
import { edit, readFile, writeFile } from '../support/platform-folder';
import { changed, differences, withInput, type ExpectedResource } from './expected-resources';
import { isAfter, nameOf, planOf, resourceOf, stacksFolder } from './plans';

jest.setTimeout(60_000);

const PROJECT = '00000000-0000-4000-8000-000000000001';
const FINANCE = '00000000-0000-4000-8000-000000000002';
const REPOSITORY = '00000000-0000-4000-8000-000000000003';
const APPROVERS = '00000000-0000-4000-8000-000000000004';
const NONPROD = '33333333-3333-4333-8333-333333333301';
const PROD = '33333333-3333-4333-8333-333333333302';

/** Ids of Azure's built-in roles, written down here once more from Azure's documentation. */
const ROLES = {
  AcrContributor: '3bc748fc-213d-45c1-8d91-9da5725539b9',
  KeyVaultContributor: 'f25e0fa2-a7c8-4377-a976-54943a77a395',
  ManagedIdentityContributor: 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
  MonitoringContributor: '749f88d5-cbae-40b8-bcfc-e573ddc772fa',
  LogAnalyticsContributor: '92aaf0da-9dab-42b6-94a3-d43ce8d16293',
  NetworkContributor: '4d97b98b-1d4f-4787-a291-c67834d212e7',
  PrivateDnsZoneContributor: 'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  RbacAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  ClusterUser: '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
  ClusterAdmin: 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
} as const;

/** Azure's example of a delegation, with the five roles of the environments' stacks. */
const condition = (types: string): string =>
  (
    [
      ['write', 'Request'],
      ['delete', 'Resource'],
    ] as const
  )
    .map(
      ([action, source]) =>
        `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (@${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {7f951dda-4ed3-4680-a7ca-43fe172d538d, 8311e382-0749-4cb8-b61a-304f252e45ec, 12338af0-0e69-4776-bea7-57ae8d297424, 21090545-7ca7-4776-b22c-e363652d74d2, 4633458b-17de-408a-b874-0445c86b69e6} AND @${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {${types}}))`,
    )
    .join(' AND ');

const NO_WAY_AROUND = {
  EditPolicies: 'Deny',
  ForcePush: 'Deny',
  ManagePermissions: 'Deny',
  PolicyExempt: 'Deny',
  PullRequestBypassPolicy: 'Deny',
  RemoveOthersLocks: 'Deny',
};

const scopes = (branch: string): ExpectedResource['inputs'][string] => [
  { matchType: 'Exact', repositoryId: REPOSITORY, repositoryRef: `refs/heads/${branch}` },
];

const ACTIVE = { projectId: PROJECT, enabled: true, blocking: true };

const branchPolicies = (environment: string, branch: string, reviewers: number, squash: boolean): readonly ExpectedResource[] => [
  {
    resource: `BranchPolicyMinReviewers reviewers-${environment}`,
    inputs: {
      ...ACTIVE,
      settings: {
        allowCompletionWithRejectsOrWaits: false,
        lastPusherCannotApprove: true,
        onPushResetApprovedVotes: true,
        reviewerCount: reviewers,
        scopes: scopes(branch)!,
        submitterCanVote: false,
      },
    },
  },
  {
    resource: `BranchPolicyCommentResolution comments-${environment}`,
    inputs: { ...ACTIVE, settings: { scopes: scopes(branch)! } },
  },
  {
    resource: `BranchPolicyMergeTypes merge-types-${environment}`,
    inputs: {
      ...ACTIVE,
      settings: {
        allowBasicNoFastForward: true,
        allowRebaseAndFastForward: false,
        allowRebaseWithMerge: false,
        allowSquash: squash,
        scopes: scopes(branch)!,
      },
    },
  },
  ...(['platform', 'systems'] as const).map((which): ExpectedResource => ({
    resource: `BranchPolicyBuildValidation build-${which}-${environment}`,
    inputs: {
      ...ACTIVE,
      'settings.buildDefinitionId': COMPUTED,
      'settings.displayName': `${which} (${environment})`,
      'settings.manualQueueOnly': false,
      'settings.queueOnSourceUpdateOnly': false,
      'settings.validDuration': 0,
      'settings.scopes': scopes(branch),
    },
  })),
];

const endpointTarget = { targetResourceType: 'endpoint', targetResourceId: COMPUTED };
const environmentTarget = { projectId: PROJECT, targetResourceType: 'environment', targetResourceId: COMPUTED };

const onlyFrom = (branch: string): ExpectedResource['inputs'] => ({
  projectId: PROJECT,
  displayName: `Only ${branch}`,
  allowedBranches: `refs/heads/${branch}`,
  verifyBranchProtection: true,
  ignoreUnknownProtectionStatus: false,
});

const authorized = (name: string, type: string, everybody = false, project = PROJECT): ExpectedResource => ({
  resource: `PipelineAuthorization ${name}`,
  inputs: {
    projectId: project,
    type,
    resourceId: type === 'queue' ? '1' : COMPUTED,
    pipelineId: everybody ? undefined : COMPUTED,
  },
});

const deployments = (environment: string, branch: string, cluster: string): readonly ExpectedResource[] => [
  {
    resource: `Environment deployments-${environment}`,
    inputs: {
      projectId: PROJECT,
      name: environment,
      description: `Deployments of ${environment} to ${cluster}, from the branch ${branch}`,
    },
  },
  { resource: `CheckBranchControl deployments-${environment}-branch`, inputs: { ...onlyFrom(branch), ...environmentTarget } },
  { resource: `CheckExclusiveLock deployments-${environment}-lock`, inputs: environmentTarget },
  authorized(`deployments-${environment}-platform`, 'environment'),
];

const pipeline = (name: string, displayName: string, file: string): ExpectedResource => ({
  resource: `BuildDefinition ${name}`,
  inputs: {
    projectId: PROJECT,
    name: displayName,
    path: '\\platform',
    repository: { branchName: 'refs/heads/master', repoId: REPOSITORY, repoType: 'TfsGit', ymlPath: file },
    ciTrigger: { useYaml: true },
    jobAuthorizationScope: 'project',
    features: [{ skipFirstRun: true }],
    variables: undefined,
  },
});

interface Connection {
  readonly key: string;
  readonly environment: string;
  readonly name: string;
  readonly identity: string;
  readonly description: string;
  readonly project?: string;
}

const endpoint = (key: string, name: string, environment: string, description: string, project: string): ExpectedResource => ({
  resource: `ServiceEndpointAzureRM ${key}`,
  inputs: {
    projectId: project,
    serviceEndpointName: name,
    description: `${description} (${environment}), made by the stack organization`,
    environment: 'AzureCloud',
    azurermSpnTenantid: '22222222-2222-2222-2222-222222222222',
    azurermSubscriptionId: environment === 'dev' ? NONPROD : PROD,
    azurermSubscriptionName: environment === 'dev' ? 'nonprod' : 'prod',
    serviceEndpointAuthenticationScheme: 'WorkloadIdentityFederation',
    credentials: { serviceprincipalid: COMPUTED },
    features: undefined,
  },
});

const credential = (key: string, identity: string, name = 'azure-devops'): ExpectedResource => ({
  resource: `FederatedIdentityCredential ${key}-credential`,
  inputs: {
    federatedIdentityCredentialResourceName: name,
    resourceName: identity,
    resourceGroupName: 'platform-pipelines',
    issuer: COMPUTED,
    subject: COMPUTED,
    audiences: ['api://AzureADTokenExchange'],
  },
});

const connection = ({ key, environment, name, identity, description }: Connection): readonly ExpectedResource[] => [
  endpoint(key, name, environment, description, PROJECT),
  credential(key, identity),
  {
    resource: `UserAssignedIdentity ${key}-identity`,
    inputs: {
      resourceName: identity,
      resourceGroupName: 'platform-pipelines',
      location: 'westeurope',
      tags: { 'cost-center': 'platform', environment, 'managed-by': 'k8s-gitops' },
    },
  },
];

const template = (key: string, path: string, project = PROJECT): ExpectedResource => ({
  resource: `CheckRequiredTemplate ${key}-template`,
  inputs: {
    projectId: project,
    ...endpointTarget,
    requiredTemplates: [
      {
        repositoryName: 'my-project/k8s-gitops',
        repositoryRef: 'refs/heads/master',
        repositoryType: 'azuregit',
        templatePath: path,
      },
    ],
  },
});

const role = (name: string, subscription: string, id: string, scope: string, limit?: string): ExpectedResource => ({
  resource: `RoleAssignment ${name}`,
  inputs: {
    roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
    principalId: COMPUTED,
    principalType: 'ServicePrincipal',
    scope,
    condition: limit,
    conditionVersion: limit === undefined ? undefined : '2.0',
  },
});

const signing = (environment: string): readonly ExpectedResource[] => {
  const key = `signing-connection-${environment}`;
  const identity = `aks-${environment}-application-pipeline`;
  const name = `image-signing-${environment}-sc`;
  const description = 'pushing and signing images of applications';
  return [
    ...connection({ key, environment, name, identity, description }),
    endpoint(`${key}/finance`, name, environment, description, FINANCE),
    credential(`${key}/finance`, identity, 'azure-devops-6fbd5970'),
    template(key, 'ci-cd-templates/application.yaml'),
    template(`${key}/finance`, 'ci-cd-templates/application.yaml', FINANCE),
    authorized(`${key}-all`, 'endpoint', true),
    authorized(`${key}/finance-all`, 'endpoint', true, FINANCE),
  ];
};

const registry = (environment: string): readonly ExpectedResource[] => {
  const key = `registry-connection-${environment}`;
  return [
    ...connection({
      key,
      environment,
      name: `acr-${environment}-sc`,
      identity: `aks-${environment}-pull-request-pipeline`,
      description: 'pulling images and verifying signatures',
    }),
    authorized(`${key}-platform`, 'endpoint'),
    authorized(`${key}-systems`, 'endpoint'),
  ];
};

const cluster = (environment: string, branch: string): readonly ExpectedResource[] => {
  const key = `cluster-connection-${environment}`;
  return [
    ...connection({
      key,
      environment,
      name: `k8s-rbac-${environment}-ado-sc`,
      identity: `aks-${environment}-platform-pipeline`,
      description: '`pulumi up`',
    }),
    { resource: `CheckBranchControl ${key}-branch`, inputs: { ...onlyFrom(branch), ...endpointTarget } },
    authorized(`${key}-platform`, 'endpoint'),
  ];
};

const provider = (organization: string): ExpectedResource => ({
  resource: `azuredevops azure-devops-${organization}`,
  inputs: { orgServiceUrl: `https://dev.azure.com/${organization}`, useCli: 'true', personalAccessToken: undefined },
});

const DEV_GROUP = `/subscriptions/${NONPROD}/resourceGroups/aks-rg-dev`;
const DEV_CLUSTER = `${DEV_GROUP}/providers/Microsoft.ContainerService/managedClusters/aks-dev`;
const PROD_GROUP = `/subscriptions/${PROD}/resourceGroups/platform-prod`;
const PROD_CLUSTER = `/subscriptions/${PROD}/resourceGroups/aks-rg-prod/providers/Microsoft.ContainerService/managedClusters/aks-prod`;
const HUB = '33333333-3333-4333-8333-333333333303';

const EXPECTED: readonly ExpectedResource[] = [
  provider('my-org'),
  {
    resource: 'GitRepositoryBranch branch-dev',
    inputs: { repositoryId: REPOSITORY, name: 'dev', refBranch: 'master' },
    kept: true,
  },
  {
    resource: 'GitPermissions contributors-keep-to-the-policies',
    inputs: {
      projectId: PROJECT,
      repositoryId: REPOSITORY,
      principal: 'vssgp.example.contributors',
      replace: false,
      permissions: NO_WAY_AROUND,
    },
  },
  ...(['dev', 'prod'] as const).map((environment): ExpectedResource => ({
    resource: `GitPermissions contributors-keep-to-the-policies-${environment}`,
    inputs: {
      projectId: PROJECT,
      repositoryId: REPOSITORY,
      branchName: environment === 'prod' ? 'master' : 'dev',
      principal: 'vssgp.example.contributors',
      replace: false,
      permissions: NO_WAY_AROUND,
    },
  })),
  ...(['platform', 'systems'] as const).map((which): ExpectedResource => ({
    resource: `BuildDefinitionPermissions contributors-keep-the-${which}-pipeline`,
    inputs: {
      projectId: PROJECT,
      buildDefinitionId: COMPUTED,
      principal: 'vssgp.example.contributors',
      replace: false,
      permissions: {
        AdministerBuildPermissions: 'Deny',
        DeleteBuildDefinition: 'Deny',
        EditBuildDefinition: 'Deny',
        OverrideBuildCheckInValidation: 'Deny',
      },
    },
  })),
  { resource: 'BuildFolder pipeline-folder', inputs: { projectId: PROJECT, path: '\\platform' } },
  pipeline('platform-pipeline', 'k8s-gitops', 'azure-pipelines.yaml'),
  pipeline('systems-pipeline', 'k8s-gitops-systems', 'azure-pipelines-systems.yaml'),
  authorized('agents-my-linux-agents-platform', 'queue'),
  authorized('agents-my-linux-agents-systems', 'queue'),
  ...branchPolicies('dev', 'dev', 1, true),
  ...branchPolicies('prod', 'master', 2, false),
  ...deployments('dev', 'dev', 'aks-dev'),
  ...deployments('prod', 'master', 'aks-prod'),
  {
    resource: 'CheckApproval deployments-prod-approval',
    inputs: {
      ...environmentTarget,
      approvers: [APPROVERS, APPROVERS],
      minimumRequiredApprovers: 2,
      requesterCanApprove: false,
      timeout: 240,
    },
  },
  ...cluster('dev', 'dev'),
  ...cluster('prod', 'master'),
  ...registry('dev'),
  ...registry('prod'),
  ...signing('dev'),
  ...signing('prod'),
  ...connection({
    key: 'dry-run-connection-dev',
    environment: 'dev',
    name: 'k8s-dry-run-dev-sc',
    identity: 'aks-dev-dry-run-pipeline',
    description: 'dry-runs on the cluster',
  }),
  template('dry-run-connection-dev', 'ci-cd-templates/dry-run.yaml'),
  authorized('dry-run-connection-dev-platform', 'endpoint'),
  authorized('dry-run-connection-dev-systems', 'endpoint'),
  role('dry-run-pipeline-dev/cluster', NONPROD, ROLES.ClusterUser, DEV_CLUSTER),
  role('platform-pipeline-dev/identities', NONPROD, ROLES.ManagedIdentityContributor, DEV_GROUP),
  role('platform-pipeline-dev/registry', NONPROD, ROLES.AcrContributor, DEV_GROUP),
  role('platform-pipeline-dev/vault', NONPROD, ROLES.KeyVaultContributor, DEV_GROUP),
  role('platform-pipeline-dev/roles', NONPROD, ROLES.RbacAdministrator, DEV_GROUP, condition("'ServicePrincipal'")),
  role('platform-pipeline-dev/cluster', NONPROD, ROLES.ClusterUser, DEV_CLUSTER),
  role('platform-pipeline-dev/cluster-admin', NONPROD, ROLES.ClusterAdmin, DEV_CLUSTER),
  role('platform-pipeline-prod/identities', PROD, ROLES.ManagedIdentityContributor, PROD_GROUP),
  role('platform-pipeline-prod/registry', PROD, ROLES.AcrContributor, PROD_GROUP),
  role('platform-pipeline-prod/vault', PROD, ROLES.KeyVaultContributor, PROD_GROUP),
  role('platform-pipeline-prod/roles', PROD, ROLES.RbacAdministrator, PROD_GROUP, condition("'Group', 'ServicePrincipal'")),
  role('platform-pipeline-prod/network', PROD, ROLES.NetworkContributor, PROD_GROUP),
  role(
    'platform-pipeline-prod/virtual-network',
    PROD,
    ROLES.NetworkContributor,
    `/subscriptions/${PROD}/resourceGroups/network-prod/providers/Microsoft.Network/virtualNetworks/vnet-prod`,
  ),
  role('platform-pipeline-prod/dns', PROD, ROLES.PrivateDnsZoneContributor, PROD_GROUP),
  role(
    'platform-pipeline-prod/vault-dns',
    HUB,
    ROLES.PrivateDnsZoneContributor,
    `/subscriptions/${HUB}/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`,
  ),
  role('platform-pipeline-prod/diagnostics', PROD, ROLES.MonitoringContributor, PROD_GROUP),
  role(
    'platform-pipeline-prod/workspace',
    PROD,
    ROLES.LogAnalyticsContributor,
    `/subscriptions/${PROD}/resourceGroups/logs-prod/providers/Microsoft.OperationalInsights/workspaces/logs-prod`,
  ),
  role('platform-pipeline-prod/cluster', PROD, ROLES.ClusterUser, PROD_CLUSTER),
  role('platform-pipeline-prod/cluster-admin', PROD, ROLES.ClusterAdmin, PROD_CLUSTER),
];

const names = ({ resources }: Plan): readonly string[] => resources.filter(({ custom }) => custom).map(nameOf);

/** Adds lines to the end of a file. */
const append = (folder: string, file: string, text: string): void => {
  writeFile(folder, file, readFile(folder, file) + text);
};

/** Cuts the recorded outputs off where a text begins. */
const cut = (folder: string, from: string): void => {
  const text = readFile(folder, 'outputs/organization.yaml');
  expect(text).toContain(from);
  writeFile(folder, 'outputs/organization.yaml', text.slice(0, text.indexOf(from)));
};

let plan: Plan;

beforeAll(async () => {
  plan = await planOf(stacksFolder('first', 'organization'), 'organization');
});

describe('the stack organization', () => {
  it('is what is expected, resource by resource', () => {
    expect(differences(plan, EXPECTED)).toEqual([]);
    expect(plan.violations).toEqual([]);
  });

  it.each([
    ['ServiceEndpointAzureRM signing-connection-prod', 'serviceEndpointAuthenticationScheme', 'ServicePrincipal'],
    ['CheckRequiredTemplate signing-connection-prod-template', 'requiredTemplates', []],
    ['BranchPolicyMinReviewers reviewers-prod', 'blocking', false],
    ['BranchPolicyMinReviewers reviewers-prod', 'settings', { reviewerCount: 0 }],
    ['CheckApproval deployments-prod-approval', 'requesterCanApprove', true],
    ['RoleAssignment platform-pipeline-dev/roles', 'condition', 'true'],
    ['PipelineAuthorization cluster-connection-prod-platform', 'pipelineId', 1],
  ] as const)('a change of %s in %s to %j would be found', (resource, path, value) => {
    expect(differences(withInput(plan, resource, path, value), EXPECTED)).toHaveLength(1);
  });

  it('leaves nothing out that would not be missed', () => {
    for (const { resource } of EXPECTED) {
      const without = { ...plan, resources: plan.resources.filter((one) => !one.custom || nameOf(one) !== resource) };
      expect(differences(without, EXPECTED)).toEqual([`${resource} is missing`]);
    }
    expect(
      differences(
        changed(plan, 'GitRepositoryBranch branch-dev', (one) => ({ ...one, protect: false })),
        EXPECTED,
      ),
    ).toEqual(['GitRepositoryBranch branch-dev: protect is false']);
  });

  it('asks Azure DevOps for what has to be there, each by the provider of its organization', () => {
    const home = 'urn:pulumi:organization::k8s-gitops::pulumi:providers:azuredevops::azure-devops-my-org';
    expect(plan.lookUps.map(({ token, args }) => `${token.split(':').at(-1)!} ${args['name'] as string}`).sort()).toEqual([
      'getAgentQueue my-linux-agents',
      'getGitRepository k8s-gitops',
      'getGroup Contributors',
      'getGroup On Call',
      'getGroup Platform Approvers',
      'getProject finance',
      'getProject my-project',
    ]);
    expect(new Set(plan.lookUps.map(({ provider: by }) => by))).toEqual(new Set([home]));
    const ofAzureDevOps = plan.resources.filter(({ type }) => type.startsWith('azuredevops:'));
    expect(new Set(ofAzureDevOps.map(({ provider: by }) => by))).toEqual(new Set([home]));
    expect(new Set(ofAzureDevOps.map(({ version }) => version))).toEqual(new Set(['3.15.0']));
  });

  it('lets nobody use what is not checked yet', () => {
    for (const [authorization, check] of [
      ['signing-connection-dev-all', 'CheckRequiredTemplate signing-connection-dev-template'],
      ['signing-connection-dev/finance-all', 'CheckRequiredTemplate signing-connection-dev/finance-template'],
      ['dry-run-connection-dev-systems', 'CheckRequiredTemplate dry-run-connection-dev-template'],
      ['cluster-connection-prod-platform', 'CheckBranchControl cluster-connection-prod-branch'],
      ['deployments-prod-platform', 'CheckApproval deployments-prod-approval'],
      ['deployments-prod-platform', 'CheckExclusiveLock deployments-prod-lock'],
      ['deployments-prod-platform', 'CheckBranchControl deployments-prod-branch'],
      ['deployments-prod-platform', 'BuildDefinitionPermissions contributors-keep-the-platform-pipeline'],
      ['cluster-connection-prod-platform', 'BuildDefinitionPermissions contributors-keep-the-platform-pipeline'],
      ['registry-connection-dev-systems', 'BuildDefinitionPermissions contributors-keep-the-systems-pipeline'],
      ['agents-my-linux-agents-platform', 'BuildDefinitionPermissions contributors-keep-the-platform-pipeline'],
    ] as const) {
      expect([authorization, check, isAfter(plan, `PipelineAuthorization ${authorization}`, check)]).toEqual([
        authorization,
        check,
        true,
      ]);
    }
  });

  it('makes the credentials of one identity one after another, from what Azure DevOps says of the connection', () => {
    const [second, first] = ['signing-connection-dev/finance', 'signing-connection-dev'] as const;
    expect(
      isAfter(plan, `FederatedIdentityCredential ${second}-credential`, `FederatedIdentityCredential ${first}-credential`),
    ).toBe(true);
    const { propertyDependencies } = resourceOf(plan, `FederatedIdentityCredential ${second}-credential`);
    const urn = resourceOf(plan, `ServiceEndpointAzureRM ${second}`).urn;
    expect([propertyDependencies['issuer'], propertyDependencies['subject']]).toEqual([[urn], [urn]]);
  });

  it('validates a pull request by both pipelines, told apart by what it touches', () => {
    for (const which of ['platform', 'systems'] as const) {
      const { propertyDependencies, inputs } = resourceOf(plan, `BranchPolicyBuildValidation build-${which}-prod`);
      expect(propertyDependencies['settings']).toEqual([resourceOf(plan, `BuildDefinition ${which}-pipeline`).urn]);
      expect((inputs['settings'] as { readonly filenamePatterns: unknown }).filenamePatterns).toEqual(
        which === 'systems' ? ['/systems/*', '/clusters/*', '/charts/*'] : ['*', '!/clusters/*/systems/*', '!/charts/*'],
      );
    }
  });

  it('has nothing that is secret: no service connection keeps one', () => {
    expect(JSON.stringify(plan)).not.toContain('<secret>');
  });

  it('counts the licences that the identities take', () => {
    expect(plan.outputs['licences']).toEqual([
      { basic: 4, organization: 'my-org', paid: 0 },
      { basic: 1, organization: 'other-org', paid: 0 },
    ]);
    expect(plan.notes.join('\n')).toContain('4 Basic licences in the Azure DevOps organization my-org');
  });
});

describe('a mistake in the program', () => {
  /** What the policies say of the plan without a resource, or with another input. */
  const told = async (one: Plan): Promise<readonly string[]> =>
    (await checkPlan(one, policyFacts(loadPlatform(stacksFolder('first', 'organization'))))).map(
      ({ policy, message }) => `${policy}: ${message}`,
    );
  const without = (pattern: RegExp): Plan => ({
    ...plan,
    resources: plan.resources.filter((one) => !one.custom || !pattern.test(nameOf(one))),
  });

  it('such as a service connection with a secret is found by a policy and by a test', async () => {
    const endpointName = 'ServiceEndpointAzureRM signing-connection-prod';
    const withSecret = withInput(
      withInput(plan, endpointName, 'serviceEndpointAuthenticationScheme', 'ServicePrincipal'),
      endpointName,
      'credentials.serviceprincipalkey',
      '<secret>',
    );
    expect(differences(withSecret, EXPECTED)).not.toEqual([]);
    const found = await told(withSecret);
    expect(found.filter((text) => text.startsWith('service-connections-without-secrets: '))).not.toEqual([]);
    expect(found.filter((text) => text.startsWith('no-passwords: '))).not.toEqual([]);
  });

  it('such as a master without policies is found by a policy and by a test', async () => {
    const free = without(/^BranchPolicy.* (reviewers|comments|merge-types|build-[a-z]+)-prod$/);
    expect(differences(free, EXPECTED)).toHaveLength(5);
    expect(await told(free)).toEqual([
      "branches-protected: The branch 'master' lacks BranchPolicyMinReviewers, BranchPolicyBuildValidation by 2 pipelines (there are 0), BranchPolicyCommentResolution, BranchPolicyMergeTypes.",
    ]);
  });

  it('such as a signing connection without its required template is found by a policy and by a test', async () => {
    const open = without(/^CheckRequiredTemplate signing-connection-dev\/finance-template$/);
    expect(differences(open, EXPECTED)).toEqual(['CheckRequiredTemplate signing-connection-dev/finance-template is missing']);
    const found = await told(open);
    expect(found.filter((text) => text.startsWith('signing-connections: '))).toHaveLength(1);
  });

  it.each([
    [/CheckApproval/, 'production-protected'],
    [/CheckExclusiveLock deployments-dev/, 'deployments-controlled'],
    [/CheckBranchControl cluster-connection-prod/, 'deployments-controlled'],
    [/CheckRequiredTemplate dry-run/, 'deployments-controlled'],
    [/BranchPolicyBuildValidation build-systems-dev/, 'branches-protected'],
  ])('such as a lack of %s is found by %s', async (pattern, policy) => {
    expect((await told(without(pattern))).map((text) => text.split(':')[0])).toContain(policy);
  });
});

describe('Flux in Azure DevOps', () => {
  const fluxOf = (one: Plan): readonly string[] => names(one).filter((name) => name.includes('flux'));

  it('is not entitled before its identities are known, which is told', () => {
    expect(fluxOf(plan)).toEqual([]);
    expect(plan.warnings).toEqual([
      "nobody has told the object ids of the Flux identities of dev, prod (aks-dev-flux-source-controller, aks-dev-flux-image-automation-controller, aks-prod-flux-source-controller, aks-prod-flux-image-automation-controller), so they are not entitled: record the outputs of the environment, or give 'k8s-gitops:fluxIdentities.<environment>', and run `pulumi up --stack organization` again.",
    ]);
  });

  it('is entitled as soon as they are: readers read each project, writers push to this repository and nowhere else', async () => {
    const recorded = await planOf(stacksFolder('first', 'organization', 'organization-recorded'), 'organization');
    expect(fluxOf(recorded)).toEqual([
      'GitPermissions flux-writers-push',
      'Group flux-writers',
      'GroupMembership flux-readers',
      'GroupMembership flux-readers/finance',
      'GroupMembership flux-readers/other-org/partner',
      'GroupMembership flux-writers',
      'ServicePrincipalEntitlement flux-reader-dev',
      'ServicePrincipalEntitlement flux-reader-dev/other-org',
      'ServicePrincipalEntitlement flux-writer-dev',
    ]);
    const inputs = (name: string): object => resourceOf(recorded, name).inputs;
    expect(inputs('ServicePrincipalEntitlement flux-reader-dev')).toEqual({
      accountLicenseType: 'express',
      licensingSource: 'account',
      origin: 'aad',
      originId: '55555555-5555-4555-8555-555555555551',
    });
    expect(inputs('ServicePrincipalEntitlement flux-writer-dev')).toMatchObject({
      originId: '55555555-5555-4555-8555-555555555552',
    });
    expect(inputs('GroupMembership flux-readers')).toEqual({
      group: 'vssgp.example.readers',
      members: [COMPUTED, COMPUTED],
      mode: 'add',
    });
    const { members } = resourceOf(recorded, 'GroupMembership flux-readers/finance').propertyDependencies;
    expect(members).toEqual([resourceOf(recorded, 'ServicePrincipalEntitlement flux-reader-dev').urn]);
    expect(inputs('Group flux-writers')).toMatchObject({
      displayName: 'Flux Writers',
      scope: '99999999-9999-4999-8999-999999999901',
    });
    expect(inputs('GroupMembership flux-writers')).toMatchObject({ members: [COMPUTED], mode: 'overwrite' });
    expect(inputs('GitPermissions flux-writers-push')).toEqual({
      projectId: '99999999-9999-4999-8999-999999999901',
      repositoryId: '99999999-9999-4999-8999-999999999902',
      principal: COMPUTED,
      replace: true,
      permissions: {
        CreateBranch: 'Allow',
        EditPolicies: 'Deny',
        ForcePush: 'Deny',
        GenericContribute: 'Allow',
        GenericRead: 'Allow',
        ManagePermissions: 'Deny',
        PolicyExempt: 'Deny',
        PullRequestBypassPolicy: 'Deny',
      },
    });
    expect(resourceOf(recorded, 'ServicePrincipalEntitlement flux-reader-dev/other-org').provider).toMatch(
      /azure-devops-other-org$/,
    );
    expect(recorded.warnings).toHaveLength(1);
    expect(recorded.recorded).toBe(true);
    expect(recorded.violations).toEqual([]);
  });

  it('is entitled by object ids that are written down while the first `pulumi up` waits', async () => {
    const folder = stacksFolder('first', 'organization');
    const reader = '66666666-6666-4666-8666-666666666601';
    append(folder, 'Pulumi.organization.yaml', `  k8s-gitops:fluxIdentities: { prod: { reader: ${reader} } }\n`);
    const given = await planOf(folder, 'organization');
    expect(resourceOf(given, 'ServicePrincipalEntitlement flux-reader-prod').inputs['originId']).toBe(reader);
    expect(fluxOf(given)).not.toContain('Group flux-writers');
  });

  it('is left to another team where that is configured, which is told what to do', async () => {
    const folder = stacksFolder('first', 'organization', 'organization-recorded');
    append(folder, 'Pulumi.organization.yaml', `  k8s-gitops:entitlements: external\n`);
    const external = await planOf(folder, 'organization');
    expect(fluxOf(external)).toEqual([]);
    expect(external.outputs['entitlementsToRequest']).toEqual([
      "in https://dev.azure.com/my-org, add the service principal 'aks-dev-flux-source-controller' (object id 55555555-5555-4555-8555-555555555551) with access level Basic, to [my-project]\\Readers, [finance]\\Readers",
      "in https://dev.azure.com/other-org, add the service principal 'aks-dev-flux-source-controller' (object id 55555555-5555-4555-8555-555555555551) with access level Basic, to [partner]\\Readers",
      "in https://dev.azure.com/my-org, add the service principal 'aks-dev-flux-image-automation-controller' (object id 55555555-5555-4555-8555-555555555552) with access level Basic, to [my-project]\\Readers; allow it 'Contribute' and 'Create branch' on the repository k8s-gitops",
    ]);
  });
});

describe('the order of organization and environments', () => {
  it('is no circle: what the environments need is made without anything of theirs', async () => {
    const bare = await planOf(stacksFolder('first', 'organization'), 'organization');
    const recorded = await planOf(stacksFolder('first', 'organization', 'organization-recorded'), 'organization');
    expect(names(recorded).filter((name) => !/flux|other-org/.test(name))).toEqual(names(bare));
    // Nothing but the entitlements comes from an environment.
    const fluxUrns = new Set(recorded.resources.filter(({ name }) => name.includes('flux')).map(({ urn }) => urn));
    for (const { urn, dependencies } of recorded.resources.filter((one) => !fluxUrns.has(one.urn))) {
      expect([urn, dependencies.filter((dependency) => fluxUrns.has(dependency))]).toEqual([urn, []]);
    }
    const outputs = JSON.stringify(recorded.outputs['pipelines']);
    expect(outputs).not.toContain('55555555-5555');
  });

  it('an environment makes its identities whatever the organization has made, and waits with Flux', async () => {
    const folder = stacksFolder('first', 'organization');
    const dev = await planOf(folder, 'dev');
    expect(resourceOf(dev, 'RoleAssignment registry-push-platform-ado-platform').inputs['principalId']).toBe(COMPUTED);
    expect(dev.stops.map(({ location, message }) => `${location.file} ${message}`)).toContain(
      "outputs/organization.yaml is not there, and the stack 'organization' makes the identities of the pipelines of 'dev'",
    );
    const roles = dev.resources.filter(({ type }) => type === 'azure-native:authorization:RoleAssignment').map(nameOf);
    for (const identity of ['reader-identity', 'writer-identity']) {
      for (const assignment of roles) expect(isAfter(dev, `UserAssignedIdentity ${identity}`, assignment)).toBe(false);
    }
    expect(isAfter(dev, 'FluxInstance flux-instance', 'Command preflight')).toBe(true);
  });

  it('lets the pipelines in that are recorded, besides whom the configuration names', async () => {
    const folder = stacksFolder('first', 'organization', 'organization-recorded');
    const dev = await planOf(folder, 'dev');
    const principal = (one: Plan, name: string): unknown => resourceOf(one, `RoleAssignment ${name}`).inputs['principalId'];
    expect(principal(dev, 'registry-push-platform-ado-platform')).toBe('44444444-4444-4444-8444-444444444501');
    expect(principal(dev, 'key-platform-sign-ado-platform')).toBe('44444444-4444-4444-8444-444444444501');
    expect(principal(dev, 'key-applications-sign-ado-applications')).toBe('44444444-4444-4444-8444-444444444502');
    expect(principal(dev, 'registry-pull-verifier-ado-pull-requests')).toBe('44444444-4444-4444-8444-444444444503');
    expect(dev.stops.map(({ location }) => location.file)).not.toContain('outputs/organization.yaml');
    expect(resourceOf(dev, 'ValidatingAdmissionPolicy dry-run').inputs).toMatchObject({ kind: 'ValidatingAdmissionPolicy' });
    expect(JSON.stringify(resourceOf(dev, 'ValidatingAdmissionPolicy dry-run').inputs)).toContain(
      '44444444-4444-4444-8444-444444444504',
    );
    const prod = await planOf(folder, 'prod');
    expect(principal(prod, 'registry-pull-verifier-auditors')).toBe('44444444-4444-4444-8444-444444444424');
    expect(principal(prod, 'registry-pull-verifier-ado-pull-requests')).toBe('44444444-4444-4444-8444-444444444507');
    expect(names(prod).filter((name) => name.includes('dry-run'))).toEqual([]);
  });

  it('stops an environment whose identities the recorded outputs lack', async () => {
    const folder = stacksFolder('first', 'organization', 'organization-recorded');
    cut(folder, '  prod:\n');
    const told = (one: Plan): readonly string[] =>
      one.stops.filter(({ location }) => location.file === 'outputs/organization.yaml').map(({ message }) => message);
    expect(told(await planOf(folder, 'prod'))).toEqual(["records no identities of the pipelines of 'prod'"]);
    expect(told(await planOf(folder, 'dev'))).toEqual([]);
    cut(folder, '    dryRun:\n');
    expect(told(await planOf(folder, 'dev'))).toEqual([
      "records no identity that dry-runs on 'dev', which has 'dryRun: cluster'",
    ]);
  });

  it('is told: the Azure DevOps side first, and once more for those whose identities are not known', () => {
    const order = (folder: string): unknown => stackOrder(loadPlatform(folder)).map(({ stack, after }) => [stack, after]);
    expect(order(stacksFolder('first', 'organization'))).toEqual([
      ['organization', []],
      ['dev', ['organization']],
      ['prod', ['organization']],
      ['organization', ['dev', 'prod']],
    ]);
    const folder = stacksFolder('first', 'organization', 'organization-recorded');
    expect(order(folder)).toEqual([
      ['organization', []],
      ['dev', ['organization']],
      ['prod', ['organization']],
      ['organization', ['prod']],
    ]);
    const ids = '{ prod: { reader: 66666666-6666-4666-8666-666666666601, writer: 66666666-6666-4666-8666-666666666602 } }';
    append(folder, 'Pulumi.organization.yaml', `  k8s-gitops:fluxIdentities: ${ids}\n`);
    expect(order(folder)).toEqual([
      ['organization', []],
      ['dev', ['organization']],
      ['prod', ['organization']],
    ]);
  });
});

describe('a repository', () => {
  it('that is made stays, and what it began as is not looked at again', async () => {
    const folder = stacksFolder('first', 'organization');
    const config = readFile(folder, 'Pulumi.organization.yaml');
    writeFile(folder, 'Pulumi.organization.yaml', config.replace('branches: { dev: master }', 'create: {}'));
    const empty = await planOf(folder, 'organization');
    const made = resourceOf(empty, 'Git repository');
    expect(made.inputs).toEqual({ initialization: { initType: 'Uninitialized' }, name: 'k8s-gitops', projectId: PROJECT });
    expect([made.protect, made.retainOnDelete, made.ignoreChanges]).toEqual([true, true, ['initialization', 'defaultBranch']]);
    expect(resourceOf(empty, 'BranchPolicyMinReviewers reviewers-prod').propertyDependencies['settings']).toEqual([made.urn]);
    expect(empty.violations).toEqual([]);
    const source = 'https://example.com/org/k8s-gitops';
    const imported = config.replace('branches: {', `create: { importFrom: ${source} }\n    branches: {`);
    writeFile(folder, 'Pulumi.organization.yaml', imported);
    const plan2 = await planOf(folder, 'organization');
    expect(resourceOf(plan2, 'Git repository').inputs).toEqual({
      defaultBranch: 'refs/heads/master',
      initialization: { initType: 'Import', sourceType: 'Git', sourceUrl: source },
      name: 'k8s-gitops',
      projectId: PROJECT,
    });
    expect(isAfter(plan2, 'BuildDefinition platform-pipeline', 'GitRepositoryBranch branch-dev')).toBe(true);
  });
});

describe('environments that share a registry and a Key Vault', () => {
  const classic = (): string => {
    const folder = stacksFolder('shared');
    edit(
      folder,
      'platform.yaml',
      '    branch: experimental\n',
      '    branch: experimental\n    names: { registryServiceConnection: acr-dev-sc, signingServiceConnection: image-signing-dev-sc }\n',
    );
    writeFile(folder, 'Pulumi.dev.yaml', readFile(folder, 'Pulumi.dev.yaml').split('  k8s-gitops:access')[0]!);
    writeFile(
      folder,
      'Pulumi.organization.yaml',
      `config:
  azure-native:location: westeurope
  azure-native:subscriptionId: ${PROD}
  k8s-gitops:resourceGroup: platform-pipelines
  k8s-gitops:subscriptionNames: { ${NONPROD}: nonprod }
  k8s-gitops:approvals: { dev: { approvers: [Platform Approvers] } }
`,
    );
    return folder;
  };

  it('may share the connections to them, whose identity is called like the owner’s', async () => {
    const shared = await planOf(classic(), 'organization');
    expect(names(shared).filter((name) => name.startsWith('ServiceEndpointAzureRM'))).toEqual([
      'ServiceEndpointAzureRM cluster-connection-dev',
      'ServiceEndpointAzureRM cluster-connection-experimental',
      'ServiceEndpointAzureRM registry-connection-dev',
      'ServiceEndpointAzureRM signing-connection-dev',
    ]);
    expect(resourceOf(shared, 'UserAssignedIdentity signing-connection-dev-identity').inputs['resourceName']).toBe(
      'aks-dev-application-pipeline',
    );
    const { dev, experimental } = shared.outputs['pipelines'] as Record<string, Record<string, unknown>>;
    expect(Object.keys(experimental!)).toEqual(Object.keys(dev!));
    // It makes neither registry nor Key Vault, so it may make none, and has no role to assign.
    expect(names(shared).filter((name) => name.includes('RoleAssignment platform-pipeline-experimental'))).toEqual([
      'RoleAssignment platform-pipeline-experimental/cluster',
      'RoleAssignment platform-pipeline-experimental/cluster-admin',
      'RoleAssignment platform-pipeline-experimental/identities',
    ]);
    expect(shared.violations).toEqual([]);
  });

  it('are let in by the owner, each identity once', async () => {
    const folder = classic();
    const identity = (number: number): string => `
      clientId: 88888888-8888-4888-8888-8888888888${number}
      principalId: 44444444-4444-4444-8444-4444444445${number}
      resourceId: /subscriptions/${PROD}/resourceGroups/platform-pipelines/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i${number}`;
    const pipelines = (name: string, platform: number): string =>
      `  ${name}:\n    platform:${identity(platform)}\n    applications:${identity(12)}\n    pullRequests:${identity(13)}\n`;
    writeFile(
      folder,
      'outputs/organization.yaml',
      `azureDevOps:\n  projectId: ${PROJECT.replace(/^0/, '1')}\n  repositoryId: ${REPOSITORY.replace(/^0/, '1')}\npipelines:\n${pipelines('experimental', 10)}${pipelines('dev', 11)}`,
    );
    const dev = await planOf(folder, 'dev');
    expect(names(dev).filter((name) => /RoleAssignment (registry-pu|key-|public).*ado-/.test(name))).toEqual([
      'RoleAssignment registry-pull-verifier-ado-pull-requests',
      'RoleAssignment registry-push-applications-ado-applications',
      'RoleAssignment registry-push-platform-ado-platform',
      'RoleAssignment registry-push-platform-ado-platform-experimental',
      'RoleAssignment key-applications-read-ado-platform',
      'RoleAssignment key-applications-read-ado-platform-experimental',
      'RoleAssignment key-applications-sign-ado-applications',
      'RoleAssignment key-platform-sign-ado-platform',
      'RoleAssignment key-platform-sign-ado-platform-experimental',
      'RoleAssignment public-key-applications-read-ado-pull-requests',
      'RoleAssignment public-key-platform-read-ado-pull-requests',
    ]);
    const experimental = await planOf(folder, 'experimental');
    expect(names(experimental).filter((name) => name.startsWith('RoleAssignment'))).toEqual([]);
  });
});

describe('names of resources', () => {
  const urns = async (folder: string): Promise<readonly string[]> =>
    (await planOf(folder, 'organization')).resources.map(({ urn }) => urn);
  const system = (git: string, environments = 'environments: { dev: {} }'): string =>
    `pattern: B\nteam: x\naadGroupId: 3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e09\nsku: sku-small\ngit: ${git}\n${environments}\n`;

  it('stay whatever other systems there are, however these spell a project', async () => {
    const folder = stacksFolder('first', 'organization', 'organization-recorded');
    const before = await urns(folder);
    for (const [file, git] of [
      ['aa', '{ project: FINANCE }'],
      ['zz', '{ project: Finance }'],
      ['ab', '{ organization: Other-Org, project: Partner }'],
    ] as const) {
      writeFile(folder, `systems/${file}.yaml`, system(git));
    }
    expect(await urns(folder)).toEqual(before);
    writeFile(folder, 'systems/ac.yaml', system('{ organization: other-org, project: alpha }'));
    const more = await urns(folder);
    expect(before.filter((urn) => !more.includes(urn))).toEqual([]);
    expect(more.filter((urn) => !before.includes(urn)).map((urn) => urn.split('::').at(-1))).toEqual([
      'flux-readers/other-org/alpha',
    ]);
  });

  it('are never the same, whatever environments and projects are called', async () => {
    const folder = stacksFolder('first', 'organization');
    edit(
      folder,
      'platform.yaml',
      '  prod:\n',
      '  dev-finance:\n    branch: f\n    registry: { name: myorgf }\n    vault: { name: my-org-f }\n  prod:\n',
    );
    writeFile(folder, 'Pulumi.dev-finance.yaml', readFile(folder, 'Pulumi.dev.yaml'));
    writeFile(folder, 'systems/aa.yaml', system('{ project: other-org-partner }'));
    const vault =
      '/subscriptions/33333333-3333-4333-8333-333333333303/resourceGroups/t/providers/Microsoft.KeyVault/vaults/my-org-dev';
    append(folder, 'Pulumi.dev.yaml', `  k8s-gitops:existing: { vault: ${vault} }\n`);
    const all = await urns(folder);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(120);
  });
});

describe('what another team owns', () => {
  it('is nothing to make: where both identities are theirs, the pipeline makes none', async () => {
    const folder = stacksFolder('first', 'organization');
    const id = (name: string): string =>
      `/subscriptions/${HUB}/resourceGroups/theirs/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    append(folder, 'Pulumi.dev.yaml', `  k8s-gitops:existing: { readerIdentity: ${id('r')}, writerIdentity: ${id('w')} }\n`);
    expect(names(await planOf(folder, 'organization'))).not.toContain('RoleAssignment platform-pipeline-dev/identities');
  });

  it('assigns no role for an environment whose roles another team assigns', async () => {
    const folder = stacksFolder('first', 'organization');
    append(folder, 'Pulumi.dev.yaml', '  k8s-gitops:roleAssignments: external\n');
    const external = names(await planOf(folder, 'organization'));
    expect(external).not.toContain('RoleAssignment platform-pipeline-dev/roles');
    expect(external).toContain('RoleAssignment platform-pipeline-prod/roles');
  });

  it('is read by the platform pipeline, which makes keys and assigns roles on it and nowhere else', async () => {
    const folder = stacksFolder('first', 'organization');
    const other = (type: string, name: string): string => `/subscriptions/${HUB}/resourceGroups/theirs/providers/${type}/${name}`;
    const registryId = other('Microsoft.ContainerRegistry/registries', 'myorgdev');
    const vaultId = other('Microsoft.KeyVault/vaults', 'my-org-dev');
    const readerId = other('Microsoft.ManagedIdentity/userAssignedIdentities', 'flux-reads');
    append(
      folder,
      'Pulumi.dev.yaml',
      `  k8s-gitops:existing: { registry: ${registryId}, vault: ${vaultId}, readerIdentity: ${readerId} }\n`,
    );
    const existing = await planOf(folder, 'organization');
    const roles = existing.resources
      .filter(({ name }) => name.startsWith('platform-pipeline-dev/'))
      .map(({ name, inputs }) => [name.replace('platform-pipeline-dev/', ''), inputs['scope']]);
    expect(roles).toEqual([
      ['cluster', DEV_CLUSTER],
      ['cluster-admin', DEV_CLUSTER],
      ['identities', DEV_GROUP],
      ['reader-identity-reader', readerId],
      ['registry-reader', registryId],
      ['registry-roles', registryId],
      ['vault', vaultId],
      ['vault-reader', vaultId],
      ['vault-roles', vaultId],
    ]);
    expect(existing.violations).toEqual([]);
  });

  it('assigns roles where another team does: the requests carry the condition', async () => {
    const folder = stacksFolder('first', 'organization');
    append(folder, 'Pulumi.organization.yaml', `  k8s-gitops:roleAssignments: external\n`);
    const external = await planOf(folder, 'organization');
    expect(names(external).filter((name) => name.startsWith('RoleAssignment'))).toEqual([]);
    const requests = external.outputs['roleAssignmentsToRequest'] as readonly Readonly<Record<string, unknown>>[];
    expect(requests.filter(({ condition: limit }) => limit !== undefined)).toHaveLength(2);
    expect(requests).toHaveLength(EXPECTED.filter(({ resource }) => resource.startsWith('RoleAssignment')).length);
  });
});
