import * as fs from 'node:fs';
import * as path from 'node:path';
import { platformFolder, readFile, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';
import { runCli, type CliResult, type Person } from '../support/run-cli';

const GROUP = '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02';
const B = ['--pattern', 'B', '--team', 'shop', '--sku', 'sku-small', '--aad-group-id', GROUP];
/** Nothing is read-only to root. */
const CAN_BE_READ_ONLY = process.getuid?.() !== 0;
const HEAD = '# yaml-language-server: $schema=../schemas/system.schema.json\n';

const add = (folder: string, ...args: readonly string[]): Promise<CliResult> =>
  runCli(['system', 'add', ...args, '--dir', folder]);
const json = ({ out }: CliResult): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;

/** Somebody who types these answers, one after the other, and then Ctrl-D. */
function types(...answers: readonly string[]): Person {
  const left = [...answers];
  return () => left.shift();
}

async function talk(folder: string, person: Person, ...args: readonly string[]): Promise<CliResult> {
  return runCli(['system', 'add', ...args, '--dir', folder], { person, environment: { NO_COLOR: '1' } });
}

describe('k8s-gitops system add', () => {
  it('writes the file of a pattern B system, which `npm start` takes, and says what comes next', async () => {
    const folder = platformFolder();
    const { code, out, err } = await add(folder, 'store', ...B, '--depends-on', 'ingress', '--env', 'prod', '--env', 'dev');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(readFile(folder, 'systems/store.yaml')).toBe(
      `${HEAD}# The system store. Pattern B: only a HelmRelease of platform-app-chart, in the system's own repository.
pattern: B
team: shop
aadGroupId: ${GROUP}
sku: sku-small
dependsOn: [ingress]
environments:
  dev:
  prod:
`,
    );
    expect(out).toContain('wrote systems/store.yaml\n');
    expect(out).toContain('  clusters/dev/systems/store.yaml\n  clusters/prod/systems/store.yaml\n');
    expect(out).toContain('npx k8s-gitops system scaffold store --out ../k8s-store');
    expect(out).toContain(
      'https://dev.azure.com/my-org/my-project/_git/k8s-store and push what it made to the branches dev, master',
    );
    expect((await runCli(['start', '--dir', folder])).code).toBe(0);
    expect(fs.existsSync(path.join(folder, 'clusters/prod/systems/store.yaml'))).toBe(true);
  });

  it('writes what the platform releases: image, chart, no repository', async () => {
    const folder = platformFolder();
    const image = ['--release', 'platform', '--image', 'shop/store:20261'];
    expect((await add(folder, 'store', ...B, ...image, '--bears-data')).code).toBe(0);
    expect(readFile(folder, 'systems/store.yaml')).toContain(
      "release: platform\nbearsData: true\nvalues:\n  image: { repository: '{registry}/shop/store', tag: '20261' }\n",
    );
    const chart = [
      '--release',
      'platform',
      '--chart-repository',
      'charts/jobs',
      '--chart-version',
      '0.0.20261',
      '--no-registration',
    ];
    const { code, out } = await add(folder, 'jobs', ...B, ...chart);
    expect(code).toBe(0);
    expect(out).not.toContain('scaffold');
    expect(readFile(folder, 'systems/jobs.yaml')).toContain(
      'release: platform\nregistration: false\nchart: { repository: charts/jobs, version: 0.0.20261 }\n',
    );
    expect((await runCli(['start', '--dir', folder])).code).toBe(0);
  });

  it('records the approval of pattern C with the date of today', async () => {
    const folder = platformFolder();
    const reason = 'CRDs: cluster-wide, and first';
    const approval = ['--approved-by', 'Ada Lovelace', '--approval-reason', reason];
    expect((await add(folder, 'crds', '--pattern', 'C', '--team', 'platform', ...approval)).code).toBe(0);
    expect(readFile(folder, 'systems/crds.yaml')).toContain(
      "approval:\n  by: Ada Lovelace\n  date: 2026-11-21\n  reason: 'CRDs: cluster-wide, and first'\n",
    );
    const refused = await add(folder, 'more', '--pattern', 'A', '--team', 'x', ...approval);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("systems/more.yaml:5:1 error: pattern A needs no 'approval'");
  });

  it('takes a mirrored image that the lock lacks, for this system and for another one, and names the command', async () => {
    const folder = platformFolder();
    const first = await add(folder, 'cache', '--pattern', 'A', '--team', 'x', '--mirror', 'docker.io/library/redis:9.9.9');
    expect(first.code).toBe(0);
    expect(first.out).toContain(
      'Run `npx k8s-gitops upgrade`, which resolves what the lock lacks: docker.io/library/redis:9.9.9.',
    );
    expect((await add(folder, 'store', ...B)).out).toContain('npx k8s-gitops upgrade');
    const { code, err } = await add(folder, 'third', '--pattern', 'A', '--team', 'x', '--depends-on', 'nobody');
    expect(code).toBe(1);
    expect(err).toContain("systems/third.yaml:5:13 error: system 'third' depends on 'nobody', which does not exist");
    expect(err).not.toContain('redis');
  });

  it('names the branches of the environments that it runs in, and the one by which its pipeline signs', async () => {
    const folder = platformFolder();
    const all = await add(folder, 'store', ...B);
    expect(all.out).toContain('open a pull request into dev, then from there into master.\n');
    const dev = await add(folder, 'early', ...B, '--env', 'dev');
    expect(dev.out).toContain('open a pull request into dev.\n');
    expect(dev.out).toContain(
      'signs nothing before systems/early.yaml is on branch master, that of the last environment (prod): merge it up to there first.',
    );
    const prod = await add(folder, 'late', ...B, '--env', 'prod');
    expect(prod.out).toContain('open a pull request into master.\n');
    const chart = ['--chart-repository', 'charts/jobs', '--chart-version', '0.0.20261'];
    const jobs = await add(folder, 'jobs', ...B, '--release', 'platform', '--no-registration', ...chart);
    expect(jobs.out).not.toContain('signs nothing');
  });

  it('writes once what is given twice', async () => {
    const folder = platformFolder();
    const twice = ['--mirror', 'docker.io/library/redis:7', '--depends-on', 'ingress', '--env', 'dev'];
    expect((await add(folder, 'store', ...B, ...twice, ...twice)).code).toBe(0);
    expect(readFile(folder, 'systems/store.yaml')).toContain(
      'dependsOn: [ingress]\nmirror:\n  - docker.io/library/redis:7\nenvironments:\n  dev:\n',
    );
    expect((await runCli(['system', 'add', '--help'])).out).toContain(
      'given twice to an option that may be repeated is written once',
    );
  });

  (CAN_BE_READ_ONLY ? it : it.skip)('says that systems/ cannot be written (skipped as root, who can)', async () => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    fs.chmodSync(path.join(folder, 'systems'), 0o555);
    try {
      const { code, out, err } = await add(folder, 'store', ...B);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(
        /^systems\/store\.yaml error: cannot be written \(EACCES on open\)\n.*\n\n1 problem\.\nNothing was written\.\n$/,
      );
    } finally {
      fs.chmodSync(path.join(folder, 'systems'), 0o755);
    }
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('prints data for machines, and on a dry run writes nothing', async () => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    const planned = await add(folder, 'store', ...B, '--dry-run', '--json');
    expect(snapshotFolder(folder)).toEqual(before);
    const people = await add(folder, 'store', ...B, '--dry-run');
    expect(people.out).toContain('pattern: B\nteam: shop\n');
    expect(people.out).toContain('clusters/dev/systems/store.yaml\n');
    expect(people.out).toContain('Nothing was written.');
    expect(snapshotFolder(folder)).toEqual(before);
    const done = await add(folder, 'store', ...B, '--json');
    expect(json(done)).toEqual({ ...json(planned), dryRun: false });
    expect(json(done)).toMatchObject({
      ok: true,
      file: 'systems/store.yaml',
      content: readFile(folder, 'systems/store.yaml'),
      next: [
        expect.stringContaining('npm start'),
        expect.stringContaining('scaffold'),
        expect.stringContaining('pull request'),
        expect.stringContaining('signs nothing'),
      ],
    });
  });

  it('names everything that is missing at once where nobody can be asked', async () => {
    const folder = platformFolder();
    const nothing = await add(folder, 'store');
    expect(nothing).toMatchObject({ code: 2, out: '' });
    expect(nothing.err).toMatch(/^error: system 'store' is not added without:\n {2}--pattern +how .*\n {2}--team +the team .*\n/);
    const { code, err } = await add(folder, 'store', '--pattern', 'B');
    expect(code).toBe(2);
    expect(err).toMatch(
      / {2}--team +the team.*\n {2}--sku +the size.*: sku-small, sku-medium, sku-large, sku-batch\n {2}--aad-group-id +object id/,
    );
    const person: Person = () => {
      throw new Error('asked');
    };
    const asData = await runCli(['system', 'add', 'store', '--dir', folder, '--json'], { person });
    expect(asData.code).toBe(2);
    expect(json(asData)).toMatchObject({ ok: false, usage: expect.stringContaining('--team') as string });
    const platform = await add(folder, 'store', ...B, '--release', 'platform');
    expect(platform.err).toContain('  --image  ');
    const chart = await add(folder, 'store', '--pattern', 'A', '--team', 'x', '--release', 'platform');
    expect(chart.err).toMatch(/--chart-repository.*\n.*--chart-version/);
  });

  it.each([
    ['../store', 2, "'../store' cannot be the name of a system: it is not a valid DNS label"],
    ['/etc/store', 2, 'cannot be the name of a system'],
    ['', 2, 'cannot be the name of a system'],
    ['Store', 2, 'cannot be the name of a system'],
    ['store\n', 2, 'cannot be the name of a system'],
    ['store.yaml', 2, 'cannot be the name of a system'],
    ['__proto__', 2, 'cannot be the name of a system'],
    [
      'default',
      2,
      "a system cannot be called 'default': the name is reserved for Kubernetes' default namespace. Choose another name.",
    ],
    ['flux-system', 2, "a system cannot be called 'flux-system'"],
    ['kube-store', 2, "a system cannot be called 'kube-store'"],
    ['s'.repeat(60), 2, 'is not a valid Helm release name'],
    ['shop', 1, "systems/shop.yaml error: there is a system 'shop' already"],
  ])('refuses the name %j before anything is written or asked', async (name, code, message) => {
    const folder = platformFolder();
    const before = snapshotFolder(path.dirname(folder), path.basename(folder));
    for (const person of [undefined, types()]) {
      const result = await runCli(['system', 'add', name, '--dir', folder, ...B], {
        environment: { NO_COLOR: '1' },
        ...(person === undefined ? {} : { person }),
      });
      expect(result).toMatchObject({ code, out: '' });
      expect(result.err).toContain(message);
      expect(result.err).not.toContain('    at ');
    }
    expect(snapshotFolder(path.dirname(folder), path.basename(folder))).toEqual(before);
  });

  it.each([
    [['--sku', 'sku-huge'], 1, "systems/store.yaml:6:6 error: 'sku' is 'sku-huge', not one of sku-small, sku-medium"],
    [['--team', 'the shop'], 1, "systems/store.yaml:4:7 error: 'team': 'the shop' is not a valid label value"],
    [['--team', 'x\nsuspend: true'], 2, "the text of '--team' cannot be written: it has more than one line"],
    [['--approved-by', 'Ada\nLovelace'], 2, "the text of '--approved-by' cannot be written: it has more than one line"],
    [['--approval-reason', 'a\r'], 2, "the text of '--approval-reason' cannot be written: it has more than one line"],
    [['--approval-reason', 'a\u2028b'], 2, 'it has more than one line'],
    [['--approval-reason', 'M\ufffdnchen'], 2, 'it is not valid UTF-8'],
    [['--approved-by', 'Ada\u001b[31m'], 2, 'it contains the control character U+001B'],
    [
      ['--mirror', 'docker.io/library/redis:1\t'],
      2,
      "the text of '--mirror' cannot be written: it contains the control character U+0009",
    ],
    [['--aad-group-id', 'shop-team'], 1, "systems/store.yaml:5:13 error: 'aadGroupId'"],
    [['--env', 'prd'], 2, "unknown environment 'prd'. Did you mean 'prod'?"],
    [['--depends-on', 'ingres'], 1, "Did you mean 'ingress'?"],
    [['--depends-on', 'a, b'], 1, "systems/store.yaml:7:13 error: 'dependsOn[0]'"],
    [['--mirror', 'redis'], 1, "systems/store.yaml:9:5 error: 'mirror[0]': 'redis' is not a valid image or chart reference"],
    [['--no-registration'], 1, "'registration: false' leaves nothing to apply"],
    [['--image', 'shop/store:1'], 1, "'values' has no effect: with 'release: system'"],
    [['--release', 'platform', '--image', 'docker.io/shop:1'], 2, 'only images of the environment'],
    [['--release', 'platform', '--image', 'shop/store'], 2, 'is not of the form REPOSITORY:TAG'],
    [['--release', 'platform', '--image', 'shop/store:latest'], 2, "other than 'latest'"],
    [['--release', 'platform', '--chart-repository', 'charts/x', '--chart-version', '1'], 1, 'is not a valid chart version'],
    [['--pattern', 'D'], 2, 'Allowed choices are A, B, C.'],
  ])('refuses %j and leaves nothing behind', async (args, code, message) => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    const temporary = temporaryFolder();
    const { TMPDIR } = process.env;
    process.env['TMPDIR'] = temporary;
    try {
      const given = B.filter((_, index) => !args.includes(B[index - (index % 2)]!));
      const extra = args[0] === '--mirror' ? ['--depends-on', 'ingress'] : [];
      const result = await add(folder, 'store', ...given, ...extra, ...args);
      expect(result).toMatchObject({ code, out: '' });
      expect(result.err).toContain(message);
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = TMPDIR;
    }
    expect(snapshotFolder(folder)).toEqual(before);
    expect(fs.readdirSync(temporary)).toEqual([]);
  });

  it('tells what is wrong with other files, and writes nothing', async () => {
    const folder = platformFolder('invalid/unknown-sku');
    const { code, err } = await add(folder, 'store', ...B);
    expect(code).toBe(1);
    expect(err).toMatch(/^systems\/shop.yaml:4:6 error: 'sku' is 'sku-huge'.*\n.*\n\n1 problem\.\nNothing was written\.\n$/);
    expect(fs.existsSync(path.join(folder, 'systems/store.yaml'))).toBe(false);
    expect((await add(path.join(folder, 'nowhere'), 'store', ...B)).err).toContain('does not exist');
  });

  it('refuses a file by hand that stands where the generated one has to go', async () => {
    const folder = platformFolder();
    writeFile(folder, 'clusters/dev/systems/store.yaml', 'by: hand\n');
    const { code, err } = await add(folder, 'store', ...B);
    expect(code).toBe(1);
    expect(err).toContain('clusters/dev/systems/store.yaml error: is a file without the generated marker');
    expect(fs.existsSync(path.join(folder, 'systems/store.yaml'))).toBe(false);
  });

  it('never writes through a link', async () => {
    const folder = platformFolder();
    const outside = temporaryFolder();
    fs.rmSync(path.join(folder, 'systems'), { recursive: true });
    fs.symlinkSync(outside, path.join(folder, 'systems'));
    const { code, err } = await add(folder, 'store', ...B);
    expect(code).toBe(1);
    expect(err).toContain('systems error: is a symbolic link');
    expect(fs.readdirSync(outside)).toEqual([]);
  });

  it('makes systems/ for the first system', async () => {
    const folder = platformFolder('valid/smallest');
    expect((await add(folder, 'store', ...B)).code).toBe(0);
    expect(fs.readdirSync(path.join(folder, 'systems'))).toContain('store.yaml');
  });

  it('writes what is read as it was given', async () => {
    const folder = platformFolder();
    for (const [index, reason] of ['a: b', "it's, {x}", 'x # y', '- x', 'true', '1e5', '"', '@x', 'ä€'].entries()) {
      const name = `crds-${index}`;
      const result = await add(
        folder,
        name,
        '--pattern',
        'C',
        '--team',
        '20261',
        '--approved-by',
        reason,
        '--approval-reason',
        reason,
      );
      expect(result.err).toBe('');
      const shown = await runCli(['system', 'show', name, '--dir', folder, '--json']);
      expect(json(shown)).toMatchObject({ system: { team: '20261', approval: { by: reason, reason } } });
    }
  });
});

