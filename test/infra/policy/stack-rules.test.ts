import { COMPUTED, type PlanObject, type PlanValue } from '../../../infra/plan';
import { checkPlan } from '../../../infra/policy/index';
import { adding, found, same, withInput, without, withResource, type Change } from './changes';
import { changed, FACTS, planned, violationsOf, type TestResource } from './checked';
import { branchPolicies, check, organization, TEMPLATE } from './organization';

it('breaks no rule when it is right', async () => {
  expect(await checkPlan({ stack: 'organization', resources: planned('organization', organization()) }, FACTS)).toEqual([]);
});

it.each([
  'branches-protected',
  'pipelines-kept',
  'trusted-connections',
  'signing-connections',
  'deployments-controlled',
  'production-protected',
])('%s says nothing of other stacks', async (policy) => {
  expect(await found(policy, () => [{ type: 'Environment', name: 'x', inputs: {} }], 'dev')).toEqual([]);
  expect(await violationsOf(policy, 'dev', [])).toEqual([]);
});

describe('branches-protected', () => {
  const rule = (change: Change): Promise<readonly string[]> => found('branches-protected', change);
  const only = (message: string): unknown => [expect.stringContaining(message)];

  it('names a branch without policies, and all that it lacks', async () => {
    const names = branchPolicies('master').map(({ name }) => name);
    expect(await rule(without(...names))).toEqual([
      "stack: The branch 'master' lacks BranchPolicyMinReviewers, BranchPolicyBuildValidation by 2 pipelines (there are 0), BranchPolicyCommentResolution, BranchPolicyMergeTypes.",
    ]);
  });

  it('wants all of it in a stack that has nothing', async () => {
    expect(await rule(() => [{ type: 'Environment', name: 'x', inputs: {} }])).toHaveLength(3);
  });

  it.each(['BranchPolicyMinReviewers', 'BranchPolicyCommentResolution', 'BranchPolicyMergeTypes'])('misses %s', async (kind) => {
    expect(await rule(without(`master-${kind}`))).toEqual(only(`'master' lacks ${kind}.`));
  });

  it('misses one of two pipelines', async () => {
    const lacks = "'master' lacks BranchPolicyBuildValidation by 2 pipelines (there are 1)";
    expect(await rule(without('master-build-systems'))).toEqual(only(lacks));
    const sameOne = withResource('master-build-systems', { from: { settings: ['repository', 'platform-pipeline'] } });
    expect(await rule(sameOne)).toEqual(only(lacks));
    const unknown = withResource('master-build-systems', { from: { settings: ['repository'] } });
    expect(await rule(unknown)).toEqual(only(lacks));
  });

  it.each([
    ['master-BranchPolicyMinReviewers', 'enabled', false, 'enabled is false, and has to be true'],
    ['master-BranchPolicyMinReviewers', 'blocking', false, 'blocking is false, and has to be true'],
    ['master-BranchPolicyMergeTypes', 'blocking', COMPUTED, 'blocking is only known later'],
    ['master-build-platform', 'enabled', false, 'enabled is false'],
    ['master-BranchPolicyMinReviewers', 'settings.reviewerCount', 0, 'reviewerCount is 0, and has to be at least 1'],
    ['master-BranchPolicyMinReviewers', 'settings.reviewerCount', undefined, 'reviewerCount is not set'],
    ['master-BranchPolicyMinReviewers', 'settings.submitterCanVote', true, 'submitterCanVote is true'],
    ['master-BranchPolicyMinReviewers', 'settings.lastPusherCannotApprove', false, 'lastPusherCannotApprove is false'],
    ['master-BranchPolicyMinReviewers', 'settings.lastPusherCannotApprove', undefined, 'lastPusherCannotApprove is not set'],
    ['master-BranchPolicyMinReviewers', 'settings.allowCompletionWithRejectsOrWaits', true, 'has to be false'],
    ['master-BranchPolicyMinReviewers', 'settings.onPushResetApprovedVotes', false, 'votes have to be reset on a push'],
    ['master-BranchPolicyMergeTypes', 'settings.allowBasicNoFastForward', false, 'nothing can be merged'],
    ['master-build-platform', 'settings.manualQueueOnly', true, 'manualQueueOnly is true, and has to be false'],
    ['master-build-platform', 'settings.manualQueueOnly', COMPUTED, 'manualQueueOnly is only known later'],
    ['master-build-platform', 'settings.queueOnSourceUpdateOnly', true, 'queueOnSourceUpdateOnly is true'],
    ['master-build-platform', 'settings.queueOnSourceUpdateOnly', undefined, 'queueOnSourceUpdateOnly is not set'],
    ['master-build-platform', 'settings.validDuration', 720, 'validDuration is 720, and has to be 0'],
    ['master-build-platform', 'settings.validDuration', undefined, 'validDuration is not set'],
  ] as const)('is not satisfied by %s with %s %j', async (name, path, value, message) => {
    const result = await rule(withInput(name, path, value));
    expect(result).toEqual([expect.stringMatching(new RegExp(`^BranchPolicy\\w+ ${name}: .*'master'.*${message}`))]);
  });

  it('wants a pipeline that sees what no other sees', async () => {
    const patterns =
      (platform: unknown, systems: unknown): Change =>
      (all) =>
        withInput(
          'master-build-platform',
          'settings.filenamePatterns',
          platform as PlanValue,
        )(withInput('master-build-systems', 'settings.filenamePatterns', systems as PlanValue)(all));
    for (const good of [
      ['*', '!/charts/*'],
      ['*', '!/clusters/*/systems/*', '!/charts/*'],
      ['/*', '!/charts/a'],
      ['/*'],
      [],
      undefined,
    ]) {
      expect(await rule(patterns(good, ['/systems/*', '/clusters/*', '/charts/*']))).toEqual([]);
      expect(await rule(patterns(['/systems/*', '/clusters/*', '/charts/*'], good))).toEqual([]);
      for (const all of [['*'], ['/*'], [], undefined]) expect(await rule(patterns(good, all))).toEqual([]);
    }
    for (const [own, other] of [
      [['*', '!*'], ['/none/*']],
      [['*', '!/charts/*'], ['/charts/a']],
      [['*', '!/chart/*'], ['/charts/*']],
      [['*', '!/ch*'], ['/charts/*']],
      [
        ['*', '!/charts/*'],
        ['/charts/*', '!/charts/a'],
      ],
      [
        ['*', '!/charts/*'],
        ['/charts*', COMPUTED],
      ],
      [['*', '!/charts/*', '!/docs/*'], ['/charts/*']],
      [['*', COMPUTED], ['/charts/*']],
      [['*', '!/charts/*'], COMPUTED],
    ] as const)
      expect(await rule(patterns(own, other))).toEqual(only("'master' may change files that no pipeline validates"));
    for (const bad of [['/nothing'], ['!/charts/*', '*'], ['/src/*', '/infra/*'], COMPUTED]) {
      expect(await rule(patterns(bad, ['/systems/*']))).toEqual(only("'master' may change files that no pipeline validates"));
    }
  });

  it.each([
    { repositoryId: COMPUTED, repositoryRef: 'refs/heads/master', matchType: 'Prefix' },
    { repositoryId: COMPUTED, repositoryRef: 'refs/heads/master', matchType: 'DefaultBranch' },
    { repositoryId: COMPUTED, repositoryRef: 'refs/heads/master', matchType: COMPUTED },
    { repositoryId: COMPUTED, repositoryRef: 'master', matchType: 'Exact' },
    { repositoryId: COMPUTED, repositoryRef: COMPUTED, matchType: 'Exact' },
  ] as readonly PlanObject[])('does not count the scope %j', async (scope) => {
    const change = withInput('master-BranchPolicyMinReviewers', 'settings.scopes', [scope]);
    expect(await rule(change)).toEqual(only("'master' lacks BranchPolicyMinReviewers"));
  });

  it('takes Exact, enabled and blocking as what is meant when nothing is said', async () => {
    const scope = { repositoryId: COMPUTED, repositoryRef: 'refs/heads/master' };
    const name = 'master-BranchPolicyMinReviewers';
    expect(await rule(withInput(name, 'settings.scopes', [scope]))).toEqual([]);
    expect(await rule(withInput(name, 'settings.scopes', [{ ...scope, matchType: 'exact' }]))).toEqual([]);
    expect(await rule((all) => withInput(name, 'enabled', undefined)(withInput(name, 'blocking', undefined)(all)))).toEqual([]);
  });

  it('does not count a policy of another repository', async () => {
    const other: TestResource = { type: 'Git', name: 'other', inputs: { name: 'k8s-shop' }, protect: true };
    const name = 'master-BranchPolicyMinReviewers';
    const elsewhere: Change = (all) => withResource(name, { from: { settings: ['other'] } })([...all, other]);
    expect(await rule(elsewhere)).toEqual(only("'master' lacks BranchPolicyMinReviewers"));
    expect(await rule(withResource(name, { from: {} }))).toEqual(only("'master' lacks BranchPolicyMinReviewers"));
  });

  it('takes the id of a repository that is not made here, if it is the same for all', async () => {
    const known: Change = (all) =>
      without('repository')(all).map((one) =>
        one.type.startsWith('BranchPolicy')
          ? {
              ...one,
              from: { settings: (one.from!['settings'] ?? []).filter((name) => name !== 'repository') },
              inputs: changed(one.inputs, 'settings.scopes', [
                { repositoryId: 'id', repositoryRef: `refs/heads/${one.name.split('-')[0]!}` },
              ]),
            }
          : one.name === 'denials'
            ? { ...one, inputs: { ...one.inputs, repositoryId: 'id' } }
            : one,
      );
    expect(await rule(known)).toEqual([]);
    const name = 'master-BranchPolicyMinReviewers';
    const scope = { repositoryId: 'other', repositoryRef: 'refs/heads/master' };
    const mixed: Change = (all) => withInput(name, 'settings.scopes', [scope])(known(all));
    expect(await rule(mixed)).toEqual(only("'master' lacks BranchPolicyMinReviewers"));
    const literal: Change = (all) =>
      known(all).map((one) =>
        one.type === 'BranchPolicyBuildValidation'
          ? { ...one, from: {}, inputs: changed(one.inputs, 'settings.buildDefinitionId', one.name.endsWith('platform') ? 1 : 2) }
          : one,
      );
    expect(await rule(literal)).toEqual([
      expect.stringContaining("'dev' lacks BranchPolicyBuildValidation by 2 pipelines"),
      expect.stringContaining("'master' lacks BranchPolicyBuildValidation by 2 pipelines"),
    ]);
  });

  it('is satisfied by one good policy beside a disabled one', async () => {
    const more = organization().find(({ name }) => name === 'master-BranchPolicyMinReviewers')!;
    expect(await rule(adding({ ...more, name: 'more', inputs: { ...more.inputs, enabled: false } }))).toEqual([]);
  });

  it.each([
    'PolicyExempt',
    'PullRequestBypassPolicy',
    'ForcePush',
    'EditPolicies',
    'ManagePermissions',
    'Administer',
    'forcepush',
  ])('refuses to allow %s to anybody', async (permission) => {
    const change = withInput('permissions', `permissions.${permission}`, 'Allow');
    expect(await rule(change)).toEqual(only(`GitPermissions permissions: ${permission} is 'Allow'`));
    expect(await rule(withInput('permissions', `permissions.${permission}`, COMPUTED))).toHaveLength(1);
    expect(
      await found('branches-protected', (all) => change(all).filter(({ name }) => name === 'permissions'), 'dev'),
    ).toHaveLength(1);
  });

  it.each(['Deny', 'deny'])('lets %s be', async (value) => {
    expect(await rule(withInput('permissions', 'permissions.PolicyExempt', value))).toEqual([]);
  });

  it.each(['GenericRead', 'GenericContribute', 'CreateBranch', 'CreateTag', 'PullRequestContribute', 'ManageNote'])(
    'lets %s be allowed, which policies hold for',
    async (permission) => {
      for (const value of ['Allow', 'allow', 'Deny', 'NotSet'])
        expect(await rule(withInput('permissions', `permissions.${permission}`, value))).toEqual([]);
      expect(await rule(withInput('permissions', `permissions.${permission}`, COMPUTED))).toHaveLength(1);
    },
  );

  it.each(['DeleteRepository', 'RenameRepository', 'CreateRepository', 'RemoveOthersLocks'])(
    'allows %s to nobody',
    async (permission) => {
      expect(await rule(withInput('permissions', `permissions.${permission}`, 'Allow'))).toEqual(
        only(`${permission} is 'Allow' in permissions, and has to be Deny or NotSet`),
      );
      for (const value of ['Deny', 'NotSet'])
        expect(await rule(withInput('permissions', `permissions.${permission}`, value))).toEqual([]);
    },
  );

  it.each(['128', 'Force push', 'Bypass'])('refuses the permission %s, which it does not know', async (permission) => {
    for (const value of ['Allow', 'Deny'])
      expect(await rule(withInput('permissions', `permissions.${permission}`, value))).toEqual(
        only('nobody knows what that allows'),
      );
  });

  it.each(['NotSet', 'NotDeny', 'Denyx', 'Allow deny', 'xNotSet'])('does not take %s for a denial', async (value) => {
    expect(await rule(withInput('permissions', 'permissions.PolicyExempt', value))).toEqual(only(`PolicyExempt is '${value}'`));
  });

  it('wants somebody denied what gets around the policies, in the whole repository', async () => {
    const denial = "stack: Nobody is denied PolicyExempt and PullRequestBypassPolicy in the repository 'k8s-gitops'";
    expect(await rule(without('denials'))).toEqual(only(denial));
    for (const permission of ['PolicyExempt', 'PullRequestBypassPolicy']) {
      expect(await rule(withInput('denials', `permissions.${permission}`, undefined))).toEqual(only(denial));
    }
    expect(await rule(withInput('denials', 'branchName', 'master'))).toEqual(only(denial));
    expect(await rule(withInput('denials', 'branchName', ''))).toEqual([]);
    const other: TestResource = { type: 'Git', name: 'other', inputs: { name: 'k8s-shop' }, protect: true };
    const elsewhere: Change = (all) => withResource('denials', { from: { repositoryId: ['other'] } })([...all, other]);
    expect(await rule(elsewhere)).toEqual(only(denial));
    expect(await rule(withResource('denials', { from: {} }))).toEqual(only(denial));
  });

  it('refuses permissions that nobody knows', async () => {
    expect(await rule(withInput('permissions', 'permissions', COMPUTED))).toEqual(only('nobody knows what they allow'));
  });
});

