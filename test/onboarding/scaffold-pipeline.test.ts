import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';
import { type Platform } from '../../src/model';
import { runCli } from '../support/run-cli';
import { readFile, REPOSITORY } from '../support/platform-folder';
import { FIXTURE_NAMES, fixturePlatform, repositoriesOf } from './every-system';
import { expand } from './expand-template';

const TEMPLATE = 'ci-cd-templates/application.yaml';

interface Parameter {
  readonly name: string;
  readonly type: 'string' | 'object';
  readonly values?: readonly string[];
  readonly default?: unknown;
}

type Environment = Readonly<Record<string, string>>;
type Parameters = Readonly<Record<string, unknown>> & { readonly environments?: readonly Environment[] };

interface Pipeline {
  readonly trigger:
    | 'none'
    | { readonly branches: { readonly include: readonly string[] }; readonly paths: { readonly exclude: readonly string[] } };
  readonly resources: { readonly repositories: readonly Readonly<Record<string, string>>[] };
  readonly extends: { readonly template: string; readonly parameters: Parameters };
}

interface Step {
  readonly displayName?: string;
  readonly bash?: string;
  readonly task?: string;
  readonly checkout?: string;
  readonly persistCredentials?: boolean;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly job: string;
  readonly dependsOn?: string;
  readonly steps: readonly Step[];
}
interface Stage {
  readonly stage: string;
  readonly condition?: string;
  readonly dependsOn?: string;
  readonly jobs: readonly Job[];
}

const template = parse(readFile(REPOSITORY, TEMPLATE)) as { readonly parameters: readonly Parameter[]; readonly stages: unknown };
const declared = new Map(template.parameters.map((parameter) => [parameter.name, parameter]));

/** Every pipeline of every fixture. */
const PIPELINES = FIXTURE_NAMES.flatMap((fixture) => {
  const platform = fixturePlatform(fixture);
  return platform.systems.flatMap((system) =>
    [...repositoriesOf(platform, system)].flatMap(([repository, files]) => {
      const file = files.find(({ path }) => path === 'azure-pipelines.yaml');
      return file === undefined
        ? []
        : [{ name: `${fixture}: ${repository}`, platform, system: system.name, pipeline: parse(file.content) as Pipeline }];
    }),
  );
});

/** The stages of a run, as the service would expand them. */
function stagesOf(pipeline: Pipeline, ref: string, reason = 'IndividualCI'): readonly Stage[] {
  const defaults = template.parameters.flatMap((parameter) =>
    'default' in parameter ? [[parameter.name, parameter.default] as const] : [],
  );
  const parameters = { ...Object.fromEntries(defaults), ...pipeline.extends.parameters };
  return expand(template.stages, {
    parameters,
    variables: { 'Build.SourceBranch': ref, 'Build.Reason': reason },
  }) as readonly Stage[];
}

const stepsOf = (stages: readonly Stage[]): readonly Step[] => stages.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps));
const scriptOf = (step: Step): string => step.bash ?? step.inputs?.['inlineScript'] ?? '';
const connectionsOf = (stages: readonly Stage[]): readonly string[] => [
  ...new Set(stepsOf(stages).flatMap(({ inputs }) => inputs?.['azureSubscription'] ?? [])),
];

function pipelineOf(fixture: string, system: string): Pipeline {
  return PIPELINES.find(({ name, system: candidate }) => name.startsWith(`${fixture}: `) && candidate === system)!.pipeline;
}

/** A pipeline whose team changed where the image comes from. */
function withSource(source: string, more: object = {}): Pipeline {
  const pipeline = pipelineOf('example', 'payments');
  return { ...pipeline, extends: { ...pipeline.extends, parameters: { ...pipeline.extends.parameters, source, ...more } } };
}
const MIRROR = withSource('mirror', { upstream: `docker.io/library/redis:7.4.1@sha256:${'0'.repeat(64)}` });

