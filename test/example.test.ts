import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { planWrite, synthesize } from '../manifests';
import { formatProblem } from '../src/model';
import { validate } from '../src/validation';
import { loadPlatform } from './support/load-platform';
import { readFile, REPOSITORY } from './support/platform-folder';

const platform = loadPlatform(REPOSITORY);
const inputFiles = [
  'platform.yaml',
  'platform.lock.yaml',
  ...fs.readdirSync(path.join(REPOSITORY, 'systems')).map((file) => `systems/${file}`),
];

describe('the example organisation', () => {
  it('has three environments, each with its own branch, registry and Key Vault', () => {
    expect(platform.environments.map(({ name, branch }) => [name, branch])).toEqual([
      ['experimental', 'experimental'],
      ['dev', 'dev'],
      ['prod', 'master'],
    ]);
    for (const { registry, vault } of platform.environments) {
      expect(registry.sharedWith).toBeUndefined();
      expect(vault.sharedWith).toBeUndefined();
    }
  });

  it('shows all three patterns, both kinds of release, and what a system can say', () => {
    const { systems } = platform;
    expect(systems.length).toBeGreaterThanOrEqual(6);
    expect(new Set(systems.map(({ pattern }) => pattern))).toEqual(new Set(['A', 'B', 'C']));
    const applications = platform.environments.at(-1)!.systems.filter(({ pattern }) => pattern === 'B');
    expect(new Set(applications.map(({ release }) => release))).toEqual(new Set(['system', 'platform']));
    expect(new Set(applications.map(({ sku }) => sku)).size).toBe(applications.length);
    expect(new Set(applications.map(({ team }) => team)).size).toBe(applications.length);
    const all = platform.environments.flatMap((environment) => environment.systems);
    expect(all.some(({ suspend }) => suspend)).toBe(true);
    expect(all.some(({ dependsOn }) => dependsOn.length > 0)).toBe(true);
    expect(systems.some(({ name }) => all.filter((system) => system.name === name).length < 3)).toBe(true);
  });

  it('is committed as synthesis makes it, and valid', () => {
    const { changes, problems } = planWrite(platform, synthesize(platform));
    expect([...problems, ...changes.filter(({ kind }) => kind !== 'unchanged')]).toEqual([]);
    expect(validate(platform).problems.map(formatProblem)).toEqual([]);
  });

  it('locks every controller of its Flux version by digest', () => {
    for (const component of platform.flux.components)
      expect(platform.lock.images[component]!.digest).toMatch(/^sha256:[a-f0-9]{64}$/);
    expect(platform.lock.images['source-controller']!.tag).toBe('v1.9.5');
  });

  it.each(inputFiles)('%s names its schema for editors', (file) => {
    const [modeline] = readFile(REPOSITORY, file).split('\n');
    const schema = /^# yaml-language-server: \$schema=(.+)$/.exec(modeline!)?.[1];
    expect(schema).toBeDefined();
    expect(fs.existsSync(path.join(REPOSITORY, path.dirname(file), schema!))).toBe(true);
  });

  it('has settings for the stack of every environment, and for the organization stack', () => {
    for (const stack of [...platform.environments.map(({ name }) => name), 'organization']) {
      expect(parse(readFile(REPOSITORY, `Pulumi.${stack}.yaml`))).toEqual({ config: { 'azure-native:location': 'westeurope' } });
    }
    expect(parse(readFile(REPOSITORY, 'Pulumi.yaml'))).toMatchObject({ name: 'k8s-gitops', runtime: 'nodejs' });
  });
});
