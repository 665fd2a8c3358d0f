import * as fs from 'node:fs';
import * as path from 'node:path';
import { edit, platformFolder, snapshotFolder, temporaryFolder } from '../support/platform-folder';
import { runCli, type CliResult } from '../support/run-cli';

const scaffold = (folder: string, ...args: readonly string[]): Promise<CliResult> =>
  runCli(['system', 'scaffold', 'shop', '--dir', folder, ...args]);

describe('k8s-gitops system scaffold', () => {
  it('needs a name for the folder', async () => {
    expect(await scaffold(platformFolder(), '--out', '')).toEqual({
      code: 2,
      out: '',
      err: "error: '--out' is empty: name the folder to make\n",
    });
  });

  it('refuses a link that leads into the platform', async () => {
    const folder = platformFolder();
    fs.mkdirSync(path.join(folder, 'clusters'));
    const beside = temporaryFolder();
    fs.symlinkSync(path.join(folder, 'clusters'), path.join(beside, 'link'));
    const out = path.join(beside, 'link/x');
    const before = snapshotFolder(folder);
    const { code, err } = await scaffold(folder, '--out', out);
    expect(code).toBe(1);
    expect(err).toBe(
      `${out} error: is in 'clusters', which holds something else of the platform\n  → Name a folder beside the platform, or one in examples/.\n\n1 problem.\n`,
    );
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it.each([
    ['a name that is too long', (root: string) => path.join(root, 'a/b', 'x'.repeat(300)), 'ENAMETOOLONG', 'Name a folder with a shorter name.'],
    ['a folder below a file', (root: string) => path.join(root, 'file/x'), 'ENOTDIR', 'A file stands where a folder has to be; move it away.'],
    ['where no folders can be made', () => '/proc/x', 'ENOENT', 'Name a folder where folders can be made.'],
  ])('names what was asked for and leaves nothing behind: %s', async (_what, place, errorCode, remedy) => {
    const root = temporaryFolder();
    fs.writeFileSync(path.join(root, 'file'), 'mine');
    const out = place(root);
    const results = [await scaffold(platformFolder(), '--out', out), await scaffold(platformFolder(), '--out', out)];
    expect(results[0]).toEqual(results[1]);
    const { code, out: printed, err } = results[0]!;
    expect({ code, printed }).toEqual({ code: 1, printed: '' });
    expect(err.replace(/ on [a-z]+\)/, ')')).toBe(`${out} error: cannot be made (${errorCode})\n  → ${remedy}\n\n1 problem.\n`);
    expect(fs.readdirSync(root)).toEqual(['file']);
  }); // prettier-ignore

  it.each([
    ['systems/shop.yaml', 'team: shop\n', "team: shop\nenvironments:\n  dev: { branch: o'brien }\n  prod:\n", ':4:18'],
    ['systems/shop.yaml', 'team: shop\n', "team: shop\nbranch: o'brien\n", ':3:9'],
    ['platform.yaml', 'branch: dev', "branch: o'brien", ':13:13'],
  ])('says where a branch is that no pipeline can name (%#)', async (file, from, to, place) => {
    const folder = platformFolder();
    edit(folder, file, from, to);
    const { code, err } = await scaffold(folder, '--out', path.join(temporaryFolder(), 'x'));
    expect(code).toBe(1);
    expect(err).toContain(`${file}${place} error: 'refs/heads/o'brien' is a parameter of the pipeline`);
  });
});
