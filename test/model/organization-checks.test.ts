import * as fs from 'node:fs';
import * as path from 'node:path';
import { load } from '../../src/model';
import { edit, platformFolder, writeFile } from '../support/platform-folder';

const DEV = '33333333-3333-4333-8333-33333333330a';
const PROD = '33333333-3333-4333-8333-33333333330b';
const id = (last: number): string => `44444444-4444-4444-8444-${last.toString(16).padStart(12, '0')}`;

const config = (subscription: string, ...lines: readonly string[]): string =>
  [
    'config:',
    ...['azure-native:location: westeurope', `azure-native:subscriptionId: ${subscription}`, ...lines].map((line) => `  ${line}`),
    '',
  ].join('\n');

const REQUIRED = [
  'k8s-gitops:resourceGroup: platform-pipelines',
  `k8s-gitops:subscriptionNames: { ${DEV}: my-org-nonprod, ${PROD}: my-org-prod }`,
];

/** A platform with the stack `organization`; each line stands below its `config`. */
function organization(...lines: readonly string[]): string {
  const folder = platformFolder();
  writeFile(folder, 'Pulumi.organization.yaml', config(PROD, ...REQUIRED, ...lines));
  writeFile(folder, 'Pulumi.dev.yaml', config(DEV));
  writeFile(folder, 'Pulumi.prod.yaml', config(PROD));
  return folder;
}

type Recorded = Readonly<Record<string, Readonly<Record<string, number>>>>;

function record(folder: string, pipelines: Recorded): void {
  const identity = (last: number): string =>
    `{ clientId: ${id(last + 0x1000)}, principalId: ${id(last)}, resourceId: /subscriptions/${PROD}/resourceGroups/platform-pipelines/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i${last} }`;
  const lines = Object.entries(pipelines).flatMap(([environment, identities]) => [
    `  ${environment}:`,
    ...Object.entries(identities).map(([use, last]) => `    ${use}: ${identity(last)}`),
  ]);
  writeFile(
    folder,
    'outputs/organization.yaml',
    [`azureDevOps: { projectId: ${id(1)}, repositoryId: ${id(2)} }`, 'pipelines:', ...lines, ''].join('\n'),
  );
}

const APART: Recorded = {
  dev: { platform: 1, applications: 2, pullRequests: 3 },
  prod: { platform: 4, applications: 5, pullRequests: 6 },
};

const messages = (folder: string): readonly string[] => {
  const result = load(folder);
  return 'problems' in result ? result.problems.map(({ message }) => message) : [];
};

const access = (list: string, name: string, principal: number): string =>
  `k8s-gitops:access: { ${list}: { ${name}: { principalId: ${id(principal)} } } }`;

