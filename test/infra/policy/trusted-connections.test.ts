import { found, withInput, withResource, type Change } from './changes';

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
});
