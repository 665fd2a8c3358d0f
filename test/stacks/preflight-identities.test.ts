import * as fs from 'node:fs';
import * as path from 'node:path';
import { type FluxComponent, type OutputsFile, type Platform } from '../../src/model';
import { missingProblems, notChecked, preflight, type PreflightCheck, type PreflightOptions } from '../../src/stacks';
import { FileServer, ForwardProxy, serve, type Behaviour } from '../support/file-server';
import { temporaryFolder } from '../support/platform-folder';
import { GitServer, gitVariables } from './preflight-git-server';
import { byName, platformAt, results } from './preflight-support';

const TOKEN = 'eyJhbGciOi.the-token-of-nobody.c2lnbmF0dXJl';
const READER = '33333333-3333-3333-3333-333333333331';
const WRITER = '33333333-3333-3333-3333-33333333333A';
const READER_NAME = 'aks-dev-flux-source-controller';
const WRITER_NAME = 'aks-dev-flux-image-automation-controller';

const GRAPH = 'my-org/_apis/graph';

const json = (content: unknown, headers = {}): Behaviour => serve.file(JSON.stringify(content), headers);

let graph: FileServer;
let git: GitServer;
let home: string;
let queries: string[];

beforeEach(async () => {
  graph = await FileServer.start();
  git = await GitServer.start();
  git.push('dev', ['clusters/dev/systems/shop.yaml']);
  home = temporaryFolder();
  queries = [];
  principals([
    { originId: READER, descriptor: 'aadsp.reader' },
    { originId: WRITER.toLowerCase(), descriptor: 'aadsp.writer' },
  ]);
  memberOf('aadsp.reader', 'vssgp.readers');
  memberOf('aadsp.writer', 'vssgp.contributors');
  memberOf('vssgp.readers', 'vssgp.valid');
  memberOf('vssgp.contributors', 'vssgp.valid');
  memberOf('vssgp.valid');
  group('vssgp.readers', '[my-project]\\Readers');
  group('vssgp.contributors', '[my-project]\\Contributors');
  group('vssgp.valid', '[my-project]\\Project Valid Users');
});

/** Answers what follows only to who brings the token, and keeps what was asked. */
const signedIn =
  (behaviour: Behaviour): Behaviour =>
  (request, response) => {
    queries.push(request.url!);
    (request.headers.authorization === `Bearer ${TOKEN}` ? behaviour : serve.status(401))(request, response);
  };

/** One page after the other, each told of by the header of the one before. */
function principals(...pages: readonly object[]): void {
  graph.on(
    `${GRAPH}/serviceprincipals`,
    signedIn((request, response) => {
      const page = Number(new URL(request.url!, graph.url).searchParams.get('continuationToken') ?? 0);
      const more = page + 1 < pages.length ? { 'X-MS-ContinuationToken': String(page + 1) } : {};
      json({ count: 1, value: pages[page] }, more)(request, response);
    }),
  );
}

function memberOf(descriptor: string, ...containers: readonly string[]): void {
  const value = containers.map((containerDescriptor) => ({ containerDescriptor, memberDescriptor: descriptor }));
  graph.on(`${GRAPH}/memberships/${descriptor}`, signedIn(json({ count: value.length, value })));
}

function group(descriptor: string, principalName: string, domain = 'vstfs:///Classification/TeamProject/1'): void {
  graph.on(`${GRAPH}/groups/${descriptor}`, signedIn(json({ descriptor, principalName, domain })));
}

interface Given extends Partial<PreflightOptions> {
  readonly outputs?: OutputsFile;
  readonly components?: readonly FluxComponent[];
  readonly organization?: object;
}

function look({ outputs, components, organization, ...options }: Given = {}): Promise<readonly PreflightCheck[]> {
  const { platform, environment } = platformAt(git.url, { host: 'azure-devops', provider: 'azure' });
  const adjusted = {
    ...platform,
    ...(components === undefined ? {} : { flux: { ...platform.flux, components } }),
    ...(organization === undefined ? {} : { organization }),
  };
  return preflight(adjusted as Platform, outputs === undefined ? environment : { ...environment, outputs }, {
    environment: { ...gitVariables(home), SYSTEM_ACCESSTOKEN: TOKEN },
    principals: { reader: READER, writer: WRITER },
    graphAddress: graph.url.slice(0, -1),
    ...options,
  });
}

