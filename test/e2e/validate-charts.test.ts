import * as fs from 'node:fs';
import * as path from 'node:path';
import { edit, readFile, REPOSITORY, temporaryFolder, writeFile } from '../support/platform-folder';
import { runCli, type CliResult } from '../support/run-cli';
import { toolsFolder } from './support/tools';

interface Report {
  readonly ok: boolean;
  readonly problems: readonly { readonly message: string; readonly location: { readonly file: string } }[];
  readonly notes: readonly { readonly message: string }[];
  readonly releases: readonly {
    readonly system: string;
    readonly release: string;
    readonly environment: string;
    readonly rendered: boolean;
    readonly objects?: number;
  }[];
}

/** A copy of the example platform with its systems' repositories. */
function examplePlatform(): string {
  const folder = temporaryFolder();
  for (const entry of ['platform.yaml', 'platform.lock.yaml', 'systems', 'clusters', 'charts', 'examples']) {
    fs.cpSync(path.join(REPOSITORY, entry), path.join(folder, entry), { recursive: true });
  }
  return folder;
}

const run = (folder: string, ...args: string[]): Promise<CliResult> =>
  runCli(['validate', '--charts', '--dir', folder, ...args], { environment: { PATH: toolsFolder() } });

async function look(folder: string, ...args: string[]): Promise<Report> {
  const { out, err } = await run(folder, '--json', ...args);
  try {
    return JSON.parse(out) as Report;
  } catch {
    throw new Error(`${out}\n${err}`);
  }
}

const messages = ({ problems }: Report): readonly string[] =>
  problems.map(({ location, message }) => `${location.file} ${message}`);

const PAYMENTS = 'examples/payments/environments/dev/flux/helmrelease.yaml';
const INGRESS = 'examples/ingress-nginx/chart/templates';
const INGRESS_RELEASE = 'examples/ingress-nginx/environments/dev/flux/helmrelease.yaml';

