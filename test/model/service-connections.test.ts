import { load, serviceConnections, type ServiceConnection } from '../../src/model';
import { environmentNamesOf } from '../../src/model/environment-names';
import { type ConnectingEnvironment } from '../../src/model/service-connections';
import { platformFile, type PlatformFile } from '../../src/model/platform-file';
import { wholePlatformFolder } from '../support/platform-folder';

interface Given {
  readonly dryRun?: 'none' | 'cluster';
  readonly names?: Readonly<Record<string, string>>;
  readonly sharedWith?: string;
}

function platformOf(environments: Readonly<Record<string, Given>>, naming: Readonly<Record<string, string>> = {}): PlatformFile {
  return platformFile.parse({
    git: { host: 'azure-devops', organization: 'my-org', project: 'my-project' },
    azure: { tenantId: '22222222-2222-2222-2222-222222222222' },
    tenancy: 'shared',
    flux: { version: '2.9.5', operator: '0.59.0' },
    naming,
    environments: Object.fromEntries(
      Object.entries(environments).map(([name, { sharedWith, ...given }], index) => [
        name,
        {
          branch: name,
          registry: sharedWith === undefined ? { name: `registry${index}` } : { sharedWith },
          vault: sharedWith === undefined ? { name: `vault-${index}` } : { sharedWith },
          ...given,
        },
      ]),
    ),
  });
}

function connectionsOf(content: PlatformFile): readonly ServiceConnection[] {
  const environments = Object.entries(content.environments).map(([name, entry]): ConnectingEnvironment => {
    return { name, names: environmentNamesOf(name, entry, content), dryRun: entry.dryRun };
  });
  return serviceConnections(environments, (name) => content.environments[name]!.registry.sharedWith ?? name);
}

const ofKind = (kind: string, connections: readonly ServiceConnection[]): readonly ServiceConnection[] =>
  connections.filter((connection) => connection.kind === kind);

