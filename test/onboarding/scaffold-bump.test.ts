import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { readFile, REPOSITORY, temporaryFolder, writeFile } from '../support/platform-folder';
import { fixturePlatform, repositoriesOf } from './every-system';
import { writeRepository } from '../../src/onboarding';

interface Step {
  readonly displayName?: string;
  readonly bash?: string;
}

/** A step of the template by its name. */
function scriptOf(name: string): string {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      const { displayName, bash } = node as Step;
      if (displayName === name) found.push(bash!);
      Object.values(node).forEach(walk);
    }
  };
  walk(parse(readFile(REPOSITORY, 'ci-cd-templates/application-stages.yaml')));
  expect(found).toHaveLength(1);
  return found[0]!;
}

const FILE = 'environments/dev/flux/helmrelease.yaml';

/** A repository with its remote, and the Azure CLI as it answers: pull requests are lines of a file. */
class Workplace {
  public readonly root = temporaryFolder();
  private readonly clone = path.join(this.root, 'clone');

  public constructor() {
    const platform = fixturePlatform('example');
    const [files] = repositoriesOf(
      platform,
      platform.systems.find(({ name }) => name === 'payments')!,
    ).values();
    writeRepository(this.clone, files!);
    this.git('init', '--quiet', '--initial-branch', 'dev');
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'first');
    this.git('clone', '--quiet', '--bare', this.clone, path.join(this.root, 'remote.git'));
    this.git('remote', 'add', 'origin', `file://${path.join(this.root, 'remote.git')}`);
    this.git('fetch', '--quiet', 'origin');
    const az = `#!/usr/bin/env bash
git config --get-all http.extraheader >>"$HEADERS" || true
case "$*" in
  *"pr list"*) if [ -f "$OPEN" ]; then echo 7; fi ;;
  *"pr create"*) echo "create $*" >>"$CALLS"; touch "$OPEN" ;;
  *) echo "update $*" >>"$CALLS" ;;
esac
`;
    writeFile(this.root, 'bin/az', az);
    fs.chmodSync(path.join(this.root, 'bin/az'), 0o755);
  }

  public git(...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(
      'git',
      ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'protocol.file.allow=always', ...args],
      {
        cwd: this.clone,
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  /** Both steps, in a fresh checkout as the agent makes it: of a commit, with every branch, and with no credential. */
  public bump(
    tag: string,
    change: Readonly<Record<string, string>> = {},
  ): { readonly status: number | null; readonly output: string } {
    this.git('fetch', '--quiet', 'origin');
    this.git('switch', '--quiet', '--detach', 'refs/remotes/origin/dev');
    this.git('for-each-ref', '--format=%(refname)', 'refs/heads')
      .split('\n')
      .filter((ref) => ref !== '')
      .forEach((ref) => this.git('update-ref', '-d', ref));
    const environment = {
      PATH: `${path.join(this.root, 'bin')}${path.delimiter}${process.env['PATH']!}`,
      HOME: this.root,
      OPEN: path.join(this.root, 'open'),
      CALLS: path.join(this.root, 'calls'),
      HEADERS: path.join(this.root, 'headers'),
      BUMP: 'system',
      BRANCH: 'k8s-gitops/payments-dev',
      REF: 'refs/heads/dev',
    };
    const first = this.run('Change the tag', {
      ...environment,
      SOURCE: 'docker',
      UPSTREAM: '',
      NAME: 'payments',
      ENVIRONMENT: 'dev',
      BUILD: tag,
      CHART_REPOSITORY: '',
      FILE,
      ...change,
    });
    if (first.status !== 0) return first;
    const second = this.run('Open the pull request', {
      ...environment,
      AZURE_DEVOPS_EXT_PAT: 'hidden-token',
      COLLECTION: 'https://dev.azure.com/my-org/',
      PROJECT: 'my-project',
      REPOSITORY: 'my-project/k8s-payments',
      TARGET: 'dev-of-the-platform',
      RUN: 'https://dev.azure.com/my-org/my-project/_build/results?buildId=42',
    });
    return { status: second.status, output: first.output + second.output };
  }

  private run(step: string, env: Readonly<Record<string, string>>): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', scriptOf(step)], { cwd: this.clone, encoding: 'utf8', env });
    return { status, output: stdout + stderr };
  }

  public readRoot(file: string): string {
    return readFile(this.root, file);
  }

  public link(file: string, target: string): void {
    fs.rmSync(path.join(this.clone, file), { force: true });
    fs.symlinkSync(target, path.join(this.clone, file));
  }

  public get calls(): readonly string[] {
    const file = path.join(this.root, 'calls');
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  public edit(change: (content: string) => string): void {
    this.git('switch', '--quiet', '--force-create', 'dev', 'refs/remotes/origin/dev');
    writeFile(this.clone, FILE, change(readFile(this.clone, FILE)));
    this.git('commit', '--quiet', '--all', '--message', 'edited');
    this.git('push', '--quiet', 'origin', 'dev');
  }
}

describe('the pull request with a new tag', () => {
  it('changes one line of the file of one environment, on a branch of its own', () => {
    const workplace = new Workplace();
    const { status, output } = workplace.bump('20280');
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(output).not.toContain('hidden-token');
    const diff = workplace.git('diff', '--unified=0', 'origin/dev', 'origin/k8s-gitops/payments-dev');
    const lines = diff.split('\n').filter((line) => /^[-+](?![-+])/.test(line));
    expect(lines).toEqual(['-      tag: 0.1.0 # set by the pipeline', '+      tag: "20280" # set by the pipeline']);
    expect(diff.match(/^diff --git/gm)).toHaveLength(1);
    expect(workplace.calls).toEqual([
      'create repos pr create --organization https://dev.azure.com/my-org/ --project my-project --repository k8s-payments --source-branch k8s-gitops/payments-dev --target-branch dev --title payments in dev: 20280 --description Scanned, signed and pushed by https://dev.azure.com/my-org/my-project/_build/results?buildId=42. --output none',
    ]);
  });

  it('pushes with the token, which is in no file and no argument, and gone when the Azure CLI runs', () => {
    const workplace = new Workplace();
    expect(workplace.bump('20280').status).toBe(0);
    expect(workplace.readRoot('clone/.git/config')).not.toContain('hidden-token');
    expect(workplace.readRoot('headers')).toBe('');
    expect(scriptOf('Open the pull request')).toContain('GIT_CONFIG_VALUE_0="AUTHORIZATION: bearer $AZURE_DEVOPS_EXT_PAT"');
    expect(scriptOf('Change the tag')).not.toContain('AZURE_DEVOPS_EXT_PAT');
  });

  it('changes the branch as it is now, not as it was when it was built', () => {
    const workplace = new Workplace();
    workplace.edit((content) => `${content}# newer\n`);
    workplace.git('switch', '--quiet', '--detach', 'HEAD~1');
    expect(workplace.bump('20280').status).toBe(0);
    expect(workplace.git('show', `origin/k8s-gitops/payments-dev:${FILE}`)).toContain('# newer');
  });

  it('takes the tag of a mirrored image from what it copied', () => {
    const workplace = new Workplace();
    const upstream = `docker.io/library/redis:7.4.1@sha256:${'0'.repeat(64)}`;
    expect(workplace.bump('20280', { SOURCE: 'mirror', UPSTREAM: upstream }).status).toBe(0);
    expect(workplace.git('show', `origin/k8s-gitops/payments-dev:${FILE}`)).toContain('tag: "7.4.1" # set by the pipeline');
  });

  it.each(['../outside.yaml', 'absent.yaml', '.git/config', ':(glob)**', 'environments'])(
    'fails for %s, which is no file of the repository',
    (file) => {
      const workplace = new Workplace();
      writeFile(workplace.root, 'outside.yaml', 'tag: 1 # set by the pipeline\n');
      const { status, output } = workplace.bump('20280', { FILE: file });
      expect(status).toBe(1);
      expect(output).toContain(`there is no file ${file}`);
      expect(workplace.readRoot('outside.yaml')).toBe('tag: 1 # set by the pipeline\n');
    },
  );

  it('follows no link that a team committed', () => {
    const workplace = new Workplace();
    writeFile(workplace.root, 'outside.yaml', 'tag: 1 # set by the pipeline\n');
    workplace.git('switch', '--quiet', '--force-create', 'dev', 'refs/remotes/origin/dev');
    workplace.link(FILE, path.join(workplace.root, 'outside.yaml'));
    workplace.git('commit', '--quiet', '--all', '--message', 'link');
    workplace.git('push', '--quiet', 'origin', 'dev');
    expect(workplace.bump('20280').status).toBe(1);
    expect(workplace.readRoot('outside.yaml')).toBe('tag: 1 # set by the pipeline\n');
  });

  it('is one, which a newer tag takes over', () => {
    const workplace = new Workplace();
    expect(workplace.bump('20280').status).toBe(0);
    expect(workplace.bump('20281').status).toBe(0);
    expect(workplace.calls.map((call) => call.split(' ')[0])).toEqual(['create', 'update']);
    expect(workplace.calls[1]).toContain('--id 7 --title payments in dev: 20281');
    expect(workplace.git('show', `origin/k8s-gitops/payments-dev:${FILE}`)).toContain('tag: "20281" # set by the pipeline');
    expect(workplace.git('rev-list', '--count', 'origin/dev..origin/k8s-gitops/payments-dev').trim()).toBe('1');
  });

  it('is none when the tag is there already', () => {
    const workplace = new Workplace();
    workplace.edit((content) => content.replace('tag: 0.1.0', 'tag: "20280"'));
    const { status, output } = workplace.bump('20280');
    expect(status).toBe(0);
    expect(output).toContain('20280 is there already.');
    expect(workplace.calls).toEqual([]);
  });

  it('fails with the file when the marked line is gone, or there twice', () => {
    for (const change of [
      (content: string) => content.replace(' # set by the pipeline', ''),
      (content: string) => `${content}# tag: 1 # set by the pipeline\n`,
    ]) {
      const workplace = new Workplace();
      workplace.edit(change);
      const { status, output } = workplace.bump('20280');
      expect(status).toBe(1);
      expect(output).toContain(`${FILE} needs exactly one line that ends with '# set by the pipeline'`);
      expect(workplace.calls).toEqual([]);
    }
  });
});