describe('the pipeline of a system', () => {
  it.each(PIPELINES)('$name passes what the template declares', ({ pipeline }) => {
    const { parameters } = pipeline.extends;
    for (const [name, value] of Object.entries(parameters)) {
      expect([...declared.keys()]).toContain(name);
      const parameter = declared.get(name)!;
      expect({ name, type: typeof value }).toEqual({ name, type: parameter.type });
      if (parameter.values !== undefined) expect(parameter.values).toContain(value);
    }
    for (const { name, ...parameter } of template.parameters) {
      expect({ name, given: 'default' in parameter || name in parameters }).toEqual({ name, given: true });
    }
    for (const environment of parameters.environments ?? []) {
      expect(environment['ref']).toMatch(/^refs\/heads\/./);
      const expected = ['name', 'ref', 'registry', 'connection', 'pool', 'target'];
      expect(Object.keys(environment)).toEqual(parameters['bump'] === 'system' ? [...expected, 'file'] : expected);
    }
  });

  it.each(PIPELINES)('$name extends the template that the signing connections require', ({ pipeline, platform }) => {
    const [project, repository] = platformProject(platform);
    expect(pipeline.resources.repositories).toEqual([
      {
        repository: 'platform',
        type: 'git',
        name: `${project}/${repository}`,
        ref: `refs/heads/${platform.environments.at(-1)!.branch}`,
      },
    ]);
    expect(pipeline.extends.template).toBe(`${platform.organization?.settings.templates.application ?? TEMPLATE}@platform`);
  });

  it.each(PIPELINES)('$name releases to an environment from its branch alone', ({ pipeline, platform, system }) => {
    const released = (pipeline.extends.parameters.environments ?? []).map(({ name }) => name!);
    const branches = new Map(
      platform.environments.flatMap((environment) => {
        const found = environment.systems.find(({ name }) => name === system);
        return found === undefined || !released.includes(environment.name)
          ? []
          : [
              [
                environment.name,
                {
                  branch: found.registration?.branch ?? environment.branch,
                  connection: environment.names.signingServiceConnection,
                },
              ] as const,
            ];
      }),
    );
    for (const { branch } of branches.values()) {
      const own = [...branches].filter(([, other]) => other.branch === branch);
      const stages = stagesOf(pipeline, `refs/heads/${branch}`);
      expect(stages.map(({ stage }) => stage)).toEqual(['Build', ...own.map(([name]) => `Release_${name.replaceAll('-', '_')}`)]);
      expect(connectionsOf(stages)).toEqual([...new Set(own.map(([, { connection }]) => connection))]);
      for (const ref of [`refs/heads/${branch}/x`, `refs/heads/x/${branch}`, branch, `refs/tags/${branch}`, 'refs/pull/7/merge'])
        expect(stagesOf(pipeline, ref).map(({ stage }) => stage)).toEqual(['Build']);
      expect(stagesOf(pipeline, `refs/heads/${branch}`, 'PullRequest').map(({ stage }) => stage)).toEqual(['Build']);
    }
  });

  it('is not started again by the pull request that it opens', () => {
    for (const { pipeline } of PIPELINES) {
      const { environments = [] } = pipeline.extends.parameters;
      for (const { file } of environments) {
        if (file === undefined || pipeline.trigger === 'none') continue;
        const excluded = pipeline.trigger.paths.exclude.some((entry) => file === entry || file.startsWith(`${entry}/`));
        expect({ file, excluded }).toEqual({ file, excluded: true });
      }
    }
  });

  it('builds nothing where the platform brings the images, and still validates', () => {
    const pipeline = pipelineOf('example', 'ingress-nginx');
    expect(pipeline.trigger).toBe('none');
    const steps = stepsOf(stagesOf(pipeline, 'refs/heads/master'));
    expect(steps.some((step) => scriptOf(step).includes('validate --charts'))).toBe(true);
    expect(steps.some((step) => /docker|az acr|crane (?:push|copy)/.test(scriptOf(step)))).toBe(false);
  });

  it('takes the databases of Trivy from where the company has them', () => {
    expect(pipelineOf('example', 'payments').extends.parameters).not.toHaveProperty('vulnerabilityDatabase');
  });
});

function platformProject({ git }: Platform): readonly [string, string] {
  const segments = new URL(git.url).pathname.split('/').map(decodeURIComponent);
  return [segments[2]!, segments[4]!];
}

