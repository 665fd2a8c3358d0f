import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command } from 'commander';
import { UsageError, type ExitCode } from '../../src/cli/command';
import { acceptedFindingsCommand } from '../../src/cli/commands/system-accepted-findings';
import { authorizeCommand } from '../../src/cli/commands/system-authorize';
import { scaffoldCommand } from '../../src/cli/commands/system-scaffold';
import { Terminal } from '../../src/cli/terminal';
import { edit, platformFolder, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `system ...` as the command line does, which gives 2 for what is wrong with it. */
function system(...args: readonly string[]): Outcome {
  let [out, err] = ['', ''];
  let code: ExitCode = 0;
  const terminal = new Terminal({
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment: { NO_COLOR: '1' },
    now: () => 0,
    date: () => new Date('2026-11-21T12:00:00Z'),
    interruption: () => new AbortController().signal,
  });
  const exit = (value: ExitCode): void => {
    code = value;
  };
  const command = new Command('system')
    .addCommand(scaffoldCommand(terminal, exit))
    .addCommand(authorizeCommand(terminal, exit))
    .addCommand(acceptedFindingsCommand(terminal, exit));
  for (const child of command.commands) child.exitOverride().configureOutput({ writeErr: (text) => (err += text) });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) err += error.message;
    code = 2;
  }
  return { code, out, err };
}

