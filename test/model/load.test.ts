import * as fs from 'node:fs';
import * as path from 'node:path';
import { formatProblem, load } from '../../src/model';
import { loadPlatform } from '../support/load-platform';
import { edit, platformFolder, readFile, writeFile } from '../support/platform-folder';

describe('loading a platform', () => {
  it('applies every default', () => {
    const { flux, environments, systems, tenancy } = loadPlatform(platformFolder());
    expect(tenancy).toBe('shared');
    expect(flux).toMatchObject({ variant: 'upstream-alpine', size: 'medium', networkPolicy: true, web: false, interval: '1m' });
    expect(flux.components).toHaveLength(6);
    expect(systems.map(({ name, release }) => [name, release])).toEqual([['ingress', 'system'], ['shop', 'system']]); // prettier-ignore
    const [dev] = environments;
    expect(dev).toMatchObject({
      name: 'dev',
      scan: 'audit',
      registry: { name: 'myorgdev', loginServer: 'myorgdev.azurecr.io' },
      vault: { name: 'my-org-dev' },
    });
    expect(dev!.systems[1]).toMatchObject({
      suspend: false,
      bearsData: false,
      mirror: [],
      registration: { branch: 'dev', interval: '5m', pollInterval: '1m', wait: false },
    });
  });

  it('keeps the order of the environments, which is the order of promotion', () => {
    expect(loadPlatform(platformFolder()).environments.map(({ name }) => name)).toEqual(['dev', 'prod']);
  });

  it('waits for what others build on, not for a business application, unless told otherwise', () => {
    const folder = platformFolder();
    writeFile(folder, 'systems/crds.yaml', 'pattern: C\nteam: x\napproval: { by: Ada, date: 2026-10-05, reason: CRDs }\n');
    const waits = (): unknown[] =>
      loadPlatform(folder).environments[0]!.systems.map(({ name, registration }) => [name, registration!.wait]);
    expect(waits()).toEqual([['crds', true], ['ingress', true], ['shop', false]]); // prettier-ignore
    fs.appendFileSync(path.join(folder, 'systems/ingress.yaml'), 'wait: false\n');
    fs.appendFileSync(path.join(folder, 'systems/shop.yaml'), 'environments: { dev: { wait: true } }\n');
    expect(waits()).toEqual([['crds', true], ['ingress', false], ['shop', true]]); // prettier-ignore
  });

  it('takes the registry and vault of the environment that owns them', () => {
    const [dev] = loadPlatform(platformFolder('valid/shared-registry-and-vault')).environments;
    expect(dev!.registry).toEqual({ name: 'myorgprod', sharedWith: 'prod', loginServer: 'myorgprod.azurecr.io' });
    expect(dev!.vault).toEqual({ name: 'my-org-prod', sharedWith: 'prod' });
  });

  it('takes another login server where one is given', () => {
    const folder = platformFolder();
    edit(
      folder,
      'platform.yaml',
      'registry: { name: myorgdev }',
      'registry: { name: myorgdev, loginServer: myorgdev-a1b2.azurecr.io }',
    );
    expect(loadPlatform(folder).environments[0]!.registry.loginServer).toBe('myorgdev-a1b2.azurecr.io');
  });

  it('overrides a system for one environment, and leaves the others', () => {
    const [dev, prod] = loadPlatform(platformFolder('valid/everything-overridden')).environments.map(({ systems }) =>
      systems.find(({ name }) => name === 'shop')!,
    );
    expect(dev).toMatchObject({
      suspend: true,
      sku: 'sku-small',
      dependsOn: [{ system: 'ingress' }],
      registration: {
        git: { url: 'https://dev.azure.com/my-org/Shop%20Team/_git/shop-deploy' },
        branch: 'main',
        path: 'deploy/dev',
        interval: '10m',
        wait: true,
      },
      helmRelease: {
        chart: { kind: 'registry', repository: 'charts/shop', version: '1.2.3+build.7' },
        values: {
          replicaCount: 1,
          image: { repository: 'myorgdev.azurecr.io/shop', tag: '1.0' },
          hosts: ['shop.dev.example.com'],
        },
      },
    });
    expect(prod).toMatchObject({
      suspend: false,
      sku: 'sku-large',
      aadGroupId: '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e99',
      dependsOn: [],
      registration: {
        git: { url: 'https://dev.azure.com/my-org/Shop%20Team/_git/shop-release' },
        branch: 'release/1.x',
        path: 'prod',
        interval: '1h',
        wait: false,
      },
      helmRelease: {
        chart: { kind: 'registry', repository: 'charts/shop', version: '1.2.2' },
        values: {
          replicaCount: 3,
          image: { repository: 'myorgprod.azurecr.io/shop', tag: '0.9' },
          hosts: ['shop.prod.example.com'],
        },
      },
    });
  });

  it('puts systems on other Git hosts', () => {
    const [ingress, shop] = loadPlatform(platformFolder('valid/systems-on-other-hosts')).environments[0]!.systems.map(
      ({ registration }) => registration!.git,
    );
    expect(ingress).toMatchObject({
      provider: 'github',
      url: 'https://github.com/other-org/k8s-ingress.git',
      secretName: 'github-app',
    });
    expect(shop).toMatchObject({
      provider: 'generic',
      url: 'ssh://git@gitea.example.com/shop/k8s-shop.git',
      secretName: 'gitea-ssh',
    });
  });

  it('ignores a README and hidden files beside the systems', () => {
    const folder = platformFolder();
    writeFile(folder, 'systems/README.md', '# Systems\n');
    writeFile(folder, 'systems/.gitkeep', '');
    expect(loadPlatform(folder).systems).toHaveLength(2);
  });

  it('keeps a value called like a property of every object', () => {
    const folder = platformFolder();
    fs.appendFileSync(
      path.join(folder, 'systems/shop.yaml'),
      'release: platform\nchart: { repository: charts/shop, version: 1.2.3 }\nvalues: { constructor: a, toString: { x: 1 } }\nenvironments: { dev: { values: { toString: { y: 2 } } } }\n',
    );
    const shop = loadPlatform(folder).environments[0]!.systems.find(({ name }) => name === 'shop')!;
    expect(Object.entries(shop.helmRelease!.values)).toEqual([
      ['constructor', 'a'],
      ['toString', { x: 1, y: 2 }],
    ]);
  });

  it.each(['constructor', 'toString', '__proto__'])('does not take %s for an environment or a known key', (name) => {
    const folder = platformFolder();
    fs.appendFileSync(path.join(folder, 'systems/shop.yaml'), `environments: { ${name}: {} }\n`);
    edit(folder, 'platform.yaml', 'tenancy: shared\n', `tenancy: shared\n${name}: 1\n`);
    const result = load(folder);
    expect('problems' in result && result.problems.map(({ location }) => location.file)).toEqual(
      expect.arrayContaining(['platform.yaml']),
    );
  });

  it('finds a cycle in thousands of systems without running out of stack', () => {
    const folder = platformFolder();
    for (let index = 0; index < 3000; index++) {
      writeFile(
        folder,
        `systems/s${index}.yaml`,
        `pattern: A\nteam: x\nenvironments: { dev: {} }\ndependsOn: [s${(index + 1) % 3000}]\n`,
      );
    }
    const result = load(folder);
    expect('problems' in result && result.problems.map(({ message }) => message.slice(0, 40))).toEqual([
      'systems depend on each other in a circle',
    ]);
  });

  it('says a problem that holds for several environments once', () => {
    const folder = platformFolder();
    edit(folder, 'systems/shop.yaml', 'dependsOn: [ingress]', 'dependsOn: [nothing]');
    const result = load(folder);
    expect('problems' in result && result.problems.map(formatProblem)).toHaveLength(1);
  });

  it('does not change its input files', () => {
    const folder = platformFolder();
    const before = readFile(folder, 'platform.yaml');
    loadPlatform(folder);
    expect(readFile(folder, 'platform.yaml')).toBe(before);
  });

  it('keeps the project of a system whose environment repeats the host, and drops it with another host', () => {
    const [dev, prod] = loadPlatform(platformFolder('valid/other-chart-and-host-in-one-environment')).environments.map(
      ({ systems }) => systems.find(({ name }) => name === 'shop')!,
    );
    expect(dev!.registration!.git.url).toBe('https://dev.azure.com/my-org/shop-team/_git/shop-other');
    expect(prod!.registration!.git).toMatchObject({
      url: 'https://github.com/shop-org/shop-deploy.git',
      secretName: 'github-app',
    });
    expect([dev, prod].map((system) => system!.helmRelease!.chart)).toEqual([
      { kind: 'registry', repository: 'charts/platform-app-chart', version: '1.2.3' },
      { kind: 'registry', repository: 'charts/shop', version: '1.2.3' },
    ]);
  });

  it('finds a GitHub Enterprise server by its base URL', () => {
    expect(loadPlatform(platformFolder('valid/github-enterprise')).git.url).toBe(
      'https://github.example.com/my-org/k8s-gitops.git',
    );
  });

  it('tells what is wrong with a system although platform.yaml is broken, and every duplicate key', () => {
    const folder = platformFolder('invalid/unknown-key');
    writeFile(folder, 'systems/crds.yaml', 'pattern: C\nteam: x\n');
    writeFile(folder, 'systems/twice.yaml', 'pattern: A\npattern: A\nteam: x\nteam: x\n');
    const result = load(folder);
    expect('problems' in result && result.problems.map(({ location }) => `${location.file}:${location.line!}`)).toEqual([
      'platform.yaml:13',
      'systems/crds.yaml:1',
      'systems/twice.yaml:2',
      'systems/twice.yaml:4',
    ]);
  });

  it('lets a chart of pattern A have a value called like a tenant fact', () => {
    const folder = platformFolder();
    fs.appendFileSync(
      path.join(folder, 'systems/ingress.yaml'),
      'release: platform\nchart: { name: ingress }\nvalues: { sku: standard }\n',
    );
    expect(loadPlatform(folder).environments[0]!.systems[0]!.helmRelease!.values).toEqual({ sku: 'standard' });
  });

  it('refuses tens of thousands of aliases as soon as it sees them', () => {
    const folder = platformFolder();
    fs.appendFileSync(
      path.join(folder, 'systems/shop.yaml'),
      `release: platform\nvalues: { x: &x a, y: [${Array(60_000).fill('*x').join(',')}] }\n`,
    );
    const result = load(folder);
    expect('problems' in result && result.problems.map(({ message }) => message)).toEqual([
      'aliases expand to far more than is written (an alias bomb)',
    ]);
  });
});
