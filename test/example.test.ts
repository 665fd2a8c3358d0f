import { parse } from 'yaml';
import { planOrganization, planStack } from '../infra/plan';
import { loadPlatform } from './support/load-platform';
import { readFile, REPOSITORY } from './support/platform-folder';

const platform = loadPlatform(REPOSITORY);

/** Describes the organisation that the repository ships; a fork that has its own deletes this file (README, "Make it yours"). */
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

  it('locks every controller of its Flux version by digest', () => {
    for (const component of platform.flux.components)
      expect(platform.lock.images[component]!.digest).toMatch(/^sha256:[a-f0-9]{64}$/);
    expect(platform.lock.images['source-controller']!.tag).toBe('v1.9.5');
  });

  it.each([
    'platform.yaml',
    'platform.lock.yaml',
    ...platform.environments.map(({ name }) => `Pulumi.${name}.yaml`),
    'Pulumi.organization.yaml',
    ...platform.systems.map(({ file }) => file),
  ])('%s names its schema for editors', (file) => {
    expect(readFile(REPOSITORY, file)).toMatch(/^# yaml-language-server: \$schema=\S+\n/);
  });

  it('configures the stack of every environment: growing from a small registry to one that only a private network reaches', () => {
    expect(
      platform.environments.map(({ stack }) => [stack?.registry.tier, stack?.registry.exposure, stack?.vault.exposure]),
    ).toEqual([
      ['Basic', 'public', 'public'],
      ['Standard', 'public', 'public'],
      ['Premium', 'private', 'private'],
    ]);
    expect(parse(readFile(REPOSITORY, 'Pulumi.yaml'))).toMatchObject({
      name: 'k8s-gitops',
      main: 'infra/',
      runtime: { name: 'nodejs', options: { typescript: false } },
    });
  });

  it('is what docs/azure.md shows how to import: every role assignment of dev by the name that the plan gives it', async () => {
    const environment = platform.environments.find(({ name }) => name === 'dev')!;
    const plan = await planStack({ platform, environment, settings: environment.stack! });
    if ('refusal' in plan) throw new Error(plan.refusal);
    const planned = new Map(plan.resources.map(({ name, inputs }) => [name, inputs['roleAssignmentName']]));
    const shown = [
      ...readFile(REPOSITORY, 'docs/azure.md').matchAll(
        /^\| .*RoleAssignment`\s+\| `([a-z-]+)`.*roleAssignments\/([0-9a-f-]{36})`/gm,
      ),
    ];
    expect(shown.map(([, name, guid]) => [name, guid])).toEqual(shown.map(([, name]) => [name, planned.get(name!)]));
    expect(shown).toHaveLength(plan.resources.filter(({ type }) => type.endsWith(':RoleAssignment')).length);
  });

  it('has an Azure DevOps side whose pipelines have other identities in every environment, and that protects production', async () => {
    const { organization } = platform;
    const plan = await planOrganization({ platform, organization: organization! });
    if ('refusal' in plan) throw new Error(plan.refusal);
    expect(plan.violations).toEqual([]);
    const identities = plan.resources
      .filter(({ type }) => type.endsWith(':UserAssignedIdentity'))
      .map(({ inputs }) => inputs['resourceName']);
    expect(identities).toHaveLength(9);
    expect(new Set(identities).size).toBe(9);
    expect(organization!.settings.branchPolicies['prod']!.minimumReviewers).toBe(2);
    expect(Object.keys(organization!.settings.approvals)).toEqual(['prod']);
    for (const { stack } of platform.environments) expect(Object.values(stack!.access)).toEqual([{}, {}, {}]);
  });
});
