import { type ToolResult } from '../../tools';

/** Why a Git server could not be looked at. */
export interface GitFailure {
  readonly reason: string;
  readonly remedy: string;
  /** Whether the same call with less asked for may succeed. */
  readonly mayBeTheFilter: boolean;
}

/** What Git says when it may not read; servers send who did not sign in elsewhere, too. */
const REFUSED =
  /returned error: (?:401|403|30[1278])\b|could not read (?:Username|Password)|Authentication failed|terminal prompts disabled|Permission denied|unable to update url base/i;

/** What servers say of a repository that there is not, or that the asker may not see. */
const NOT_FOUND = /repository '[^']*' not found|Repository not found|TF401019|does not appear to be a git repository/i;

/** A name that cannot be looked up, a port that nobody listens on, a certificate that nobody trusts. */
const UNREACHABLE =
  /Could not resolve|Failed to connect|Couldn't connect|Connection (?:refused|reset|timed out)|SSL|certificate|Host key verification/i;

/** What a failed call of Git means. */
export function gitFailure(result: ToolResult, url: string, signIn: string): GitFailure {
  const { failure, stderr } = result;
  const byHand = `\`git ls-remote ${url}\` shows what the server says.`;
  const because = (reason: string, remedy: string, mayBeTheFilter = false): GitFailure => ({ reason, remedy, mayBeTheFilter });
  if (failure?.includes('cannot be started') === true) return because(`git: ${failure}`, 'Install Git, then run it again.');
  if (failure !== undefined) {
    return because(`git: ${failure}`, `Check the network and the proxy (HTTPS_PROXY), then run it again. ${byHand}`);
  }
  const said = lastWords(stderr);
  if (REFUSED.test(stderr)) return because(`the Git server does not let this run read ${url}: ${said}`, `${signIn} ${byHand}`);
  if (NOT_FOUND.test(stderr)) {
    return because(
      `the Git server knows no repository ${url}, or does not show it to this run: ${said}`,
      `Check that the repository exists and that 'git' in platform.yaml names it. ${signIn} ${byHand}`,
    );
  }
  if (UNREACHABLE.test(stderr)) {
    return because(`the Git server cannot be reached: ${said}`, `Check the network and the proxy (HTTPS_PROXY). ${byHand}`);
  }
  return because(`git failed: ${said}`, byHand, true);
}

/** Git's own verdict where there is one, otherwise what it said last. */
function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:hint|warning):/i.test(line));
  const said = lines.find((line) => line.startsWith('fatal:')) ?? lines.at(-1) ?? 'it did not say why';
  const short = said.replace(/^(?:fatal|error): /i, '');
  return short.length <= 300 ? short : `${short.slice(0, 300)}…`;
}
