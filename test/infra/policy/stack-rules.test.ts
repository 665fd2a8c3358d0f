import { COMPUTED, type PlanObject } from '../../../infra/plan';
import { checkPlan } from '../../../infra/policy/index';
import { changed, FACTS, planned, violationsOf, type TestResource } from './checked';
import { branchPolicies, check, organization } from './organization';

type Change = (resources: readonly TestResource[]) => readonly TestResource[];

const without =
  (...names: readonly string[]): Change =>
  (resources) => {
    for (const name of names) if (!resources.some((resource) => resource.name === name)) throw new Error(`no ${name}`);
    return resources.filter(({ name }) => !names.includes(name));
  };

const withInput =
  (name: string, path: string, value: PlanObject[string] | undefined): Change =>
  (resources) => {
    if (!resources.some((resource) => resource.name === name)) throw new Error(`no ${name}`);
    return resources.map((one) => (one.name === name ? { ...one, inputs: changed(one.inputs, path, value) } : one));
  };

const withResource =
  (name: string, options: Partial<TestResource>): Change =>
  (resources) =>
    resources.map((one) => (one.name === name ? { ...one, ...options } : one));

const adding =
  (...more: readonly TestResource[]): Change =>
  (resources) => [...resources, ...more];

/** What a rule finds in the stack `organization` after a change: short name of the resource, and message. */
async function found(policy: string, change: Change, stack = 'organization'): Promise<readonly string[]> {
  const violations = await violationsOf(policy, stack, change(organization()));
  return violations.map(({ resource, message }) => `${resource ?? 'stack'}: ${message}`);
}

const same: Change = (resources) => resources;

it('breaks no rule when it is right', async () => {
  expect(await checkPlan({ stack: 'organization', resources: planned('organization', organization()) }, FACTS)).toEqual([]);
});

it.each(['branches-protected', 'signing-connections', 'deployments-controlled', 'production-protected'])(
  '%s says nothing of other stacks',
  async (policy) => {
    expect(await found(policy, () => [{ type: 'Environment', name: 'x', inputs: {} }], 'dev')).toEqual([]);
    expect(await violationsOf(policy, 'dev', [])).toEqual([]);
  },
);

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
    expect(await rule(() => [{ type: 'Environment', name: 'x', inputs: {} }])).toHaveLength(2);
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
    ['master-BranchPolicyMinReviewers', 'settings.allowCompletionWithRejectsOrWaits', true, 'has to be false'],
    ['master-BranchPolicyMinReviewers', 'settings.onPushResetApprovedVotes', false, 'votes have to be reset on a push'],
    ['master-BranchPolicyMergeTypes', 'settings.allowBasicNoFastForward', false, 'nothing can be merged'],
  ] as const)('is not satisfied by %s with %s %j', async (name, path, value, message) => {
    const result = await rule(withInput(name, path, value));
    expect(result).toEqual([expect.stringMatching(new RegExp(`^BranchPolicy\\w+ ${name}: .*'master'.*${message}`))]);
  });

  it.each([
    { repositoryId: COMPUTED, repositoryRef: 'refs/heads/master', matchType: 'Prefix' },
    { matchType: 'DefaultBranch' },
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
    expect(await rule(literal)).toEqual([]);
  });

  it('is satisfied by one good policy beside a disabled one', async () => {
    const more = organization().find(({ name }) => name === 'master-BranchPolicyMinReviewers')!;
    expect(await rule(adding({ ...more, name: 'more', inputs: { ...more.inputs, enabled: false } }))).toEqual([]);
  });

  it.each(['PolicyExempt', 'PullRequestBypassPolicy', 'ForcePush', 'EditPolicies', 'ManagePermissions', 'forcepush'])(
    'refuses to allow %s to anybody',
    async (permission) => {
      const change = withInput('permissions', `permissions.${permission}`, 'Allow');
      expect(await rule(change)).toEqual(only(`GitPermissions permissions: ${permission} is 'Allow'`));
      expect(await rule(withInput('permissions', `permissions.${permission}`, COMPUTED))).toHaveLength(1);
      expect(
        await found('branches-protected', (all) => change(all).filter(({ name }) => name === 'permissions'), 'dev'),
      ).toHaveLength(1);
    },
  );

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
    [[{ repositoryName: 'my-project/k8s-gitops', repositoryRef: 'refs/heads/feature' }], "repositoryRef is 'refs/heads/feature'"],
    [[{ repositoryName: 'my-project/k8s-gitops', repositoryRef: 'master' }], "repositoryRef is 'master'"],
    [[{ repositoryName: 'my-project/k8s-gitops', repositoryRef: COMPUTED }], 'repositoryRef is only known later'],
    [[{ repositoryName: 'my-project/other', repositoryRef: 'refs/heads/master' }], "repositoryName is 'my-project/other'"],
    [
      [
        { repositoryName: 'my-project/k8s-gitops', repositoryRef: 'refs/heads/master' },
        { repositoryName: 'my-project/k8s-gitops', repositoryRef: 'refs/tags/v1' },
      ],
      "repositoryRef is 'refs/tags/v1'",
    ],
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
    expect(await rule((resources) => open({ ...all, resourceId: 'elsewhere' })([...resources, protectedElsewhere]))).toEqual([]);
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
    expect(await rule(withInput(control, 'ignoreUnknownProtectionStatus', true))).toEqual([
      expect.stringContaining('ignoreUnknownProtectionStatus is true'),
    ]);
  });

  it('wants a check of every connection that does more than pull', async () => {
    const name = 'k8s-rbac-dev-ado-sc-CheckBranchControl';
    expect(await rule(without(name))).toEqual([
      "ServiceEndpointAzureRM k8s-rbac-dev-ado-sc: Every branch may use 'k8s-rbac-dev-ado-sc': there is neither a CheckBranchControl nor a CheckRequiredTemplate for it.",
    ]);
    expect(await rule(withInput(name, 'allowedBranches', '*'))).toEqual([
      expect.stringMatching(new RegExp(`^CheckBranchControl ${name}: Other branches may use`)),
    ]);
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