describe('the identities', () => {
  it('are fine when each is in its group, whatever the case of its object id', async () => {
    const checks = await look();
    expect(results(checks)).toEqual({ branch: 'ok', path: 'ok', reader: 'ok', writer: 'ok' });
    expect(byName(checks)['reader']!.detail).toBe(`'${READER_NAME}' is in [my-project]\\Readers`);
    expect(byName(checks)['writer']!.detail).toBe(`'${WRITER_NAME}' is in [my-project]\\Contributors`);
    expect(queries[0]).toBe(`/${GRAPH}/serviceprincipals?api-version=7.1-preview.1`);
    expect(queries).toContain(`/${GRAPH}/memberships/aadsp.reader?direction=up&api-version=7.1-preview.1`);
  });

  it('are found on the second page', async () => {
    principals(
      [{ originId: READER, descriptor: 'aadsp.reader' }, { descriptor: 'svc.without-origin' }],
      [{ originId: WRITER, descriptor: 'aadsp.writer' }],
      [{ originId: 'never-asked-for', descriptor: 'x' }],
    );
    expect(results(await look())).toMatchObject({ reader: 'ok', writer: 'ok' });
    expect(queries.filter((url) => url.includes('serviceprincipals'))).toEqual([
      `/${GRAPH}/serviceprincipals?api-version=7.1-preview.1`,
      `/${GRAPH}/serviceprincipals?continuationToken=1&api-version=7.1-preview.1`,
    ]);
  });

  it('that are not entitled are missing', async () => {
    principals([{ originId: WRITER, descriptor: 'aadsp.writer' }], []);
    const checks = await look();
    expect(results(checks)).toMatchObject({ reader: 'missing', writer: 'ok' });
    expect(missingProblems(checks)).toEqual([
      {
        location: { file: '--reader-principal' },
        message: `identity '${READER_NAME}' (object id ${READER}) is not entitled in the organization 'my-org'`,
        remedy: `In Azure DevOps, Organization settings > Users > Add users: service principal '${READER_NAME}', access level Basic, project 'my-project', group Readers.`,
      },
    ]);
  });

  it('that are not entitled are for the stack organization to entitle, where it does', async () => {
    principals([{ originId: WRITER, descriptor: 'aadsp.writer' }], []);
    const told = async (settings: object): Promise<string> =>
      missingProblems(await look({ organization: { settings: { fluxIdentities: {}, ...settings } } }))[0]!.remedy;
    expect(await told({ entitlements: 'managed' })).toBe(
      `Give 'k8s-gitops:fluxIdentities.dev.reader: ${READER}' in Pulumi.organization.yaml and run \`pulumi up --stack organization\`, which entitles it.`,
    );
    expect(await told({ entitlements: 'managed', fluxIdentities: { dev: { reader: READER } } })).toBe(
      'Run `pulumi up --stack organization`, which entitles it.',
    );
    expect(await told({ entitlements: 'external' })).toContain('Organization settings > Users > Add users');
  });

  it.each([
    ['no group at all', [], 'none'],
    ['a group of another project', ['vssgp.other'], '[my-project-2]\\Readers'],
    ['a group of an organization that is called as the project', ['vssgp.collection'], '[my-project]\\Everybody'],
    ['the group of everybody alone', ['vssgp.valid'], '[my-project]\\Project Valid Users'],
  ])('that are entitled and in %s are missing', async (_what, containers, groups) => {
    group('vssgp.other', '[my-project-2]\\Readers');
    group('vssgp.collection', '[my-project]\\Everybody', 'vstfs:///Framework/IdentityDomain/1');
    memberOf('vssgp.other');
    memberOf('vssgp.collection');
    memberOf('aadsp.reader', ...containers);
    const checks = await look();
    expect(results(checks)).toMatchObject({ reader: 'missing', writer: 'ok' });
    const [problem] = missingProblems(checks);
    expect(problem!.message).toBe(
      `identity '${READER_NAME}' (object id ${READER}) is in no group of the project 'my-project'; its groups: ${groups}`,
    );
    expect(problem!.remedy).toContain(
      `Project settings of 'my-project' > Permissions > Readers > Members > Add: '${READER_NAME}'`,
    );
  });

  it('that write and may only read are missing', async () => {
    memberOf('aadsp.writer', 'vssgp.readers');
    const checks = await look();
    expect(results(checks)).toMatchObject({ reader: 'ok', writer: 'missing' });
    expect(missingProblems(checks)[0]!.message).toMatch(
      /is in no group of the project 'my-project' that may push; its groups: \[my-project\]\\Readers, \[my-project\]\\Project Valid Users$/,
    );
  });

  it('that write may be in a group of their own, which is named', async () => {
    memberOf('aadsp.writer', 'vssgp.readers', 'vssgp.bots');
    memberOf('vssgp.bots');
    group('vssgp.bots', '[my-project]\\Bots');
    expect(byName(await look())['writer']).toMatchObject({
      result: 'ok',
      detail: expect.stringContaining(
        'is in [my-project]\\Bots, which has to be allowed to contribute; its groups: [my-project]\\Readers, [my-project]\\Bots,',
      ) as string,
    });
  });

  it.each([
    [3, 'ok'],
    [4, 'missing'],
  ])('are found through %d groups within one another, as far as that is followed: %s', async (depth, result) => {
    memberOf('aadsp.writer', 'vssgp.1');
    for (let level = 1; level < depth; level++) {
      memberOf(`vssgp.${level}`, level + 1 === depth ? 'vssgp.contributors' : `vssgp.${level + 1}`);
      group(`vssgp.${level}`, `[my-org]\\Group ${level}`);
    }
    expect(results(await look())).toMatchObject({ writer: result });
  });

  it('are not looked at for ever when groups contain one another', async () => {
    memberOf('aadsp.reader', 'vssgp.a');
    memberOf('vssgp.a', 'vssgp.b');
    memberOf('vssgp.b', 'vssgp.a');
    group('vssgp.a', '[my-org]\\A');
    group('vssgp.b', '[my-org]\\B');
    expect(results(await look())).toMatchObject({ reader: 'missing' });
  });

  it('are those of the outputs when no option gives them', async () => {
    const identity = { clientId: READER, resourceId: '/x' };
    const outputs = {
      identities: {
        reader: { ...identity, principalId: READER },
        writer: { ...identity, principalId: '44444444-4444-4444-4444-444444444444' },
      },
    };
    const checks = await look({ outputs, principals: {} });
    expect(results(checks)).toMatchObject({ reader: 'ok', writer: 'missing' });
    expect(missingProblems(checks)[0]!.location).toEqual({ file: 'outputs/dev.yaml' });
    // An option goes first.
    expect(results(await look({ outputs, principals: { writer: WRITER } }))).toMatchObject({ reader: 'ok', writer: 'ok' });
  });

  it('that nobody names are unknown', async () => {
    const checks = await look({ principals: { reader: READER } });
    expect(results(checks)).toMatchObject({ reader: 'ok', writer: 'unknown' });
    expect(notChecked(checks)).toEqual([
      {
        location: { file: 'outputs/dev.yaml' },
        message: `not checked: the object id of identity '${WRITER_NAME}' is not known`,
        remedy: "Give it as --writer-principal, or record the outputs of stack 'dev'.",
      },
    ]);
  });

  it('are only those that a controller becomes', async () => {
    const checks = await look({ components: ['source-controller', 'kustomize-controller'], principals: { reader: READER } });
    expect(results(checks)).toEqual({ branch: 'ok', path: 'ok', reader: 'ok' });
  });
});