describe('a platform with the stack organization', () => {
  it('has no problem, recorded or not', () => {
    const folder = organization();
    expect(messages(folder)).toEqual([]);
    record(folder, APART);
    expect(messages(folder)).toEqual([]);
  });

  it('is the same whatever the case of its ids', () => {
    const folder = organization(`azuredevops:tenantId: 22222222-2222-2222-2222-222222222222`);
    writeFile(folder, 'Pulumi.dev.yaml', config(DEV.toUpperCase()));
    writeFile(
      folder,
      'Pulumi.organization.yaml',
      config(
        PROD.toUpperCase(),
        REQUIRED[0]!,
        `k8s-gitops:subscriptionNames: { ${DEV}: my-org-nonprod, ${PROD.toUpperCase()}: my-org-prod }`,
      ),
    );
    expect(messages(folder)).toEqual([]);
  });

  it('may have the resource group that an environment has in another subscription', () => {
    const folder = organization();
    writeFile(folder, 'Pulumi.dev.yaml', config(DEV, 'k8s-gitops:resourceGroup: platform-pipelines'));
    expect(messages(folder)).toEqual([]);
  });

  it('may write down Flux identities that nobody has recorded, each once', () => {
    expect(messages(organization(`k8s-gitops:fluxIdentities: { dev: { reader: ${id(1)}, writer: ${id(2)} } }`))).toEqual([]);
  });

  it('does not call a subscription useless that settings may use which cannot be read', () => {
    const folder = organization();
    writeFile(folder, 'Pulumi.dev.yaml', 'config: {}\n');
    expect(messages(folder)).toEqual([
      "'config.azure-native:location' is missing",
      "'config.azure-native:subscriptionId' is missing",
    ]);
  });

  it.each(['constructor', 'tostring', 'valueof'])('may have an environment %s', (name) => {
    const folder = organization('k8s-gitops:repository: { branches: { constructor: toString } }');
    edit(folder, 'platform.yaml', '  prod:\n    branch: master', `  ${name}:\n    branch: constructor`);
    writeFile(folder, `Pulumi.${name}.yaml`, config(PROD));
    fs.rmSync(path.join(folder, 'Pulumi.prod.yaml'));
    expect(messages(folder)).toEqual([]);
  });

  it('whose settings cannot be read has that problem alone', () => {
    const folder = organization('k8s-gitops:entitlements: neither');
    record(folder, APART);
    edit(folder, 'platform.yaml', 'vault: { name: my-org-dev }', 'vault: { name: my-org-dev }\n    dryRun: cluster');
    expect(messages(folder)).toEqual([expect.stringContaining("'config.k8s-gitops:entitlements' is 'neither'")]);
  });

  it('refuses a key called __proto__, wherever it stands', () => {
    for (const key of ['branchPolicies', 'approvals', 'fluxIdentities', 'subscriptionNames', 'repository']) {
      const folder = organization();
      writeFile(folder, 'Pulumi.organization.yaml', config(PROD, `k8s-gitops:${key}: { __proto__: {} }`));
      expect(messages(folder)).toEqual(["a key cannot be called '__proto__'"]);
    }
  });

  it('tells every one of a thousand mistakes', () => {
    const entries = Array.from({ length: 1000 }, (_, index) => `e${index}: {}`);
    expect(messages(organization(`k8s-gitops:branchPolicies: { ${entries.join(', ')} }`))).toHaveLength(1000);
  });
});

describe('recorded identities of pipelines', () => {
  it.each(['applications', 'pullRequests'])('may be one for %s of environments that share the service connection', (use) => {
    const folder = organization();
    record(folder, { ...APART, prod: { ...APART['prod'], [use]: APART['dev']![use]! } });
    expect(messages(folder)).toEqual([]);
  });

  it('are told once each, whichever of their ids are the same', () => {
    const folder = organization();
    record(folder, { dev: { platform: 1, applications: 1, pullRequests: 1 }, prod: APART['prod']! });
    expect(messages(folder)).toEqual([
      expect.stringContaining("'applications' of 'dev' and 'platform' of 'dev'"),
      expect.stringContaining("'pullRequests' of 'dev' and 'platform' of 'dev'"),
    ]);
  });

  it("of dry-runs are no environment's but their own", () => {
    const folder = organization();
    record(folder, { dev: { ...APART['dev'], dryRun: 7 }, prod: { ...APART['prod'], dryRun: 7 } });
    expect(messages(folder)).toEqual([expect.stringContaining("'dryRun' of 'prod' and 'dryRun' of 'dev'")]);
  });
});

describe('who is given access besides', () => {
  it.each([
    ['another environment may push here as its own pipeline does there', 'platformPipelines', 4],
    ['another environment may pull what it promotes', 'verifiers', 4],
    ['another environment verifies as well', 'verifiers', 6],
  ])('%s', (_what, list, principal) => {
    const folder = organization();
    record(folder, APART);
    writeFile(folder, 'Pulumi.dev.yaml', config(DEV, access(list, 'promotion', principal)));
    expect(messages(folder)).toEqual([]);
  });

  it.each([
    ['ado-platform', 1],
    ['ado-applications', 1],
    ['ado-pull-requests', 1],
    ['ado-platform-dev', 1],
    ['ado-applications-prod', 1],
    ['ado-platform-test', 0],
    ['ado-platforms', 0],
    ['ado', 0],
    ['my-ado-platform', 0],
  ])('%s is told %d times as a name that the stack organization gives', (name, times) => {
    for (const list of ['platformPipelines', 'applicationPipelines', 'verifiers']) {
      const folder = organization();
      writeFile(folder, 'Pulumi.dev.yaml', config(DEV, access(list, name, 0x99)));
      expect(messages(folder)).toHaveLength(times);
    }
  });

  it('may have any name where no stack organization makes pipelines', () => {
    const folder = platformFolder();
    writeFile(folder, 'Pulumi.dev.yaml', config(DEV, access('platformPipelines', 'ado-platform', 1)));
    expect(messages(folder)).toEqual([]);
  });
});