describe('validate --charts', () => {
  it('renders every release of the example for each environment, and finds nothing wrong', async () => {
    const report = await look(examplePlatform());
    expect(messages(report)).toEqual([]);
    const rendered = report.releases.filter((release) => release.rendered);
    expect(rendered.map(({ release, environment }) => `${release} ${environment}`).sort()).toEqual(
      ['ingress-nginx', 'payments', 'web-shop'].flatMap((name) =>
        ['dev', 'experimental', 'prod'].map((where) => `${name} ${where}`),
      ),
    );
    expect(rendered.every(({ objects }) => objects! > 5)).toBe(true);
    expect(report.releases.filter((release) => !release.rendered).map(({ release }) => release)).toEqual([
      'reporting',
      'reporting',
    ]);
  });

  it('tells people what was rendered, and what was not, with the reason', async () => {
    const { code, out } = await run(examplePlatform(), '--env', 'dev');
    expect(code).toBe(0);
    expect(out).toContain('Releases rendered with helm: 3; not at hand: 1.');
    expect(out).toMatch(/^payments +payments +\d+ objects$/m);
    expect(out).toContain('reporting: its chart is in a registry');
  });

  it('leaves the charts as they are', async () => {
    const folder = examplePlatform();
    const before = fs.readdirSync(path.join(folder, 'charts/platform-app-chart'));
    await look(folder);
    expect(fs.readdirSync(path.join(folder, 'charts/platform-app-chart'))).toEqual(before);
  });

  it.each<readonly [mistake: string, file: string, content: string, expected: RegExp]>([
    [
      'a field that the API does not know',
      `${INGRESS}/mistake.yaml`,
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: mistake }\ndatta: {}\n',
      /ingress-nginx in dev: ConfigMap 'mistake' of ingress-nginx\/templates\/mistake\.yaml: ConfigMap: unknown field 'datta'/,
    ],
    [
      'a pod that is not restricted',
      `${INGRESS}/mistake.yaml`,
      'apiVersion: v1\nkind: Pod\nmetadata: { name: mistake }\nspec: { hostNetwork: true, containers: [{ name: a, image: "myorgdev.azurecr.io/c:1" }] }\n',
      /Pod 'mistake' of ingress-nginx\/templates\/mistake\.yaml: .*hostNetwork/,
    ],
    [
      'an image of elsewhere',
      `${INGRESS}/mistake.yaml`,
      'apiVersion: v1\nkind: Pod\nmetadata: { name: mistake }\nspec: { containers: [{ name: a, image: "docker.io/library/redis:7" }] }\n',
      /Pod 'mistake' of ingress-nginx\/templates\/mistake\.yaml: runs the image 'docker\.io\/library\/redis:7', which is not in the registry/,
    ],
    [
      'an API that the version of Kubernetes does not have',
      `${INGRESS}/mistake.yaml`,
      'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: mistake }\n',
      /there is no schema for policy\/v1beta1 PodDisruptionBudget/,
    ],
    [
      'a template that fails',
      `${INGRESS}/mistake.yaml`,
      '{{ fail "no such thing" }}\n',
      /helmrelease\.yaml the release 'ingress-nginx' cannot be rendered for dev: .*no such thing/,
    ],
    [
      'a template that is no YAML',
      `${INGRESS}/mistake.yaml`,
      'a: [\n',
      /the release 'ingress-nginx' cannot be rendered for dev: .*mistake\.yaml/,
    ],
    [
      'an object that stands in the chart of another release',
      `${INGRESS}/mistake.yaml`,
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: payments, namespace: payments }\n',
      /the releases 'ingress-nginx' and 'payments' in dev both have ServiceAccount 'payments\/payments'/,
    ],
    [
      'pattern C touching what a chart manages',
      'examples/monitoring-crds/crds/mistake.yaml',
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: payments }\n',
      /examples\/monitoring-crds\/crds\/mistake\.yaml monitoring-crds applies Namespace 'payments' in dev, which the chart of the release 'payments' \(payments\) manages/,
    ],
  ])('finds %s', async (_, file, content, expected) => {
    const folder = examplePlatform();
    writeFile(folder, file, content);
    const report = await look(folder, '--env', 'dev');
    expect(messages(report).filter((message) => expected.test(message))).toHaveLength(1);
  });

  it('lets a system be less than restricted where the registration says so', async () => {
    const folder = examplePlatform();
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: agent }\nspec: { containers: [{ name: a, image: "myorgdev.azurecr.io/c:1" }] }\n';
    writeFile(folder, `${INGRESS}/agent.yaml`, pod);
    expect(messages(await look(folder, '--env', 'dev')).length).toBeGreaterThan(0);
    fs.appendFileSync(path.join(folder, 'systems/ingress-nginx.yaml'), 'podSecurity: baseline\n');
    expect(messages(await look(folder, '--env', 'dev'))).toEqual([]);
  });

  it('compares what a chart of a team asks for with its quota', async () => {
    const folder = examplePlatform();
    fs.appendFileSync(path.join(folder, 'systems/ingress-nginx.yaml'), 'sku: sku-small\n');
    const values = 'examples/ingress-nginx/environments/dev/values.yaml';
    writeFile(folder, values, `${readFile(folder, values)}\nreplicaCount: 40\n`);
    const found = messages(await look(folder, '--env', 'dev'));
    expect(
      found.filter((message) => /ingress-nginx needs more in dev than sku-small has: \d+ pods of 5/.test(message)),
    ).toHaveLength(1);
  });

  it('renders for the version of Kubernetes of each environment', async () => {
    const folder = examplePlatform();
    writeFile(
      folder,
      `${INGRESS}/version.yaml`,
      '{{ if semverCompare ">=1.35-0" .Capabilities.KubeVersion.Version }}{{ fail "too new" }}{{ end }}\n',
    );
    expect(messages(await look(folder))).toEqual([]);
    edit(folder, 'platform.yaml', '    branch: dev\n', "    branch: dev\n    cluster: { kubernetesVersion: '1.35' }\n");
    expect(messages(await look(folder))).toEqual([expect.stringMatching(/cannot be rendered for dev: .*too new/)]);
  });

  it('takes files of values in place of those of the chart, as Flux does', async () => {
    const folder = examplePlatform();
    const release = 'examples/ingress-nginx/environments/dev/flux/helmrelease.yaml';
    const text = readFile(folder, release);
    expect(text).toContain('valuesFiles:');
    writeFile(folder, release, text.replace(/- \.\/environments\/dev\/values\.yaml/, '- ./environments/dev/nothing.yaml'));
    expect(messages(await look(folder, '--env', 'dev'))).toEqual([
      expect.stringContaining('the file of values examples/ingress-nginx/environments/dev/nothing.yaml does not exist'),
    ]);
  });

  it('fetches no dependency', async () => {
    const folder = examplePlatform();
    const chart = 'examples/ingress-nginx/chart/Chart.yaml';
    writeFile(
      folder,
      chart,
      `${readFile(folder, chart)}dependencies: [{ name: redis, version: 1.0.0, repository: 'oci://registry.example.com/charts' }]\n`,
    );
    const missing = expect.stringContaining(
      'its dependency redis of oci://registry.example.com/charts is not in examples/ingress-nginx/chart/charts, and nothing is fetched here',
    ) as unknown;
    expect(messages(await look(folder, '--env', 'dev'))).toEqual([missing]);
    // Values of dependencies are none that its schema knows.
    fs.rmSync(path.join(folder, 'examples/ingress-nginx/chart/values.schema.json'));
    // With what is there it renders, though another dependency stands beside it.
    const repository = path.join(folder, 'examples/ingress-nginx');
    writeFile(folder, 'examples/ingress-nginx/chart/charts/redis/Chart.yaml', 'apiVersion: v2\nname: redis\nversion: 1.0.0\n');
    writeFile(folder, 'examples/ingress-nginx/shared/common/Chart.yaml', 'apiVersion: v2\nname: common\nversion: 1.0.0\n');
    writeFile(
      folder,
      chart,
      readFile(folder, chart).replace('[{', "[{ name: common, version: 1.0.0, repository: 'file://../shared/common' }, {"),
    );
    expect(messages(await look(folder, '--env', 'dev'))).toEqual([]);
    expect(fs.readdirSync(path.join(repository, 'chart/charts'))).toEqual(['redis']);
  });

  it.each<readonly [what: string, change: (folder: string) => void, expected: string]>([
    [
      'a release name that is an option of helm',
      (folder) => {
        edit(folder, INGRESS_RELEASE, 'releaseName: ingress-nginx', 'releaseName: --post-renderer=charts/0/chart/evil.sh');
        writeFile(folder, 'examples/ingress-nginx/chart/evil.sh', '#!/bin/sh\ntouch "$EVIL"\n');
        fs.chmodSync(path.join(folder, 'examples/ingress-nginx/chart/evil.sh'), 0o755);
      },
      `'spec.releaseName': "--post-renderer=charts/0/chart/evil.sh" is not a valid Helm release name`,
    ],
    [
      'a link to a file of the machine',
      (folder) => {
        fs.symlinkSync('/etc/passwd', path.join(folder, 'examples/ingress-nginx/chart/passwd.txt'));
        writeFile(folder, `${INGRESS}/fail.yaml`, '{{ fail (.Files.Get "passwd.txt") }}\n');
      },
      'examples/ingress-nginx/chart/passwd.txt is neither a file nor a folder; Flux leaves links out',
    ],
    [
      'values of elsewhere',
      (folder) => {
        edit(folder, INGRESS_RELEASE, './environments/dev/values.yaml', '../../../../../../etc/passwd');
      },
      'is not in the repository that Flux reads it from',
    ],
    [
      'a chart of elsewhere',
      (folder) => {
        edit(folder, INGRESS_RELEASE, 'chart: ./chart', 'chart: ../web-shop');
      },
      'the chart examples/web-shop is not in the repository that Flux reads it from',
    ],
    [
      'a folder in place of Chart.yaml',
      (folder) => {
        fs.rmSync(path.join(folder, 'examples/ingress-nginx/chart/Chart.yaml'));
        fs.mkdirSync(path.join(folder, 'examples/ingress-nginx/chart/Chart.yaml'));
      },
      'there is no chart in examples/ingress-nginx/chart: Chart.yaml is missing',
    ],
    [
      'an object that stands there twice',
      (folder) => {
        for (const name of ['a', 'b']) {
          writeFile(folder, `${INGRESS}/${name}.yaml`, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: twice }\n');
        }
      },
      "the release 'ingress-nginx' in dev has ConfigMap 'ingress-nginx/twice' twice",
    ],
    [
      'a ServiceAccount that nobody makes',
      (folder) => {
        edit(folder, PAYMENTS, '  values:\n', '  values:\n    serviceAccountName: nobody\n');
      },
      "the pods of Deployment 'payments' of payments in dev run as the ServiceAccount 'nobody', which no release of namespace 'payments' makes",
    ],
  ])('refuses %s', async (_, change, expected) => {
    const folder = examplePlatform();
    change(folder);
    const evil = path.join(temporaryFolder(), 'evil');
    const { out, err } = await runCli(['validate', '--charts', '--dir', folder, '--env', 'dev', '--json'], {
      environment: { PATH: `${toolsFolder()}:${process.env['PATH'] ?? ''}`, EVIL: evil },
    });
    expect(`${out}${err}`).not.toContain('root:x:0');
    expect(fs.existsSync(evil)).toBe(false);
    expect(messages(JSON.parse(out) as Report)).toEqual([expect.stringContaining(expected)]);
  });

  it('says that helm is missing, and what to do', async () => {
    const { code, err } = await runCli(['validate', '--charts', '--dir', examplePlatform()], { environment: { PATH: '' } });
    expect(code).toBe(1);
    expect(err).toContain('helm is neither in .tools nor on PATH');
    expect(err).toContain('npx k8s-gitops tools install helm');
  });

  it('fails where a literal of a team differs from the registration, before anything is rendered', async () => {
    const folder = examplePlatform();
    edit(folder, PAYMENTS, '${sku}', 'sku-large');
    expect(messages(await look(folder, '--env', 'dev'))).toContainEqual(
      expect.stringContaining(`'sku' is "sku-large", and the registration says 'sku-medium' for dev (systems/payments.yaml)`),
    );
  });
});

