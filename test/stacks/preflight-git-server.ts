import { execFileSync, spawn } from 'node:child_process';
import * as http from 'node:http';
import { type AddressInfo } from 'node:net';
import * as path from 'node:path';
import { onCleanup } from '../support/cleanup';
import { temporaryFolder, writeFile } from '../support/platform-folder';

/** Path of the repository on the server, as Azure DevOps has it. */
export const REPOSITORY_PATH = 'my-org/my-project/_git/k8s-gitops';

/** One request, with everything that came. */
export interface GitRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Treats a request in place of Git; says whether it did. */
type Interception = (request: GitRequest, response: http.ServerResponse) => boolean;

/** The variables that Git gets in these tests: nothing of the machine's own configuration. */
export const gitVariables = (home = temporaryFolder()): Record<string, string> => ({
  PATH: process.env['PATH']!,
  HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
});

/** A smart HTTP server on this machine: Git's own `git http-backend`. */
export class GitServer {
  public readonly requests: GitRequest[] = [];
  public intercept: Interception = () => false;
  private readonly server = http.createServer((request, response) => {
    this.receive(request, response);
  });

  private constructor(private readonly root: string) {}

  public static async start(): Promise<GitServer> {
    const server = new GitServer(temporaryFolder());
    git(server.root, 'init', '--bare', '--quiet', path.join(server.root, REPOSITORY_PATH));
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    onCleanup(() => server.stop());
    return server;
  }

  /** Address of the repository. */
  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${REPOSITORY_PATH}`;
  }

  /** Pushes a commit with these files to a branch. */
  public push(branch: string, files: readonly string[]): string {
    const work = temporaryFolder();
    git(work, 'init', '--quiet');
    for (const file of files) writeFile(work, file, `content of ${file}\n`);
    git(work, 'add', '.');
    git(work, '-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '--quiet', '--allow-empty', '-m', 'x');
    git(work, 'push', '--quiet', path.join(this.root, REPOSITORY_PATH), `HEAD:refs/heads/${branch}`);
    return git(work, 'rev-parse', 'HEAD').trim();
  }

  /** Lets clients ask for less than everything, as large hosts do and Git by default does not. */
  public allowFilter(): void {
    git(path.join(this.root, REPOSITORY_PATH), 'config', 'uploadpack.allowFilter', 'true');
  }

  public async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private receive(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = '', url = '', headers } = request;
      const received = { method, url, headers, body: body.toString('latin1') };
      this.requests.push(received);
      if (!this.intercept(received, response)) this.serve(received, body, response);
    });
  }

  private serve({ method, url, headers }: GitRequest, body: Buffer, response: http.ServerResponse): void {
    const { pathname, search } = new URL(url, 'http://127.0.0.1');
    const backend = spawn('git', ['http-backend'], {
      env: {
        ...gitVariables(this.root),
        GIT_PROJECT_ROOT: this.root,
        GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: method,
        PATH_INFO: decodeURIComponent(pathname),
        QUERY_STRING: search.slice(1),
        CONTENT_TYPE: headers['content-type'] ?? '',
        CONTENT_LENGTH: String(body.length),
        HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const out: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    backend.stdin.on('error', () => undefined);
    backend.stdin.end(body);
    backend.on('close', () => {
      answer(Buffer.concat(out), response);
    });
  }
}

/** The answer of a CGI program: header lines, an empty line, content. */
function answer(output: Buffer, response: http.ServerResponse): void {
  const end = output.indexOf('\r\n\r\n');
  const headers = output.subarray(0, end).toString('latin1').split('\r\n');
  let status = 200;
  for (const line of headers) {
    const [name, value] = line.split(': ', 2) as [string, string];
    if (name === 'Status') status = Number(value.slice(0, 3));
    else response.setHeader(name, value);
  }
  response.writeHead(status).end(output.subarray(end + 4));
}

function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: directory, env: gitVariables(directory), encoding: 'utf8', stdio: 'pipe' });
}
