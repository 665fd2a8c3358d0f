import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  edit,
  platformFolder,
  readFile,
  snapshotFolder,
  temporaryFolder,
  wholePlatformFolder,
  writeFile,
} from '../support/platform-folder';
import { nodeItself } from '../../src/tools';
import { COMMANDS } from '../../src/cli/commands';
import { Terminal } from '../../src/cli/terminal';
import { runCli, type CliResult, type CliSurroundings } from '../support/run-cli';

const json = ({ out }: CliResult): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;

describe('k8s-gitops start', () => {
  it('synthesizes, validates and sums up', async () => {
    const folder = wholePlatformFolder('classic');
    const { code, out, err } = await runCli(['start', '--dir', folder]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('k8s-gitops: Flux 2.8.3, Flux Operator 0.45.1, 1 system\n');
    expect(out).toMatch(/^environment +branch +cluster +registry +systems +files +objects +outputs$/m);
    expect(out).toMatch(/^dev +dev +aks-dev +myacrdev.azurecr.io +1 +4 written +4 +recorded$/m);
    expect(out).toMatch(/^prod +master +aks-prod +myacrprod.azurecr.io +1 +4 written +4 +pending$/m);
    expect(out).toContain('  + clusters/dev/systems/payments.yaml\n');
    expect(out).toContain('→ Run `pulumi up --stack prod`');
    expect(out).toMatch(/^✓ 3 environments synthesized and valid in \d+\.\d s\.$/m);
    expect(out).toContain('Next: read `git diff clusters/`');
  });

  it('says nothing of a next step when nothing changed', async () => {
    const folder = platformFolder();
    await runCli(['start', '--dir', folder]);
    const { code, out } = await runCli(['start', '--dir', folder]);
    expect(code).toBe(0);
    expect(out).toContain('5 unchanged');
    expect(out).not.toContain('Next:');
  });

  it('prints data for machines', async () => {
    const folder = platformFolder();
    const result = await runCli(['start', '--dir', folder, '--json']);
    expect(json(result)).toMatchObject({
      ok: true,
      problems: [],
      environments: [
        { name: 'dev', files: 5, objects: 6 },
        { name: 'prod', files: 5, objects: 6 },
      ],
    });
    expect((json(result)['changes'] as object[]).length).toBe(10);
  });

  it('tells the problems of the model as data too, with exit code 1', async () => {
    const result = await runCli(['start', '--dir', platformFolder('invalid/unknown-sku'), '--json']);
    expect(result.code).toBe(1);
    expect(json(result)).toEqual({
      ok: false,
      problems: [
        {
          location: { file: 'systems/shop.yaml', line: 4, column: 6 },
          message: "'sku' is 'sku-huge', not one of sku-small, sku-medium, sku-large, sku-batch",
          remedy: "Did you mean 'sku-large'?",
        },
      ],
    });
  });

  it('fails for a file that is not valid, after it wrote what it makes itself', async () => {
    const folder = platformFolder();
    writeFile(folder, 'clusters/dev/systems/by-hand.yaml', 'apiVersion: v1\nkind: Podd\nmetadata: { name: x }\n');
    const { code, err } = await runCli(['start', '--dir', folder]);
    expect(code).toBe(1);
    expect(err).toContain('clusters/dev/systems/by-hand.yaml:2:7 error: there is no schema for v1 Podd\n  → Did you mean');
    expect(err).toContain('1 problem.');
  });

  it('writes nothing when there are no schemas to validate by', async () => {
    const folder = platformFolder();
    for (const file of ['platform.yaml', 'platform.lock.yaml']) edit(folder, file, 'version: 2.9.5', 'version: 2.5.0');
    const { code, err } = await runCli(['start', '--dir', folder]);
    expect(code).toBe(1);
    expect(err).toContain('there are no schemas for Flux 2.5.0');
    expect(fs.existsSync(path.join(folder, 'clusters'))).toBe(false);
  });

  it('tells what it does once that takes longer than a second', async () => {
    const folder = platformFolder();
    expect((await runCli(['start', '--dir', folder], { tick: 100 })).err).toBe('');
    expect((await runCli(['start', '--dir', folder], { tick: 1001 })).err).toBe(
      '… synthesizing\n… validating dev\n… validating prod\n',
    );
  });

  it('removes four systems only with --confirm-removal', async () => {
    const folder = platformFolder();
    for (const name of ['a', 'b', 'c', 'd']) writeFile(folder, `systems/${name}.yaml`, 'pattern: A\nteam: x\n');
    await runCli(['start', '--dir', folder]);
    for (const name of ['a', 'b', 'c', 'd']) fs.rmSync(path.join(folder, `systems/${name}.yaml`));
    const refused = await runCli(['start', '--dir', folder]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('npm start -- --confirm-removal');
    expect((await runCli(['start', '--dir', folder, '--confirm-removal'])).code).toBe(0);
  });
});

describe('k8s-gitops synth', () => {
  it('writes one environment', async () => {
    const folder = platformFolder();
    const { code, out } = await runCli(['synth', '--dir', folder, '--env', 'prod']);
    expect(code).toBe(0);
    expect(out).toContain('1 environment: 5 written.');
    expect(fs.readdirSync(path.join(folder, 'clusters'))).toEqual(['prod']);
  });

  it('takes an unknown environment for an error of the command line, with what was probably meant', async () => {
    const result = await runCli(['synth', '--dir', platformFolder(), '--env', 'prd']);
    expect(result).toEqual({ code: 2, out: '', err: "error: unknown environment 'prd'. Did you mean 'prod'?\n" });
  });

  it('tells an error of the command line as data too', async () => {
    for (const args of [['--env', 'prd'], ['--bogus']]) {
      const result = await runCli(['synth', '--dir', platformFolder(), ...args, '--json']);
      expect(result.code).toBe(2);
      expect(json(result)).toEqual({
        ok: false,
        usage: expect.stringMatching(/^unknown (?:environment 'prd'|option '--bogus')/) as string,
      });
    }
  });

  it('--check finds nothing after a synthesis, and writes nothing', async () => {
    const folder = platformFolder();
    await runCli(['synth', '--dir', folder]);
    const before = snapshotFolder(folder);
    const { code, out } = await runCli(['synth', '--dir', folder, '--check']);
    expect(code).toBe(0);
    expect(out).toBe('2 environments: the committed files are what synthesis makes (10 unchanged).\n');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('--check fails with the unified diff of a file that was edited by hand, one that is missing and one too many', async () => {
    const folder = platformFolder();
    await runCli(['synth', '--dir', folder]);
    edit(folder, 'clusters/dev/systems/shop.yaml', 'interval: 5m', 'interval: 7m');
    fs.rmSync(path.join(folder, 'clusters/dev/systems/ingress.yaml'));
    writeFile(folder, 'clusters/prod/systems/old.yaml', readFile(folder, 'clusters/prod/systems/shop.yaml'));
    const before = snapshotFolder(folder);
    const { code, out, err } = await runCli(['synth', '--dir', folder, '--check']);
    expect(code).toBe(1);
    expect(out).toContain('--- a/clusters/dev/systems/shop.yaml\n+++ b/clusters/dev/systems/shop.yaml\n@@ ');
    expect(out).toContain('\n-  interval: 7m\n+  interval: 5m\n');
    expect(out).toContain('--- /dev/null\n+++ b/clusters/dev/systems/ingress.yaml\n');
    expect(out).toContain('--- a/clusters/prod/systems/old.yaml\n+++ /dev/null\n');
    expect(err).toContain('3 files differ: - committed, + synthesized.');
    expect(snapshotFolder(folder)).toEqual(before);
  });

  it('--check prints the difference as data too', async () => {
    const folder = platformFolder();
    await runCli(['synth', '--dir', folder]);
    edit(folder, 'clusters/dev/systems/shop.yaml', 'interval: 5m', 'interval: 7m');
    const result = await runCli(['synth', '--dir', folder, '--check', '--json']);
    expect(result.code).toBe(1);
    expect(json(result)).toMatchObject({
      ok: false,
      problems: [],
      changes: [{ kind: 'update', path: 'clusters/dev/systems/shop.yaml' }],
    });
    expect(json(result)['diff']).toContain('-  interval: 7m');
  });
});

describe('k8s-gitops synth --confirm-removal', () => {
  it.each([
    [[], 1],
    [['--confirm-removal'], 0],
  ])('with %j ends with exit code %d where a system that bears data would go', async (args, code) => {
    const folder = platformFolder();
    fs.appendFileSync(path.join(folder, 'systems/shop.yaml'), 'bearsData: true\n');
    await runCli(['synth', '--dir', folder]);
    fs.rmSync(path.join(folder, 'systems/shop.yaml'));
    expect((await runCli(['synth', '--dir', folder, ...args])).code).toBe(code);
    expect(fs.existsSync(path.join(folder, 'clusters/dev/systems/shop.yaml'))).toBe(code === 1);
  });
});

describe('k8s-gitops validate', () => {
  it('sums up what is valid, and what is pending', async () => {
    const folder = platformFolder();
    await runCli(['synth', '--dir', folder]);
    const { code, out } = await runCli(['validate', '--dir', folder]);
    expect(code).toBe(0);
    expect(out).toContain('2 environments: 10 files with 12 objects are valid.\n\nNotes:\n');
  });

  it('tells each problem with its place, and fails', async () => {
    const folder = platformFolder();
    await runCli(['synth', '--dir', folder]);
    edit(folder, 'clusters/dev/systems/shop.yaml', 'prune: true', 'prun: true');
    const { code, err } = await runCli(['validate', '--dir', folder]);
    expect(code).toBe(1);
    expect(err).toContain("error: Kustomization: unknown field 'spec.prun'\n  → Did you mean 'prune'?\n");
    expect(err).toContain('2 problems.');
  });
});

describe('k8s-gitops system list', () => {
  it('shows every system and where it runs', async () => {
    const { code, out } = await runCli(['system', 'list', '--dir', platformFolder('valid/everything-overridden')]);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'system   pattern  release   team      dev        prod',
        'ingress  A        system    platform  yes        yes',
        'shop     B        platform  shop      suspended  sku-large',
        '',
      ].join('\n'),
    );
  });

  it('prints data for machines', async () => {
    const result = await runCli(['system', 'list', '--dir', platformFolder(), '--json']);
    expect(json(result)).toMatchObject({
      ok: true,
      systems: [
        { name: 'ingress', pattern: 'A', file: 'systems/ingress.yaml' },
        {
          name: 'shop',
          environments: {
            prod: { branch: 'master', sku: 'sku-small', dependsOn: ['ingress'], path: './environments/prod/flux' },
          },
        },
      ],
    });
  });

  it('says how to begin when there are none', async () => {
    expect((await runCli(['system', 'list', '--dir', platformFolder('valid/smallest')])).out).toContain(
      'There are no systems yet.',
    );
  });
});

describe('k8s-gitops doctor', () => {
  /** A PATH that has these tools and no other. */
  function onlyThese(tools: Readonly<Record<string, string>>): CliSurroundings {
    const folder = temporaryFolder();
    for (const [name, script] of Object.entries(tools))
      fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { environment: { PATH: folder } };
  }

  it('shows what is there, in which version, and what to do about what is missing or broken', async () => {
    const tools = onlyThese({ git: 'echo git version 2.39.5', helm: 'exit 3', kubectl: 'echo Client Version: v1.34.4' });
    const { code, out } = await runCli(['doctor', '--dir', platformFolder()], tools);
    expect(code).toBe(0);
    expect(out).toMatch(/^✓ {2}node +\d+\.\d+\.\d+ +everything \(required\)$/m);
    expect(out).toMatch(/^✓ {2}git +2\.39\.5 +/m);
    expect(out).toMatch(/^✓ {2}kubectl +1\.34\.4 +/m);
    expect(out).toMatch(/^✗ {2}helm +broken .*Install it again .*`helm version --short` failed\.$/m);
    expect(out).toMatch(/^- {2}pulumi +missing .*Install it \(`npx k8s-gitops tools install pulumi`/m);
    expect(out).toContain('✓ the model has no problems');
  });

  it('fails when something required is missing, or the model has problems', async () => {
    expect((await runCli(['doctor', '--dir', platformFolder()], onlyThese({}))).code).toBe(1);
    const tools = onlyThese({ git: 'echo git version 2.39.5' });
    const { code, out } = await runCli(['doctor', '--dir', platformFolder('invalid/unknown-sku')], tools);
    expect(code).toBe(1);
    expect(out).toContain('✗ the model has 1 problem; `k8s-gitops validate` tells it');
  });

  it('knows the versions of Node on which it runs', () => {
    const states = ['18.20.0', '20.18.3', '20.19.0', '21.7.0', '22.11.0', '22.12.0', '23.1.0', '24.0.0', '26.0.0'].map(
      (version) => nodeItself(version).state,
    );
    expect(states).toEqual(['broken', 'broken', 'found', 'broken', 'broken', 'found', 'broken', 'found', 'found']);
  });

  it('prints data for machines', async () => {
    const result = await runCli(['doctor', '--dir', platformFolder(), '--json'], onlyThese({ git: 'echo git version 2.39.5' }));
    expect(json(result)).toMatchObject({ ok: true, problems: [] });
    expect(json(result)['tools']).toContainEqual({
      name: 'git',
      neededFor: 'reviewing and committing clusters/',
      required: true,
      state: 'found',
      version: '2.39.5',
    });
  });
});

describe('the command line', () => {
  it('has the version of package.json', async () => {
    expect((await runCli(['--version'])).out).toBe('0.1.0\n');
  });

  const commands = [
    ['start'],
    ['synth'],
    ['validate'],
    ['system'],
    ['system', 'list'],
    ['system', 'show'],
    ['system', 'add'],
    ['system', 'scaffold'],
    ['system', 'set-version'],
    ['system', 'remove'],
    ['system', 'skus'],
    ['doctor'],
  ];

  it.each([[[]], ...commands.map((command) => [command])])('has an example in the help of %j', async (command) => {
    const { code, out } = await runCli([...command, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: k8s-gitops/);
    expect(out).toMatch(/Example:\n {2}\$ k8s-gitops \w+/);
  });

  it.each([
    [['sinth'], "error: unknown command 'sinth'\n(Did you mean synth?)"],
    [['synth', '--chekc'], "error: unknown option '--chekc'\n(Did you mean --check?)"],
    [['synth', 'dev'], "error: too many arguments for 'synth'"],
    [['synth', '--env'], "error: option '--env <environment>' argument missing"],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, out, err } = await runCli(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('shows colours only where they are asked for', async () => {
    const folder = platformFolder('invalid/unknown-sku');
    const escape = String.fromCharCode(27);
    expect((await runCli(['start', '--dir', folder])).err).not.toContain(escape);
    expect((await runCli(['start', '--dir', folder], { environment: { FORCE_COLOR: '1' } })).err).toContain(
      `${escape}[31merror:`,
    );
    const out = { write: () => true, isTTY: true };
    const styled = (environment: Record<string, string | undefined>): string =>
      new Terminal({
        out,
        err: out,
        environment,
        now: () => 0,
        date: () => new Date(0),
        interruption: () => new AbortController().signal,
      }).style('red', 'x');
    const surroundings = [{}, { NO_COLOR: '1' }, { TERM: 'dumb' }];
    expect(surroundings.map((environment) => styled(environment).includes(escape))).toEqual([true, false, false]);
  });

  it('tells a defect of its own without a stack trace, unless asked', async () => {
    const folder = platformFolder();
    const read = jest.spyOn(JSON, 'stringify').mockImplementation(() => {
      throw new Error('a defect');
    });
    try {
      const quiet = await runCli(['system', 'list', '--dir', folder, '--json']);
      expect(quiet.code).toBe(70);
      expect(quiet.err).toContain('k8s-gitops failed for a reason it does not know: a defect');
      expect(quiet.err).not.toContain('    at ');
      expect(
        (await runCli(['system', 'list', '--dir', folder, '--json'], { environment: { K8S_GITOPS_DEBUG: '1' } })).err,
      ).toContain('    at ');
    } finally {
      read.mockRestore();
    }
  });
});

describe('the list of commands', () => {
  it.each(Object.entries(COMMANDS))('describes %s as the command itself does', async (name, { description }) => {
    const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
    expect(oneLine((await runCli([name, '--help'])).out)).toContain(` ${description} Options:`);
    expect(oneLine((await runCli(['help', name])).out)).toContain(` ${description} Options:`);
    expect(oneLine((await runCli(['--help'])).out)).toContain(description);
  });

  it('helps with a misspelt one', async () => {
    const { code, err } = await runCli(['strat']);
    expect(code).toBe(2);
    expect(err).toContain("unknown command 'strat'\n(Did you mean start?)");
  });
});
