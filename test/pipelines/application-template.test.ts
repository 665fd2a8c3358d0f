import { parse } from 'yaml';
import { formatProblem } from '../../src/model';
import {
  applicationTemplatePath,
  BEGIN_MARK,
  END_MARK,
  planTemplates,
  withPlatformFacts,
  writeTemplates,
} from '../../src/pipelines';
import { loadPlatform } from '../support/load-platform';
import { edit, platformFolder, readFile, REPOSITORY, snapshotFolder, writeFile } from '../support/platform-folder';
import { runCli } from '../support/run-cli';

const FILE = 'ci-cd-templates/application.yaml';
const TEMPLATE = readFile(REPOSITORY, FILE);

interface Written {
  readonly stages: readonly [
    {
      readonly template: string;
      readonly parameters: {
        readonly platform: Readonly<Record<string, string>>;
        readonly environments: readonly Readonly<Record<string, string>>[];
      };
    },
  ];
}

function withTemplate(text = TEMPLATE, fixture?: string): string {
  const folder = platformFolder(fixture);
  writeFile(folder, FILE, text);
  return folder;
}

describe('what the platform decides in the template of applications', () => {
  it('is the list of its environments, with everything that a team must not choose', () => {
    const text = withPlatformFacts(FILE, TEMPLATE, loadPlatform(platformFolder()));
    const { template, parameters } = (parse(text as string) as Written).stages[0];
    expect(template).toBe('application-stages.yaml');
    expect(parameters.platform).toEqual({
      project: 'my-project',
      repository: 'k8s-gitops',
      checkout: 'git://my-project/k8s-gitops@refs/heads/master',
      pool: 'my-linux-agents',
      vulnerabilityDatabase: 'ghcr.io/aquasecurity/trivy-db:2',
      javaDatabase: 'ghcr.io/aquasecurity/trivy-java-db:1',
    });
    expect(parameters.environments.map(({ name }) => name)).toEqual(['dev', 'prod']);
    expect(parameters.environments[1]).toEqual({
      name: 'prod',
      branch: 'master',
      checkout: 'git://my-project/k8s-gitops@refs/heads/master',
      registry: 'myorgprod.azurecr.io',
      connection: 'image-signing-prod-sc',
      pool: 'my-linux-agents',
    });
  });

  it('is written once: the same again, and nothing outside of the markers', () => {
    const platform = loadPlatform(platformFolder());
    const once = withPlatformFacts(FILE, TEMPLATE, platform) as string;
    expect(withPlatformFacts(FILE, once, platform)).toBe(once);
    const outside = (text: string): string => text.slice(0, text.indexOf(BEGIN_MARK)) + text.slice(text.indexOf(END_MARK));
    expect(outside(once)).toBe(outside(TEMPLATE));
  });

  it('is, in this repository, that of the example', () => {
    expect(planTemplates(loadPlatform(REPOSITORY))).toEqual({ changes: [{ kind: 'unchanged', path: FILE }], problems: [] });
  });

  it.each([
    ['without the first marker', TEMPLATE.replace(BEGIN_MARK, '# gone')],
    ['without the last marker', TEMPLATE.replace(END_MARK, '# gone')],
    ['with a marker twice', TEMPLATE.replace(END_MARK, `${END_MARK}\n      ${BEGIN_MARK}`)],
    [
      'with the markers in the other order',
      TEMPLATE.replace(BEGIN_MARK, 'x').replace(END_MARK, BEGIN_MARK).replace(/\bx\b/, END_MARK),
    ],
    ['that is empty', ''],
  ])('is refused by a template %s, which stays as it is', async (_what, text) => {
    const folder = withTemplate(text);
    const before = snapshotFolder(folder);
    for (const args of [['start'], ['synth'], ['synth', '--check']]) {
      const { code, err } = await runCli([...args, '--dir', folder]);
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(err).toContain(FILE);
      expect(err).toContain(`needs the lines '${BEGIN_MARK}' and '${END_MARK}', each once and in this order`);
    }
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('is no text of which Azure Pipelines would take a part for a variable', () => {
    const folder = withTemplate();
    edit(folder, 'platform.yaml', 'branch: dev', "branch: dev\n    names: { agentPool: 'agents-$(Build.Reason)' }");
    const { problems } = planTemplates(loadPlatform(folder));
    expect(problems.map(formatProblem).join()).toContain("'agents-$(Build.Reason)' would stand in the template");
  });

  it('is not there on another host, nor without the template', () => {
    expect(planTemplates(loadPlatform(withTemplate('', 'valid/github')))).toEqual({ changes: [], problems: [] });
    expect(planTemplates(loadPlatform(platformFolder()))).toEqual({ changes: [], problems: [] });
  });

  it('is in the template that the connections require', () => {
    expect(applicationTemplatePath(loadPlatform(platformFolder()))).toBe(FILE);
  });
});

describe('npm start', () => {
  it('writes it, and finds nothing to do the second time', async () => {
    const folder = withTemplate();
    const first = await runCli(['start', '--dir', folder, '--json']);
    const { changes } = JSON.parse(first.out) as { changes: readonly object[] };
    expect(changes).toContainEqual({ kind: 'update', path: FILE });
    expect(readFile(folder, FILE)).toContain('registry: myorgprod.azurecr.io');
    const second = await runCli(['start', '--dir', folder, '--json']);
    expect(JSON.parse(second.out)).toMatchObject({ changes: [] });
  });
});

describe('synth', () => {
  it('writes it where all environments are synthesized', async () => {
    const folder = withTemplate();
    await runCli(['synth', '--env', 'dev', '--dir', folder]);
    expect(readFile(folder, FILE)).toBe(TEMPLATE);
    const { out } = await runCli(['synth', '--dir', folder]);
    expect(out).toContain(`~ ${FILE}`);
  });

  it('--check fails with the difference, when somebody edits between the markers', async () => {
    const folder = withTemplate();
    await runCli(['synth', '--dir', folder]);
    expect((await runCli(['synth', '--check', '--dir', folder])).code).toBe(0);
    edit(folder, FILE, 'connection: image-signing-dev-sc', 'connection: image-signing-prod-sc');
    const before = readFile(folder, FILE);
    const { code, out } = await runCli(['synth', '--check', '--dir', folder]);
    expect(code).toBe(1);
    expect(out).toContain('-          connection: image-signing-prod-sc');
    expect(out).toContain('+          connection: image-signing-dev-sc');
    expect(readFile(folder, FILE)).toBe(before);
  });
});

it('leaves no half of a template behind', () => {
  const folder = withTemplate();
  const platform = loadPlatform(folder);
  expect(writeTemplates(platform, planTemplates(platform))).toEqual([]);
  expect(Object.keys(snapshotFolder(folder, 'ci-cd-templates'))).toEqual([FILE]);
});
