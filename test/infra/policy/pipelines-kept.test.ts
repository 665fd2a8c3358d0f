import { COMPUTED, type PlanObject } from '../../../infra/plan';
import { found, withInput, without, withResource, type Change } from './changes';
import { changed, type TestResource } from './checked';

const rule = (change: Change): Promise<readonly string[]> => found('pipelines-kept', change);

describe('pipelines-kept', () => {
  it('finds nothing wrong with what is right', async () => {
    expect(await rule((all) => all)).toEqual([]);
  });

  it.each([
    ['jobAuthorizationScope', 'projectCollection', "jobAuthorizationScope is 'projectCollection', and has to be 'project'"],
    ['jobAuthorizationScope', undefined, 'jobAuthorizationScope is not set'],
    ['jobAuthorizationScope', COMPUTED, 'jobAuthorizationScope is only known later'],
    ['repository.repoType', 'GitHub', "repository.repoType is 'GitHub', and has to be 'TfsGit'"],
    ['repository.branchName', 'refs/heads/dev', "repository.branchName is 'refs/heads/dev', and has to be 'refs/heads/master'"],
    ['repository.branchName', 'master', "repository.branchName is 'master'"],
    ['repository.branchName', undefined, 'repository.branchName is not set'],
  ] as const)('refuses a pipeline with %s %j', async (path, value, message) => {
    expect(await rule(withInput('systems-pipeline', path, value))).toEqual([
      `BuildDefinition systems-pipeline: The pipeline 'systems' is not kept: ${message}${message.includes('has to be') ? '' : rest(path)}.`,
    ]);
  });

  it('refuses a pipeline of another repository', async () => {
    const other: TestResource = { type: 'Git', name: 'other', inputs: { name: 'k8s-shop' }, protect: true };
    const elsewhere: Change = (all) => withResource('systems-pipeline', { from: { repository: ['other'] } })([...all, other]);
    for (const change of [elsewhere, withResource('systems-pipeline', { from: {} })])
      expect(await rule(change)).toEqual([
        expect.stringContaining("repository.repoId is only known later, and has to be 'k8s-gitops'"),
      ]);
  });

  it('takes the repository whose branches have policies, where it is not made here', async () => {
    const known =
      (id: string): Change =>
      (all) =>
        without('repository')(all).map((one) => ({ ...one, inputs: withRepository(one, id) }));
    expect(await rule(known('ours'))).toEqual([]);
    expect(await rule(known('other'))).toHaveLength(2);
  });

  it.each(['EditBuildDefinition', 'DeleteBuildDefinition', 'AdministerBuildPermissions'])(
    'wants %s denied to somebody',
    async (permission) => {
      for (const value of ['Allow', 'NotSet', undefined, COMPUTED]) {
        expect(await rule(withInput('platform-kept', `permissions.${permission}`, value))).toEqual([
          expect.stringContaining(
            "BuildDefinition platform-pipeline: Whoever works on the code may change the pipeline 'platform'",
          ),
          ...(value === undefined
            ? []
            : ([expect.stringMatching(`${permission} is .* in platform-kept, and has to be Deny\\.`)] as unknown[])),
        ]);
      }
      expect(await rule(withInput('platform-kept', `permissions.${permission}`, 'deny'))).toEqual([]);
    },
  );

  it('wants the permissions of every pipeline', async () => {
    for (const change of [
      without('systems-kept'),
      withResource('systems-kept', { from: { buildDefinitionId: ['platform-pipeline'] } }),
      withResource('systems-kept', { from: {} }),
    ])
      expect(await rule(change)).toEqual([expect.stringContaining("may change the pipeline 'systems'")]);
  });
});

describe('pipelines-kept, of every permission', () => {
  it('refuses what allows to go round a pipeline', async () => {
    for (const value of ['Allow', COMPUTED])
      expect(await rule(withInput('platform-kept', 'permissions.OverrideBuildCheckInValidation', value))).toEqual([
        expect.stringContaining('in platform-kept, and has to be Deny or NotSet'),
      ]);
    for (const value of ['Deny', 'NotSet', undefined])
      expect(await rule(withInput('platform-kept', 'permissions.overridebuildcheckinvalidation', value))).toEqual([]);
    expect(await rule(withInput('platform-kept', 'permissions.QueueBuilds', 'Allow'))).toEqual([]);
    expect(await rule(withInput('platform-kept', 'permissions.2048', 'Allow'))).toEqual([
      expect.stringContaining("2048 is 'Allow' in platform-kept, and is no name of a permission"),
    ]);
  });

  it('refuses permissions that nobody knows, and one that allows beside one that denies', async () => {
    expect(await rule(withInput('systems-kept', 'permissions', COMPUTED))).toEqual([
      expect.stringContaining("may change the pipeline 'systems'"),
      expect.stringContaining('nobody knows what they allow'),
    ]);
    const more: TestResource = {
      type: 'BuildDefinitionPermissions',
      name: 'more',
      inputs: { permissions: { editbuilddefinition: 'Allow' } },
    };
    expect(await rule((all) => [...all, more])).toEqual([expect.stringContaining("editbuilddefinition is 'Allow' in more")]);
  });
});

const rest = (path: string): string => `, and has to be '${path === 'jobAuthorizationScope' ? 'project' : 'refs/heads/master'}'`;

function withRepository({ type, inputs }: TestResource, id: string): PlanObject {
  if (type === 'BuildDefinition') return changed(inputs, 'repository.repoId', id);
  const settings = inputs['settings'] as PlanObject | undefined;
  const [scope] = (settings?.['scopes'] ?? []) as readonly PlanObject[];
  return scope === undefined ? inputs : changed(inputs, 'settings.scopes', [{ ...scope, repositoryId: 'ours' }]);
}
