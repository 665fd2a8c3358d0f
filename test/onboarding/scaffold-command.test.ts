import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Command } from 'commander';
import { parseDocument } from 'yaml';
import { UsageError, type ExitCode } from '../../src/cli/command';
import { acceptedFindingsCommand } from '../../src/cli/commands/system-accepted-findings';
import { authorizeCommand } from '../../src/cli/commands/system-authorize';
import { scaffoldCommand } from '../../src/cli/commands/system-scaffold';
import { Terminal } from '../../src/cli/terminal';
import { edit, platformFolder, readFile, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `system ...`, and what it told so far. */
function commandLine(): { readonly command: Command; readonly outcome: (error?: unknown) => Outcome } {
  let [out, err] = ['', ''];
  let code: ExitCode = 0;
  const terminal = new Terminal({
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment: { NO_COLOR: '1', PATH: process.env['PATH'] },
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
  return {
    command,
    outcome: (error) => {
      if (error instanceof UsageError) err += error.message;
      return { code: error === undefined ? code : 2, out, err };
    },
  };
}

/** Runs `system ...` as the command line does, which gives 2 for what is wrong with it. */
function system(...args: readonly string[]): Outcome {
  const { command, outcome } = commandLine();
  try {
    command.parse(args, { from: 'user' });
    return outcome();
  } catch (error) {
    return outcome(error);
  }
}

/** The same for a command that runs tools. */
async function systemAsync(...args: readonly string[]): Promise<Outcome> {
  const { command, outcome } = commandLine();
  try {
    await command.parseAsync(args, { from: 'user' });
    return outcome();
  } catch (error) {
    return outcome(error);
  }
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
  const authorize = (
    folder: string,
    change: Readonly<Record<string, string>> = {},
    ...more: readonly string[]
  ): Promise<Outcome> =>
    systemAsync(
      'authorize',
      'shop',
      '--dir',
      folder,
      ...Object.entries({ ...allowed, ...change }).flatMap(([option, value]) => [`--${option}`, value]),
      ...more,
    );

  it.each([
    HOME,
    'https://my-org@dev.azure.com/my-org/my-project/_git/k8s-shop',
    'https://dev.azure.com/My-Org/My-Project/_git/K8s-Shop',
    'https://my-org.visualstudio.com/my-project/_git/k8s-shop',
    'https://my-org.visualstudio.com/DefaultCollection/my-project/_git/k8s-shop',
  ])('lets the repository of the registration release, as %s', async (repository) => {
    expect(await authorize(platformFolder(), { repository })).toMatchObject({
      code: 0,
      out: "'shop' may be released to 'prod' from here.\n",
    });
  });

  it('knows the short form of a repository that is called like its project', async () => {
    const folder = platformFolder();
    edit(folder, 'systems/shop.yaml', 'team: shop', 'team: shop\ngit: { project: k8s-shop }');
    expect((await authorize(folder, { repository: 'https://dev.azure.com/my-org/_git/k8s-shop' })).code).toBe(0);
    expect((await authorize(folder)).code).toBe(1);
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
    ['an image of another system of the team', { image: 'myorgprod.azurecr.io/shop/other' }],
    ['an image whose name only begins so', { image: 'myorgprod.azurecr.io/shop/shop2' }],
    ['an image in capitals', { image: 'myorgprod.azurecr.io/shop/shop/API' }],
    ['an image with a digest', { image: `myorgprod.azurecr.io/shop/shop@sha256:${'0'.repeat(64)}` }],
    ['to change the platform, where the tag is in the repository', { bump: 'platform' }],
    ['to change what it does not know', { bump: 'System' }],
    ['an image with a tag', { image: 'myorgprod.azurecr.io/shop/shop:1' }],
    ['a chart, where the system has none', { chart: 'myorgprod.azurecr.io/charts/payments' }],
  ])('refuses %s', async (_what, change) => {
    const { code, err } = await authorize(platformFolder(), change);
    expect(code).toBe(1);
    expect(err).toContain('systems/shop.yaml');
  });

  it('knows the chart that a pipeline brings to the registry, and where it comes from when nothing is registered', async () => {
    const folder = platformFolder();
    const values = 'values: { image: { repository: "{registry}/shop/shop", tag: "7" } }';
    edit(
      folder,
      'systems/shop.yaml',
      'pattern: B',
      `pattern: B\nrelease: platform\nregistration: false\nchart: { repository: charts/shop, version: 0.0.7 }\n${values}`,
    );
    edit(folder, 'systems/shop.yaml', 'dependsOn: [ingress]', '');
    expect(await authorize(folder, { chart: 'myorgprod.azurecr.io/charts/shop' })).toMatchObject({ code: 0 });
    expect((await authorize(folder, { chart: 'myorgprod.azurecr.io/charts/payments' })).code).toBe(1);
    expect((await authorize(folder, { repository: 'https://dev.azure.com/my-org/my-project/_git/shop' })).code).toBe(1);
  });

  it('lets a system have repositories below its own', async () => {
    expect(await authorize(platformFolder(), { image: 'myorgprod.azurecr.io/shop/shop/worker' })).toMatchObject({ code: 0 });
  });

  it('refuses where one of two names of the repository or of the ref is another', async () => {
    const other = ['--repository', 'https://dev.azure.com/my-org/my-project/_git/k8s-evil'];
    expect(await authorize(platformFolder(), {}, ...other)).toMatchObject({ code: 1 });
    expect(await authorize(platformFolder(), {}, '--ref', 'refs/heads/dev')).toMatchObject({ code: 1 });
    expect(await authorize(platformFolder(), {}, '--ref', 'refs/heads/master', '--repository', HOME)).toMatchObject({ code: 0 });
  });

  it('knows whose repository holds the tag', async () => {
    expect(await authorize(platformFolder(), { bump: 'system' })).toMatchObject({ code: 0 });
  });

  describe('of a mirrored image', () => {
    const DIGEST = `sha256:${'a'.repeat(64)}`;
    const NAME = 'docker.io/library/redis:7.4.1';
    const withMirror = (digest: string): string => {
      const folder = platformFolder();
      edit(folder, 'systems/shop.yaml', 'team: shop', `team: shop\nmirror: [${NAME}]`);
      const lock = parseDocument(readFile(folder, 'platform.lock.yaml'));
      lock.setIn(['images', NAME], {
        upstream: 'docker.io/library/redis',
        tag: '7.4.1',
        digest,
        target: 'library/redis',
        signer: 'none',
      });
      writeFile(folder, 'platform.lock.yaml', lock.toString());
      return folder;
    };

    it('takes the digest of the lock alone', async () => {
      const folder = withMirror(DIGEST);
      expect(await authorize(folder, { upstream: `${NAME}@${DIGEST}` })).toMatchObject({ code: 0, err: '' });
      for (const upstream of [
        `${NAME}@sha256:${'b'.repeat(64)}`,
        NAME,
        `oci://${NAME}@${DIGEST}`,
        `${NAME}@${DIGEST}@sha256:${'b'.repeat(64)}`,
        `docker.io/library/valkey:8.0.0@${DIGEST}`,
        `docker.io/library/redis:7.4.2@${DIGEST}`,
      ]) {
        const { code, err } = await authorize(folder, { upstream });
        expect({ upstream, code }).toEqual({ upstream, code: 1 });
        expect(err).toContain('systems/shop.yaml');
      }
    });

    it('takes none that nobody has resolved', async () => {
      const { code, err } = await authorize(withMirror('unresolved'), { upstream: `${NAME}@${DIGEST}` });
      expect(code).toBe(1);
      expect(err).toContain('is not in platform.lock.yaml');
    });
  });

  describe('of a commit', () => {
    const git = (folder: string, ...args: readonly string[]): string => {
      const { status, stdout, stderr } = spawnSync(
        'git',
        ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-C', folder, ...args],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(stderr);
      return stdout.trim();
    };
    const commit = (folder: string, message: string): string => {
      git(folder, 'commit', '--quiet', '--allow-empty', '--message', message);
      return git(folder, 'rev-parse', 'HEAD');
    };
    const history = (): {
      readonly root: string;
      readonly clone: string;
      readonly merged: readonly [string, string];
      readonly other: string;
    } => {
      const root = temporaryFolder();
      const origin = path.join(root, 'origin');
      fs.mkdirSync(origin);
      git(origin, 'init', '--quiet', '--initial-branch', 'master');
      const merged = [commit(origin, 'one'), commit(origin, 'two')] as const;
      git(origin, 'switch', '--quiet', '--create', 'feature');
      const other = commit(origin, 'never reviewed');
      git(root, 'clone', '--quiet', origin, 'clone');
      return { root, clone: path.join(root, 'clone'), merged, other };
    };

    it('lets what is on the branch, also when it moved on', async () => {
      const { clone, merged } = history();
      const flags = merged.flatMap((id) => ['--commit', id]);
      expect(await authorize(platformFolder(), {}, '--clone', clone, ...flags)).toMatchObject({ code: 0, err: '' });
    });

    it('refuses what was never merged, though the run says it is for the branch', async () => {
      const { clone, merged, other } = history();
      const { code, err } = await authorize(platformFolder(), {}, '--clone', clone, '--commit', merged[0], '--commit', other);
      expect(code).toBe(1);
      expect(err).toContain(`the commit ${other} is not on master`);
    });

    it.each(['master', '--help', 'HEAD', '', '0'.repeat(40)])("refuses '%s', which names no commit of it", async (id) => {
      expect((await authorize(platformFolder(), {}, '--clone', history().clone, `--commit=${id}`)).code).toBe(1);
    });

    it('refuses a clone without the whole history, and what is none', async () => {
      const { root, merged } = history();
      git(root, 'clone', '--quiet', '--depth', '1', `file://${path.join(root, 'origin')}`, 'shallow');
      for (const clone of [path.join(root, 'shallow'), temporaryFolder()]) {
        const { code, err } = await authorize(platformFolder(), {}, '--clone', clone, '--commit', merged[1]);
        expect(code).toBe(1);
        expect(err).toContain('is no clone with the whole history');
      }
    });

    it('needs both', async () => {
      expect((await authorize(platformFolder(), {}, '--clone', '.')).code).toBe(2);
      expect((await authorize(platformFolder(), {}, '--commit', '0'.repeat(40))).code).toBe(2);
    });
  });

  it('compares addresses of other hosts as they are', async () => {
    const folder = platformFolder('valid/github');
    const repository = 'https://github.com/my-org/k8s-shop';
    const { code, err } = await authorize(folder, { repository });
    expect({ code, err: err.includes('the pipeline is in') }).toEqual({ code, err: false });
    expect((await authorize(folder, { repository: 'https://github.com/my-org/K8s-Shop' })).err).toContain('the pipeline is in');
  });

  it('tells an unknown system or environment, and one where the system does not run', async () => {
    expect(await authorize(platformFolder(), { env: 'prd' })).toMatchObject({ code: 2 });
    const folder = platformFolder();
    edit(folder, 'systems/shop.yaml', 'team: shop', 'team: shop\nenvironments: { dev: {} }');
    expect(await authorize(folder)).toMatchObject({ code: 2, err: "'shop' does not run in 'prod'." });
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
