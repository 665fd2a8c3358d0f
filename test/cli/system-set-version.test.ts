import * as fs from 'node:fs';
import * as path from 'node:path';
import { edit, platformFolder, readFile, snapshotFolder, temporaryFolder, writeFile } from '../support/platform-folder';
import { runCli, type CliResult } from '../support/run-cli';

const set = (folder: string, ...args: readonly string[]): Promise<CliResult> =>
  runCli(['system', 'set-version', ...args, '--dir', folder]);

const STORE = `pattern: B # the standard
team: shop
aadGroupId: 3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02
sku: sku-small
release: platform
values:
  image: { repository: '{registry}/shop', tag: '1.8.0' }
`;
const JOBS = `${STORE}registration: false
chart: { repository: charts/jobs, version: 0.0.20261 }
environments:
  dev: { chart: { version: 0.0.20262 } } # ahead
  prod:
`;

function folderWith(store: string): string {
  const folder = platformFolder();
  writeFile(folder, 'systems/store.yaml', store);
  return folder;
}

describe('k8s-gitops system set-version', () => {
  it('names all environments of a system that ran everywhere, and changes one', async () => {
    const folder = folderWith(STORE);
    const { code, out, err } = await set(folder, 'store', '20261', '--env', 'dev');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(readFile(folder, 'systems/store.yaml')).toBe(
      `${STORE}environments:\n  dev: { values: { image: { tag: '20261' } } }\n  prod:\n`,
    );
    expect(out).toMatch(/^dev +values\.image\.tag +1\.8\.0 +20261$/m);
    expect(out).toContain('It ran in all environments without naming them.');
    expect(out).toContain('dev reads branch dev.');
    expect((await runCli(['start', '--dir', folder])).code).toBe(0);
    expect(readFile(folder, 'clusters/dev/systems/store.yaml')).toContain('tag: "20261"');
    expect(readFile(folder, 'clusters/prod/systems/store.yaml')).toContain('tag: 1.8.0');
    const before = snapshotFolder(folder);
    const again = await set(folder, 'store', '20261', '--env', 'dev');
    expect(again).toMatchObject({ code: 0, out: 'systems/store.yaml says so already for dev: nothing to do.\n' });
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('sets the version of a chart in the registry, and with it the tag of the image', async () => {
    const folder = folderWith(JOBS);
    const args = ['store', '0.0.20270', '--image-tag', '20270', '--env', 'prod', '--env', 'dev'];
    const before = snapshotFolder(folder);
    const planned = await set(folder, ...args, '--dry-run');
    expect(planned.out).toContain('-  dev: { chart: { version: 0.0.20262 } } # ahead\n');
    expect(snapshotFolder(folder)).toEqual(before);
    const result = await set(folder, ...args, '--json');
    expect(JSON.parse(result.out)).toMatchObject({
      ok: true,
      file: 'systems/store.yaml',
      changes: [
        { environment: 'dev', field: 'chart.version', from: '0.0.20262', to: '0.0.20270' },
        { environment: 'dev', field: 'values.image.tag', from: '1.8.0', to: '20270' },
        { environment: 'prod' },
        { environment: 'prod' },
      ],
    });
    expect(readFile(folder, 'systems/store.yaml')).toBe(
      JOBS.replace(
        '  dev: { chart: { version: 0.0.20262 } } # ahead\n  prod:\n',
        "  dev: { chart: { version: 0.0.20270 }, values: { image: { tag: '20270' } } } # ahead\n  prod: { chart: { version: 0.0.20270 }, values: { image: { tag: '20270' } } }\n",
      ),
    );
  });

  it.each([
    [STORE, ['store', 'latest', '--env', 'dev'], 2, "'latest' is not a valid tag"],
    [STORE, ['store', 'a b', '--env', 'dev'], 2, 'is not a valid tag'],
    [STORE, ['store', '1', '--image-tag', '2', '--env', 'dev'], 2, "'1' is the tag of the image already"],
    [STORE, ['store', '1'], 2, "required option '--env <environment>' not specified"],
    [STORE, ['store', '1', '--env', 'prd'], 2, "Did you mean 'prod'?"],
    [STORE, ['stor', '1', '--env', 'dev'], 2, "Did you mean 'store'?"],
    [JOBS, ['store', '1', '--env', 'dev'], 1, "systems/store.yaml:11:28 error: 'environments.dev.chart.version': '1' is not a valid chart version"], // prettier-ignore
    [JOBS.replace('  prod:\n', ''), ['store', '1.0.0', '--env', 'prod'], 2, "system 'store' does not run in 'prod'"],
    [STORE, ['shop', '1', '--env', 'dev'], 1, 'dev: ./environments/dev/flux/helmrelease.yaml of https://dev.azure.com/my-org/my-project/_git/k8s-shop, branch dev'], // prettier-ignore
    [STORE.replace("tag: '1.8.0'", `digest: sha256:${'a'.repeat(64)}`), ['store', '1', '--env', 'dev'], 1, 'the image is given by its digest'], // prettier-ignore
    [STORE.replace('image: {', 'image: &i {') + 'environments: { dev: { values: { image: *i } }, prod: }\n', ['store', '2', '--env', 'dev'], 1, "systems/store.yaml:8:41 error: 'environments.dev.values.image.tag' cannot be set to '2' without changing something else"], // prettier-ignore
    [`${STORE}environments:\n  dev: { values: { image: { tag: "1\\\n    2" } } }\n`, ['store', '2', '--env', 'dev'], 1, "systems/store.yaml:9:34 error: 'environments.dev.values.image.tag' cannot be set to '2' without"], // prettier-ignore
    [`${STORE}removal: { announced: 2026-11-20 }\n`, ['store', '2', '--env', 'dev'], 1, "systems/store.yaml:8:1 error: the removal of 'store' is announced (2026-11-20), so it gets no other version\n  → `npx k8s-gitops system remove store --cancel` takes the announcement back.\n"], // prettier-ignore
  ])('refuses what cannot be, and writes nothing (%#)', async (store, args, code, message) => {
    const folder = folderWith(store);
    const before = snapshotFolder(folder);
    const result = await set(folder, ...args);
    expect(result).toMatchObject({ code, out: '' });
    expect(result.err).toContain(message);
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('replaces a block of text by the version', async () => {
    const folder = folderWith(
      `${STORE}environments:\n  dev:\n    values:\n      image:\n        tag: |-\n          1.7.0\n  prod:\n`,
    );
    expect(await set(folder, 'store', '2.0', '--env', 'dev', '--env', 'dev')).toMatchObject({ code: 0, err: '' });
    expect(readFile(folder, 'systems/store.yaml')).toBe(
      `${STORE}environments:\n  dev:\n    values:\n      image:\n        tag: '2.0'\n  prod:\n`,
    );
  });

  it('never writes through a link', async () => {
    const folder = folderWith(STORE);
    const outside = path.join(temporaryFolder(), 'systems');
    fs.renameSync(path.join(folder, 'systems'), outside);
    fs.symlinkSync(outside, path.join(folder, 'systems'));
    const before = snapshotFolder(outside);
    expect((await set(folder, 'store', '2', '--env', 'dev')).err).toContain('systems error: is a symbolic link');
    expect(snapshotFolder(outside)).toEqual(before);
  });

  it('says that Flux waits where the system is suspended', async () => {
    const folder = folderWith(STORE);
    edit(folder, 'systems/store.yaml', 'team: shop\n', 'team: shop\nsuspend: true\n');
    expect((await set(folder, 'store', '2', '--env', 'dev')).out).toContain('It is suspended in dev');
  });
});
