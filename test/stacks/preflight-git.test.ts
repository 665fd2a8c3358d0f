import * as fs from 'node:fs';
import * as os from 'node:os';
import { missingProblems, notChecked, preflight, type PreflightCheck, type PreflightOptions } from '../../src/stacks';
import { temporaryFolder } from '../support/platform-folder';
import { GitServer, gitVariables } from './preflight-git-server';
import { byName, platformAt, results } from './preflight-support';

const FILE = 'clusters/dev/systems/shop.yaml';

let server: GitServer;

beforeEach(async () => {
  server = await GitServer.start();
});

function look(
  options: Partial<PreflightOptions> = {},
  git: Parameters<typeof platformAt>[1] = {},
): Promise<readonly PreflightCheck[]> {
  const { platform, environment } = platformAt(server.url, git);
  return preflight(platform, environment, { environment: gitVariables(), ...options });
}

describe('the branch and the path', () => {
  it('are fine when both are pushed', async () => {
    const commit = server.push('dev', [FILE, 'clusters/dev/systems/below/ingress.yaml', 'clusters/dev/flux-instance.yaml']);
    expect(await look()).toEqual([
      {
        name: 'branch',
        result: 'ok',
        detail: `'dev' of ${server.url} is at ${commit.slice(0, 12)}`,
        location: { file: 'platform.yaml', line: 13, column: 13 },
      },
      {
        name: 'path',
        result: 'ok',
        detail: 'clusters/dev/systems holds 2 .yaml files',
        location: { file: 'clusters/dev/systems' },
      },
    ]);
  });

  it('are told once when the branch is missing, with what was probably meant', async () => {
    server.push('dve', [FILE]);
    const checks = await look();
    expect(results(checks)).toEqual({ branch: 'missing', path: 'unknown' });
    expect(missingProblems(checks)).toEqual([
      {
        location: { file: 'platform.yaml', line: 13, column: 13 },
        message: `branch 'dev' of ${server.url} does not exist`,
        remedy: "Did you mean 'dve'? Push it: `git push origin HEAD:refs/heads/dev`.",
      },
    ]);
    expect(notChecked(checks)).toEqual([]);
  });

  it.each(['feature/dev', 'development', 'x/refs/heads/dev'])("are not found in branch '%s'", async (branch) => {
    server.push(branch, [FILE]);
    expect(results(await look())).toEqual({ branch: 'missing', path: 'unknown' });
  });

  it('are missing from an empty repository', async () => {
    const [problem] = missingProblems(await look());
    expect(problem).toMatchObject({ remedy: 'It has no branches yet. Push it: `git push origin HEAD:refs/heads/dev`.' });
  });

  it.each([
    [['README.md'], 'is not there'],
    [['clusters/prod/systems/shop.yaml', 'clusters/dev/systems-old/shop.yaml'], 'is not there'],
    [['clusters/dev/systems/README.md', 'clusters/dev/systems/shop.yaml.bak'], 'holds no file that ends in .yaml'],
  ])('with %j lack the path', async (files, what) => {
    server.push('dev', files);
    const checks = await look();
    expect(results(checks)).toEqual({ branch: 'ok', path: 'missing' });
    expect(missingProblems(checks)).toEqual([
      {
        location: { file: 'clusters/dev/systems' },
        message: `clusters/dev/systems ${what} on branch 'dev' of ${server.url}`,
        remedy:
          'Run `npm start`, commit clusters/, and push it: `git push origin HEAD:refs/heads/dev`, or by a pull request where the branch is protected.',
      },
    ]);
  });

  it('are looked at without the content of files', async () => {
    server.allowFilter();
    server.push('dev', [FILE]);
    expect(results(await look())).toEqual({ branch: 'ok', path: 'ok' });
    expect(server.requests.filter(({ body }) => body.includes('filter blob:none')).length).toBe(1);
    expect(server.requests.filter(({ body }) => body.includes('deepen 1')).length).toBe(1);
  });

  it('are looked at on a server that does not know filters', async () => {
    server.push('dev', [FILE]);
    expect(results(await look())).toEqual({ branch: 'ok', path: 'ok' });
    expect(server.requests.some(({ body }) => body.includes('filter blob:none'))).toBe(false);
  });

  it('are looked at on a server that fails at filters', async () => {
    server.allowFilter();
    server.push('dev', [FILE]);
    let refused = 0;
    server.intercept = ({ body }, response) => {
      if (!body.includes('filter blob:none')) return false;
      refused += 1;
      response.writeHead(500).end();
      return true;
    };
    expect(results(await look())).toEqual({ branch: 'ok', path: 'ok' });
    expect(refused).toBe(1);
  });

  it('do not depend on what the environment says of another repository', async () => {
    server.push('dev', [FILE]);
    const elsewhere = temporaryFolder();
    const trace = `${elsewhere}/trace`;
    const environment = { ...gitVariables(), GIT_DIR: elsewhere, GIT_WORK_TREE: elsewhere, GIT_TRACE_CURL: trace };
    expect(results(await look({ environment }))).toEqual({ branch: 'ok', path: 'ok' });
    expect(fs.readdirSync(elsewhere)).toEqual([]);
  });
});