describe('k8s-gitops system add on a terminal', () => {
  it('asks for what is missing until the model takes the answer', async () => {
    const folder = platformFolder();
    const questions: string[] = [];
    const answers = types('X', 'b', 'the shop', '', 'shop', 'sku-smal', 'sku-small', 'shop-team', GROUP, 'prd', 'prod, dev');
    const person: Person = (question) => {
      questions.push(question);
      return answers(question);
    };
    const { code, err } = await talk(folder, person, 'store');
    expect(code).toBe(0);
    expect(questions).toEqual([
      ...['pattern: ', 'pattern: ', 'team: ', 'team: ', 'team: ', 'sku: ', 'sku: ', 'aadGroupId: ', 'aadGroupId: '],
      ...['environments [all]: ', 'environments [all]: '],
    ]);
    expect(err).toContain('  A  its own chart');
    expect(err).toContain('  sku-small   5 pods; a container gets CPU 100m up to 1, memory 128Mi up to 1Gi\n');
    expect(err).toContain("  → 'X' is not one of A, B, C.");
    expect(err).toContain("  → 'team': 'the shop' is not a valid label value");
    expect(err).toContain('  → It is needed.');
    expect(err).toContain("Did you mean 'sku-small'?");
    expect(err).toContain("  → 'aadGroupId': 'shop-team' is not a valid");
    expect(err).toContain("  → unknown environment 'prd'. Did you mean 'prod'?");
    expect(readFile(folder, 'systems/store.yaml')).toContain(
      `pattern: B\nteam: shop\naadGroupId: ${GROUP}\nsku: sku-small\nenvironments:\n  dev:\n  prod:\n`,
    );
  });

  it('asks nothing when nothing is missing, and what pattern C needs', async () => {
    const folder = platformFolder();
    expect((await talk(folder, types(), 'store', ...B)).err).toBe('');
    const { code } = await talk(folder, types('platform', 'Ada Lovelace', 'CRDs', ''), 'crds', '--pattern', 'C');
    expect(code).toBe(0);
    expect(readFile(folder, 'systems/crds.yaml')).toContain('by: Ada Lovelace\n');
    expect(readFile(folder, 'systems/crds.yaml')).not.toContain('environments');
  });

  it('says what is wrong with the options before it asks for the rest', async () => {
    const { code, err } = await talk(platformFolder(), types('shop'), 'store', '--pattern', 'B', '--sku', 'sku-huge');
    expect(code).toBe(2);
    expect(err).toMatch(/^error: 'sku' is 'sku-huge'/);
  });

  it('leaves nothing behind after Ctrl-D', async () => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    const { code, out, err } = await talk(folder, types('B', 'shop'), 'store');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/sku: \nStopped: nothing was written\.\n$/);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('leaves nothing behind after Ctrl-C', async () => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    const controller = new AbortController();
    const person: Person = (question) => {
      if (question === 'team: ') controller.abort('SIGINT');
      return question === 'pattern: ' ? 'A' : '';
    };
    const { code, err } = await runCli(['system', 'add', 'store', '--dir', folder], { person, signal: controller.signal });
    expect(code).toBe(1);
    expect(err).toMatch(/team: \nStopped: nothing was written\.\n$/);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('asks nothing after Ctrl-C', async () => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    const questions: string[] = [];
    const person: Person = (question) => {
      questions.push(question);
      return 'A';
    };
    const result = await runCli(['system', 'add', 'store', '--dir', folder], { person, signal: AbortSignal.abort('SIGINT') });
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toMatch(/\nStopped: nothing was written\.\n$/);
    expect(questions).toEqual([]);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('asks again after an arrow key, and keeps the answers before', async () => {
    const folder = platformFolder();
    const answers = types('platform', 'Ada\u001b[D Lovelace', 'Ada Lovelace', 'CRDs\u0007', 'M\ufffdnchen', 'CRDs', '');
    const { code, err } = await talk(folder, answers, 'crds', '--pattern', 'C');
    expect(code).toBe(0);
    expect(err).toContain(
      '  → That cannot be written: it contains the control character U+001B. Type it again, without arrow keys.\n',
    );
    expect(err).not.toContain('\u001b');
    expect(err).toContain('it contains the control character U+0007');
    expect(err).toContain('it is not valid UTF-8');
    expect(readFile(folder, 'systems/crds.yaml')).toMatch(
      /team: platform\n(?:.*\n)* {2}by: Ada Lovelace\n {2}date: .*\n {2}reason: CRDs\n/,
    );
  });

  it('keeps what somebody else wrote while it asked', async () => {
    const folder = platformFolder();
    const person: Person = (question) => {
      if (!question.startsWith('environments')) return 'x';
      writeFile(folder, 'systems/store.yaml', 'pattern: A\nteam: y\n');
      return '';
    };
    const { code, err } = await talk(folder, person, 'store', '--pattern', 'A');
    expect(code).toBe(1);
    expect(err).toContain('systems/store.yaml error: was changed meanwhile');
    expect(readFile(folder, 'systems/store.yaml')).toBe('pattern: A\nteam: y\n');
  });
});
