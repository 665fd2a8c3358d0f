import { COMPUTED } from '../../../infra/plan';
import { adding, found } from './changes';
import { violationsOf, type TestResource } from './checked';

const ASSIGNMENT: TestResource = {
  type: 'RoleAssignment',
  name: 'role',
  inputs: { principalId: COMPUTED, principalType: 'ServicePrincipal' },
  from: { principalId: ['acr-dev-sc-identity'] },
};
const ENTITLEMENT: TestResource = { type: 'ServicePrincipalEntitlement', name: 'flux', inputs: {} };
const MEMBERSHIP: TestResource = {
  type: 'GroupMembership',
  name: 'members',
  inputs: { members: [COMPUTED] },
  from: { members: ['flux'] },
};

const rule = (...more: readonly TestResource[]): Promise<readonly string[]> => found('known-principals', adding(...more));

describe('known-principals', () => {
  it('takes identities and entitlements of the stack', async () => {
    expect(await rule(ASSIGNMENT, ENTITLEMENT, MEMBERSHIP)).toEqual([]);
    expect(await rule(ENTITLEMENT, { ...MEMBERSHIP, inputs: { members: COMPUTED } })).toEqual([]);
  });

  it('gives roles to nobody else', async () => {
    for (const principalId of [[], ['repository'], ['acr-dev-sc-identity', 'k8s-rbac-dev-ado-sc-identity']])
      expect(await rule({ ...ASSIGNMENT, from: { principalId } })).toEqual([
        expect.stringContaining(
          'RoleAssignment role: role gives a role to only known later, which does not come from one identity',
        ),
      ]);
    for (const principalType of ['User', 'Group', COMPUTED])
      expect(await rule({ ...ASSIGNMENT, inputs: { principalId: COMPUTED, principalType } })).toEqual([
        expect.stringContaining("and has to be 'ServicePrincipal'"),
      ]);
  });

  it('makes nobody else a member', async () => {
    for (const members of [[], ['repository'], ['flux', 'repository']])
      expect(await rule(ENTITLEMENT, { ...MEMBERSHIP, from: { members } })).toEqual([
        expect.stringContaining('members has the members'),
      ]);
    expect(await rule(ENTITLEMENT, { ...MEMBERSHIP, inputs: { members: [COMPUTED, 'aad.somebody'] } })).toHaveLength(1);
  });

  it('says nothing of other stacks', async () => {
    expect(await violationsOf('known-principals', 'dev', [{ ...ASSIGNMENT, from: {} }])).toEqual([]);
  });
});