describe('a Git server that cannot be looked at', () => {
  const unknown = { branch: 'unknown', path: 'unknown' };

  it.each([401, 403, 302])('because it answers HTTP %d is not taken for a missing branch', async (status) => {
    server.push('dev', [FILE]);
    server.intercept = (_request, response) => {
      response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/signin' } : {}).end();
      return true;
    };
    const checks = await look();
    expect(results(checks)).toEqual(unknown);
    expect(missingProblems(checks)).toEqual([]);
    expect(notChecked(checks).length).toBe(1);
  });

  it.each([401, 403])('because it answers HTTP %d is told with how to sign in', async (status) => {
    server.intercept = (_request, response) => {
      response.writeHead(status, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    expect(notChecked(await look())).toEqual([
      {
        location: { file: 'platform.yaml', line: 13, column: 13 },
        message: expect.stringContaining(`not checked: the Git server does not let this run read ${server.url}: `) as string,
        remedy: `Let Git sign in without asking: a credential helper, or an SSH key. \`git ls-remote ${server.url}\` shows what the server says.`,
      },
    ]);
  });

  it('because it knows no such repository is not taken for a missing branch', async () => {
    server.intercept = (_request, response) => {
      response.writeHead(404).end();
      return true;
    };
    const checks = await look();
    expect(results(checks)).toEqual(unknown);
    expect(byName(checks)['branch']!.detail).toContain('knows no repository');
  });

  it('because nobody listens is told', async () => {
    const { platform, environment } = platformAt('http://127.0.0.1:1/my-org/my-project/_git/k8s-gitops');
    const checks = await preflight(platform, environment, { environment: gitVariables() });
    expect(results(checks)).toEqual(unknown);
    expect(byName(checks)['branch']!.detail).toMatch(/^the Git server cannot be reached: /);
  });

  it('because it never answers is given up', async () => {
    server.intercept = () => true;
    const checks = await look({ gitMilliseconds: 500 });
    expect(results(checks)).toEqual(unknown);
    expect(byName(checks)['branch']!.detail).toBe('git: it did not end within 0.5 s');
  });

  it('because it stops answering after the branches leaves the path unknown', async () => {
    server.push('dev', [FILE]);
    server.intercept = ({ body }) => body.includes('command=fetch');
    const checks = await look({ gitMilliseconds: 3000 });
    expect(results(checks)).toEqual({ branch: 'ok', path: 'unknown' });
  }, 20_000);

  it('because the work is interrupted is given up at once', async () => {
    server.intercept = () => true;
    const controller = new AbortController();
    const looking = look({ signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 300);
    expect(byName(await looking)['branch']!.detail).toBe('git: it was interrupted');
  });

  it('because there is no Git is told', async () => {
    const checks = await look({ environment: { PATH: temporaryFolder() } });
    expect(byName(checks)['branch']).toMatchObject({
      result: 'unknown',
      detail: 'git: it cannot be started (ENOENT)',
      remedy: 'Install Git, then run it again.',
    });
  });

  it('because its address is none that the model allows is told', async () => {
    const folder = temporaryFolder();
    for (const url of [`file://${folder}`, 'ext::touch /nowhere', 'http://example.invalid/x.git']) {
      const checks = await look({}, { url: url.startsWith('ext') ? `ext::touch%20${folder}/made` : url });
      expect(results(checks)).toEqual(unknown);
      expect(byName(checks)['branch']!.detail).toMatch(/transport '\w+' not allowed/);
    }
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('may not steer the terminal by what it says', async () => {
    server.intercept = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
      response.end('001e# service=git-upload-pack\n0000002aERR \u001b[2Jno\u0007 Bearer abcdefghijklm\n');
      return true;
    };
    const { detail } = byName(await look())['branch']!;
    expect(detail).not.toMatch(/\p{Cc}|abcdefghijklm/u);
  });
});

it('leaves nothing behind', async () => {
  server.push('dev', [FILE]);
  const folders = (): readonly string[] => fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith('k8s-gitops-preflight-'));
  const before = folders();
  await look();
  await look({ environment: { PATH: temporaryFolder() } });
  expect(folders().filter((name) => !before.includes(name))).toEqual([]);
});

describe('a host that needs a Secret', () => {
  it('is told that the Secret cannot be seen', async () => {
    server.push('dev', [FILE]);
    const checks = await look({}, { secretName: 'git-credentials' });
    expect(results(checks)).toEqual({ branch: 'ok', path: 'ok', secret: 'unknown' });
    expect(notChecked(checks)).toEqual([
      {
        location: { file: 'platform.yaml' },
        message:
          "not checked: Secret 'git-credentials' with the credentials for generic has to be in namespace flux-system, which cannot be seen from here",
        remedy: '`kubectl --namespace flux-system get secret git-credentials` shows whether it is there.',
      },
    ]);
  });
});