describe('signing-connections', () => {
  const rule = (change: Change): Promise<readonly string[]> => found('signing-connections', change);
  const connection = 'image-signing-prod-sc';
  const template = `${connection}-CheckRequiredTemplate`;

  it('wants a required template for what signs', async () => {
    expect(await rule(without(template))).toEqual([
      `ServiceEndpointAzureRM ${connection}: '${connection}' signs, and no template is required: there is no CheckRequiredTemplate for it.`,
    ]);
  });

  it('is not satisfied by the template of another connection, or of another kind of resource', async () => {
    const other = withResource(template, { from: { targetResourceId: ['image-signing-dev-sc'] } });
    expect(await rule(other)).toHaveLength(1);
    const both = withResource(template, { from: { targetResourceId: ['image-signing-dev-sc', connection] } });
    expect(await rule(both)).toHaveLength(1);
    expect(await rule(withInput(template, 'targetResourceType', 'environment'))).toHaveLength(1);
    expect(await rule(withResource(template, { from: {} }))).toHaveLength(1);
  });

  it('takes an equal id', async () => {
    const known: Change = (all) =>
      withResource(template, { from: {} })(
        withInput(template, 'targetResourceId', 'endpoint-id')(withInput(connection, 'id', 'endpoint-id')(all)),
      );
    expect(await rule(known)).toEqual([]);
    expect(await rule((all) => withInput(connection, 'id', 'other')(known(all)))).toHaveLength(1);
  });

  it.each([
    [[], 'has to name one'],
    [COMPUTED, 'only known later'],
    [[{ ...TEMPLATE, repositoryRef: 'refs/heads/feature' }], "repositoryRef is 'refs/heads/feature'"],
    [[{ ...TEMPLATE, repositoryRef: 'refs/heads/dev' }], "repositoryRef is 'refs/heads/dev', and has to be refs/heads/master"],
    [[{ ...TEMPLATE, repositoryRef: 'master' }], "repositoryRef is 'master'"],
    [[{ ...TEMPLATE, repositoryRef: COMPUTED }], 'repositoryRef is only known later'],
    [[{ ...TEMPLATE, repositoryName: 'my-project/other' }], "repositoryName is 'my-project/other'"],
    [[{ ...TEMPLATE, repositoryName: 'evil/k8s-gitops' }], "repositoryName is 'evil/k8s-gitops'"],
    [[{ ...TEMPLATE, repositoryName: 'k8s-gitops' }], "repositoryName is 'k8s-gitops'"],
    [[{ ...TEMPLATE, repositoryType: 'github' }], "repositoryType is 'github', and has to be azuregit"],
    [[{ repositoryName: TEMPLATE.repositoryName, repositoryRef: TEMPLATE.repositoryRef }], 'templatePath is not set'],
    [[{ ...TEMPLATE, templatePath: 'ci/dry-run.yaml' }], "templatePath is 'ci/dry-run.yaml', and has to be ci/app.yaml"],
    [[TEMPLATE, { ...TEMPLATE, repositoryRef: 'refs/tags/v1' }], "repositoryRef is 'refs/tags/v1'"],
  ])('is not satisfied by the templates %j', async (templates, message) => {
    expect(await rule(withInput(template, 'requiredTemplates', templates))).toEqual([
      expect.stringMatching(new RegExp(`^CheckRequiredTemplate ${template}: .*${message}`)),
    ]);
  });

  it('misses a connection that signs', async () => {
    const gone = without(connection, template, `${connection}-all`);
    expect(await rule(gone)).toEqual([expect.stringContaining(`stack: There is no service connection '${connection}'`)]);
    const hidden = withInput(connection, 'serviceEndpointName', COMPUTED);
    expect(await rule(hidden)).toEqual([expect.stringContaining('There is no service connection')]);
    expect(await rule(withInput(connection, 'serviceEndpointName', connection.toUpperCase()))).toEqual([]);
  });

  it('wants a required template for what every pipeline may use', async () => {
    const open = (inputs: PlanObject, from?: TestResource['from']): Change =>
      adding({ type: 'PipelineAuthorization', name: 'open', inputs, ...(from === undefined ? {} : { from }) });
    const all = { type: 'endpoint', resourceId: COMPUTED };
    const acr = { resourceId: ['acr-dev-sc'] };
    expect(await rule(open(all, acr))).toEqual([
      expect.stringContaining("ServiceEndpointAzureRM acr-dev-sc: Every pipeline may use 'acr-dev-sc' (open), and no template"),
    ]);
    expect(await rule(open({ ...all, pipelineId: COMPUTED }, acr))).toEqual([]);
    expect(await rule(open({ ...all, type: 'queue' }, acr))).toEqual([]);
    for (const unknown of [COMPUTED, undefined]) {
      const typed = {
        ...Object.fromEntries(Object.entries(all).filter(([key]) => key !== 'type')),
        ...(unknown && { type: unknown }),
      };
      expect(await rule(open(typed, acr))).toHaveLength(1);
    }
    expect(await rule(open({ ...all, pipelineId: 0 }, acr))).toHaveLength(1);
    expect(await rule(open({ ...all, resourceId: 'elsewhere' }))).toEqual([
      expect.stringContaining("PipelineAuthorization open: open opens the service connection 'elsewhere' to every pipeline"),
    ]);
    expect(await rule(open(all))).toEqual([expect.stringContaining('only known later to every pipeline')]);
    const required = organization().find(({ name }) => name === template)!.inputs['requiredTemplates']!;
    const protectedElsewhere: TestResource = {
      type: 'CheckRequiredTemplate',
      name: 'elsewhere-template',
      inputs: { targetResourceType: 'endpoint', targetResourceId: 'elsewhere', requiredTemplates: required },
    };
    const beside = (inputs: PlanObject): Promise<readonly string[]> =>
      rule((resources) =>
        open({ ...all, resourceId: 'elsewhere' })([
          ...resources,
          { ...protectedElsewhere, inputs: { ...protectedElsewhere.inputs, ...inputs } },
        ]),
      );
    expect(await beside({})).toEqual([]);
    for (const wrong of [
      { targetResourceType: 'environment' },
      { targetResourceId: 'other' },
      { requiredTemplates: [] },
    ] as readonly PlanObject[])
      expect(await beside(wrong)).toHaveLength(1);
  });
});