describe('Azure DevOps that cannot be asked', () => {
  it.each([
    ['HTTP 401', serve.status(401), "the organization 'my-org' does not let this run read its users (HTTP 401)"],
    ['HTTP 403', serve.status(403), "the organization 'my-org' does not let this run read its users (HTTP 403)"],
    ['a page to sign in', serve.status(203), "the organization 'my-org' does not let this run read its users (HTTP 203)"],
    [
      'a redirect',
      serve.redirect('http://127.0.0.1:1/'),
      "the organization 'my-org' does not let this run read its users (HTTP 302)",
    ],
    ['HTTP 404', serve.status(404), "Azure DevOps answered HTTP 404 for the organization 'my-org'"],
    ['HTTP 500', serve.status(500), "Azure DevOps answered HTTP 500 for the organization 'my-org'"],
    ['what is not JSON', serve.file('<html>'), 'Azure DevOps answered with what its API does not have (6 bytes)'],
    ['other JSON', serve.file('{"value":[{}]}'), 'Azure DevOps answered with what its API does not have (14 bytes)'],
    ['nothing', serve.silent(), 'Azure DevOps did not answer within 1 s'],
    ['half an answer', serve.stalled(Buffer.alloc(100)), 'Azure DevOps did not answer within 1 s'],
    ['a broken connection', serve.dropped(), 'Azure DevOps cannot be reached: the connection failed (UND_ERR_SOCKET)'],
  ])('because it answers with %s leaves the identities unknown', async (_what, behaviour, reason) => {
    graph.on(`${GRAPH}/serviceprincipals`, behaviour);
    const checks = await look({ requestMilliseconds: 1000 });
    expect(results(checks)).toEqual({ branch: 'ok', path: 'ok', reader: 'unknown', writer: 'unknown' });
    expect(byName(checks)['reader']!.detail).toBe(`identity '${READER_NAME}' (object id ${READER}): ${reason}`);
    expect(notChecked(checks).length).toBe(2);
    expect(missingProblems(checks)).toEqual([]);
  });

  it('for the groups of one identity leaves that one unknown', async () => {
    graph.on(`${GRAPH}/memberships/aadsp.reader`, serve.status(500));
    expect(results(await look())).toMatchObject({ reader: 'unknown', writer: 'ok' });
  });

  it('because its pages have no end is given up', async () => {
    graph.on(`${GRAPH}/serviceprincipals`, json({ value: [] }, { 'x-ms-continuationtoken': 'again' }));
    const { result, detail } = byName(await look())['reader']!;
    expect(result).toBe('unknown');
    expect(detail).toContain('has more than 200 pages');
  });

  it('is reached through the proxy that the environment names', async () => {
    const proxy = await ForwardProxy.start();
    const environment = { ...gitVariables(home), SYSTEM_ACCESSTOKEN: TOKEN, HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
    expect(results(await look({ environment }))).toMatchObject({ reader: 'ok', writer: 'ok' });
    expect(proxy.requests.some((request) => request.includes(`127.0.0.1:${graph.port}`))).toBe(true);
  });

  it('because the proxy is none is told', async () => {
    const environment = { ...gitVariables(home), SYSTEM_ACCESSTOKEN: TOKEN, HTTP_PROXY: 'ftp://proxy' };
    expect(byName(await look({ environment }))['reader']).toMatchObject({
      result: 'unknown',
      detail: expect.stringContaining('HTTP_PROXY is not the address of an HTTP proxy') as string,
    });
  });

  it('because the work is interrupted is given up at once', async () => {
    graph.on(`${GRAPH}/serviceprincipals`, serve.silent());
    const controller = new AbortController();
    const looking = look({ signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 1000);
    expect(byName(await looking)['reader']!.detail).toContain('it was interrupted');
  });
});

describe('the token', () => {
  /** Stands in for tools: each writes down its command line first. */
  function standIns(az: string): { readonly environment: Record<string, string>; readonly commandLines: () => string } {
    const folder = temporaryFolder();
    const log = path.join(folder, 'log');
    const realGit = process.env['PATH']!.split(path.delimiter)
      .map((entry) => path.join(entry, 'git'))
      .find((file) => fs.existsSync(file))!;
    const record = `#!/bin/sh\nprintf '%s\\n' "$(basename "$0") $*" >> ${log}\n`;
    fs.writeFileSync(path.join(folder, 'git'), `${record}exec ${realGit} "$@"\n`, { mode: 0o755 });
    fs.writeFileSync(path.join(folder, 'az'), `${record}${az}\n`, { mode: 0o755 });
    return {
      environment: { ...gitVariables(home), PATH: `${folder}${path.delimiter}${process.env['PATH']!}` },
      commandLines: () => fs.readFileSync(log, 'utf8'),
    };
  }

  /** Lets in who brings the token. */
  function guardGit(): void {
    git.intercept = ({ headers }, response) => {
      if (headers.authorization === `Bearer ${TOKEN}`) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(`no, ${String(headers.authorization)}`);
      return true;
    };
  }

  it('of the Azure CLI is for Git and Graph, and stands on no command line and in no result', async () => {
    const { environment, commandLines } = standIns(`echo '"${TOKEN}"'`);
    guardGit();
    const checks = await look({ environment });
    expect(results(checks)).toEqual({ branch: 'ok', path: 'ok', reader: 'ok', writer: 'ok' });
    expect(commandLines()).toMatch(
      /^az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken /m,
    );
    expect(commandLines()).toMatch(/^git -c core\.askPass=true fetch /m);
    expect(commandLines()).not.toContain(TOKEN);
    expect(JSON.stringify(checks)).not.toContain(TOKEN);
  });

  it('of the pipeline goes before that of the Azure CLI', async () => {
    const { environment, commandLines } = standIns('exit 1');
    guardGit();
    expect(results(await look({ environment: { ...environment, SYSTEM_ACCESSTOKEN: TOKEN } }))).toEqual({
      branch: 'ok',
      path: 'ok',
      reader: 'ok',
      writer: 'ok',
    });
    expect(commandLines()).not.toMatch(/^az /m);
  });

  it('replaces headers and keeps other settings that the environment gives Git', async () => {
    const given = {
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'http.extraHeader',
      GIT_CONFIG_VALUE_0: 'Authorization: Basic b3RoZXI6b3RoZXI=',
      GIT_CONFIG_KEY_1: 'http.userAgent',
      GIT_CONFIG_VALUE_1: 'git/of-the-user',
    };
    guardGit();
    const environment = { ...gitVariables(home), SYSTEM_ACCESSTOKEN: TOKEN, ...given };
    expect(results(await look({ environment }))).toMatchObject({ branch: 'ok', path: 'ok' });
    expect(git.requests.every(({ headers }) => headers['user-agent'] === 'git/of-the-user')).toBe(true);
  });

  it('is sent to nobody else', async () => {
    const elsewhere = await FileServer.start();
    git.intercept = ({ url }, response) => {
      response.writeHead(302, { location: `${elsewhere.url}${url}` }).end();
      return true;
    };
    const checks = await look();
    expect(results(checks)).toMatchObject({ branch: 'unknown', path: 'unknown' });
    expect(byName(checks)['branch']!.detail).toContain('does not let this run read');
    expect(elsewhere.requests).toEqual([]);
  });

  it('that a server repeats is told by nobody', async () => {
    git.intercept = ({ headers }, response) => {
      const said = `ERR no ${String(headers.authorization)} ${TOKEN}\n`;
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
      response.end(`001e# service=git-upload-pack\n0000${(said.length + 4).toString(16).padStart(4, '0')}${said}`);
      return true;
    };
    for (const [name, environment] of Object.entries({
      pipeline: { ...gitVariables(home), SYSTEM_ACCESSTOKEN: TOKEN },
      az: standIns(`echo '"${TOKEN}"'`).environment,
    })) {
      const checks = await look({ environment });
      expect({ name, result: byName(checks)['branch']!.result }).toEqual({ name, result: 'unknown' });
      expect(byName(checks)['branch']!.detail).toContain('no');
      expect(JSON.stringify(checks)).not.toContain('the-token-of-nobody');
    }
  });

  it.each([
    ['fails', "echo 'ERROR: Please run \\'az login\\' to setup account.' >&2; exit 1", 'there is no token for Azure DevOps: '],
    ['prints no token', 'echo "[]"', 'what `az account get-access-token` printed is not a token'],
    ['prints two lines', `printf '"a\\\\nb"'`, 'what `az account get-access-token` printed is not a token'],
  ])('is missing when the Azure CLI %s: Git goes on without it, the identities are unknown', async (_what, az, reason) => {
    const checks = await look({ environment: standIns(az).environment });
    expect(results(checks)).toEqual({ branch: 'ok', path: 'ok', reader: 'unknown', writer: 'unknown' });
    expect(byName(checks)['reader']!.detail).toContain(reason);
    expect(graph.requests).toEqual([]);
  });

  it('is missing when there is no Azure CLI', async () => {
    const { environment } = standIns('exit 1');
    fs.rmSync(path.join(environment['PATH']!.split(path.delimiter)[0]!, 'az'));
    const checks = await look({ environment: { ...environment, PATH: environment['PATH']!.split(path.delimiter)[0]! } });
    expect(results(checks)).toMatchObject({ branch: 'ok', reader: 'unknown' });
    expect(byName(checks)['reader']!.detail).toContain('the Azure CLI is not on PATH');
    expect(byName(checks)['reader']!.remedy).toContain('SYSTEM_ACCESSTOKEN');
  });
});
