import {
  CONTROLLERS_PATH,
  parseMirrorReference,
  REGISTRY_PREFIX,
  type Artifact,
  type Environment,
  type Platform,
  type Problem,
} from '../model';
import { ArtifactProgress, type ArtifactResult } from './artifact-result';
import { type ChainContext } from './chain-context';
import { checkCosign } from './check-cosign';
import { readManifest } from './crane';
import { failureProblem, mismatchProblem } from './explain-failure';
import { type ChainToolsFound } from './find-chain-tools';
import { lookForSignature } from './look-for-signature';
import { withSession, type Refusal, type SessionOptions } from './session';
import { attestSbom, scanImage, sign, verifyOwn, type Resolved } from './steps';
import { DATABASES } from './trivy';

/** Whether a repository in the registry is the platform's, whose images only the platform's key signs. */
export function isPlatformRepository({ lock }: Platform, repository: string): boolean {
  const targets = [...Object.values(lock.images), ...Object.values(lock.charts), ...DATABASES].map(({ target }) => target);
  return targets.includes(repository) || repository.startsWith(`${CONTROLLERS_PATH}/`);
}

/**
 * Scans and signs an application's image that its pipeline pushed to the environment's registry, with the key of applications.
 *
 * @param reference `<registry>/<repository>:<tag>@<digest>`
 */
export async function signApplication(
  platform: Platform,
  environment: Environment,
  reference: string,
  options: SessionOptions,
): Promise<{ readonly result: ArtifactResult; readonly tools: ChainToolsFound } | Refusal> {
  const resolved = resolveApplication(platform, environment, reference);
  if ('message' in resolved) return { problems: [resolved], tools: {} };
  return withSession(platform, environment, { ...options, keyName: 'applications' }, 'sign', async (context, tools) => {
    const unfit = await checkCosign(context.caller);
    if (unfit !== undefined) return { problems: [unfit], tools };
    const progress = new ArtifactProgress(resolved.artifact, context.tell);
    progress.end('upstream', 'not applicable', 'own build');
    await scanAndSign({ ...context, locate: () => ({ file: reference }) }, resolved, progress);
    return { result: progress.result(), tools };
  });
}

function resolveApplication(platform: Platform, { name, registry }: Environment, reference: string): Resolved | Problem {
  const location = { file: reference };
  const { repository, tag, digest } = parseMirrorReference(reference);
  if (digest === undefined) {
    return {
      location,
      message: 'names no digest, so it could mean something else by the time it is signed',
      remedy: "Give 'registry/repository:tag@sha256:...', as the push printed it.",
    };
  }
  const prefix = `${registry.loginServer}/`;
  if (!repository.startsWith(prefix)) {
    return {
      location,
      message: `is not in the registry of '${name}', ${registry.loginServer}`,
      remedy: 'Push it there first: the cluster pulls from nowhere else.',
    };
  }
  const target = repository.slice(prefix.length);
  if (isPlatformRepository(platform, target)) {
    return {
      location,
      message: `'${target}' is a repository of the platform, which the key of applications does not sign`,
      remedy: "Push the application to a repository of its own, such as '<team>/<application>'.",
    };
  }
  const artifact: Artifact = {
    kind: 'image',
    // As scan-exceptions.yaml names it; no name in the lock is like that.
    name: `${REGISTRY_PREFIX}${target}`,
    upstream: repository,
    tag,
    digest,
    target,
    signer: 'none',
    usedBy: [],
  };
  const pinned = `${repository}@${digest}`;
  return { artifact, digest, upstream: pinned, tagged: pinned, target: pinned };
}

async function scanAndSign(context: ChainContext, resolved: Resolved, progress: ArtifactProgress): Promise<void> {
  const { artifact, digest, target } = resolved;
  const signer = context.keys!.signer!;
  const found = await readManifest(context.caller, target);
  if (found.state === 'unknown') {
    progress.fail('mirror', failureProblem(context, artifact, `reading ${target}`, 'crane', found.result));
    return;
  }
  if (found.state === 'absent') {
    progress.fail('mirror', {
      location: context.locate(artifact, 'digest'),
      message: 'is not in the registry',
      remedy: 'Push it first.',
    });
    return;
  }
  if (found.digest !== digest) {
    progress.fail(
      'mirror',
      mismatchProblem(context, artifact, `${target} was changed`, { expected: digest, found: found.digest }),
    );
    return;
  }
  progress.end('mirror', 'present');
  const unfit = await context.prepareKey();
  if (unfit.length > 0) {
    progress.fail('sign', ...unfit);
    return;
  }
  if (!(await scanImage(context, resolved, progress))) return;
  const there = await lookForSignature(context, resolved, signer.publicKey);
  if ('location' in there) {
    progress.fail('verify', there);
    return;
  }
  if (there.isAttested) progress.end('sbom', 'present');
  else if (!(await attestSbom(context, resolved, signer.key, progress))) return;
  if (there.isSigned) progress.end('sign', 'present');
  else if (!(await sign(context, resolved, signer.key, progress))) return;
  await verifyOwn(context, resolved, signer.publicKey, progress);
}