describe('deployments-controlled', () => {
  const rule = (change: Change): Promise<readonly string[]> => found('deployments-controlled', change);
  const control = 'dev-deployments-CheckBranchControl';

  it('wants a lock and a branch control of every environment', async () => {
    expect(await rule(without('dev-deployments-CheckExclusiveLock'))).toEqual([
      "Environment dev-deployments: Two deployments to 'dev-deployments' can run at once: there is no CheckExclusiveLock for it.",
    ]);
    expect(await rule(without(control))).toEqual([expect.stringContaining('there is no CheckBranchControl for it')]);
    expect(await rule(withInput(control, 'targetResourceType', 'endpoint'))).toHaveLength(1);
  });

  it.each([
    ['*', "is '*'"],
    [undefined, "is '*'"],
    ['refs/heads/*', "is 'refs/heads/\\*'"],
    ['refs/heads/dev,refs/heads/feature', 'may name'],
    ['dev', 'may name'],
    ['', 'may name'],
    [COMPUTED, 'only known later'],
  ])('refuses the branches %j', async (branches, message) => {
    expect(await rule(withInput(control, 'allowedBranches', branches))).toEqual([
      expect.stringMatching(new RegExp(`^CheckBranchControl ${control}: Other branches may deploy.*${message}`)),
    ]);
  });

  it('refuses the branch of another environment', async () => {
    for (const branches of ['refs/heads/dev', 'refs/heads/dev, refs/heads/master']) {
      expect(await rule(withInput('prod-deployments-CheckBranchControl', 'allowedBranches', branches))).toEqual([
        `CheckBranchControl prod-deployments-CheckBranchControl: Other branches may deploy to 'prod-deployments': allowedBranches is '${branches}', and may name refs/heads/master alone.`,
      ]);
    }
  });

  it('refuses branches whose protection is not known', async () => {
    for (const [ignored, shown] of [
      [true, 'true'],
      [COMPUTED, 'only known later'],
    ] as const) {
      expect(await rule(withInput(control, 'ignoreUnknownProtectionStatus', ignored))).toEqual([
        expect.stringContaining(`ignoreUnknownProtectionStatus is ${shown}, and has to be false`),
      ]);
    }
    expect(await rule(withInput(control, 'ignoreUnknownProtectionStatus', undefined))).toEqual([]);
    for (const verified of [false, undefined]) {
      expect(await rule(withInput(control, 'verifyBranchProtection', verified))).toEqual([
        expect.stringContaining('verifyBranchProtection is false, and has to be true'),
      ]);
    }
  });

  it('takes names of branches with space around them', async () => {
    expect(await rule(withInput(control, 'allowedBranches', ' refs/heads/dev , refs/heads/dev '))).toEqual([]);
  });

  it('wants the environment and the cluster connection of every environment', async () => {
    expect(await rule(withInput('dev-deployments', 'name', COMPUTED))).toEqual([
      expect.stringContaining("stack: There is no Azure DevOps environment 'dev-deployments'"),
    ]);
    const cluster = ['', '-CheckBranchControl', '-platform', '-credential'].map((end) => `k8s-rbac-dev-ado-sc${end}`);
    expect(await rule(without(...cluster))).toEqual([
      expect.stringContaining("stack: There is no service connection 'k8s-rbac-dev-ado-sc'"),
    ]);
    const withoutConnections: Change = (all) => all.filter(({ type }) => type !== 'ServiceEndpointAzureRM');
    expect(await rule(withoutConnections)).toEqual([]);
    expect(await rule(withInput('dev-deployments', 'name', 'DEV-deployments'))).toEqual([]);
  });

  it('wants branch control of the connection of a cluster, whatever template it requires', async () => {
    const name = 'k8s-rbac-dev-ado-sc';
    const template = check('CheckRequiredTemplate', name, 'endpoint', { requiredTemplates: [TEMPLATE] });
    for (const more of [[], [template]]) {
      const change: Change = (all) => adding(...more)(without(`${name}-CheckBranchControl`)(all));
      expect(await rule(change)).toEqual([
        `ServiceEndpointAzureRM ${name}: Other branches may use '${name}': there is no CheckBranchControl for it.`,
      ]);
    }
    for (const branches of ['*', 'refs/heads/dev, refs/heads/master']) {
      expect(await rule(withInput(`${name}-CheckBranchControl`, 'allowedBranches', branches))).toEqual([
        expect.stringContaining(`allowedBranches is '${branches}', and may name refs/heads/dev alone`),
      ]);
    }
  });

  it('lets one pipeline use the connection of a cluster', async () => {
    const name = 'k8s-rbac-prod-ado-sc';
    const authorization = organization().find((one) => one.name === `${name}-platform`)!;
    expect(await rule(without(`${name}-platform`))).toEqual([expect.stringContaining('has 0 PipelineAuthorizations')]);
    const more = { ...authorization, name: 'more', from: { ...authorization.from, pipelineId: ['systems-pipeline'] } };
    expect(await rule(adding(more))).toEqual([
      expect.stringContaining("more authorizes the pipeline 'systems', and has to be for the platform's"),
      `ServiceEndpointAzureRM ${name}: '${name}' is for the platform's pipeline alone, and has 2 PipelineAuthorizations.`,
    ]);
    for (const none of [undefined, 0]) {
      expect(await rule(withInput(`${name}-platform`, 'pipelineId', none))).toEqual([
        expect.stringContaining('is authorized for every pipeline'),
      ]);
    }
  });

  it.each(['environment', 'queue', 'repository', 'variablegroup', COMPUTED])('opens no %s to every pipeline', async (type) => {
    const open = (inputs: PlanObject): Change =>
      adding({ type: 'PipelineAuthorization', name: 'open', inputs: { type, resourceId: COMPUTED, ...inputs } });
    for (const none of [{}, { pipelineId: 0 }, { pipelineId: '' }] as readonly PlanObject[]) {
      expect(await rule(open(none))).toEqual([
        ...(type === COMPUTED ? ([expect.stringContaining('and has to be known')] as unknown[]) : []),
        expect.stringMatching(/^PipelineAuthorization open: open opens a resource whose type is .* to every pipeline/),
      ]);
    }
  });

  it.each(['k8s-rbac-prod-ado-sc-platform', 'prod-deployments-platform'])(
    'has %s for the platform pipeline alone',
    async (name) => {
      const { from } = organization().find((one) => one.name === name)!;
      const right = name.startsWith('prod') ? 'environment' : 'endpoint';
      for (const type of ['queue', right === 'endpoint' ? 'environment' : 'endpoint', COMPUTED, undefined])
        expect(await rule(withInput(name, 'type', type))).toEqual([expect.stringContaining(`and has to be '${right}'`)]);
      expect(await rule(withResource(name, { from: { ...from, pipelineId: ['systems-pipeline'] } }))).toEqual([
        `PipelineAuthorization ${name}: ${name} authorizes the pipeline 'systems', and has to be for the platform's, whose repository.ymlPath is 'azure-pipelines.yaml'.`,
      ]);
      for (const pipelineId of [[], ['repository'], ['platform-pipeline', 'systems-pipeline']])
        for (const id of [7, COMPUTED])
          expect(
            await rule((all) => withInput(name, 'pipelineId', id)(withResource(name, { from: { ...from, pipelineId } })(all))),
          ).toEqual([expect.stringContaining('authorizes a pipeline that is not made here')]);
      const elsewhere = withInput('platform-pipeline', 'repository.ymlPath', 'other.yaml');
      expect((await rule(elsewhere)).filter((one) => one.startsWith(`PipelineAuthorization ${name}:`))).toHaveLength(1);
    },
  );

  it('has the environments that are not made here for the platform pipeline, too', async () => {
    const authorization = (type: string, pipelineId: readonly string[]): Change =>
      adding({
        type: 'PipelineAuthorization',
        name: 'more',
        inputs: { type, resourceId: 'elsewhere', pipelineId: COMPUTED },
        from: { pipelineId },
      });
    for (const type of ['environment', 'queue', 'endpoint']) {
      expect(await rule(authorization(type, ['platform-pipeline']))).toEqual([]);
      expect(await rule(authorization(type, ['systems-pipeline']))).toHaveLength(type === 'environment' ? 1 : 0);
      expect(await rule(authorization(type, []))).toEqual([expect.stringContaining('that is not made here')]);
    }
  });

  it('leaves a connection that is open to signing-connections', async () => {
    const open = { type: 'PipelineAuthorization', name: 'open', inputs: { type: 'endpoint', resourceId: COMPUTED } };
    expect(await rule(adding(open))).toEqual([]);
  });

  it('wants a check of every connection that does more than pull', async () => {
    const name = 'dry-run-dev-sc';
    const connection: TestResource = {
      type: 'ServiceEndpointAzureRM',
      name,
      inputs: { serviceEndpointName: name },
    };
    expect(await rule(adding(connection))).toEqual([
      `ServiceEndpointAzureRM ${name}: Every branch may use '${name}': there is neither a CheckBranchControl nor a CheckRequiredTemplate for it.`,
    ]);
    const control = check('CheckBranchControl', name, 'endpoint', { allowedBranches: '*' });
    expect(await rule(adding(connection, control))).toEqual([
      expect.stringMatching(new RegExp(`^CheckBranchControl ${name}-CheckBranchControl: Other branches may use`)),
    ]);
    const template = check('CheckRequiredTemplate', name, 'endpoint', {
      requiredTemplates: [{ ...TEMPLATE, templatePath: 'ci/dry-run.yaml' }],
    });
    expect(await rule(adding(connection, template))).toEqual([]);
    expect(await rule(withInput('acr-dev-sc', 'serviceEndpointName', COMPUTED))).toHaveLength(1);
    expect(await rule(withInput('acr-dev-sc', 'serviceEndpointName', 'ACR-dev-sc'))).toEqual([]);
  });
});

