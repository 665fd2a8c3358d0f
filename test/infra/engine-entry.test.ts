import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse, stringify } from 'yaml';
import { COMPUTED, type PlanObject } from '../../infra/plan';
import { recordedAnswers } from '../../infra/plan/answers';
import { organizationAnswers } from '../../infra/plan/organization-answers';
import { type Answers, type KnownResource } from '../../infra/plan/plan-monitor';
import { loadPlatform } from '../support/load-platform';
import { edit, readFile, REPOSITORY, temporaryFolder, writeFile } from '../support/platform-folder';
import { environmentOf, nameOf, planOf, stacksFolder } from './plans';
import { runProgram, type EngineRequest, type EngineRun } from './stand-in-engine';

/** A repository as a fork has it: our program over a fixture's platform. */
function repository(fixture: string | readonly string[], change: (folder: string) => void = () => undefined): string {
  const folder = stacksFolder(...[fixture].flat());
  for (const part of ['infra', 'sdks', 'manifests', 'src', 'package.json', 'tsconfig.json', 'Pulumi.yaml', 'schemas']) {
    fs.cpSync(path.join(REPOSITORY, part), path.join(folder, part), { recursive: true });
  }
  fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(folder, 'node_modules'));
  change(folder);
  return folder;
}

/** Every artifact has a digest, so that `up` goes on. */
const resolveDigests = (folder: string): void => {
  const lock = readFile(folder, 'platform.lock.yaml');
  writeFile(folder, 'platform.lock.yaml', lock.replaceAll('digest: unresolved', `digest: sha256:${'ab'.repeat(32)}`));
};