describe.each([
  ['docker', withSource('docker')],
  ['acr', withSource('acr')],
  ['mirror', MIRROR],
])('the template, source %s', (source, pipeline) => {
  const release = stagesOf(pipeline, 'refs/heads/dev');
  const pullRequest = stagesOf(pipeline, 'refs/pull/7/merge', 'PullRequest');
  const scripts = stepsOf(release).map(scriptOf);
  const position = (pattern: RegExp): number => {
    const index = scripts.findIndex((script) => pattern.test(script));
    if (index === -1) throw new Error(`no step has ${pattern}`);
    return index;
  };
  const FINAL_PUSH = /crane push "\$OUT\/image\.tar" "\$target"/;

  it('scans, then pushes where anything is admitted, then signs, then bumps', () => {
    const order = [/trivy image/, FINAL_PUSH, /images sign/, /az repos pr create/].map(position);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(new Set(order).size).toBe(4);
    const [, sign, bump] = [release[1]!.jobs, ...release[1]!.jobs] as [unknown, Job, Job];
    expect([sign.job, bump.job, bump.dependsOn]).toEqual(['Sign', 'Bump', 'Sign']);
    expect(release[1]).toMatchObject({
      dependsOn: 'Build',
      condition: "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/dev'))",
    });
  });

  it('asks whether it may before it signs in', () => {
    expect(position(/system authorize/)).toBeLessThan(position(/az acr login/));
    const step = stepsOf(release)[position(/system authorize/)]!;
    expect(step.env).toMatchObject({ REF: '$(selfRef)', REPOSITORY: '$(selfUrl)' });
  });

  it('pushes from a registry nothing but what was scanned, by digest', () => {
    const push = scripts[position(FINAL_PUSH)]!;
    if (source === 'acr') {
      expect(scripts[position(/az acr build/)]).toContain('--image "staging/$IMAGE:$BUILD"');
      expect(scripts[position(/staged="/)]).toMatch(/staging\/\$IMAGE@\$\(crane digest/);
      expect(push).toContain('crane copy "$STAGED" "$target"');
    } else {
      expect(scripts.some((script) => script.includes('az acr build'))).toBe(false);
    }
  });

  it('fails on HIGH and CRITICAL, without files of the repository that could loosen it', () => {
    const scans = scripts.filter((script) => script.includes('trivy image'));
    expect(scans).toHaveLength(1);
    for (const scan of scans) {
      expect(scan).toContain('--severity HIGH,CRITICAL');
      expect(scan).toContain('--exit-code 1');
      expect(scan).toContain('--pkg-types os,library');
      expect(scan).toContain('cd "$(mktemp -d)"');
      expect(scan).toContain('--ignorefile "$accepted"');
    }
  });

  it('gives a pull request no credential', () => {
    expect(pullRequest.map(({ stage }) => stage)).toEqual(['Build']);
    const steps = stepsOf(pullRequest);
    expect(connectionsOf(pullRequest)).toEqual([]);
    expect(
      steps.filter(({ checkout }) => checkout !== undefined).every(({ persistCredentials }) => persistCredentials === false),
    ).toBe(true);
    expect(JSON.stringify(steps)).not.toMatch(/AccessToken|crane (?:push|copy|auth)|docker push|az /);
  });

  it("runs nothing of the team in the job that holds the connection, and keeps the team's token from it", () => {
    const sign = release[1]!.jobs[0]!;
    expect(JSON.stringify(sign)).not.toMatch(/AccessToken|docker build|npm (?:run|test)/);
    const bump = release[1]!.jobs[1]!;
    expect(connectionsOf([{ ...release[1]!, jobs: [bump] }])).toEqual([]);
    expect(sign.steps.filter(({ checkout }) => checkout === 'self')).toHaveLength(source === 'acr' ? 1 : 0);
  });

  it('takes everything that a team decides as variables, never into the text of a script', () => {
    for (const step of stepsOf(parseStages())) expect(scriptOf(step)).not.toContain('${{');
    for (const script of scripts) {
      expect(script).not.toMatch(/\$\((?!mktemp|crane|helm|az |grep|git |cat )[\w.]+\)/);
      expect(script).not.toMatch(/echo[^\n]*(?:TOKEN|_PAT|password)/i);
      expect(script).not.toContain('set -x');
    }
  });
});

/** The steps of the template before it is expanded. */
function parseStages(): readonly Stage[] {
  const steps: Step[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      if ('bash' in node || 'task' in node) steps.push(node as Step);
      Object.values(node).forEach(walk);
    }
  };
  walk(template.stages);
  return [{ stage: 'all', jobs: [{ job: 'all', steps }] }];
}

describe('the template', () => {
  it('has scripts that bash can read, and calls commands that there are', async () => {
    const scripts = stepsOf(parseStages()).map(scriptOf);
    expect(scripts.length).toBeGreaterThan(15);
    const commands = new Set<string>();
    for (const script of scripts) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
      for (const [, command] of script.matchAll(/npx k8s-gitops ((?:system |images |tools )?[a-z-]+)/g)) commands.add(command!);
    }
    expect(commands.size).toBe(7);
    for (const command of commands) {
      const { code, out } = await runCli([...command.split(' '), '--help']);
      expect({ command, code, usage: out.split('\n')[0] }).toEqual({
        command,
        code: 0,
        usage: expect.stringContaining(`k8s-gitops ${command}`) as unknown,
      });
    }
  });

  it('compares full refs alone', () => {
    const text = readFile(REPOSITORY, TEMPLATE);
    expect(text).not.toContain('SourceBranchName');
    const conditions = text.split('\n').filter((line) => line.includes("variables['Build.SourceBranch']"));
    expect(conditions).toHaveLength(2);
    for (const line of conditions) expect(line).toMatch(/eq\(variables\['Build\.SourceBranch'\], '?(?:\$\{\{ )?environment\.ref/);
  });

  it('takes no steps, jobs or stages of a team', () => {
    for (const { type } of template.parameters) expect(['string', 'object']).toContain(type);
    expect(template.parameters.filter(({ type }) => type === 'object').map(({ name }) => name)).toEqual(['environments']);
  });

  it('pushes the chart after its image is signed, and changes both versions in the platform', () => {
    const stages = stagesOf(pipelineOf('example', 'reporting'), 'refs/heads/dev');
    const scripts = stepsOf(stages).map(scriptOf);
    const index = (text: string): number => scripts.findIndex((script) => script.includes(text));
    expect(index('images sign')).toBeGreaterThan(-1);
    expect(index('helm push')).toBeGreaterThan(index('images sign'));
    expect(scripts[index('system set-version')]).toContain('version=("0.0.$BUILD" --image-tag "$TAG")');
    const bump = stepsOf(stages).at(-1)!;
    expect(bump.env).toMatchObject({ PROJECT: 'my-project', REPOSITORY: 'k8s-gitops', TARGET: 'dev', BUMP: 'platform' });
  });
});