describe('production-protected', () => {
  const rule = (change: Change): Promise<readonly string[]> => found('production-protected', change);
  const approval = 'prod-deployments-CheckApproval';

  it.each(['Registry', 'Vault', 'Key'])('wants %s of production protected', async (type) => {
    const resource = { type, name: 'it', inputs: {} };
    expect(await violationsOf('production-protected', 'prod', [{ ...resource, retainOnDelete: true }])).toMatchObject([
      { resource: `${type} it`, message: 'it is not protected, and has to be.', remedy: 'Give it the option `protect: true`.' },
    ]);
    expect(await violationsOf('production-protected', 'prod', [{ ...resource, protect: true }])).toEqual([]);
    expect(await violationsOf('production-protected', 'dev', [resource])).toEqual([]);
  });

  it('wants the repository protected', async () => {
    expect(await rule(withResource('repository', { protect: false }))).toEqual([
      'Git repository: repository is not protected, and has to be.',
    ]);
  });

  it('wants somebody to approve', async () => {
    expect(await rule(without(approval))).toEqual([
      expect.stringContaining("Environment prod-deployments: Nobody has to approve a deployment to 'prod-deployments'"),
    ]);
    const elsewhere = withResource(approval, { from: { targetResourceId: ['dev-deployments'] } });
    expect(await rule(elsewhere)).toHaveLength(1);
  });

  it.each([
    ['approvers', [], 'approvers is []'],
    ['approvers', undefined, 'approvers is not set'],
    ['approvers', COMPUTED, 'approvers is only known later'],
    ['requesterCanApprove', true, 'requesterCanApprove is true'],
    ['requesterCanApprove', COMPUTED, 'requesterCanApprove is only known later'],
  ])('is not satisfied by an approval with %s %j', async (field, value, message) => {
    const result = await rule(withInput(approval, field, value));
    expect(result).toEqual([expect.stringContaining(message)]);
    expect(result[0]).toMatch(new RegExp(`^CheckApproval ${approval}: `));
  });

  it('takes production without registry and Key Vault, which others own, and any number of approvals', async () => {
    const role = { type: 'RoleAssignment', name: 'it', inputs: {} };
    expect(await violationsOf('production-protected', 'prod', [role])).toEqual([]);
    for (const least of [0, 1, undefined]) expect(await rule(withInput(approval, 'minimumRequiredApprovers', least))).toEqual([]);
  });

  it('takes one good approval, and requesters that are not said', async () => {
    expect(await rule(withInput(approval, 'requesterCanApprove', undefined))).toEqual([]);
    const more = { ...check('CheckApproval', 'prod-deployments', 'environment', { approvers: [] }), name: 'more' };
    expect(await rule(adding(more))).toEqual([]);
  });

  it('wants the environment of production', async () => {
    expect(await rule(withInput('prod-deployments', 'name', 'other'))).toEqual([
      expect.stringContaining("stack: There is no Azure DevOps environment 'prod-deployments'"),
    ]);
    expect(await rule(same)).toEqual([]);
  });
});
