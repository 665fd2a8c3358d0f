import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';
import { type Platform } from '../../src/model';
import { withPlatformFacts } from '../../src/pipelines';
import { runCli } from '../support/run-cli';
import { readFile, REPOSITORY } from '../support/platform-folder';
import { FIXTURE_NAMES, fixturePlatform, repositoriesOf } from './every-system';
import { expand, type Template } from './expand-template';

const FOLDER = 'ci-cd-templates';
const TEMPLATE = `${FOLDER}/application.yaml`;
const FILES = ['application.yaml', 'application-stages.yaml', 'clean-environment.yaml'] as const;

interface Parameter {
  readonly name: string;
  readonly type: 'string' | 'object';
  readonly values?: readonly string[];
  readonly default?: unknown;
}

type Release = Readonly<Record<string, string>>;
type Parameters = Readonly<Record<string, unknown>> & { readonly releases?: readonly Release[] };

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
  readonly download?: string;
  readonly publish?: string;
  readonly target?: unknown;
  readonly persistCredentials?: boolean;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly job: string;
  readonly dependsOn?: string;
  readonly pool: { readonly name: string };
  readonly variables?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Stage {
  readonly stage: string;
  readonly condition?: string;
  readonly dependsOn?: string;
  readonly jobs: readonly Job[];
}

const load = (name: string): Template => parse(readFile(REPOSITORY, `${FOLDER}/${name}`)) as Template;
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

/** The stages of a run, as the service would expand them, by the template as `npm start` makes it for the platform. */
function stagesOf(
  pipeline: Pipeline,
  ref: string,
  { reason = 'IndividualCI', variables = {}, platform = fixturePlatform('example') }: RunOptions = {},
): readonly Stage[] {
  const defaults = template.parameters.flatMap((parameter) =>
    'default' in parameter ? [[parameter.name, parameter.default] as const] : [],
  );
  const text = withPlatformFacts(TEMPLATE, readFile(REPOSITORY, TEMPLATE), platform);
  if (typeof text !== 'string') throw new Error(text.message);
  return expand((parse(text) as { stages: unknown }).stages, {
    parameters: { ...Object.fromEntries(defaults), ...pipeline.extends.parameters },
    variables: { 'Build.SourceBranch': ref, 'Build.Reason': reason, system: 'build', ...variables },
    load,
  }) as readonly Stage[];
}