describe('what `system scaffold` makes', () => {
  const GROUP = '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e77';
  const SYSTEMS: readonly (readonly string[])[] = [
    ['app', '--pattern', 'B', '--sku', 'sku-small', '--aad-group-id', GROUP],
    [
      'released',
      '--pattern',
      'B',
      '--sku',
      'sku-medium',
      '--aad-group-id',
      GROUP,
      '--release',
      'platform',
      '--image',
      'shop/released:1.0.0',
    ],
    ['own', '--pattern', 'A'],
    ['own-tenant', '--pattern', 'A', '--sku', 'sku-large', '--aad-group-id', GROUP],
    ['extras', '--pattern', 'C', '--approved-by', 'Ada', '--approval-reason', 'Cluster roles'],
  ];

  it('validates and renders for every pattern and environment, from a new system on', async () => {
    const folder = examplePlatform();
    const repositories = temporaryFolder();
    const k8sGitops = async (...args: string[]): Promise<void> => {
      const { code, out, err } = await runCli([...args, '--dir', folder]);
      if (code !== 0) throw new Error(`${args.join(' ')}: ${out}${err}`);
    };
    for (const [name, ...options] of SYSTEMS) await k8sGitops('system', 'add', name!, '--team', 'shop', ...options);
    await k8sGitops('synth');
    for (const [name] of SYSTEMS) await k8sGitops('system', 'scaffold', name!, '--out', path.join(repositories, name!));
    const report = await look(folder, '--repositories', repositories);
    expect(messages(report)).toEqual([]);
    const rendered = report.releases.filter((release) => release.rendered).map(({ release }) => release);
    for (const name of ['app', 'released', 'own', 'own-tenant', 'own-tenant-tenant']) {
      expect(rendered.filter((release) => release === name)).toHaveLength(3);
    }
  });
});