/** The configuration as the engine hands it over: objects as JSON. */
function engineConfigOf(folder: string, stack: string): Record<string, string> {
  const { content } = loadConfig(folder, stack);
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function loadConfig(folder: string, stack: string): { readonly content: Record<string, unknown> } {
  return { content: (parse(readFile(folder, `Pulumi.${stack}.yaml`)) as { config: Record<string, unknown> }).config };
}

function offlineAnswers(folder: string, stack: string): Answers {
  const platform = loadPlatform(folder);
  const environment = environmentOf(platform, stack);
  return recordedAnswers({ platform, environment, settings: environment.stack! });
}

/** Stands in for `az`: gives a token for the registry, and says that it was called. */
function standInAz(answer: string, code = 0): { readonly folder: string; readonly calls: () => string } {
  const folder = temporaryFolder();
  const calls = path.join(folder, 'calls.txt');
  const script = `#!/bin/sh\necho "$@" >> '${calls}'\ncat ${code === 0 ? '' : '>&2 '}<<'ANSWER'\n${answer}\nANSWER\nexit ${code}\n`;
  fs.writeFileSync(path.join(folder, 'az'), script, { mode: 0o755 });
  return { folder, calls: () => (fs.existsSync(calls) ? fs.readFileSync(calls, 'utf8') : '') };
}

const TOKEN = 'a-token-that-nobody-may-see';

/** What Azure would say of a resource that was just made. */
function made({
  type,
  name,
  inputs: given,
}: {
  readonly type: string;
  readonly name: string;
  readonly inputs: PlanObject;
}): KnownResource {
  const inputs = given as Readonly<Record<string, string>>;
  const id = `/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/aks-rg-dev/providers/Microsoft.Test/things/${name}`;
  const outputs: Record<string, Record<string, unknown>> = {
    'azure-native:containerregistry:Registry': {
      loginServer: `${inputs['registryName']!}.azurecr.io`,
      name: inputs['registryName'],
    },
    'azure-native:keyvault:Vault': { properties: { vaultUri: `https://${inputs['vaultName']!}.vault.azure.net/` } },
    'azure-native:keyvault:Key': {
      name: inputs['keyName'],
      keyUriWithVersion: `https://my-org-dev.vault.azure.net/keys/${inputs['keyName']!}/0123456789abcdef0123456789abcdef`,
    },
    'azure-native:keyvault:Secret': { name: inputs['secretName'] },
    'azure-native:managedidentity:UserAssignedIdentity': {
      clientId: `11111111-1111-4111-8111-11111111111${name.length % 10}`,
      principalId: `55555555-5555-4555-8555-55555555555${name.length % 10}`,
    },
    'command:local:Command': { stdout: `\n-----BEGIN PUBLIC KEY-----\n${name}\n-----END PUBLIC KEY-----\n\n` },
  };
  return { id, outputs: outputs[type] ?? {} };
}

/** Runs the stack dev of a folder as it is configured there. */
const runDev = (folder: string, request: Partial<EngineRequest> & { readonly preview: boolean }): Promise<EngineRun> =>
  runProgram({
    folder,
    stack: 'dev',
    config: engineConfigOf(folder, 'dev'),
    answers: offlineAnswers(folder, 'dev'),
    ...request,
  });

const custom = ({ monitor }: EngineRun): readonly string[] =>
  [...monitor.resources.values()].filter((resource) => resource.custom).map(nameOf);

jest.setTimeout(60_000);

describe('the program as Pulumi runs it', () => {
  it('previews what the offline plan shows', async () => {
    const folder = repository('first');
    const run = await runDev(folder, {
      preview: true,
    });
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const plan = await planOf(folder, 'dev');
    expect([...run.monitor.resources.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1))).toEqual(plan.resources);
    expect(run.monitor.outputs).toEqual(plan.outputs);
    // What would stop an `up` is told, and the preview goes on.
    expect(run.log.filter((line) => line.startsWith('pulumi up would stop'))).toHaveLength(plan.stops.length);
    expect(plan.stops.length).toBeGreaterThan(0);
  });

  it('previews the stack organization as the offline plan shows it, and tells what is left to do', async () => {
    const folder = repository(['first', 'organization']);
    const request = {
      folder,
      stack: 'organization',
      config: engineConfigOf(folder, 'organization'),
      answers: organizationAnswers(loadPlatform(folder).organization!),
      preview: true,
    };
    const run = await runProgram(request);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const plan = await planOf(folder, 'organization');
    expect([...run.monitor.resources.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1))).toEqual(plan.resources);
    expect(run.monitor.outputs).toEqual(plan.outputs);
    expect(run.log).toEqual([...plan.notes, ...plan.warnings]);
    // What the engine hands over counts, and is checked as the file is.
    const wrong = await runProgram({
      ...request,
      config: { ...request.config, 'k8s-gitops:fluxWriters': '[my-project]\\Writers' },
    });
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr + wrong.log.join('\n')).toContain('is not a valid Azure DevOps group name');
    fs.rmSync(path.join(folder, 'Pulumi.organization.yaml'));
    edit(folder, 'platform.yaml', '    dryRun: cluster\n', '');
    const none = await runProgram(request);
    expect(none.code).not.toBe(0);
    expect(none.stderr + none.log.join('\n')).toContain('There is no Pulumi.organization.yaml');
  });

  it('goes through all of it in one up, signs in to the registry for the time of the run alone, and keeps the token to itself', async () => {
    const folder = repository('first', resolveDigests);
    const az = standInAz(JSON.stringify({ accessToken: TOKEN, loginServer: 'myorgdev.azurecr.io' }));
    const credentials = path.join(folder, '.registry-credentials', 'dev', 'config.json');
    const seen: Record<string, string | undefined> = {};
    const offline = offlineAnswers(folder, 'dev');
    const run = await runDev(folder, {
      preview: false,
      answers: {
        ...offline,
        known: (resource) => {
          seen[nameOf(resource as never)] = fs.existsSync(credentials) ? fs.readFileSync(credentials, 'utf8') : undefined;
          return resource.type === 'pulumi:pulumi:Stack' ? undefined : made(resource);
        },
      },
      environment: { PATH: `${az.folder}:${process.env['PATH'] ?? ''}` },
    });
    expect(run.log).toEqual([]);
    expect(run.code).toBe(0);
    // Nothing stays unknown, and nothing is left out.
    expect(JSON.stringify([...run.monitor.resources.values()])).not.toContain(COMPUTED);
    expect([...custom(run)].sort()).toEqual(
      (await planOf(folder, 'dev')).resources
        .filter((one) => one.custom)
        .map(nameOf)
        .sort(),
    );
    // The first time, the live keys sign: the platform's own.
    const commands = new Map(
      [...run.monitor.resources.values()]
        .filter(({ type }) => type === 'command:local:Command')
        .map(({ name, inputs }) => [name, inputs['create']]),
    );
    const key = 'azurekms://my-org-dev.vault.azure.net/platform/0123456789abcdef0123456789abcdef';
    expect(commands.get('mirrored-images')).toContain(
      ` images release --env dev --key ${key} --docker-config .registry-credentials/dev `,
    );
    expect(commands.get('public-key-platform')).toContain(` images public-key --key ${key} `);
    expect(commands.get('public-key-applications')).toContain(` --key ${key.replace('/platform/', '/applications/')} `);
    const secret = [...run.monitor.resources.values()].find(
      ({ type, name }) => type.endsWith(':Secret') && name === 'public-key-platform',
    );
    expect(secret?.inputs['properties']).toMatchObject({
      value: '-----BEGIN PUBLIC KEY-----\npublic-key-platform\n-----END PUBLIC KEY-----\n',
    });
    // The chart is read with the credentials of the registry, which are made when the registry is.
    expect(seen['Registry registry']).toBeUndefined();
    expect(seen['Release flux-operator']).toContain('myorgdev.azurecr.io');
    expect(Buffer.from(/"auth":\s*"([^"]+)"/.exec(seen['Release flux-operator']!)![1]!, 'base64').toString()).toContain(TOKEN);
    expect(fs.existsSync(credentials)).toBe(false);
    expect(az.calls()).toContain('acr login --name myorgdev --expose-token');
    expect(az.calls()).toContain('33333333-3333-4333-8333-333333333301');
    // The token is in no input, and with that in no state.
    expect(JSON.stringify([...run.monitor.resources.values()]) + run.log.join() + run.stderr).not.toContain(TOKEN);
  });

  it('stops an up before anything is made while a digest is unresolved', async () => {
    const folder = repository('first');
    const run = await runDev(folder, {
      preview: false,
    });
    expect(run.code).not.toBe(0);
    expect(custom(run)).toEqual([]);
    expect(run.log.join('\n')).toContain('the digest of the chart flux-operator');
    expect(run.log.join('\n')).not.toMatch(/^\s+at /m);
  });

  it('tells a wrong value that only the engine has in one message', async () => {
    const folder = repository('first');
    const run = await runProgram({
      folder,
      stack: 'dev',
      preview: true,
      config: { ...engineConfigOf(folder, 'dev'), 'k8s-gitops:registry': '{"tier":"Gold"}' },
      answers: offlineAnswers(folder, 'dev'),
    });
    expect(run.code).not.toBe(0);
    expect(run.log).toEqual([
      expect.stringContaining("Pulumi.dev.yaml 'config.k8s-gitops:registry.tier' is 'Gold', not one of Basic, Standard, Premium"),
    ]);
    expect(run.log[0]).not.toMatch(/^\s+at /m);
    expect(custom(run)).toEqual([]);
  });

  it('tells a wrong key of the file with its line', async () => {
    const folder = repository('first', (one) => {
      writeFile(one, 'Pulumi.dev.yaml', readFile(one, 'Pulumi.dev.yaml').replace('k8s-gitops:access', 'k8s-gitops:acess'));
    });
    const run = await runProgram({
      folder,
      stack: 'dev',
      preview: true,
      config: {},
      answers: { known: () => undefined, lookUp: () => ({ result: {}, answeredBy: '' }) },
    });
    expect(run.log).toEqual([expect.stringContaining("Pulumi.dev.yaml:4:3 unknown key 'k8s-gitops:acess'")]);
  });

  it('tells a stack that is no environment', async () => {
    const folder = repository('first');
    const run = await runProgram({
      folder,
      stack: 'deev',
      preview: true,
      config: {},
      answers: { known: () => undefined, lookUp: () => ({ result: {}, answeredBy: '' }) },
    });
    expect(run.log).toEqual([
      expect.stringMatching(/The stack 'deev' is no environment of platform\.yaml\.\n→ Did you mean 'dev'\?/),
    ]);
    expect(run.code).not.toBe(0);
  });

  it('refuses a cluster that Flux cannot run on, with the commands that mend it, before anything is made', async () => {
    const folder = repository('first', resolveDigests);
    const offline = offlineAnswers(folder, 'dev');
    const run = await runDev(folder, {
      preview: false,
      answers: {
        ...offline,
        lookUp: (token, args) => {
          const answer = offline.lookUp(token, args);
          const weaker = { oidcIssuerProfile: { enabled: false }, currentKubernetesVersion: '1.33.5' };
          return token.endsWith(':getManagedCluster') ? { ...answer, result: { ...answer.result, ...weaker } } : answer;
        },
      },
    });
    expect(run.code).not.toBe(0);
    expect(run.log).toEqual([expect.stringContaining('--enable-oidc-issuer')]);
    expect(run.log[0]).toContain('it runs Kubernetes 1.33.5, and Flux 2.9.5 needs 1.34.1 or newer');
    expect(run.log[0]).not.toMatch(/^\s+at /m);
    expect(custom(run)).toEqual([]);
  });

  it('says what to do when the registry cannot be signed in to', async () => {
    const folder = repository('first', resolveDigests);
    const az = standInAz("ERROR: Please run 'az login' to setup account.", 1);
    const run = await runDev(folder, {
      preview: false,
      answers: {
        ...offlineAnswers(folder, 'dev'),
        known: (resource) => (resource.type === 'pulumi:pulumi:Stack' ? undefined : made(resource)),
      },
      environment: { PATH: `${az.folder}:${process.env['PATH'] ?? ''}` },
    });
    expect(run.code).not.toBe(0);
    expect(run.log.join('\n')).toContain('az login');
    expect(run.log.join('\n')).not.toMatch(/^\s+at /m);
    expect(custom(run)).not.toContain('Release flux-operator');
  });

  it('uses given credentials of the registry, and says so when they are not there', async () => {
    const folder = repository('first', (one) => {
      resolveDigests(one);
      writeFile(one, 'Pulumi.dev.yaml', `${readFile(one, 'Pulumi.dev.yaml')}  k8s-gitops:dockerConfig: ci/docker\n`);
    });
    const answers: Answers = {
      ...offlineAnswers(folder, 'dev'),
      known: (resource) => (resource.type === 'pulumi:pulumi:Stack' ? undefined : made(resource)),
    };
    const az = standInAz('{}');
    const environment = { PATH: `${az.folder}:${process.env['PATH'] ?? ''}` };
    const missing = await runDev(folder, { preview: false, answers, environment });
    expect(missing.code).not.toBe(0);
    expect(missing.log.join('\n')).toContain('ci/docker/config.json does not exist');
    writeFile(folder, 'ci/docker/config.json', '{"auths":{}}');
    const given = await runDev(folder, { preview: false, answers, environment });
    expect([given.code, given.log, az.calls()]).toEqual([0, [], '']);
    expect(readFile(folder, 'ci/docker/config.json')).toBe('{"auths":{}}');
  });

  it('refuses an existing Key Vault with access policies, and warns of an open registry', async () => {
    const folder = repository('existing', (one) => {
      writeFile(one, 'kubeconfig.yaml', stringify({ contexts: [{ name: 'dev', context: { user: 'me', cluster: 'c' } }] }));
    });
    const offline = offlineAnswers(folder, 'dev');
    const weaker: Readonly<Record<string, object>> = {
      'azure-native:containerregistry:getRegistry': { adminUserEnabled: true, anonymousPullEnabled: true },
      'azure-native:keyvault:getVault': {
        properties: { enableRbacAuthorization: false, vaultUri: 'https://my-org-dev.vault.azure.net/' },
      },
    };
    const run = await runDev(folder, {
      preview: true,
      answers: {
        ...offline,
        lookUp: (token, args) => {
          const answer = offline.lookUp(token, args);
          return { ...answer, result: { ...answer.result, ...weaker[token] } };
        },
      },
    });
    expect(run.code).not.toBe(0);
    const log = run.log.join('\n');
    expect(log).toContain('The registry MyOrgDev has its admin user enabled');
    expect(log).toContain('Everybody may pull from the registry MyOrgDev');
    expect(log).toContain(
      'az keyvault update --name my-org-dev --resource-group vaults --subscription 33333333-3333-4333-8333-333333333301 --enable-rbac-authorization true',
    );
    expect(log).not.toMatch(/^\s+at /m);
  });

  it('uses a given kubeconfig, and no administrator in it', async () => {
    for (const [user, wrong] of [
      ['me', undefined],
      ['clusterAdmin_g_c', "The kubeconfig kubeconfig.yaml uses the administrator 'clusterAdmin_g_c'"],
    ] as const) {
      const folder = repository('existing', (one) => {
        writeFile(one, 'kubeconfig.yaml', stringify({ contexts: [{ name: 'dev', context: { user, cluster: 'c' } }] }));
      });
      const az = standInAz(JSON.stringify({ accessToken: TOKEN, loginServer: 'myorgdev.azurecr.io' }));
      const run = await runDev(folder, {
        preview: true,
        environment: { PATH: `${az.folder}:${process.env['PATH'] ?? ''}` },
      });
      // A registry that is there is signed in to in a preview too, which reads the chart; in the subscription that it stands in.
      if (wrong === undefined) expect(az.calls()).toContain('33333333-3333-4333-8333-333333333309');
      expect(run.log.join('\n')).toContain(wrong ?? '');
      expect(run.code === 0).toBe(wrong === undefined);
    }
  });
});
