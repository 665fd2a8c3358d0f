import * as fs from 'node:fs';
import * as path from 'node:path';
import { edit, platformFolder, readFile, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';
import { runCli, type CliResult, type CliSurroundings } from '../support/run-cli';

/** Nothing is read-only to root. */
const CAN_BE_READ_ONLY = process.getuid?.() !== 0;
const TOMORROW = { date: new Date('2026-11-22T12:00:00Z') };

const remove = (folder: string, args: readonly string[], surroundings?: CliSurroundings): Promise<CliResult> =>
  runCli(['system', 'remove', ...args, '--dir', folder], surroundings);
const json = ({ out }: CliResult): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;

/** A platform with everything generated, and what is appended to the system `shop`. */
async function platform(shop = ''): Promise<string> {
  const folder = platformFolder();
  fs.appendFileSync(path.join(folder, 'systems/shop.yaml'), shop);
  expect((await runCli(['start', '--dir', folder])).code).toBe(0);
  return folder;
}

describe('k8s-gitops system remove', () => {
  it('announces, suspends nothing that has to be pruned, and on a later day removes', async () => {
    const folder = await platform();
    const before = readFile(folder, 'systems/shop.yaml');
    const announced = await remove(folder, ['shop', '--reason', 'replaced: by web-shop']);
    expect(announced).toMatchObject({ code: 0, err: '' });
    expect(announced.out).toContain('goes   GitRepository k8s-shop, Kustomization shop\n');
    expect(announced.out).toContain('stays  namespace shop (the tenant chart keeps it)');
    expect(announced.out).toContain('wrote systems/shop.yaml: its removal is announced\n');
    expect(announced.out).toContain('Tell the team shop');
    const line = "removal: { announced: 2026-11-21, reason: 'replaced: by web-shop' }\n";
    expect(readFile(folder, 'systems/shop.yaml')).toBe(before.replace('team: shop\n', `team: shop\n${line}`));
    expect((await runCli(['start', '--dir', folder])).code).toBe(0);
    const generated = readFile(folder, 'clusters/dev/systems/shop.yaml');
    expect(generated).toContain('k8s-gitops/removal-announced');
    expect(generated.match(/suspend: true/g)).toHaveLength(1);

    const early = await remove(folder, ['shop']);
    expect(early.code).toBe(1);
    expect(early.err).toContain("systems/shop.yaml:3:1 error: the removal of 'shop' was announced only today");
    const removed = await remove(folder, ['shop'], TOMORROW);
    expect(removed).toMatchObject({ code: 0, err: '' });
    expect(removed.out).toContain('deleted systems/shop.yaml: the system is removed from the model\n');
    expect(removed.out).toContain('Run `npm start`, which');
    expect(removed.out).not.toContain('Notes:');
    expect(fs.existsSync(path.join(folder, 'systems/shop.yaml'))).toBe(false);
    expect((await runCli(['start', '--dir', folder])).code).toBe(0);
    expect(fs.existsSync(path.join(folder, 'clusters/dev/systems/shop.yaml'))).toBe(false);
  });

  it.each(['{ pattern: A, team: x }\n', '{ pattern: A,\n  team: x } # all of it', '  pattern: A\n  team: x\n'])(
    'takes the announcement back in %j, to the byte',
    async (content) => {
      const folder = platformFolder();
      writeFile(folder, 'systems/fl.yaml', content);
      const before = snapshotFolder(folder);
      expect(await remove(folder, ['fl', '--reason', 'a, b: {c}'])).toMatchObject({ code: 0, err: '' });
      expect(readFile(folder, 'systems/fl.yaml')).toContain("removal: { announced: 2026-11-21, reason: 'a, b: {c}' }");
      expect(await remove(folder, ['fl', '--cancel'])).toMatchObject({ code: 0, err: '' });
      expect(snapshotFolder(folder)).toEqual(before);
    },
  );

  it('does not go before its announcement was generated, unless it never was or must go immediately', async () => {
    const folder = await platform('environments: { dev: , prod: { suspend: true } }\n');
    await remove(folder, ['shop']);
    const before = snapshotFolder(folder);
    const keep = '--keep-workload';
    for (const args of [['shop'], ['shop', '--dry-run']]) {
      const { code, out, err } = await remove(folder, args, TOMORROW);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      for (const environment of ['dev', 'prod']) {
        expect(err).toContain(
          `clusters/${environment}/systems/shop.yaml error: does not say that the removal of 'shop' is announced, so ${environment} was never told\n  → Run \`npm start\`, merge it, and come back. --immediately does not wait.\n`,
        );
      }
    }
    expect(snapshotFolder(folder)).toEqual(before);
    const now = await remove(folder, ['shop', '--immediately', '--dry-run'], TOMORROW);
    expect(now.err).not.toContain('does not say that');
    // Of one environment is not enough.
    expect((await runCli(['start', '--dir', folder])).code).toBe(0);
    const dev = readFile(folder, 'clusters/dev/systems/shop.yaml');
    edit(folder, 'clusters/dev/systems/shop.yaml', 'k8s-gitops/removal-announced', 'k8s-gitops/other');
    const half = await remove(folder, ['shop', keep], TOMORROW);
    expect(half.err).toContain('clusters/dev/systems/shop.yaml error: does not say');
    expect(half.err).not.toContain('clusters/prod/systems/shop.yaml error: does not say');
    writeFile(folder, 'clusters/dev/systems/shop.yaml', dev.slice(0, 100));
    expect((await remove(folder, ['shop'], TOMORROW)).err).toContain('clusters/dev/systems/shop.yaml error: does not say');
    // What was never generated anywhere was never applied.
    fs.rmSync(path.join(folder, 'clusters'), { recursive: true });
    edit(folder, 'systems/shop.yaml', 'prod: { suspend: true }', 'prod: {}');
    expect(await remove(folder, ['shop'], TOMORROW)).toMatchObject({ code: 0, err: '' });
  });

  it('says what can be done with a file that is broken', async () => {
    const folder = platformFolder();
    writeFile(folder, 'systems/shop.yaml', 'pattern: Z\nteam: x\n');
    const { code, out, err } = await remove(folder, ['shop']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain("systems/shop.yaml:1:10 error: 'pattern' is 'Z'");
    expect(err).toContain(
      'Otherwise systems/shop.yaml can only be deleted by hand, and nobody is told before what goes with it.',
    );
    expect((await remove(folder, ['ingress'])).err).not.toContain('by hand');
    expect(fs.existsSync(path.join(folder, 'systems/shop.yaml'))).toBe(true);
  });

  it('tells the names of each environment', async () => {
    const folder = platformFolder();
    edit(folder, 'platform.yaml', 'tenancy:', "naming: { namespace: '{system}-{environment}' }\ntenancy:");
    await runCli(['start', '--dir', folder]);
    const { out } = await remove(folder, ['shop']);
    expect(out).toMatch(
      /\n {2}dev {2}(?:.*\n)*?.*stays {2}namespace shop-dev \((?:.*\n)*? {2}prod {2}(?:.*\n)*?.*stays {2}namespace shop-prod \(/,
    );
    await runCli(['start', '--dir', folder]);
    expect((await remove(folder, ['shop'], TOMORROW)).out).toContain('namespace shop-dev in dev, shop-prod in prod.');
  });

  it('never deletes through a link', async () => {
    const folder = platformFolder();
    const outside = path.join(temporaryFolder(), 'systems');
    fs.renameSync(path.join(folder, 'systems'), outside);
    fs.symlinkSync(outside, path.join(folder, 'systems'));
    const before = snapshotFolder(outside);
    const { code, err } = await remove(folder, ['shop', '--cancel']);
    expect(code).toBe(1);
    expect(err).toContain('systems error: is a symbolic link');
    expect((await remove(folder, ['shop'])).code).toBe(1);
    expect(snapshotFolder(outside)).toEqual(before);
  });

  (CAN_BE_READ_ONLY ? it : it.skip)('says that systems/ cannot be written (skipped as root, who can)', async () => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    fs.chmodSync(path.join(folder, 'systems'), 0o555);
    try {
      const { code, err } = await remove(folder, ['shop']);
      expect(code).toBe(1);
      expect(err).toContain('systems/shop.yaml error: cannot be written (EACCES on open)');
    } finally {
      fs.chmodSync(path.join(folder, 'systems'), 0o755);
    }
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('takes the announcement back, to the byte', async () => {
    const folder = await platform();
    const before = snapshotFolder(folder);
    expect((await remove(folder, ['shop', '--cancel'])).err).toContain("the removal of 'shop' is not announced");
    await remove(folder, ['shop']);
    const cancelled = await remove(folder, ['shop', '--cancel']);
    expect(cancelled).toMatchObject({ code: 0, err: '' });
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('does not go while others depend on it, and names where they say so', async () => {
    const folder = await platform('environments:\n  dev:\n  prod: { dependsOn: [] }\n');
    const { code, err } = await remove(folder, ['ingress']);
    expect(code).toBe(1);
    expect(err).toContain("systems/shop.yaml:5:13 error: 'shop' depends on 'ingress' in dev\n");
    await remove(folder, ['shop']);
    const both = await remove(folder, ['ingress']);
    expect(both.code).toBe(0);
    expect(both.out).toContain("'shop' depends on it and is announced to go too");
    expect((await remove(folder, ['ingress'], TOMORROW)).err).toContain("'shop' depends on 'ingress'");
  });

  it.each([
    ['the model', (folder: string) => { edit(folder, 'systems/shop.yaml', 'team: shop\n', 'team: shop\nenvironments: { dev: , prod: { suspend: true } }\n'); }, 'systems/shop.yaml:3:32'], // prettier-ignore
    ['the committed file alone', (folder: string) => { edit(folder, 'clusters/prod/systems/shop.yaml', 'prune: true', 'prune: true\n  suspend: true'); }, 'clusters/prod/systems/shop.yaml'], // prettier-ignore
  ])('does not leave running what is suspended in %s', async (_where, suspend, place) => {
    const folder = await platform();
    suspend(folder);
    expect((await remove(folder, ['shop'])).out).toContain('It is suspended in prod');
    const refused = await remove(folder, ['shop', '--immediately']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(`${place.replace(':3:', ':4:')} error: 'shop' is suspended in prod`);
    const half = await remove(folder, ['shop', '--immediately', '--keep-workload']);
    expect(half.err).toContain("'shop' is not suspended in dev: Flux would delete it there");
    expect(fs.existsSync(path.join(folder, 'systems/shop.yaml'))).toBe(true);
  });

  it('leaves the workload where that is meant', async () => {
    const folder = await platform('suspend: true\n');
    await remove(folder, ['shop']);
    await runCli(['start', '--dir', folder]);
    const { code, out } = await remove(folder, ['shop', '--keep-workload'], TOMORROW);
    expect(code).toBe(0);
    expect(out).toContain('stays  everything that it runs in namespace shop');
  });

  describe('of a system that bears data', () => {
    async function announced(): Promise<string> {
      const folder = await platform('bearsData: true\n');
      await remove(folder, ['shop']);
      expect((await runCli(['start', '--dir', folder])).code).toBe(0);
      return folder;
    }

    it('needs its name where nobody can be asked, and names --confirm-removal', async () => {
      const folder = await announced();
      const before = snapshotFolder(folder);
      const missing = await remove(folder, ['shop'], TOMORROW);
      expect(missing).toMatchObject({ code: 2, out: '' });
      expect(missing.err).toContain('--confirm shop');
      expect((await remove(folder, ['shop', '--confirm', 'shpo'], TOMORROW)).code).toBe(2);
      const planned = await remove(folder, ['shop', '--dry-run'], TOMORROW);
      expect(planned.code).toBe(0);
      expect(planned.out).toContain('npm start -- --confirm-removal');
      expect(snapshotFolder(folder)).toEqual(before);
      const done = await remove(folder, ['shop', '--confirm', 'shop', '--json'], TOMORROW);
      expect(json(done)).toMatchObject({ ok: true, step: 'remove', bearsData: true, environments: [{ environment: 'dev' }, {}] });
      expect((await runCli(['start', '--dir', folder])).code).toBe(1);
      expect((await runCli(['start', '--dir', folder, '--confirm-removal'])).code).toBe(0);
    });

    it('removes nothing after Ctrl-C', async () => {
      const folder = await announced();
      const before = snapshotFolder(folder);
      const controller = new AbortController();
      const during = (): string => {
        controller.abort('SIGINT');
        return 'shop';
      };
      for (const surroundings of [
        { person: during, signal: controller.signal },
        { person: () => 'shop', signal: AbortSignal.abort('SIGINT') },
      ]) {
        const result = await remove(folder, ['shop'], { ...TOMORROW, ...surroundings });
        expect(result.code).toBe(1);
        expect(result.err).toMatch(/\nStopped: nothing was written\.\n$/);
      }
      expect(snapshotFolder(folder)).toEqual(before);
    });

    it('says that the announcement was not generated where it goes immediately', async () => {
      const folder = await platform('bearsData: true\n');
      await remove(folder, ['shop']);
      const { code, out } = await remove(folder, ['shop', '--immediately', '--dry-run']);
      expect(code).toBe(0);
      expect(out).toContain('clusters/dev/systems/shop.yaml does not say that the removal is announced');
    });

    it.each([
      ['shop', 0, ''],
      ['yes', 1, "'yes' is not 'shop': nothing was written."],
      [undefined, 1, 'Stopped: nothing was written.'],
    ])('has %j typed on a terminal', async (typed, code, message) => {
      const folder = await announced();
      const result = await remove(folder, ['shop'], { ...TOMORROW, person: () => typed, environment: { NO_COLOR: '1' } });
      expect(result.code).toBe(code);
      expect(result.err).toContain('Type its name to remove it');
      expect(result.err).toContain(message);
      expect(fs.existsSync(path.join(folder, 'systems/shop.yaml'))).toBe(code !== 0);
    });
  });

  it.each([
    [['shpo'], "unknown system 'shpo'. Did you mean 'shop'?"],
    [['../shop'], "unknown system '../shop'."],
    [['shop', '--immediately'], "'--immediately' is of the second step"],
    [['shop', '--keep-workload'], "'--keep-workload' is of the second step"],
    [['shop', '--confirm', 'shop'], "'--confirm' is of the second step"],
    [['shop', '--cancel', '--immediately'], 'cannot be used with'],
    [['shop', '--reason', 'a\nb'], "the text of '--reason' cannot be written: it has more than one line"],
    [['shop', '--reason', 'a\u001b[0m'], 'it contains the control character U+001B'],
    [['shop', '--reason', 'M\ufffdnchen'], 'it is not valid UTF-8'],
  ])('refuses %j and writes nothing', async (args, message) => {
    const folder = platformFolder();
    const before = snapshotFolder(folder);
    const result = await remove(folder, args);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain(message);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('refuses a reason after the announcement, and a day that is still to come', async () => {
    const folder = platformFolder();
    writeFile(folder, 'systems/shop.yaml', readFile(folder, 'systems/shop.yaml') + 'removal: { announced: 2027-01-01 }\n');
    expect((await remove(folder, ['shop', '--reason', 'x'])).code).toBe(2);
    const { code, err } = await remove(folder, ['shop']);
    expect(code).toBe(1);
    expect(err).toContain(
      "systems/shop.yaml:6:1 error: the removal of 'shop' is announced for 2027-01-01, which lies in the future\n",
    );
    expect(err).toContain('Run this again after 2027-01-01');
    expect(err).not.toContain('tomorrow');
  });
});
