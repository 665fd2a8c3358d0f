import { COMPUTED, type PlanObject } from '../../../infra/plan';
import { changed, violationsOf, type TestResource } from './checked';

const RBAC = 'kubernetes:rbac.authorization.k8s.io/v1:';
const ADMISSION = 'kubernetes:admissionregistration.k8s.io/v1:';
const metadata = { name: 'k8s-gitops-dry-run' };
const roleRef = { kind: 'ClusterRole', name: 'k8s-gitops-dry-run' };

const POLICY: TestResource = {
  type: `${ADMISSION}ValidatingAdmissionPolicy`,
  name: 'policy',
  inputs: { metadata, spec: { failurePolicy: 'Fail' } },
};
const BINDING: TestResource = {
  type: `${ADMISSION}ValidatingAdmissionPolicyBinding`,
  name: 'binding',
  inputs: { metadata, spec: { policyName: 'k8s-gitops-dry-run', validationActions: ['Deny'] } },
};
const RIGHTS: TestResource = { type: `${RBAC}RoleBinding`, name: 'rights', inputs: { metadata, roleRef } };

async function rule(...resources: readonly TestResource[]): Promise<readonly string[]> {
  const violations = await violationsOf('dry-run-refuses', 'dev', resources);
  return violations.map(({ resource, message }) => `${resource ?? 'stack'}: ${message}`);
}

const withInput = (resource: TestResource, path: string, value: PlanObject[string] | undefined): TestResource => ({
  ...resource,
  inputs: changed(resource.inputs, path, value),
});

describe('dry-run-refuses', () => {
  it('takes the rights with the refusal, and a stack without either', async () => {
    expect(await rule(POLICY, BINDING, RIGHTS)).toEqual([]);
    expect(await rule(withInput(POLICY, 'spec.failurePolicy', undefined), BINDING, RIGHTS)).toEqual([]);
    expect(await rule(withInput(RIGHTS, 'metadata.name', 'other'))).toEqual([]);
    expect(await rule(POLICY)).toEqual([]);
  });

  it('wants the policy and its binding, by their names', async () => {
    const noPolicy = "there is no ValidatingAdmissionPolicy 'k8s-gitops-dry-run'.";
    const noBinding = "there is no ValidatingAdmissionPolicyBinding 'k8s-gitops-dry-run'.";
    for (const type of ['RoleBinding', 'ClusterRoleBinding']) {
      const rights = { ...RIGHTS, type: RBAC + type };
      const could = `${type} rights: Who dry-runs by rights could change the cluster:`;
      expect(await rule(BINDING, rights)).toEqual([`${could} ${noPolicy}`]);
      expect(await rule(POLICY, rights)).toEqual([`${could} ${noBinding}`]);
      expect(await rule(rights)).toEqual([`${could} ${noPolicy}`, `${could} ${noBinding}`]);
    }
    expect(await rule(withInput(POLICY, 'metadata.name', 'other'), BINDING, RIGHTS)).toEqual([expect.stringContaining(noPolicy)]);
    expect(await rule(POLICY, withInput(BINDING, 'metadata.name', COMPUTED), RIGHTS)).toEqual([
      expect.stringContaining(noBinding),
    ]);
  });

  it.each([
    [POLICY, 'spec.failurePolicy', 'Ignore', "spec.failurePolicy is 'Ignore', and has to be 'Fail'"],
    [POLICY, 'spec.failurePolicy', COMPUTED, 'spec.failurePolicy is only known later'],
    [BINDING, 'spec.validationActions', ['Audit'], 'spec.validationActions is ["Audit"], and has to be [\'Deny\']'],
    [BINDING, 'spec.validationActions', ['Deny', 'Audit'], 'spec.validationActions is ["Deny","Audit"]'],
    [BINDING, 'spec.validationActions', [], 'spec.validationActions is []'],
    [BINDING, 'spec.validationActions', COMPUTED, 'spec.validationActions is only known later'],
    [BINDING, 'spec.policyName', 'other', "spec.policyName is 'other'"],
    [BINDING, 'spec.matchResources', { namespaceSelector: {} }, 'spec.matchResources is set'],
  ] as const)('refuses $0.name with %s %j', async (resource, path, value, message) => {
    const found = await rule(
      ...[POLICY, BINDING, RIGHTS].map((one) => (one === resource ? withInput(one, path, value as PlanObject[string]) : one)),
    );
    expect(found).toEqual([
      expect.stringContaining(`${resource.name}: Who dry-runs by rights could change the cluster: ${message}`),
    ]);
  });

  it('binds nobody to cluster-admin', async () => {
    for (const type of ['ClusterRoleBinding', 'RoleBinding', 'ClusterRoleBindingPatch']) {
      const binding: TestResource = {
        type: RBAC + type,
        name: 'admin',
        inputs: { metadata: { name: 'admin' }, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } },
      };
      expect(await rule(binding)).toEqual([expect.stringContaining('admin binds somebody to cluster-admin')]);
      expect(await rule(withInput(binding, 'roleRef.name', 'view'))).toEqual([]);
    }
  });
});
