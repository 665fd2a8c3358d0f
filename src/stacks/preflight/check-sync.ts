import { syncPath } from '../../../manifests/builders';
import { PLATFORM_FILE, suggestion, YamlFile, type Environment, type Location, type Platform } from '../../model';
import { type GitFailure } from './git-failure';
import { withGitRemote, type GitRemote } from './git-remote';
import { type PreflightCheck } from './preflight-check';
import { type PreflightOptions } from './preflight-options';

const GIT_MILLISECONDS = 60_000;

/**
 * Whether the branch and the folder that the FluxInstance syncs are on the Git server.
 *
 * @param token what the server takes as bearer; without one, Git signs in as the user has set it up
 */
export async function checkSync(
  platform: Platform,
  environment: Environment,
  options: PreflightOptions,
  token: string | undefined,
): Promise<readonly PreflightCheck[]> {
  const { signal } = options;
  const target: SyncTarget = {
    url: platform.git.url,
    branch: environment.branch,
    folder: syncPath(environment),
    branchLocation: branchLocation(platform, environment),
  };
  const checks = await withGitRemote(
    {
      url: target.url,
      environment: options.environment,
      timeoutMilliseconds: options.gitMilliseconds ?? GIT_MILLISECONDS,
      signIn: SIGN_IN[platform.git.host],
      ...(token === undefined ? {} : { token }),
      ...(signal === undefined ? {} : { signal }),
    },
    (remote) => checkTarget(remote, target),
  );
  return 'reason' in checks ? unreachable(target, checks) : checks;
}

/** What the FluxInstance syncs. */
interface SyncTarget {
  readonly url: string;
  readonly branch: string;
  readonly folder: string;
  readonly branchLocation: Location;
}

const SIGN_IN = {
  'azure-devops': 'Sign in with `az login` as somebody who may read it, or hand SYSTEM_ACCESSTOKEN to it in a pipeline.',
  github: 'Let Git sign in without asking: a credential helper, such as that of `gh auth setup-git`.',
  generic: 'Let Git sign in without asking: a credential helper, or an SSH key.',
} as const;

async function checkTarget(remote: GitRemote, target: SyncTarget): Promise<readonly PreflightCheck[]> {
  const { url, branch } = target;
  const branches = await remote.branches();
  if ('reason' in branches) return unreachable(target, branches);
  const commit = branches.get(branch);
  if (commit === undefined) {
    const there = branches.size === 0 ? 'It has no branches yet.' : suggestion(branch, [...branches.keys()], 'branches there');
    return [
      {
        ...branchCheck(target),
        result: 'missing',
        detail: `branch '${branch}' of ${url} does not exist`,
        remedy: `${there} Push it: \`${push(branch)}\`.`,
      },
      followsFrom(target, `branch '${branch}' does not exist`),
    ];
  }
  const found: PreflightCheck = {
    ...branchCheck(target),
    result: 'ok',
    detail: `'${branch}' of ${url} is at ${commit.slice(0, 12)}`,
  };
  return [found, await checkFolder(remote, target)];
}

async function checkFolder(remote: GitRemote, target: SyncTarget): Promise<PreflightCheck> {
  const { url, branch, folder } = target;
  const files = await remote.filesBelow(branch, folder);
  if ('reason' in files) return { ...pathCheck(target), result: 'unknown', detail: files.reason, remedy: files.remedy };
  const manifests = files.filter((file) => file.endsWith('.yaml')).length;
  if (manifests > 0) {
    return { ...pathCheck(target), result: 'ok', detail: `${folder} holds ${manifests} .yaml file${manifests === 1 ? '' : 's'}` };
  }
  const what = files.length === 0 ? 'is not there' : 'holds no file that ends in .yaml';
  return {
    ...pathCheck(target),
    result: 'missing',
    detail: `${folder} ${what} on branch '${branch}' of ${url}`,
    remedy: `Run \`npm start\`, commit clusters/, and push it: \`${push(branch)}\`, or by a pull request where the branch is protected.`,
  };
}

const branchCheck = ({ branchLocation: location }: SyncTarget) => ({ name: 'branch', location }) as const;

const pathCheck = ({ folder }: SyncTarget) => ({ name: 'path', location: { file: folder } }) as const;

/** The full name, because a branch that is not there yet has no other. */
const push = (branch: string): string => `git push origin HEAD:refs/heads/${branch}`;

const unreachable = (target: SyncTarget, { reason, remedy }: GitFailure): readonly PreflightCheck[] => [
  { ...branchCheck(target), result: 'unknown', detail: reason, remedy },
  followsFrom(target, 'the branch could not be looked at'),
];

const followsFrom = (target: SyncTarget, detail: string): PreflightCheck => ({ ...pathCheck(target), result: 'unknown', detail });

/** The model was read already, so it can be read again. */
function branchLocation({ directory }: Platform, { name }: Environment): Location {
  const yaml = YamlFile.read(directory, PLATFORM_FILE);
  return yaml instanceof YamlFile ? yaml.locate(['environments', name, 'branch']) : { file: PLATFORM_FILE };
}
