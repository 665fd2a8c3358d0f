import * as path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { synthesize, writeClusters } from '../../manifests';
import { appValues, formatProblem, PATTERN_C_KINDS } from '../../src/model';
import { scaffoldSystem, type ScaffoldFile } from '../../src/onboarding';
import { validate } from '../../src/validation';
import { loadPlatform } from '../support/load-platform';
import { edit, platformFolder, writeFile } from '../support/platform-folder';
import { FIXTURE_NAMES, fixturePlatform, repositoriesOf } from './every-system';

const KINDS = 'scaffold/every-kind';
const ODD = 'scaffold/odd-folders';

function filesOf(fixture: string, name: string): readonly ScaffoldFile[] {
  const platform = fixturePlatform(fixture);
  const [files] = repositoriesOf(
    platform,
    platform.systems.find((system) => system.name === name)!,
  ).values();
  return files!;
}
const pathsOf = (files: readonly ScaffoldFile[]): readonly string[] => files.map((file) => file.path);
const contentOf = (files: readonly ScaffoldFile[], name: string): string => files.find((file) => file.path === name)!.content;

/** What Flux applies of a folder: what its kustomization lists, or every file. */
function manifestsIn(files: readonly ScaffoldFile[], folder: string): readonly ScaffoldFile[] {
  const below = (file: string): boolean => folder === '.' || file.startsWith(`${folder}/`);
  const list = files.find((file) => file.path === path.posix.join(folder, 'kustomization.yaml'));
  if (list === undefined) return files.filter((file) => below(file.path) && /\.ya?ml$/.test(file.path));
  const { resources } = parse(list.content) as { resources: readonly string[] };
  return resources.map((resource) => files.find((file) => file.path === path.posix.join(folder, resource))!);
}

