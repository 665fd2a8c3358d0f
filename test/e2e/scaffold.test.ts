import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { writeRepository } from '../../src/onboarding';
import { fixturePlatform, repositoriesOf } from '../onboarding/every-system';
import { platformFolder, REPOSITORY, temporaryFolder } from '../support/platform-folder';
import { runCli } from '../support/run-cli';
import { tool, toolsFolder } from './support/tools';

interface PodSpec {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly containers: readonly {
    readonly image: string;
    readonly securityContext?: Readonly<Record<string, unknown>> & {
      readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
    };
  }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly template?: { readonly spec: PodSpec } };
}

/** What Helm makes of a chart with values, as Flux would. */
async function render(folder: string, environment: string | undefined, version: string): Promise<readonly Manifest[]> {
  const values = environment === undefined ? [] : ['--values', path.join(folder, `environments/${environment}/values.yaml`)];
  const output = await tool('helm', [
    'template',
    'release',
    path.join(folder, 'chart'),
    '--namespace',
    'own',
    '--kube-version',
    version,
    ...values,
  ]);
  return parseAllDocuments(output).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

/** Pod Security Standards, level restricted, as far as a chart of ours can break it. */
function brokenRules({ securityContext: pod = {}, hostNetwork, volumes = [], containers }: PodSpec): readonly string[] {
  const ofPod = [
    ...(hostNetwork === true ? ['hostNetwork'] : []),
    ...volumes.flatMap((volume) =>
      Object.keys(volume).filter((key) => !['name', 'emptyDir', 'configMap', 'secret', 'projected'].includes(key)),
    ),
  ];
  return containers.reduce<readonly string[]>((broken, { securityContext: own = {} }) => {
    const setting = (key: string): unknown => own[key] ?? pod[key];
    const added = own.capabilities?.add ?? [];
    return [
      ...broken,
      ...(setting('runAsNonRoot') === true ? [] : ['runAsNonRoot']),
      ...(setting('runAsUser') === 0 ? ['runAsUser'] : []),
      ...(own['allowPrivilegeEscalation'] === false ? [] : ['allowPrivilegeEscalation']),
      ...(own['privileged'] === true ? ['privileged'] : []),
      ...(own.capabilities?.drop?.includes('ALL') === true ? [] : ['drop ALL']),
      ...added.filter((capability) => capability !== 'NET_BIND_SERVICE'),
      ...((setting('seccompProfile') as { type?: string } | undefined)?.type === 'RuntimeDefault' ? [] : ['seccompProfile']),
    ];
  }, ofPod);
}

const CHARTS = (['scaffold/every-kind', 'example'] as const).flatMap((fixture) => {
  const platform = fixturePlatform(fixture);
  return platform.systems.flatMap((system) =>
    [...repositoriesOf(platform, system).values()].flatMap((files) => {
      if (!files.some(({ path: file }) => file === 'chart/Chart.yaml')) return [];
      const environments = platform.environments.map(({ name }) => name);
      return [
        {
          name: system.name,
          files,
          environments: environments.filter((name) =>
            files.some(({ path: file }) => file === `environments/${name}/values.yaml`),
          ),
        },
      ];
    }),
  );
});

describe('the chart of a scaffolded repository', () => {
  it.each(CHARTS)('$name passes helm lint --strict, and renders pods that are restricted', async ({ files, environments }) => {
    const folder = path.join(temporaryFolder(), 'repository');
    writeRepository(folder, files);
    await tool('helm', ['lint', '--strict', path.join(folder, 'chart')]);
    for (const environment of [undefined, ...environments]) {
      const manifests = await render(folder, environment, '1.34');
      // A tenant brings the ServiceAccount itself, under the name of the namespace.
      const ownAccount = environment === undefined || !files.some(({ path: file }) => file.endsWith('/flux/tenant.yaml'));
      expect(manifests.map(({ kind }) => kind).sort()).toEqual([
        'Deployment',
        'NetworkPolicy',
        'Service',
        ...(ownAccount ? ['ServiceAccount'] : []),
      ]);
      const { spec } = manifests.find(({ kind }) => kind === 'Deployment')!.spec!.template!;
      expect(brokenRules(spec)).toEqual([]);
      expect(spec.serviceAccountName).toBe(ownAccount ? 'release' : 'own');
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.containers[0]!.image).toMatch(/^[^:]+:[^:]+$/);
      if (environment !== undefined) expect(spec.containers[0]!.image).toMatch(/^myorg\w+\.azurecr\.io\//);
    }
  });

  it("refuses values that it does not know, and root's ports", async () => {
    const folder = path.join(temporaryFolder(), 'repository');
    writeRepository(folder, CHARTS[0]!.files);
    for (const value of ['portt=1', 'port=80', 'image.tag=latest', 'replicaCount=-1'])
      await expect(tool('helm', ['template', 'x', path.join(folder, 'chart'), '--set', value])).rejects.toThrow(
        /values don't meet/,
      );
  });

  it('runs the image that it was built with, where the pipeline stamps and publishes it', async () => {
    const folder = temporaryFolder();
    writeRepository(path.join(folder, 'repository'), CHARTS.find(({ name }) => name === 'reporting')!.files);
    await tool('helm', [
      'package',
      path.join(folder, 'repository/chart'),
      '--version',
      '0.0.20280',
      '--app-version',
      '20280',
      '--destination',
      folder,
    ]);
    const output = await tool('helm', [
      'template',
      'x',
      path.join(folder, 'reporting-0.0.20280.tgz'),
      '--set',
      'sku=sku-batch,aadGroupId=a',
    ]);
    expect(output).toContain('image: "finance/reporting:20280"');
    const shown = await tool('helm', ['show', 'chart', path.join(folder, 'reporting-0.0.20280.tgz')]);
    expect(shown).toMatch(/^name: reporting$/m);
  });
});

describe.each(['scaffold/every-kind', 'scaffold/odd-folders'])('every system of %s', (fixture) => {
  it('renders with its scaffolded repository to what `validate --charts` accepts', async () => {
    const folder = platformFolder(fixture);
    fs.cpSync(path.join(REPOSITORY, 'charts'), path.join(folder, 'charts'), { recursive: true });
    const platform = fixturePlatform(fixture);
    for (const system of platform.systems) {
      const [files] = repositoriesOf(platform, system).values();
      writeRepository(path.join(folder, 'examples', system.name), files!);
    }
    const environment = { PATH: `${toolsFolder()}${path.delimiter}${process.env['PATH']!}` };
    expect(await runCli(['synth', '--dir', folder])).toMatchObject({ code: 0 });
    const { code, out } = await runCli(['validate', '--charts', '--json', '--dir', folder], { environment });
    const { problems } = JSON.parse(out) as { problems: readonly unknown[] };
    expect({ code, problems }).toEqual({ code: 0, problems: [] });
    expect(out).toContain('-tenant"');
  });
});

describe('examples/ingress-nginx', () => {
  const folder = path.join(REPOSITORY, 'examples/ingress-nginx');
  const environments = fs.readdirSync(path.join(folder, 'environments')).sort();

  it.each(environments)('passes helm lint --strict and renders a restricted controller in %s', async (environment) => {
    await tool('helm', [
      'lint',
      '--strict',
      path.join(folder, 'chart'),
      '--values',
      path.join(folder, `environments/${environment}/values.yaml`),
    ]);
    const manifests = await render(folder, environment, '1.34');
    expect(manifests.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining([
        'ClusterRole',
        'ClusterRoleBinding',
        'ConfigMap',
        'Deployment',
        'IngressClass',
        'NetworkPolicy',
        'Role',
        'RoleBinding',
        'Service',
        'ServiceAccount',
      ]),
    );
    const { spec } = manifests.find(({ kind }) => kind === 'Deployment')!.spec!.template!;
    expect(brokenRules(spec)).toEqual([]);
    expect(spec.containers[0]!.securityContext).toMatchObject({
      runAsUser: 101,
      capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
    });
    // With one pod a budget would keep its node from being drained.
    expect(manifests.some(({ kind }) => kind === 'PodDisruptionBudget')).toBe(environment !== 'experimental');
  });

  it('gives the controller no right to write Secrets or workloads', async () => {
    const manifests = (await render(folder, 'prod', '1.34')) as unknown as readonly {
      kind: string;
      rules?: readonly { resources: string[]; verbs: string[] }[];
    }[];
    const rules = manifests.flatMap(({ kind, rules: own = [] }) => (kind.endsWith('Role') ? own : []));
    expect(rules.length).toBeGreaterThan(5);
    for (const { resources, verbs } of rules) {
      expect([...resources, ...verbs]).not.toContain('*');
      if (verbs.some((verb) => ['create', 'update', 'patch', 'delete'].includes(verb)))
        expect(['events', 'leases', 'ingresses/status']).toEqual(expect.arrayContaining(resources));
    }
  });
});