describe('system scaffold', () => {
  const scaffold = (folder: string, out: string, ...more: readonly string[]): Outcome =>
    system('scaffold', 'shop', '--dir', folder, '--out', out, ...more);

  it('makes the folder, and the same one again elsewhere', () => {
    const folder = platformFolder();
    const outs = ['a/b/k8s-shop', 'other'].map((name) => path.join(temporaryFolder(), name));
    for (const out of outs) expect(scaffold(folder, out)).toMatchObject({ code: 0, err: '' });
    const [first, second] = outs.map((out) => snapshotFolder(out));
    expect(Object.keys(first!).sort()).toEqual([
      '.gitignore',
      'CODEOWNERS',
      'README.md',
      'azure-pipelines.yaml',
      'environments/dev/flux/helmrelease.yaml',
      'environments/prod/flux/helmrelease.yaml',
    ]);
    expect(first).toEqual(second);
    expect(fs.readdirSync(path.dirname(outs[0]!))).toEqual(['k8s-shop']);
  });

  it('gives the folder the rights of any other', () => {
    const root = temporaryFolder();
    fs.mkdirSync(path.join(root, 'usual'));
    expect(scaffold(platformFolder(), path.join(root, 'made')).code).toBe(0);
    const [made, usual] = ['made', 'usual'].map((name) => fs.statSync(path.join(root, name)).mode);
    expect(made).toBe(usual);
  });

  it('fills a fresh clone, and leaves its .git alone', () => {
    const out = temporaryFolder();
    writeFile(out, '.git/HEAD', 'ref: refs/heads/main\n');
    expect(scaffold(platformFolder(), out).code).toBe(0);
    expect(fs.readdirSync(out).sort()).toEqual([
      '.git',
      '.gitignore',
      'CODEOWNERS',
      'README.md',
      'azure-pipelines.yaml',
      'environments',
    ]);
    expect(fs.readFileSync(path.join(out, '.git/HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
  });

  it.each([
    ['a folder that holds something', (out: string): void => { writeFile(out, 'notes.txt', 'mine'); }, 'is not empty: it holds notes.txt'],
    ['a folder that was scaffolded before', (out: string): void => { scaffold(platformFolder(), out); }, 'is not empty: it holds .gitignore, CODEOWNERS, README.md and 2 more'],
    ['a file', (out: string): void => { fs.writeFileSync(out, 'mine'); }, 'is a file'],
    ['a link to nothing', (out: string): void => { fs.symlinkSync('/nowhere/at/all', out); }, 'is a symbolic link to nothing'],
  ])('refuses %s, and touches nothing', (_what, prepare, message) => {
    const root = temporaryFolder();
    const out = path.join(root, 'k8s-shop');
    prepare(out);
    const before = snapshotFolder(root);
    const { code, err } = scaffold(platformFolder(), out);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(snapshotFolder(root)).toEqual(before);
  }); // prettier-ignore

  it('refuses the folders of the platform that hold something else', () => {
    const folder = platformFolder();
    for (const name of ['clusters/shop', 'systems', 'charts/shop']) {
      const { code, err } = scaffold(folder, path.join(folder, name));
      expect({ name, code }).toEqual({ name, code: 1 });
      expect(err).toContain('which holds something else of the platform');
    }
    expect(fs.existsSync(path.join(folder, 'clusters'))).toBe(false);
    expect(scaffold(folder, path.join(folder, 'examples/shop')).code).toBe(0);
  });

  it('lists and writes nothing with --dry-run', () => {
    const out = path.join(temporaryFolder(), 'k8s-shop');
    const { code, out: printed } = scaffold(platformFolder(), out, '--dry-run');
    expect(code).toBe(0);
    expect(printed).toContain('+ environments/prod/flux/helmrelease.yaml');
    expect(printed).toContain('nothing was written');
    expect(fs.existsSync(out)).toBe(false);
  });

  it('says as JSON who edits which file', () => {
    const { code, out } = scaffold(platformFolder(), path.join(temporaryFolder(), 'k8s-shop'), '--json');
    expect(code).toBe(0);
    const result = JSON.parse(out) as { ok: boolean; dryRun: boolean; files: readonly unknown[] };
    expect(result).toMatchObject({ ok: true, dryRun: false });
    expect(result.files).toContainEqual({ path: 'environments/dev/flux/helmrelease.yaml', editedBy: 'team' });
    expect(result.files).toContainEqual({ path: 'CODEOWNERS', editedBy: 'nobody' });
  });

  it('leaves nothing behind when the disk refuses', () => {
    const root = temporaryFolder();
    writeFile(root, 'file', 'mine');
    expect(() => scaffold(platformFolder(), path.join(root, 'file/k8s-shop'))).not.toThrow();
    expect(snapshotFolder(root)).toEqual({ file: 'mine' });
    expect(fs.readdirSync(root)).toEqual(['file']);
  });

  it('asks which repository, where there are two, and makes that with its environments alone', () => {
    const folder = platformFolder('valid/everything-overridden');
    const out = path.join(temporaryFolder(), 'k8s-shop');
    const refused = scaffold(folder, out);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('Say which with --repository: shop-deploy, shop-release.');
    expect(scaffold(folder, out, '--repository', 'shop-release').code).toBe(0);
    expect(Object.keys(snapshotFolder(out))).toContain('prod/settings.yaml');
    expect(Object.keys(snapshotFolder(out)).some((file) => file.includes('dev'))).toBe(false);
  });

  it('names what was probably meant, and needs --out', () => {
    expect(system('scaffold', 'shpo', '--dir', platformFolder(), '--out', 'x')).toMatchObject({
      code: 2,
      err: "unknown system 'shpo'. Did you mean 'shop'?",
    });
    expect(system('scaffold', 'shop', '--dir', platformFolder()).code).toBe(2);
  });
});

describe('system authorize', () => {
  const HOME = 'https://dev.azure.com/my-org/my-project/_git/k8s-shop';
  const allowed = { env: 'prod', repository: HOME, ref: 'refs/heads/master', image: 'myorgprod.azurecr.io/shop/shop' };
  const authorize = (folder: string, change: Readonly<Record<string, string>> = {}): Outcome =>
    system(
      'authorize',
      'shop',
      '--dir',
      folder,
      ...Object.entries({ ...allowed, ...change }).flatMap(([option, value]) => [`--${option}`, value]),
    );

  it.each([
    HOME,
    'https://my-org@dev.azure.com/my-org/my-project/_git/k8s-shop',
    'https://dev.azure.com/My-Org/My-Project/_git/K8s-Shop',
    'https://my-org.visualstudio.com/my-project/_git/k8s-shop',
    'https://my-org.visualstudio.com/DefaultCollection/my-project/_git/k8s-shop',
  ])('lets the repository of the registration release, as %s', (repository) => {
    expect(authorize(platformFolder(), { repository })).toMatchObject({
      code: 0,
      out: "'shop' may be released to 'prod' from here.\n",
    });
  });

  it('knows the short form of a repository that is called like its project', () => {
    const folder = platformFolder();
    edit(folder, 'systems/shop.yaml', 'team: shop', 'team: shop\ngit: { project: k8s-shop }');
    expect(authorize(folder, { repository: 'https://dev.azure.com/my-org/_git/k8s-shop' }).code).toBe(0);
    expect(authorize(folder).code).toBe(1);
  });

  it.each([
    ['another repository', { repository: 'https://dev.azure.com/my-org/my-project/_git/k8s-evil' }],
    ['another project', { repository: 'https://dev.azure.com/my-org/other/_git/k8s-shop' }],
    ['another organization', { repository: 'https://dev.azure.com/evil/my-project/_git/k8s-shop' }],
    ['another host', { repository: 'https://evil.example.com/my-org/my-project/_git/k8s-shop' }],
    ['a host that only begins so', { repository: 'https://dev.azure.com.example.com/my-org/my-project/_git/k8s-shop' }],
    ['a user that looks like the host', { repository: 'https://dev.azure.com:x@example.com/my-org/my-project/_git/k8s-shop' }],
    ['a variable that nobody filled in', { repository: '$(selfUrl)' }],
    ['a path behind the repository', { repository: `${HOME}/evil` }],
    ['another branch', { ref: 'refs/heads/dev' }],
    ['a branch that ends so', { ref: 'refs/heads/x/master' }],
    ['a branch that differs in case', { ref: 'refs/heads/Master' }],
    ['a tag of that name', { ref: 'refs/tags/master' }],
    ['a short name', { ref: 'master' }],
    ['a pull request', { ref: 'refs/pull/7/merge' }],
    ['an image of another team', { image: 'myorgprod.azurecr.io/payments/api' }],
    ['an image of a team whose name begins so', { image: 'myorgprod.azurecr.io/shop2/api' }],
    ['the registry of another environment', { image: 'myorgdev.azurecr.io/shop/shop' }],
    ['the folder of the team', { image: 'myorgprod.azurecr.io/shop/' }],
    ['a way out of the folder', { image: 'myorgprod.azurecr.io/shop/../payments/api' }],
    ['an image with a tag', { image: 'myorgprod.azurecr.io/shop/shop:1' }],
    ['a chart, where the system has none', { chart: 'myorgprod.azurecr.io/charts/payments' }],
  ])('refuses %s', (_what, change) => {
    const { code, err } = authorize(platformFolder(), change);
    expect(code).toBe(1);
    expect(err).toContain('systems/shop.yaml');
  });

  it('knows the chart that a pipeline brings to the registry, and where it comes from when nothing is registered', () => {
    const folder = platformFolder();
    const values = 'values: { image: { repository: "{registry}/shop/shop", tag: "7" } }';
    edit(
      folder,
      'systems/shop.yaml',
      'pattern: B',
      `pattern: B\nrelease: platform\nregistration: false\nchart: { repository: charts/shop, version: 0.0.7 }\n${values}`,
    );
    edit(folder, 'systems/shop.yaml', 'dependsOn: [ingress]', '');
    expect(authorize(folder, { chart: 'myorgprod.azurecr.io/charts/shop' })).toMatchObject({ code: 0 });
    expect(authorize(folder, { chart: 'myorgprod.azurecr.io/charts/payments' }).code).toBe(1);
    expect(authorize(folder, { repository: 'https://dev.azure.com/my-org/my-project/_git/shop' }).code).toBe(1);
  });

  it('compares addresses of other hosts as they are', () => {
    const folder = platformFolder('valid/github');
    const repository = 'https://github.com/my-org/k8s-shop';
    const { code, err } = authorize(folder, { repository });
    expect({ code, err: err.includes('the pipeline is in') }).toEqual({ code, err: false });
    expect(authorize(folder, { repository: 'https://github.com/my-org/K8s-Shop' }).err).toContain('the pipeline is in');
  });

  it('tells an unknown system or environment, and one where the system does not run', () => {
    expect(authorize(platformFolder(), { env: 'prd' })).toMatchObject({ code: 2 });
    const folder = platformFolder();
    edit(folder, 'systems/shop.yaml', 'team: shop', 'team: shop\nenvironments: { dev: {} }');
    expect(authorize(folder)).toMatchObject({ code: 2, err: "'shop' does not run in 'prod'." });
  });
});

describe('system accepted-findings', () => {
  it('lists what is accepted today in this image, and nothing of others', () => {
    const folder = platformFolder();
    const exception = (vulnerability: string, image: string, expires: string): string =>
      `  - { vulnerability: ${vulnerability}, images: ['${image}'], reason: r, owner: o, expires: ${expires} }\n`;
    writeFile(
      folder,
      'scan-exceptions.yaml',
      `exceptions:\n${[
        exception('CVE-2026-2', '{registry}/shop/shop', '2026-11-21'),
        exception('CVE-2026-1', '{registry}/shop/shop', '2027-01-01'),
        exception('CVE-2026-3', '{registry}/shop/shop', '2026-11-20'),
        exception('CVE-2026-4', '{registry}/shop/other', '2027-01-01'),
      ].join('')}`,
    );
    expect(system('accepted-findings', 'shop/shop', '--dir', folder)).toEqual({
      code: 0,
      out: 'CVE-2026-1\nCVE-2026-2\n',
      err: '',
    });
    expect(system('accepted-findings', 'shop', '--dir', folder)).toEqual({ code: 0, out: '', err: '' });
  });
});
