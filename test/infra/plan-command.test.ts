import { runCli } from '../support/run-cli';
import { edit, platformFolder, readFile, writeFile } from '../support/platform-folder';
import { stacksFolder } from './plans';

interface PlanJson {
  readonly ok: boolean;
  readonly problems: readonly { readonly message: string }[];
  readonly stacks: readonly {
    readonly stack: string;
    readonly resources: readonly { readonly urn: string; readonly custom: boolean }[];
    readonly summary: { readonly resources: number };
  }[];
  readonly order: readonly { readonly stack: string }[];
}

const planAsJson = async (...args: readonly string[]): Promise<PlanJson> =>
  JSON.parse((await runCli(['plan', '--json', ...args])).out) as PlanJson;

jest.setTimeout(30_000);

describe('k8s-gitops plan', () => {
  it('shows the tree of a stack, with inputs, where computed values come from, what is protected, and what waits for what', async () => {
    const { code, out } = await runCli(['plan', '--env', 'dev', '--dir', stacksFolder('first')]);
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toBe('dev: what `pulumi up --stack dev` would create from nothing; Azure was not asked');
    for (const line of [
      '+ k8s-gitops:azure:ContainerRegistry registry',
      '  + azure-native:containerregistry:Registry registry  [protected, kept on delete]',
      '      adminUserEnabled: false',
      '      scope: <computed>  <- Registry registry',
      '      kubeconfig: <secret>'.replace('      ', '    '),
      '      vaultName: my-org-dev',
      '      waits for: Vault vault',
      '      spec.sync.ref: refs/heads/dev',
      '      provider: kubernetes cluster',
      '  azure-native:containerservice:getManagedCluster {"resourceGroupName":"aks-rg-dev","resourceName":"aks-dev"}: example values',
      '  registry.loginServer: <computed>',
      '`pulumi up` would stop before it changes anything:',
      '+ 29 resources to create, with example values for what is not recorded yet.',
      'The stacks share nothing: they can be brought up in any order.',
    ]) {
      expect(lines.map((text) => text.trimEnd())).toContain(line);
    }
    expect(out).not.toContain('prod');
  });

  it('shows texts of several lines as such', async () => {
    const { out } = await runCli(['plan', '--env', 'dev', '--dir', stacksFolder('first', 'recorded')]);
    expect(out).toMatch(/spec\.kustomize\.patches\.0\.patch: \|\n +apiVersion: v1\n +kind: ServiceAccount\n/);
    expect(out).toContain('+ 29 resources to create, with the recorded outputs.');
  });

  it('lists what to request, as commands', async () => {
    const { out } = await runCli(['plan', '--stack', 'dev', '--dir', stacksFolder('existing')]);
    expect(out).toContain('To request from those who may:');
    expect(out).toContain(
      '  az role assignment create --role AcrPull --assignee-object-id 00000000-0000-4000-8000-000000000001 --assignee-principal-type ServicePrincipal --scope /subscriptions/33333333-3333-4333-8333-333333333309/resourceGroups/registries/providers/Microsoft.ContainerRegistry/registries/MyOrgDev  # nodes of aks-dev pull images',
    );
    expect(out).toContain(
      '  az identity federated-credential create --identity-name flux-reads --resource-group identities --subscription 33333333-3333-4333-8333-333333333301 --name aks-dev-flux-federated-credential --issuer https://oidc.aks-dev.example/ --subject system:serviceaccount:flux-system:source-controller --audiences api://AzureADTokenExchange',
    );
  });

  it('prints the order of stacks that share', async () => {
    const { out } = await runCli(['plan', '--env', 'experimental', '--dir', stacksFolder('shared')]);
    expect(out).toContain(
      '  1. dev: owns its registry and Key Vault\n  2. experimental: uses the registry of dev and the Key Vault of dev\n  3. dev: lets ',
    );
  });

  it('is data with --json: all stacks, or those that are asked for', async () => {
    const folder = stacksFolder('first');
    const all = await planAsJson('--dir', folder);
    expect(all.ok).toBe(true);
    expect(all.stacks.map(({ stack }) => stack)).toEqual(['dev', 'prod']);
    expect(all.order.map(({ stack }) => stack)).toEqual(['dev', 'prod']);
    for (const { resources, summary } of all.stacks) {
      expect(summary.resources).toBe(resources.filter(({ custom }) => custom).length);
    }
    expect((await planAsJson('--dir', folder, '--stack', 'prod')).stacks.map(({ stack }) => stack)).toEqual(['prod']);
    expect((await planAsJson('--dir', folder, '--stack', 'prod', '--env', 'dev')).stacks.map(({ stack }) => stack)).toEqual([
      'dev',
      'prod',
    ]);
  });

  it('shows the stack organization first, and by its own name', async () => {
    const folder = stacksFolder('first', 'organization');
    expect((await planAsJson('--dir', folder)).stacks.map(({ stack }) => stack)).toEqual(['organization', 'dev', 'prod']);
    const { code, out, err } = await runCli(['plan', '--stack', 'organization', '--dir', folder]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^organization: what `pulumi up --stack organization` would create from nothing; Azure was not asked\n/);
    for (const line of [
      '+ k8s-gitops:azuredevops:BranchPolicies branch-policies-prod',
      '  + azuredevops:index/checkRequiredTemplate:CheckRequiredTemplate signing-connection-prod-template',
      '      serviceEndpointAuthenticationScheme: WorkloadIdentityFederation',
      '      targetResourceId: <computed>  <- ServiceEndpointAzureRM signing-connection-prod',
      '      provider: azuredevops azure-devops-my-org',
      '  azuredevops:index/getProject:getProject {"name":"my-project"}: example values',
      "  Flux's identities take 4 Basic licences in the Azure DevOps organization my-org: 0 to be paid for where nobody else takes the free ones, otherwise up to 4.",
      '  1. organization: makes the identities of the pipelines',
    ]) {
      expect(out.split('\n').map((text) => text.trimEnd())).toContain(line);
    }
    const environment = await runCli(['plan', '--env', 'organization', '--dir', folder]);
    expect([environment.code, environment.out]).toEqual([2, '']);
    expect(environment.err).toBe("error: unknown environment 'organization': it is a stack. Give '--stack organization'\n");
    const absent = await runCli(['plan', '--stack', 'organization', '--dir', stacksFolder('first')]);
    expect([absent.code, absent.out]).toEqual([2, '']);
    expect(absent.err).toBe(
      "error: there is no stack 'organization', because there is no Pulumi.organization.yaml. Make it (docs/organization.md), or name the stack of an environment\n",
    );
  });

  it('shows a plan that breaks a policy, and fails with the policy, what breaks it, and what to do', async () => {
    const folder = stacksFolder('first', 'organization');
    const config = readFile(folder, 'Pulumi.organization.yaml');
    writeFile(folder, 'Pulumi.organization.yaml', config.replace(/ {2}k8s-gitops:approvals:\n.*\n/, ''));
    const problem =
      "Pulumi.organization.yaml error: breaks the policy production-protected: Environment deployments-prod: Nobody has to approve a deployment to 'prod': it has no CheckApproval.\n" +
      "  → Give 'k8s-gitops:approvals' of that environment in Pulumi.organization.yaml, with a group of the project that approves.\n";
    const plan = await runCli(['plan', '--stack', 'organization', '--dir', folder]);
    expect([plan.code, plan.err]).toEqual([1, `${problem}\n1 problem.\n`]);
    expect(plan.out).toContain('+ azuredevops:index/environment:Environment deployments-prod');
    const data = await planAsJson('--dir', folder);
    expect([data.ok, data.problems.length, data.stacks.length]).toEqual([false, 1, 3]);
    const start = await runCli(['start', '--dir', folder]);
    expect(start.code).toBe(1);
    expect(start.err).toContain(problem);
  });

  it.each([
    ['--stack', 'stack'],
    ['--env', 'environment'],
  ])('tells an unknown %s, with exit code 2', async (option, what) => {
    const { code, err, out } = await runCli(['plan', option, 'deev', '--dir', stacksFolder('first')]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`error: unknown ${what} 'deev'. Did you mean 'dev'?`);
  });

  it('notes a stack without configuration, and plans the others; who asks for it alone is told that there is none', async () => {
    const folder = platformFolder();
    writeFile(folder, 'Pulumi.prod.yaml', readFile(stacksFolder('first'), 'Pulumi.prod.yaml'));
    const missing = "does not exist, so nobody knows where on Azure 'dev' is";
    const all = await runCli(['plan', '--dir', folder]);
    expect([all.code, all.err]).toEqual([0, '']);
    expect(all.out).toContain('prod: what `pulumi up --stack prod` would create');
    expect(all.out).toContain(`Notes:\n  Pulumi.dev.yaml ${missing}`);
    const one = await runCli(['plan', '--env', 'dev', '--dir', folder]);
    expect([one.code, one.out]).toEqual([1, '']);
    expect(one.err).toContain(`Pulumi.dev.yaml error: ${missing}`);
    const none = await runCli(['plan', '--dir', platformFolder()]);
    expect([none.code, none.out]).toEqual([1, '']);
    const start = await runCli(['start', '--dir', folder]);
    expect(start.code).toBe(0);
    expect(start.out).toContain(`Not configured:\n  Pulumi.dev.yaml ${missing}`);
  });

  it('has the name of the Pulumi project in its URNs', async () => {
    const folder = stacksFolder('first');
    writeFile(folder, 'Pulumi.yaml', 'name: my-fork\nruntime: nodejs\n');
    const [dev] = (await planAsJson('--dir', folder)).stacks;
    for (const { urn } of dev!.resources) expect(urn).toMatch(/^urn:pulumi:dev::my-fork::/);
  });

  it('takes the same name in two lists of access', async () => {
    const folder = stacksFolder('first');
    writeFile(
      folder,
      'Pulumi.dev.yaml',
      readFile(folder, 'Pulumi.dev.yaml').replaceAll(/ado-(?:platform|applications|pull-requests)/g, 'kubelet'),
    );
    const [dev] = (await planAsJson('--dir', folder)).stacks;
    expect(dev!.summary.resources).toBe(29);
  });

  it('tells a wrong key with its line, and plans nothing', async () => {
    const folder = stacksFolder('first');
    edit(folder, 'Pulumi.dev.yaml', 'k8s-gitops:access', 'k8s-gitops:acces');
    const { code, err, out } = await runCli(['plan', '--dir', folder]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      "Pulumi.dev.yaml:4:3 error: unknown key 'k8s-gitops:acces' in 'config'\n  → Did you mean 'k8s-gitops:access'?\n\n1 problem.\nNothing was written.\n",
    );
  });

  it('keeps what is secret to itself', async () => {
    for (const args of [['plan'], ['plan', '--json']]) {
      const { out, err } = await runCli([...args, '--dir', stacksFolder('first', 'recorded')]);
      // The authority of the kubeconfig, and how kubelogin is called in it.
      expect(out + err).not.toContain('ZXhhbXBsZQ==');
      expect(out + err).not.toContain('get-token');
    }
  });

  it('shows progress on stderr alone', async () => {
    const { err } = await runCli(['plan', '--dir', stacksFolder('first')], { tick: 2000 });
    expect(err).toContain('planning prod');
  });
});