describe('a scaffolded repository', () => {
  it.each(FIXTURE_NAMES)('holds, for every system of %s, manifests that are valid, once with variables filled in', (fixture) => {
    const platform = fixturePlatform(fixture);
    // Beside what synthesis makes, in a copy: validation reads a platform from disk.
    const folder = platformFolder();
    const target = loadPlatform(folder);
    expect(writeClusters(target, synthesize(target)).problems).toEqual([]);
    const written = new Set<string>();
    for (const system of platform.systems) {
      const repositories = repositoriesOf(platform, system);
      for (const environment of platform.environments) {
        const place = environment.systems.find(({ name }) => name === system.name);
        const files = place?.registration === undefined ? undefined : repositories.get(place.registration.git.repository);
        if (files === undefined) continue;
        const manifests = manifestsIn(files, path.posix.join(place!.registration!.path, '.').replace(/\/$/, ''));
        expect(manifests.length).toBeGreaterThan(0);
        for (const { content } of manifests) {
          const filled = content
            .replaceAll('${sku}', place!.sku ?? 'unknown')
            .replaceAll('${aadGroupId}', place!.aadGroupId ?? 'unknown')
            .replaceAll('${registry}', environment.registry.loginServer);
          expect(filled).not.toContain('${');
          for (const document of parseAllDocuments(filled)) {
            const { kind, metadata } = document.toJS() as { kind: string; metadata: { name: string } };
            const file = `clusters/dev/systems/scaffold-${environment.name}-${system.name}-${kind}-${metadata.name}.yaml`;
            written.add(file);
            writeFile(folder, file, document.toString());
          }
        }
      }
    }
    const { problems } = validate(target);
    const own = problems.filter(({ location }) => written.has(location.file));
    // The same object in two environments is in one folder here.
    expect(own.map(formatProblem).filter((text) => !text.includes(' is declared twice in dev, '))).toEqual([]);
  });

  it.each(FIXTURE_NAMES)('has, for every system of %s, the same bytes twice, and files that end as they should', (fixture) => {
    const platform = fixturePlatform(fixture);
    for (const system of platform.systems) {
      const [first, second] = [repositoriesOf(platform, system), repositoriesOf(platform, system)];
      expect([...first]).toEqual([...second]);
      for (const files of first.values()) {
        expect(pathsOf(files)).toEqual([...pathsOf(files)].sort());
        for (const { path: file, content } of files) {
          expect({ file, ends: content.endsWith('\n') && !content.endsWith('\n\n') }).toEqual({ file, ends: true });
          expect({ file, undefined: /undefined|\[object|NaN/.test(content) }).toEqual({ file, undefined: false });
          if (/\.ya?ml$/.test(file) && !file.startsWith('chart/templates/')) {
            for (const document of parseAllDocuments(content)) expect(document.errors).toEqual([]);
          }
        }
      }
    }
  });

  const COMMON = ['.gitignore', 'CODEOWNERS', 'README.md', 'azure-pipelines.yaml'];
  const CHART = [
    'chart/.helmignore',
    'chart/Chart.yaml',
    'chart/templates/_helpers.tpl',
    'chart/templates/deployment.yaml',
    'chart/templates/networkpolicy.yaml',
    'chart/templates/service.yaml',
    'chart/templates/serviceaccount.yaml',
    'chart/values.schema.json',
    'chart/values.yaml',
  ];
  const inEach = (...files: readonly string[]): readonly string[] =>
    ['dev', 'prod'].flatMap((environment) => files.map((file) => `environments/${environment}/${file}`));

  it.each([
    ['A, built here', 'a-built', [...COMMON, ...CHART, ...inEach('flux/helmrelease.yaml', 'values.yaml')]],
    ['A, mirrored', 'a-mirrored', [...COMMON, ...CHART, ...inEach('flux/helmrelease.yaml', 'values.yaml')]],
    [
      'A, with a tenant',
      'a-tenant',
      [...COMMON, ...CHART, ...inEach('flux/helmrelease.yaml', 'flux/tenant.yaml', 'values.yaml')],
    ],
    ['A, released by the platform', 'a-platform', [...COMMON, ...CHART, ...inEach('flux/settings.yaml')]],
    ['A, released by the platform, not registered', 'a-platform-bare', [...COMMON, ...CHART]],
    ['B', 'shop', [...COMMON, ...inEach('flux/helmrelease.yaml')]],
    ['B, released by the platform', 'b-platform', [...COMMON, ...inEach('flux/settings.yaml')]],
    ['B, released by the platform, not registered', 'b-platform-bare', COMMON],
    ['B, chart in the registry', 'b-registry', [...COMMON, ...CHART]],
    ['C', 'c', [...COMMON, ...inEach('flux/clusterrole.yaml', 'flux/kustomization.yaml')]],
  ])('holds the files of its pattern: %s', (_what, name, expected) => {
    expect(pathsOf(filesOf(KINDS, name))).toEqual([...expected].sort());
  });

  it('gives pattern B values that the central chart takes', () => {
    const release = parse(contentOf(filesOf(KINDS, 'shop'), 'environments/prod/flux/helmrelease.yaml')) as {
      spec: { values: Record<string, unknown> };
    };
    const { values } = release.spec;
    expect(values).toEqual({
      replicaCount: 1,
      image: { repository: '${registry}/shop/shop', tag: '0.1.0' },
      sku: '${sku}',
      aadGroupId: '${aadGroupId}',
    });
    const filled = {
      ...values,
      image: { repository: 'myorgprod.azurecr.io/shop/shop', tag: '0.1.0' },
      sku: 'sku-small',
      aadGroupId: '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02',
    };
    expect(appValues.safeParse(filled).error).toBeUndefined();
  });

  it('gives each environment of pattern A the image of its own registry, mirrored ones where the platform puts them', () => {
    const built = parse(contentOf(filesOf(KINDS, 'a-built'), 'environments/dev/values.yaml')) as unknown;
    expect(built).toEqual({ image: { repository: 'myorgdev.azurecr.io/shop-team/a-built', tag: '0.1.0' } });
    const mirrored = contentOf(filesOf(KINDS, 'a-mirrored'), 'environments/prod/values.yaml');
    expect(parse(mirrored)).toEqual({ image: { repository: 'myorgprod.azurecr.io/library/redis', tag: '7.4.1' } });
    expect(mirrored).not.toContain('set by the pipeline');
  });

  it('marks exactly one line for the pipeline', () => {
    for (const [name, file] of [
      ['shop', 'environments/dev/flux/helmrelease.yaml'],
      ['a-built', 'environments/dev/values.yaml'],
    ] as const) {
      const lines = contentOf(filesOf(KINDS, name), file).split('\n');
      expect(lines.filter((line) => line.endsWith(' # set by the pipeline'))).toEqual([
        expect.stringMatching(/^ +tag: \S+ # set by the pipeline$/) as unknown,
      ]);
    }
  });

  it('names the chart as the registry does, and lets the pipeline stamp it', () => {
    const files = filesOf(KINDS, 'a-platform-bare');
    expect(parse(contentOf(files, 'chart/Chart.yaml'))).toMatchObject({ apiVersion: 'v2', name: 'bare', appVersion: '0.1.0' });
    expect(parse(contentOf(files, 'chart/values.yaml'))).not.toHaveProperty('image.tag');
    const schema = JSON.parse(contentOf(filesOf(KINDS, 'b-registry'), 'chart/values.schema.json')) as { properties: object };
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['sku', 'aadGroupId']));
  });

  it('says in README what pattern C may hold: the list of the model, and what was approved', () => {
    const readme = contentOf(filesOf(KINDS, 'c'), 'README.md');
    for (const kind of [...PATTERN_C_KINDS, 'Widget.example.com']) expect(readme).toContain(kind);
    const kind = (parse(contentOf(filesOf(KINDS, 'c'), 'environments/dev/flux/clusterrole.yaml')) as { kind: string }).kind;
    expect(PATTERN_C_KINDS).toContain(kind);
  });

  it('says in README which branch an environment follows, and how to promote', () => {
    const readme = contentOf(filesOf('example', 'payments'), 'README.md');
    expect(readme).toContain('| prod         | `release`      | `./environments/prod/flux`         |');
    expect(readme).toContain('`experimental` → `dev` → `release`');
    expect(contentOf(filesOf(ODD, 'one-branch'), 'README.md')).toContain('All environments follow `main`');
  });

  it('lists its manifests where other files stand in the folder that Flux applies', () => {
    const root = filesOf(ODD, 'at-the-root');
    expect(manifestsIn(root, '.').map((file) => file.path)).toEqual(['helmrelease.yaml']);
    const beside = filesOf(ODD, 'beside-values');
    expect(manifestsIn(beside, 'environments/dev').map((file) => file.path)).toEqual([
      'environments/dev/helmrelease.yaml',
      'environments/dev/tenant.yaml',
    ]);
  });

  it('shares the files of a folder that all environments apply', () => {
    expect(pathsOf(filesOf(ODD, 'same-folder'))).toContain('deploy/helmrelease.yaml');
  });

  it('has no pipeline where Azure Pipelines cannot extend the template', () => {
    for (const fixture of ['valid/github', 'valid/gitlab', 'valid/systems-on-other-hosts']) {
      const files = filesOf(fixture, 'shop');
      expect(pathsOf(files)).not.toContain('azure-pipelines.yaml');
      expect(contentOf(files, 'README.md')).toContain('images sign');
    }
  });
});

