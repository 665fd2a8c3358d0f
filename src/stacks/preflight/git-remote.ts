import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runTool, type ToolResult } from '../../tools';
import { gitEnvironment, type GitServer } from './git-environment';
import { gitFailure, type GitFailure } from './git-failure';

/** How a Git server is looked at. */
export interface GitRemoteOptions extends GitServer {
  /** Environment variables of Git. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** After this time a call of Git is stopped. */
  readonly timeoutMilliseconds: number;
  /** What to do when the server does not let Git read. */
  readonly signIn: string;
  /** Stops a call early. @default - nothing does */
  readonly signal?: AbortSignal;
}

/** Where a fetched branch stands in the private repository. */
const FETCHED = 'refs/preflight/branch';

/** Makes of Git what never asks: `true` answers nothing to whatever it is asked. */
const NEVER_ASK = ['-c', 'core.askPass=true'] as const;

/**
 * Looks at a Git server from a private empty repository, which is gone afterwards whatever happens.
 *
 * @returns what the work returns, or why Git cannot work at all
 */
export async function withGitRemote<Result>(
  options: GitRemoteOptions,
  work: (remote: GitRemote) => Promise<Result>,
): Promise<Result | GitFailure> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'k8s-gitops-preflight-'));
  try {
    const remote = new GitRemote(options, scratch);
    return (await remote.prepare()) ?? (await work(remote));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** A repository on a Git server; only what is pushed counts. */
export class GitRemote {
  public constructor(
    private readonly options: GitRemoteOptions,
    private readonly scratch: string,
  ) {}

  /** Makes the private repository; without templates, whose hooks would run. */
  public async prepare(): Promise<GitFailure | undefined> {
    const result = await this.git(['init', '--bare', '--quiet', '--template=']);
    return result.code === 0 ? undefined : this.failure(result);
  }

  /** Commits of the branches, by the branch's name without `refs/heads/`. */
  public async branches(): Promise<ReadonlyMap<string, string> | GitFailure> {
    const result = await this.git(['ls-remote', '--heads', '--', this.options.url]);
    if (result.code !== 0) return this.failure(result);
    return new Map(
      result.stdout.split('\n').flatMap((line) => {
        const [commit, ref] = line.split('\t');
        return commit !== undefined && ref?.startsWith(HEADS) === true ? [[ref.slice(HEADS.length), commit]] : [];
      }),
    );
  }

  /** Paths of the files below a folder of a branch, without their content where the server can leave it out. */
  public async filesBelow(branch: string, folder: string): Promise<readonly string[] | GitFailure> {
    let fetched = await this.fetch(branch, ['--filter=blob:none']);
    // Git remembers the filter of an address.
    if (fetched?.mayBeTheFilter === true) fetched = await this.fetch(branch, ['--no-filter']);
    if (fetched !== undefined) return fetched;
    const listed = await this.git(['ls-tree', '-r', '-z', '--name-only', '--full-tree', FETCHED, '--', `${folder}/`]);
    return listed.code === 0 ? listed.stdout.split('\0').filter((file) => file !== '') : this.failure(listed);
  }

  private async fetch(branch: string, filter: readonly string[]): Promise<GitFailure | undefined> {
    const refspec = `+${HEADS}${branch}:${FETCHED}`;
    const result = await this.git(['fetch', '--quiet', '--depth=1', ...filter, '--no-tags', '--', this.options.url, refspec]);
    return result.code === 0 ? undefined : this.failure(result);
  }

  private git(args: readonly string[]): Promise<ToolResult> {
    const { environment, timeoutMilliseconds, signal } = this.options;
    return runTool('git', [...NEVER_ASK, ...args], {
      environment: gitEnvironment(environment, this.options, path.join(this.scratch, 'repository.git')),
      timeoutMilliseconds,
      // Relative folders on PATH lead nowhere from here.
      directory: this.scratch,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  private failure(result: ToolResult): GitFailure {
    return gitFailure(result, this.options.url, this.options.signIn);
  }
}

const HEADS = 'refs/heads/';