describe('k8s-gitops start', () => {
  it('ends with a line for every stack', async () => {
    const { code, out } = await runCli(['start', '--dir', stacksFolder('first')]);
    expect(code).toBe(0);
    expect(out).toContain(
      [
        'stack  resources  role assignments  protected  values from  stops because of',
        'dev    29         10                4          examples     2 in platform.lock.yaml',
        'prod   35         8                 4          examples     2 in platform.lock.yaml',
      ].join('\n'),
    );
  });

  it('says where recorded values come from, and that nothing stops an up', async () => {
    const folder = stacksFolder('first', 'recorded');
    writeFile(
      folder,
      'platform.lock.yaml',
      readFile(folder, 'platform.lock.yaml').replaceAll('digest: unresolved', `digest: sha256:${'ab'.repeat(32)}`),
    );
    const data = JSON.parse((await runCli(['start', '--json', '--dir', folder])).out) as { readonly stacks: object[] };
    expect(data.stacks).toEqual([
      expect.objectContaining({ stack: 'dev', resources: 29, recorded: true, stops: {} }),
      expect.objectContaining({ stack: 'prod', recorded: false, stops: {} }),
    ]);
  });

  it('leaves Pulumi alone where no stack is configured', async () => {
    const { code, out } = await runCli(['start', '--dir', platformFolder()]);
    expect(code).toBe(0);
    expect(out).not.toContain('pulumi up` would create');
  });
});