describe('what cannot be scaffolded', () => {
  const problemOf = (folder: string, name: string): string => {
    const platform = loadPlatform(folder);
    const result = scaffoldSystem(
      platform,
      platform.systems.find((system) => system.name === name)!,
    );
    if (!('problems' in result)) throw new Error('it was scaffolded');
    return result.problems.map(formatProblem).join('\n');
  };

  it('is a system with two repositories, until one is named', () => {
    const problem = problemOf(platformFolder('valid/everything-overridden'), 'shop');
    expect(problem).toContain('more than one repository');
    expect(problem).toContain('--repository: shop-deploy, shop-release');
  });

  it('is a folder that two environments share and that has to differ', () => {
    const folder = platformFolder();
    edit(folder, 'systems/ingress.yaml', 'team: platform', 'team: platform\npath: ./flux');
    const problem = problemOf(folder, 'ingress');
    expect(problem).toContain("'flux/helmrelease.yaml' differs between 'prod' and an earlier environment");
    expect(problem).toContain('{environment}');
  });

  it('is a tenant whose release had a name that Helm cannot store', () => {
    const folder = platformFolder();
    const name = 'a'.repeat(47);
    edit(folder, 'systems/ingress.yaml', 'team: platform', `team: platform\nsku: sku-small\nnames: { helmRelease: ${name} }`);
    expect(problemOf(folder, 'ingress')).toContain(`'${name}-tenant', which is longer than Helm stores`);
  });

  it('is a name of which Azure Pipelines would take a part for a variable', () => {
    const folder = platformFolder();
    edit(folder, 'systems/shop.yaml', 'team: shop', "team: shop\nbranch: 'feature/$(Build.Reason)'");
    expect(problemOf(folder, 'shop')).toContain("'refs/heads/feature/$(Build.Reason)' is a parameter of the pipeline");
  });
});

it('covers every pattern, release and registration', () => {
  const seen = new Set(
    FIXTURE_NAMES.flatMap((fixture) =>
      fixturePlatform(fixture).environments.flatMap(({ systems }) =>
        systems.map(
          ({ pattern, release, registration }) => `${pattern} ${release} ${registration === undefined ? 'bare' : 'registered'}`,
        ),
      ),
    ),
  );
  expect([...seen].sort()).toEqual([
    'A platform bare',
    'A platform registered',
    'A system registered',
    'B platform bare',
    'B platform registered',
    'B system registered',
    'C system registered',
  ]);
});