interface RunOptions {
  readonly reason?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
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
    for (const release of parameters.releases ?? []) {
      expect(release['ref']).toMatch(/^refs\/heads\/./);
      const expected = ['environment', 'ref'];
      expect(Object.keys(release)).toEqual(parameters['bump'] === 'system' ? [...expected, 'file'] : expected);
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
    const released = (pipeline.extends.parameters.releases ?? []).map(({ environment }) => environment!);
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
      const stages = stagesOf(pipeline, `refs/heads/${branch}`, { platform });
      expect(stages.map(({ stage }) => stage)).toEqual(['Build', ...own.map(([name]) => `Release_${name.replaceAll('-', '_')}`)]);
      expect(connectionsOf(stages)).toEqual([...new Set(own.map(([, { connection }]) => connection))]);
      for (const ref of [`refs/heads/${branch}/x`, `refs/heads/x/${branch}`, branch, `refs/tags/${branch}`, 'refs/pull/7/merge'])
        expect(stagesOf(pipeline, ref, { platform }).map(({ stage }) => stage)).toEqual(['Build']);
      expect(stagesOf(pipeline, `refs/heads/${branch}`, { reason: 'PullRequest', platform }).map(({ stage }) => stage)).toEqual([
        'Build',
      ]);
    }
  });

  it('is not started again by the pull request that it opens', () => {
    for (const { pipeline } of PIPELINES) {
      const { releases = [] } = pipeline.extends.parameters;
      for (const { file } of releases) {
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
});

function platformProject({ git }: Platform): readonly [string, string] {
  const segments = new URL(git.url).pathname.split('/').map(decodeURIComponent);
  return [segments[2]!, segments[4]!];
}

describe.each([
  ['docker', withSource('docker')],
  ['mirror', MIRROR],
])('the template, source %s', (source, pipeline) => {
  const release = stagesOf(pipeline, 'refs/heads/dev');
  const pullRequest = stagesOf(pipeline, 'refs/pull/7/merge', { reason: 'PullRequest' });
  const scripts = stepsOf(release).map(scriptOf);
  const position = (pattern: RegExp): number => {
    const index = scripts.findIndex((script) => pattern.test(script));
    if (index === -1) throw new Error(`no step has ${pattern}`);
    return index;
  };
  const FINAL_PUSH = /crane" push "\$OUT\/image\.tar" "\$target"/;

  it('scans, then pushes where anything is admitted, then signs, then bumps', () => {
    const order = [/trivy image/, FINAL_PUSH, /images sign/, /az repos pr create/].map(position);
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(new Set(order).size).toBe(4);
    expect(release[1]!.jobs.map(({ job, dependsOn }) => [job, dependsOn])).toEqual([
      ['Authorize', undefined],
      ['Sign', 'Authorize'],
      ['Bump', 'Sign'],
    ]);
    expect(release[1]).toMatchObject({ dependsOn: 'Build' });
    expect(release[1]).not.toHaveProperty('condition');
  });

  it('asks whether it may in a job without a connection, and again before it signs in', () => {
    const [authorize, sign] = release[1]!.jobs as [Job, Job];
    expect(connectionsOf([{ ...release[1]!, jobs: [authorize] }])).toEqual([]);
    for (const [{ steps }, flags] of [
      [authorize, '--clone "$CLONE" --commit "$SELF_COMMIT" --commit "$BUILT_COMMIT" --bump "$BUMP"'],
      [sign, '--bump "$BUMP"'],
    ] as const) {
      const index = steps.findIndex((step) => scriptOf(step).includes('system authorize'));
      const script = scriptOf(steps[index]!);
      expect(script).toContain(flags);
      for (const fact of ['--repository "$SELF_URL" --repository "$BUILT_URL"', '--ref "$SELF_REF" --ref "$BUILT_REF"'])
        expect(script).toContain(fact);
      expect(steps[index]!.env).toMatchObject({
        SELF_REF: '$(selfRef)',
        SELF_URL: '$(selfUrl)',
        BUILT_REF: '$(Build.SourceBranch)',
        BUILT_URL: '$(Build.Repository.Uri)',
        UPSTREAM: source === 'mirror' ? pipeline.extends.parameters['upstream'] : '',
      });
      const first = steps.findIndex(({ inputs }) => inputs?.['azureSubscription'] !== undefined);
      if (first !== -1) expect(index).toBeLessThan(first);
    }
    const clone = authorize.steps.find(({ checkout }) => checkout === 'self');
    expect(clone).toMatchObject({ path: 'self', fetchDepth: 0, persistCredentials: false });
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

  it('runs nothing of the team in the job that holds the connection, has nothing of its sources, and keeps the token from it', () => {
    const [, sign, bump] = release[1]!.jobs as [Job, Job, Job];
    expect(JSON.stringify(sign)).not.toMatch(/AccessToken|docker build|npm (?:run|test)|az acr build/);
    expect(sign.steps.filter(({ checkout }) => checkout === 'self')).toEqual([]);
    expect(connectionsOf([{ ...release[1]!, jobs: [bump] }])).toEqual([]);
  });

  it('gives the token to the last step alone, and leaves it in no file', () => {
    const steps = stepsOf(release);
    expect(steps.filter((step) => JSON.stringify(step).includes('AccessToken'))).toEqual([steps.at(-1)]);
    expect(scriptOf(steps.at(-1)!)).not.toMatch(/npm|npx/);
    expect(scriptOf(steps.at(-1)!)).not.toMatch(/-c http|remote set-url|git config/);
    for (const { checkout, persistCredentials } of steps) if (checkout !== undefined) expect(persistCredentials).toBe(false);
  });

  it('checks out the platform by its own address, whatever aliases a team defines', () => {
    const checkouts = stepsOf(release).flatMap(({ checkout }) => checkout ?? []);
    expect(new Set(checkouts)).toEqual(new Set(['self', 'git://my-project/k8s-gitops@refs/heads/master']));
  });

  it('begins every job that holds a right with a look at its environment, and restricts every step', () => {
    expect(release[1]!.jobs).toHaveLength(3);
    for (const { steps, variables } of release[1]!.jobs) {
      expect(steps[0]!.displayName).toBe('No foreign variables');
      expect(steps[0]!.env).toBeUndefined();
      expect(variables).toMatchObject({
        BASH_ENV: '',
        'BASH.ENV': '',
        NODE_OPTIONS: '',
        LD_PRELOAD: '',
        'LD.LIBRARY_PATH': '',
        ENV: '',
      });
      for (const step of steps) {
        expect({ step, target: step.target }).toEqual({ step, target: { commands: 'restricted', settableVariables: 'none' } });
        // It would run where the first step stopped the job.
        expect(step).not.toHaveProperty('condition');
      }
    }
  });

  it('passes nothing to a step by a name that the first step lets a pipeline have: its variables win', () => {
    const names = release[1]!.jobs.flatMap(({ steps }) => steps.flatMap(({ env = {} }) => Object.keys(env)));
    expect(names.length).toBeGreaterThan(20);
    for (const name of names)
      expect({ name, isAllowed: allowedNames().some((pattern) => pattern.test(name)) }).toEqual({ name, isAllowed: false });
  });

  it('prints nothing of a tool that Azure Pipelines would obey', () => {
    const [authorize, sign] = release[1]!.jobs as [Job, Job];
    const lines = [authorize, sign]
      .flatMap(({ steps }) => steps.map((step) => scriptOf(step).replaceAll('\\\n', ' ')))
      .join('\n')
      .split('\n');
    const printing = lines.filter((line) => /k8s-gitops (?:system|images|start)|crane" copy|helm" push/.test(line));
    expect(printing.length).toBeGreaterThan(2);
    for (const line of printing.filter((entry) => !entry.includes('helm" push')))
      expect(line).toMatch(/2>&1 \| sed 's\/##\/# #\/g'$/);
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

/** What the first step lets stand in the environment, whatever its value. */
function allowedNames(): readonly RegExp[] {
  const script = scriptOf(load('clean-environment.yaml').steps![0] as Step);
  const lines = script.split('\n').filter((line) => line.trim().endsWith(') continue ;;'));
  const patterns = lines.flatMap((line) => line.trim().slice(0, -') continue ;;'.length).split(' | '));
  expect(patterns).toContain('BUILD_*');
  return patterns.map((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
}

/** The steps of the templates before they are expanded. */
function parseStages(): readonly Stage[] {
  const steps: Step[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      if ('bash' in node || 'task' in node) steps.push(node as Step);
      Object.values(node).forEach(walk);
    }
  };
  for (const file of FILES) walk(load(file));
  return [{ stage: 'all', jobs: [{ job: 'all', pool: { name: 'any' }, steps }] }];
}

describe('the template', () => {
  it('has scripts that bash can read, and calls commands that there are', async () => {
    const scripts = stepsOf(parseStages()).map(scriptOf);
    expect(scripts.length).toBeGreaterThan(12);
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
    const text = FILES.map((file) => readFile(REPOSITORY, `${FOLDER}/${file}`)).join('');
    expect(text).not.toContain('SourceBranchName');
    const conditions = text.split('\n').filter((line) => line.includes("variables['Build.SourceBranch']"));
    expect(conditions).toEqual([expect.stringContaining("eq(variables['Build.SourceBranch'], release.ref)")]);
  });

  it('takes no steps, jobs or stages of a team, and nothing that says who signs what', () => {
    for (const { type } of template.parameters) expect(['string', 'object']).toContain(type);
    expect(template.parameters.filter(({ type }) => type === 'object').map(({ name }) => name)).toEqual(['releases']);
    const read = [...readFile(REPOSITORY, `${FOLDER}/application-stages.yaml`).matchAll(/\brelease\.(\w+)/g)].map(
      ([, name]) => name,
    );
    expect(new Set(read)).toEqual(new Set(['environment', 'ref', 'file']));
    for (const name of ['platform', 'environments', 'empty', 'pool', 'registry', 'connection'])
      expect(declared.has(name)).toBe(false);
  });

  it('ignores what a team adds to its releases', () => {
    const pipeline = withSource('docker', {
      releases: [
        {
          environment: 'dev',
          ref: 'refs/heads/dev',
          file: 'f',
          registry: 'evil.azurecr.io',
          connection: 'image-signing-prod-sc',
          pool: 'mine',
        },
      ],
    });
    const stages = stagesOf(pipeline, 'refs/heads/dev');
    expect(connectionsOf(stages)).toEqual(['image-signing-dev-sc']);
    expect(JSON.stringify(stages)).not.toMatch(/evil|mine"/);
    expect(stages[1]!.jobs.map(({ pool }) => pool.name)).toEqual(['my-linux-agents', 'my-linux-agents', 'my-linux-agents']);
  });

  it('releases to no environment that the platform does not have', () => {
    const pipeline = withSource('docker', { releases: [{ environment: 'other', ref: 'refs/heads/dev', file: 'f' }] });
    expect(stagesOf(pipeline, 'refs/heads/dev').map(({ stage }) => stage)).toEqual(['Build']);
  });

  it.each(['BASH_ENV', 'bash.env', 'Bash Env', 'NODE_OPTIONS', 'ld.preload', 'ENV'])(
    'refuses a run whose YAML has the variable %s',
    (name) => {
      const [first] = stagesOf(pipelineOf('example', 'payments'), 'refs/heads/dev', { variables: { [name]: 'x' } });
      // No stage has such a key, so Azure Pipelines refuses all of them.
      expect(first).toEqual({ [`A pipeline that extends this template must not have the variable ${name}`]: 'refused' });
    },
  );

  it('makes empty, by every name that becomes the same, what would run before the first step', () => {
    const { default: empty } = load('application-stages.yaml').parameters!.find(({ name }) => name === 'empty')!;
    const names = Object.keys(empty as object);
    const normal = new Set(names.map((name) => name.replaceAll('.', '_')));
    const script = scriptOf(load('clean-environment.yaml').steps![0] as Step);
    const list = /# Empty in every job\.\n +(.*)\)\n/.exec(script)![1]!.split(' | ');
    expect([...normal].sort()).toEqual([...list].sort());
    for (const name of normal)
      expect(names.filter((other) => other.replaceAll('.', '_') === name)).toHaveLength(2 ** (name.split('_').length - 1));
    expect(Object.values(empty as object)).toEqual(names.map(() => ''));
  });

  it('pushes the chart after its image is signed, and changes both versions in the platform', () => {
    const stages = stagesOf(pipelineOf('example', 'reporting'), 'refs/heads/dev');
    const scripts = stepsOf(stages).map(scriptOf);
    const index = (text: string): number => scripts.findIndex((script) => script.includes(text));
    expect(index('images sign')).toBeGreaterThan(-1);
    expect(index('helm" push')).toBeGreaterThan(index('images sign'));
    expect(scripts[index('system set-version')]).toContain('version=("0.0.$BUILD" --image-tag "$tag")');
    const bump = stepsOf(stages).at(-1)!;
    expect(bump.env).toMatchObject({ PROJECT: 'my-project', REPOSITORY: 'k8s-gitops', TARGET: 'dev', BUMP: 'platform' });
    const { steps } = stages[1]!.jobs.at(-1)!;
    expect(steps.flatMap(({ checkout }) => checkout ?? [])).toEqual(['git://my-project/k8s-gitops@refs/heads/dev']);
  });
});