describe('service connections', () => {
  it('are one of each kind for each environment, with an identity of its own', () => {
    const connections = connectionsOf(platformOf({ dev: {}, prod: {} }));
    expect(connections).toEqual([
      {
        kind: 'cluster',
        name: 'k8s-rbac-dev-ado-sc',
        identity: 'aks-dev-platform-pipeline',
        owner: 'dev',
        environments: ['dev'],
      },
      {
        kind: 'cluster',
        name: 'k8s-rbac-prod-ado-sc',
        identity: 'aks-prod-platform-pipeline',
        owner: 'prod',
        environments: ['prod'],
      },
      { kind: 'registry', name: 'acr-dev-sc', identity: 'aks-dev-pull-request-pipeline', owner: 'dev', environments: ['dev'] },
      {
        kind: 'registry',
        name: 'acr-prod-sc',
        identity: 'aks-prod-pull-request-pipeline',
        owner: 'prod',
        environments: ['prod'],
      },
      {
        kind: 'signing',
        name: 'image-signing-dev-sc',
        identity: 'aks-dev-application-pipeline',
        owner: 'dev',
        environments: ['dev'],
      },
      {
        kind: 'signing',
        name: 'image-signing-prod-sc',
        identity: 'aks-prod-application-pipeline',
        owner: 'prod',
        environments: ['prod'],
      },
    ]);
  });

  it('are shared on the classic platform by those that share the registry and the Key Vault', () => {
    const result = load(wholePlatformFolder('classic'));
    if (!('platform' in result)) throw new Error(JSON.stringify(result.problems));
    const { environments } = result.platform;
    const owners = new Map(environments.map(({ name, registry }) => [name, registry.sharedWith ?? name]));
    const connections = serviceConnections(environments, (name) => owners.get(name)!);
    expect(connections.filter((connection) => connection.environments.length > 1)).toEqual([
      {
        kind: 'registry',
        name: 'acr-dev-sc',
        identity: 'aks-dev-pull-request-pipeline',
        owner: 'dev',
        environments: ['experimental', 'dev'],
      },
      {
        kind: 'signing',
        name: 'image-signing-dev-sc',
        identity: 'aks-dev-application-pipeline',
        owner: 'dev',
        environments: ['experimental', 'dev'],
      },
    ]);
    expect(ofKind('cluster', connections)).toHaveLength(environments.length);
  });

  it.each([
    ['before', ['lab', 'dev']],
    ['behind', ['dev', 'lab']],
  ])('that are shared sign in as the identity of the owner, which stands %s', (_where, order) => {
    const names = { registryServiceConnection: 'acr-dev-sc', signingServiceConnection: 'image-signing-dev-sc' };
    const given: Readonly<Record<string, Given>> = { dev: {}, lab: { sharedWith: 'dev', names } };
    const connections = connectionsOf(platformOf(Object.fromEntries(order.map((name) => [name, given[name]!]))));
    expect([...ofKind('registry', connections), ...ofKind('signing', connections)]).toEqual([
      expect.objectContaining({ identity: 'aks-dev-pull-request-pipeline', owner: 'dev', environments: order }),
      expect.objectContaining({ identity: 'aks-dev-application-pipeline', owner: 'dev', environments: order }),
    ]);
  });

  it('that two share of a third, which calls its own differently, are those of the first', () => {
    const names = { registryServiceConnection: 'acr-shared-sc' };
    const connections = connectionsOf(
      platformOf({ dev: {}, lab: { sharedWith: 'dev', names }, test: { sharedWith: 'dev', names } }),
    );
    expect(ofKind('registry', connections).map(({ owner, environments }) => [owner, environments])).toEqual([
      ['dev', ['dev']],
      ['lab', ['lab', 'test']],
    ]);
  });

  it('whose names differ in case alone are one, called as their owner calls it', () => {
    const connections = connectionsOf(
      platformOf({ lab: { sharedWith: 'dev', names: { registryServiceConnection: 'ACR-Dev-SC' } }, dev: {} }),
    );
    expect(ofKind('registry', connections)).toEqual([
      expect.objectContaining({ name: 'acr-dev-sc', owner: 'dev', environments: ['lab', 'dev'] }),
    ]);
  });

  it('for dry-runs are there where an environment dry-runs, and nowhere else', () => {
    const dryRuns = (environments: Readonly<Record<string, Given>>): readonly ServiceConnection[] =>
      ofKind('dryRun', connectionsOf(platformOf(environments)));
    expect(dryRuns({ dev: {}, prod: { dryRun: 'none' } })).toEqual([]);
    expect(dryRuns({ dev: { dryRun: 'cluster' }, prod: {} })).toEqual([
      { kind: 'dryRun', name: 'k8s-dry-run-dev-sc', identity: 'aks-dev-dry-run-pipeline', owner: 'dev', environments: ['dev'] },
    ]);
  });

  it('have every environment in exactly one connection of each kind, whatever is called how', () => {
    // Every way to give three environments one of two names.
    for (let bits = 0; bits < 8; bits++) {
      const environments = ['a', 'b', 'c'].map((name, index): readonly [string, Given] => [
        name,
        {
          dryRun: 'cluster',
          names: Object.fromEntries(
            ['clusterServiceConnection', 'registryServiceConnection', 'signingServiceConnection', 'dryRunServiceConnection'].map(
              (key) => [key, `${key}-${(bits >> index) & 1}`],
            ),
          ),
        },
      ]);
      const connections = connectionsOf(platformOf(Object.fromEntries(environments)));
      for (const kind of ['cluster', 'registry', 'signing', 'dryRun']) {
        const used = ofKind(kind, connections);
        expect(used.flatMap((connection) => connection.environments).sort()).toEqual(['a', 'b', 'c']);
        expect(new Set(used.map(({ name }) => name)).size).toBe(used.length);
        for (const connection of used) expect(connection.environments).toContain(connection.owner);
      }
    }
  });
});
