import * as fs from 'node:fs';
import * as path from 'node:path';
import { EnforcementLevel, type AnalyzeDiagnostic } from '@pulumi/pulumi/proto/analyzer_pb';
import { COMPUTED, SECRET, type PlannedResource } from '../../../infra/plan';
import { checkPlan, policies, policyFacts, type PolicyFacts } from '../../../infra/policy/index';
import { findingText } from '../../../infra/policy/finding';
import { loadPlatform } from '../../support/load-platform';
import { edit, REPOSITORY } from '../../support/platform-folder';
import { planOf, stacksFolder } from '../plans';
import { planned, type TestResource } from './checked';
import { organization } from './organization';
import { servePack, type PackRefusal, type ServedPack } from './served-pack';

jest.setTimeout(60_000);

/** A repository as a fork has it: our pack over a fixture's platform. */
function repository(): string {
  const folder = stacksFolder('first');
  for (const part of ['infra', 'src', 'manifests', 'package.json', 'tsconfig.json', 'schemas'])
    fs.cpSync(path.join(REPOSITORY, part), path.join(folder, part), { recursive: true });
  fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

const bad: readonly TestResource[] = [
  { type: 'Registry', name: 'registry', inputs: { adminUserEnabled: true, anonymousPullEnabled: COMPUTED } },
  { type: 'Vault', name: 'vault', inputs: { properties: COMPUTED } },
  {
    type: 'ServiceEndpointAzureRM',
    name: 'sc',
    inputs: { serviceEndpointName: COMPUTED, credentials: { serviceprincipalid: COMPUTED, serviceprincipalkey: SECRET } },
  },
  { type: 'RoleAssignment', name: 'role', inputs: { roleDefinitionId: COMPUTED, scope: COMPUTED } },
  { type: 'Release', name: 'release', inputs: { chart: COMPUTED, values: { list: [COMPUTED, { image: 'nginx' }] } } },
  { type: 'Environment', name: 'prod', inputs: { name: 'prod' } },
  {
    type: 'CheckApproval',
    name: 'approval',
    inputs: { targetResourceId: COMPUTED, targetResourceType: 'environment', approvers: [COMPUTED], requesterCanApprove: true },
    from: { targetResourceId: ['prod'] },
  },
];

/** What this process finds, in the form of the engine. */
async function inProcess(stack: string, resources: readonly PlannedResource[], facts: PolicyFacts): Promise<readonly string[]> {
  const descriptions = new Map(policies(facts).map(({ name, description }) => [name, description]));
  const violations = await checkPlan({ stack, resources }, facts);
  return violations
    .map(
      ({ policy, urn, message, remedy }) =>
        `${policy} ${urn ?? ''} ${descriptions.get(policy)!}\n${findingText({ message, remedy })}`,
    )
    .sort();
}

/** What the pack finds over gRPC; of one resource the engine knows which it asked for. */
async function overGrpc(pack: ServedPack, resources: readonly PlannedResource[]): Promise<readonly string[]> {
  const told: string[] = [];
  const tell = (urn: string, diagnostics: readonly AnalyzeDiagnostic[]): void => {
    for (const one of diagnostics) {
      expect(one.getEnforcementlevel()).toBe(EnforcementLevel.MANDATORY);
      told.push(`${one.getPolicyname()} ${one.getUrn() === '' ? urn : one.getUrn()} ${one.getMessage()}`);
    }
  };
  for (const resource of resources) tell(resource.urn, await pack.analyze(resource));
  tell('', await pack.analyzeStack(resources));
  return told.sort();
}

const isServed = (pack: ServedPack | PackRefusal): pack is ServedPack => 'stop' in pack;

describe('the policy pack as Pulumi starts it', () => {
  it('finds what this process finds, with what a preview does not know', async () => {
    const folder = repository();
    const facts = policyFacts(loadPlatform(folder));
    const pack = await servePack(folder);
    if (!isServed(pack)) throw new Error(pack.stderr);

    const info = await pack.info();
    expect([info.getName(), info.getVersion()]).toEqual(['k8s-gitops', '0.1.0']);
    expect(info.getPoliciesList().map((policy) => policy.getName())).toEqual(policies(facts).map(({ name }) => name));
    expect(info.getPoliciesList().every((policy) => policy.getEnforcementlevel() === EnforcementLevel.MANDATORY)).toBe(true);

    const wrong = planned('organization', bad);
    const expected = await inProcess('organization', wrong, facts);
    expect(expected.length).toBeGreaterThan(20);
    expect(await overGrpc(pack, wrong)).toEqual(expected);
    expect(expected.join()).not.toContain('a secret value');

    const right = planned('organization', organization());
    expect(await overGrpc(pack, right)).toEqual(await inProcess('organization', right, facts));

    const { resources } = await planOf(folder, 'prod');
    expect(resources.length).toBeGreaterThan(20);
    expect(await overGrpc(pack, resources)).toEqual([]);
    expect(await pack.stop()).toBe('');
  });

  it('sees what is in a secret', async () => {
    const folder = repository();
    const pack = await servePack(folder);
    if (!isServed(pack)) throw new Error(pack.stderr);
    const users = [{ name: 'me', user: { token: 'x' } }];
    const [provider] = planned('dev', [
      { type: 'pulumi:providers:kubernetes', name: 'cluster', inputs: { kubeconfig: JSON.stringify({ users }) } },
    ]);
    const found = await pack.analyze(provider!);
    expect(found.map((one) => one.getPolicyname())).toEqual(['no-passwords']);
    await pack.stop();
  });

  it('tells the problems of the model, without a stack trace, and serves nothing', async () => {
    const folder = repository();
    edit(folder, 'platform.yaml', 'tenancy: shared', 'tenancy: none');
    const pack = await servePack(folder);
    if (isServed(pack)) throw new Error('it is served');
    expect(pack.code).not.toBe(0);
    expect(pack.stderr).toMatch(/platform\.yaml:\d+:\d+ 'tenancy' is 'none'/);
    expect(pack.stderr).not.toMatch(/^\s+at /m);
  });

  it('has the version of the repository', () => {
    const version = (file: string): unknown =>
      (JSON.parse(fs.readFileSync(path.join(REPOSITORY, file), 'utf8')) as { readonly version: unknown }).version;
    expect(version('infra/policy/package.json')).toBe(version('package.json'));
  });
});
