import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Environment, type Platform, type Problem } from '../model';
import { type ChainContext } from './chain-context';
import { writeEmptyTrustedRoot } from './cosign';
import { findChainTools, missingTool, type ChainToolsFound } from './find-chain-tools';
import { artifactLocator } from './locate-artifact';
import { prepareKey } from './prepare-key';
import { prepareScan } from './prepare-scan';
import { askPublicKey } from './public-key';
import { resolveSigningKeys, signingKeyOf, writePublicKey, type GivenKeys, type SigningKeyName } from './signing-keys';
import { type ToolCaller } from './tool-call';
import { missingDockerConfig, newCaller, withScratch, type CallerOptions } from './tool-caller';
import { type ScanSettings } from './trivy';

/** What a run over the images of an environment is told. */
export interface SessionOptions extends CallerOptions {
  /** How many images at a time. @default 4 */
  readonly concurrency?: number;
  /** Keys that are used instead of those that the outputs record. @default - those of the outputs */
  readonly keys?: GivenKeys;
  /** Whose keys they are. @default platform */
  readonly keyName?: SigningKeyName;
  /** The date, by which exceptions expire and databases age. */
  readonly today: Date;
}

export const DEFAULT_CONCURRENCY = 4;

/** What the work of a session needs of our own keys. */
export type KeyNeed = 'none' | 'verify' | 'sign';

/** Why a session did not begin. */
export interface Refusal {
  readonly problems: readonly Problem[];
  readonly tools: ChainToolsFound;
}

/**
 * Does work in a private scratch folder, which is gone afterwards whatever happens.
 *
 * @returns what the work returns, or what is missing for it
 */
export function withSession<Result>(
  platform: Platform,
  environment: Environment,
  options: SessionOptions,
  keyNeed: KeyNeed,
  work: (context: ChainContext, tools: ChainToolsFound) => Promise<Result>,
): Promise<Result | Refusal> {
  return withScratch(async (scratch) => {
    const tools = findChainTools(platform, options.environment);
    const context = await newContext(platform, environment, options, tools, scratch, keyNeed);
    return 'problems' in context ? { ...context, tools } : work(context.context, tools);
  });
}

async function newContext(
  platform: Platform,
  environment: Environment,
  options: SessionOptions,
  tools: ChainToolsFound,
  scratch: string,
  keyNeed: KeyNeed,
): Promise<{ readonly context: ChainContext } | { readonly problems: readonly Problem[] }> {
  const problems = (['crane', 'cosign'] as const).filter((name) => tools[name] === undefined).map(missingTool);
  const unsigned = missingDockerConfig(options);
  if (unsigned !== undefined) problems.push(unsigned);
  const caller = newCaller(tools, options, scratch, environment.registry.loginServer);
  const given = keyNeed === 'none' ? undefined : await completeKeys(options.keys ?? {}, caller, scratch, problems.length === 0);
  const keys =
    given === undefined || 'message' in given
      ? given
      : resolveSigningKeys(platform, environment, options.keyName ?? 'platform', given, scratch, options.environment);
  if (keys !== undefined && 'message' in keys) problems.push(keys);
  const trustedRoot = trustedRootOf(platform);
  if (trustedRoot !== undefined && typeof trustedRoot !== 'string') problems.push(trustedRoot);
  if (keys !== undefined && !('message' in keys) && keyNeed === 'sign' && keys.signer === undefined) {
    problems.push({
      location: { file: '--key' },
      message: 'no key is known that signs: only public keys are',
      remedy: 'Give --key, or record a key whose use is `sign` in the outputs.',
    });
  }
  if (problems.length > 0) return { problems };

  const scan: ScanSettings = {
    loginServer: environment.registry.loginServer,
    cache: trivyCache(options.environment, environment.registry.loginServer) ?? path.join(scratch, 'trivy'),
    platform: platform.supplyChain.scanPlatform,
    timeout: `${Math.ceil(caller.timeoutMilliseconds / 1000)}s`,
  };
  let preparation: Promise<readonly Problem[]> | undefined;
  let probe: Promise<readonly Problem[]> | undefined;
  const ownKeys = keys === undefined || 'message' in keys ? undefined : keys;
  return {
    context: {
      platform,
      environment,
      caller,
      scratch,
      emptyTrustedRoot: writeEmptyTrustedRoot(scratch),
      ...(typeof trustedRoot === 'string' ? { trustedRoot } : {}),
      ...(ownKeys === undefined ? {} : { keys: ownKeys }),
      scan,
      prepareScan: () => (preparation ??= prepareScan(platform, environment, caller, scan, options.today)),
      prepareKey: () =>
        (probe ??= ownKeys === undefined ? Promise.resolve([]) : prepareKey(environment, ownKeys, caller, scratch)),
      today: options.today,
      locate: artifactLocator(platform),
      tell: options.tell,
    },
  };
}

/**
 * A key whose public key is not given is asked for it, where cosign can tell.
 *
 * @param mayAsk whether everything is there that asking needs
 * @returns `undefined` when it was not asked
 */
async function completeKeys(
  given: GivenKeys,
  caller: ToolCaller,
  scratch: string,
  mayAsk: boolean,
): Promise<GivenKeys | Problem | undefined> {
  const { key, publicKeys } = given;
  if (key === undefined || publicKeys !== undefined) return given;
  const usable = signingKeyOf(key, caller.environment);
  if (typeof usable !== 'string') return key.includes('://') ? usable : given;
  if (!mayAsk) return undefined;
  const publicKey = await askPublicKey(caller, usable);
  if (typeof publicKey !== 'string') return publicKey;
  return { key, publicKeys: [writePublicKey(publicKey, path.join(scratch, 'asked.pub'))] };
}

/** The databases are kept between runs: they are large, and Trivy knows when they are old. Each registry has its own, which says what is true for it. */
function trivyCache(environment: SessionOptions['environment'], loginServer: string): string | undefined {
  const { XDG_CACHE_HOME: cache, HOME: home } = environment;
  const base = cache ?? (home === undefined ? undefined : path.join(home, '.cache'));
  return base === undefined ? undefined : path.join(base, 'k8s-gitops', 'trivy', loginServer.replace(/[^a-zA-Z0-9.-]/g, '_'));
}

function trustedRootOf({ directory, supplyChain }: Platform): string | Problem | undefined {
  const { trustedRoot } = supplyChain;
  if (trustedRoot === undefined) return undefined;
  const file = path.join(directory, trustedRoot);
  if (fs.existsSync(file)) return file;
  return {
    location: { file: trustedRoot },
    message: 'does not exist, but supplyChain.trustedRoot in platform.yaml names it',
    remedy: "Put Sigstore's trusted_root.json there, or remove the setting where cosign can fetch it.",
  };
}
