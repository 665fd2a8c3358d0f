import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { platformFolder, readFile, REPOSITORY, snapshotFolder, writeFile } from '../support/platform-folder';

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real cdk8s-cli with this repository's cdk8s.yaml, its app on another platform folder. */
function cdk8sSynth(folder: string, ...args: readonly string[]): Result {
  writeFile(
    folder,
    'cdk8s.yaml',
    readFile(REPOSITORY, 'cdk8s.yaml')
      .replace('--import tsx', `--import ${path.join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')}`)
      .replace('manifests/main.ts\n', `${path.join(REPOSITORY, 'manifests/main.ts')}\n`),
  );
  const cli = path.join(REPOSITORY, 'node_modules/cdk8s-cli/bin/cdk8s');
  const env = { ...process.env, CDK8S_OUTDIR: undefined };
  return spawnSync(process.execPath, [cli, 'synth', '--check-upgrade=false', ...args], { cwd: folder, encoding: 'utf8', env });
}

describe('npx cdk8s synth', () => {
  it('regenerates clusters/, lists what it wrote, and destroys nothing', () => {
    const folder = platformFolder();
    writeFile(folder, 'clusters/dev/systems/by-hand.yaml', '# mine\n');
    const { status, stdout } = cdk8sSynth(folder);
    expect(status).toBe(0);
    const written = Object.keys(snapshotFolder(folder, 'clusters'));
    expect(written).toContain('clusters/prod/systems/shop.yaml');
    expect(readFile(folder, 'clusters/dev/systems/by-hand.yaml')).toBe('# mine\n');
    for (const file of written.filter((name) => !name.includes('by-hand'))) {
      expect(stdout).toContain(`  - .cdk8s-output/${file}\n`);
      expect(readFile(folder, `.cdk8s-output/${file}`)).toBe(readFile(folder, file));
    }
  });

  it('prints the manifests with --stdout', () => {
    const { status, stdout } = cdk8sSynth(platformFolder(), '--stdout');
    expect(status).toBe(0);
    expect(stdout).toContain('kind: FluxInstance');
    expect(stdout).toContain('name: k8s-shop');
  });

  it('tells the problems of the model and writes nothing', () => {
    const folder = platformFolder('invalid/unknown-sku');
    const before = snapshotFolder(folder);
    const { status, stderr } = cdk8sSynth(folder);
    expect(status).not.toBe(0);
    expect(stderr).toContain("systems/shop.yaml:4:6 'sku' is 'sku-huge'");
    expect(snapshotFolder(folder)).toEqual({ ...before, 'cdk8s.yaml': expect.any(String) as string });
  });

  it('does not take the removal of a system that bears data for confirmed', () => {
    const folder = platformFolder();
    fs.appendFileSync(path.join(folder, 'systems/shop.yaml'), 'bearsData: true\n');
    expect(cdk8sSynth(folder).status).toBe(0);
    fs.rmSync(path.join(folder, 'systems/shop.yaml'));
    const { status, stderr } = cdk8sSynth(folder);
    expect(status).not.toBe(0);
    expect(stderr).toContain("system 'shop' bears data");
    expect(fs.existsSync(path.join(folder, 'clusters/dev/systems/shop.yaml'))).toBe(true);
  });

  it('says what happened when its output folder is clusters/, which cdk8s-cli has emptied by then', () => {
    for (const output of ['clusters', 'clusters/dev']) {
      const { status, stderr } = cdk8sSynth(platformFolder(), '--output', output);
      expect(status).not.toBe(0);
      expect(stderr).toContain(`'output' is '${output}', which cdk8s-cli deletes before every run`);
    }
  });
});
