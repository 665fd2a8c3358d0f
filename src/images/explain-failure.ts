import { type Artifact, type Problem } from '../model';
import { findMismatch, type Mismatch, type ToolResult } from '../tools';
import { type ChainContext } from './chain-context';
import { isTransient, type ChainTool } from './tool-call';

/** What registries answer to somebody who has not signed in. */
export const UNAUTHORIZED = /\b(?:401|403)\b|UNAUTHORIZED|\bDENIED\b|authentication required/;
const NO_SPACE = /\b507\b|no space left|Insufficient Storage|QUOTA_EXCEEDED|quota/i;
/** A name that cannot be looked up, a port that nobody listens on. */
const UNREACHABLE = /no such host|connection refused|network is unreachable|no route to host|proxyconnect/i;

/** The problem of an artifact whose content is not what the lock says. */
export function mismatchProblem(
  context: ChainContext,
  artifact: Artifact,
  where: string,
  { expected, found }: Mismatch,
): Problem {
  return {
    location: context.locate(artifact, 'digest'),
    message: `${artifact.kind} ${artifact.name}: ${where}: expected ${expected}, found ${found}`,
    remedy: 'Nothing was released from it. Find out who changed it before you try again; never set the lock to what was found.',
  };
}

/** The problem of work that was asked to stop; the same for every image, so that it is told once. */
export const interruptedProblem = ({ environment }: ChainContext): Problem => ({
  location: { file: `images of ${environment.name}` },
  message: 'the work was interrupted before everything was done',
  remedy: 'Run it again; what is done already is found and not done again.',
});

/**
 * The problem of a call that failed.
 *
 * @param what what the call was to do, such as `mirroring`
 */
export function failureProblem(
  context: ChainContext,
  artifact: Artifact,
  what: string,
  tool: ChainTool,
  result: ToolResult,
): Problem {
  if (context.caller.signal.aborted) return interruptedProblem(context);
  const mismatch = findMismatch(result.stderr);
  if (mismatch !== undefined) return mismatchProblem(context, artifact, `${what} met content that was changed`, mismatch);
  const said = result.failure ?? lastWords(result.stderr);
  return {
    location: context.locate(artifact, 'digest'),
    message: `${artifact.kind} ${artifact.name}: ${what} failed: ${tool}: ${said}`,
    remedy: remedyFor(context, result),
  };
}

function remedyFor({ environment, platform }: ChainContext, result: ToolResult): string {
  const { stderr } = result;
  if (result.failure !== undefined) return 'Run it again; --timeout gives it more time.';
  if (/SSRF|redirect/i.test(stderr)) {
    return 'The registry sends to another host, which is not followed. Name the right host under supplyChain.registries in platform.yaml.';
  }
  if (UNAUTHORIZED.test(stderr)) {
    return `Sign in: \`az acr login --name ${environment.registry.name}\`, or \`crane auth login\` for another registry.`;
  }
  if (NO_SPACE.test(stderr)) return 'Make room in the registry, then run it again; what is done already is not done again.';
  if (/no such key|KeyNotFound|Forbidden|AKV/i.test(stderr) && /vault/i.test(stderr)) {
    return `Check that you may sign with the keys of ${environment.vault.name}.`;
  }
  if (UNREACHABLE.test(stderr)) {
    const { registries } = platform.supplyChain;
    return Object.keys(registries).length === 0
      ? 'Check the network and proxy (HTTPS_PROXY); if this company reaches upstream elsewhere, say so under supplyChain.registries in platform.yaml.'
      : 'Check the network, the proxy (HTTPS_PROXY), and supplyChain.registries in platform.yaml.';
  }
  if (isTransient(result)) return 'It was tried several times. Run it again later, or with a lower --concurrency.';
  return 'Run it again; what is done already is found and not done again.';
}

/** Whether cosign looked at the signatures and said no, rather than failing to look. */
export function isVerdict(stderr: string): boolean {
  return /no (?:matching )?(?:signatures|attestations)|none of the expected identities|invalid signature/i.test(stderr);
}

/** The last line that a tool wrote, which is where it says what is wrong, without what it says of itself. */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim())
    .filter((line) => line !== '' && !/^(?:WARNING:|main\.go:|error during command execution)/i.test(line));
  const last = (lines.at(-1) ?? 'it did not say why').replace(/^Error: /i, '');
  return last.length <= 400 ? last : `${last.slice(0, 400)}…`;
}
