import { COMPUTED } from '../../../infra/plan';
import { found, withInput, withResource, type Change } from './changes';
import { organization } from './organization';

const rule = (change: Change, stack?: string): Promise<readonly string[]> => found('trusted-connections', change, stack);
const connection = 'k8s-rbac-prod-ado-sc';
const credential = `${connection}-credential`;

describe('trusted-connections', () => {
  it.each(['issuer', 'subject'])('refuses a credential whose %s is not that of a connection', async (field) => {
    const other = field === 'issuer' ? 'subject' : 'issuer';
    for (const from of [
      { [other]: [connection] },
      { [other]: [connection], [field]: ['repository'] },
      { [other]: [connection], [field]: ['k8s-rbac-dev-ado-sc'] },
      { [other]: [connection], [field]: [connection, 'k8s-rbac-dev-ado-sc'] },
    ]) {
      expect(await rule(withResource(credential, { from }))).toEqual([
        expect.stringMatching(new RegExp(`^FederatedIdentityCredential ${credential}: .* not those of one service connection`)),
      ]);
    }
  });

  it('refuses texts, however right they look', async () => {
    const text: Change = (all) =>
      withResource(credential, { from: {} })(
        withInput(
          credential,
          'subject',
          'repo:evil/evil:ref:refs/heads/main',
        )(withInput(credential, 'issuer', 'https://token.actions.githubusercontent.com')(all)),
      );
    expect(await rule(text)).toEqual([expect.stringContaining("the issuer 'https://token.actions.githubusercontent.com'")]);
    expect(await rule((all) => text(all).filter(({ name }) => name === credential), 'dev')).toEqual([]);
  });

  it('takes what comes from one connection, known or not', async () => {
    expect(await rule((all) => all)).toEqual([]);
    expect(await rule(withInput(credential, 'subject', 'sc://my-org/my-project/x'))).toEqual([]);
  });

  it('wants the credential to be of the identity that its connection signs in as', async () => {
    const other = [expect.stringContaining(`${credential} is of the identity`)];
    const { from } = organization().find(({ name }) => name === credential)!;
    for (const [field, value] of [
      ['resourceName', 'id-k8s-rbac-dev-ado-sc'],
      ['resourceName', 'elsewhere'],
      ['resourceName', COMPUTED],
      ['resourceGroupName', 'elsewhere'],
    ] as const)
      expect(await rule(withInput(credential, field, value))).toEqual(other);
    expect(await rule(withInput(credential, 'resourceName', `ID-${connection}`))).toEqual([]);
    const computed: Change = (all) =>
      withResource(credential, { from: { ...from, resourceName: [`${connection}-identity`] } })(
        withInput(credential, 'resourceName', COMPUTED)(all),
      );
    expect(await rule(computed)).toEqual([]);
    expect(await rule(withResource(credential, { from: { ...from, resourceName: ['acr-dev-sc-identity'] } }))).toEqual(other);
    expect(await rule(withInput('acr-dev-sc-identity', 'resourceName', `id-${connection}`))).toEqual(other);
  });

  it('wants credentials of one identity that is made here', async () => {
    for (const credentials of [[], ['repository'], [`${connection}-identity`, 'acr-dev-sc-identity']]) {
      const change: Change = (all) =>
        withInput('acr-dev-sc', 'credentials', { serviceprincipalid: 'x' })(
          withResource('acr-dev-sc', { from: { credentials } })(all),
        );
      expect(await rule(change)).toEqual([
        expect.stringContaining("'acr-dev-sc' signs in by credentials that do not come from one identity"),
      ]);
    }
  });

  it('lets no two connections have one identity', async () => {
    const same = { from: { credentials: [`${connection}-identity`] } };
    expect(await rule(withResource('acr-dev-sc', same))).toEqual([
      expect.stringContaining(`'acr-dev-sc' has the same identity as '${connection}'`),
      expect.stringContaining(`'${connection}' has the same identity as 'acr-dev-sc'`),
    ]);
    const elsewhere: Change = (all) =>
      withInput('acr-dev-sc', 'serviceEndpointName', connection.toUpperCase())(withResource('acr-dev-sc', same)(all));
    expect(await rule(elsewhere)).toEqual([]);
  });
});
