import { COMPUTED, type PlanObject } from '../../../infra/plan';
import { dryRunAccessObjectsFor, dryRunIdentity } from '../../../manifests/builders';
import { changed, wrongWith } from './checked';

const objects = dryRunAccessObjectsFor(dryRunIdentity('11111111-2222-4333-8444-555555555555'));
const RIGHT = {
  ClusterRole: ['rbac.authorization.k8s.io', objects.role],
  RoleBinding: ['rbac.authorization.k8s.io', objects.roleBinding],
  ValidatingAdmissionPolicy: ['admissionregistration.k8s.io', objects.policy],
} as const;

function rule(kind: keyof typeof RIGHT, path?: string, value?: PlanObject[string]): Promise<readonly string[]> {
  const [group, object] = RIGHT[kind];
  const inputs = JSON.parse(JSON.stringify(object)) as PlanObject;
  return wrongWith(
    'dry-run-rights',
    `kubernetes:${group}/v1:${kind}`,
    path === undefined ? inputs : changed(inputs, path, value),
  );
}

const SECRETS = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];

describe('dry-run-rights', () => {
  it('takes what the builders write, and an identity that is known later', async () => {
    for (const kind of Object.keys(RIGHT) as (keyof typeof RIGHT)[]) expect(await rule(kind)).toEqual([]);
    expect(await rule('RoleBinding', 'subjects', COMPUTED)).toEqual([]);
    expect(await rule('RoleBinding', 'roleRef.name', COMPUTED)).toEqual([]);
    expect(await rule('ValidatingAdmissionPolicy', 'spec.matchConditions', COMPUTED)).toEqual([]);
    expect(await rule('ClusterRole', 'metadata.labels', undefined)).toEqual([]);
  });

  it.each([
    ['ClusterRole', 'metadata.name', 'other'],
    ['ClusterRole', 'metadata.name', COMPUTED],
    ['ClusterRole', 'rules', SECRETS],
    ['ClusterRole', 'rules', COMPUTED],
    ['ClusterRole', 'aggregationRule', { clusterRoleSelectors: [] }],
    ['ClusterRole', 'metadata.labels', { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }],
    ['ClusterRole', 'metadata.labels', COMPUTED],
    ['RoleBinding', 'metadata.name', 'other'],
    ['RoleBinding', 'metadata.namespace', 'kube-system'],
    ['RoleBinding', 'metadata.namespace', undefined],
    ['RoleBinding', 'roleRef.name', 'admin'],
    ['RoleBinding', 'roleRef.kind', 'Role'],
    ['RoleBinding', 'subjects', []],
    ['RoleBinding', 'subjects', [{ kind: 'Group', name: 'system:authenticated' }]],
    [
      'RoleBinding',
      'subjects',
      [
        { kind: 'User', name: 'a' },
        { kind: 'User', name: 'b' },
      ],
    ],
    ['ValidatingAdmissionPolicy', 'spec.matchConstraints', { resourceRules: [] }],
    ['ValidatingAdmissionPolicy', 'spec.matchConstraints', COMPUTED],
    ['ValidatingAdmissionPolicy', 'spec.validations', [{ expression: 'true' }]],
    ['ValidatingAdmissionPolicy', 'spec.matchConditions', []],
    ['ValidatingAdmissionPolicy', 'spec.matchConditions', [{ name: 'a' }, { name: 'never', expression: 'false' }]],
    ['ValidatingAdmissionPolicy', 'spec.matchConditions', undefined],
  ] as const)('refuses a %s with %s %j', async (kind, path, value) => {
    expect(await rule(kind, path, value as PlanObject[string])).toEqual([expect.stringContaining(`${path} is `)]);
  });
});
