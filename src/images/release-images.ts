import { type Artifact, type Environment, type Platform } from '../model';
import { type ArtifactResult } from './artifact-result';
import { runChain, type ChainMode } from './chain';
import { checkCosign } from './check-cosign';
import { type ChainToolsFound } from './find-chain-tools';
import { concurrently } from '../tools';
import { DEFAULT_CONCURRENCY, withSession, type Refusal, type SessionOptions } from './session';

/** How the images of an environment fared. */
export interface ReleaseResult {
  readonly results: readonly ArtifactResult[];
  readonly tools: ChainToolsFound;
}

/**
 * Takes images and charts through the chain, several at a time; one that fails does not keep the others.
 *
 * @returns the result for each, or what is missing to begin at all
 */
export function releaseImages(
  platform: Platform,
  environment: Environment,
  artifacts: readonly Artifact[],
  mode: ChainMode,
  options: SessionOptions,
): Promise<ReleaseResult | Refusal> {
  return withSession(platform, environment, options, mode === 'scan-only' ? 'none' : 'sign', async (context, tools) => {
    const unfit = await checkCosign(context.caller);
    if (unfit !== undefined) return { problems: [unfit], tools };
    const results = await concurrently(options.concurrency ?? DEFAULT_CONCURRENCY, artifacts, (artifact) =>
      runChain(context, artifact, mode),
    );
    return { results, tools };
  });
}
