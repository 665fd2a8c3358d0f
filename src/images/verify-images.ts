import { z } from 'zod';
import { type Artifact, type Environment, type Platform, type Problem } from '../model';
import { type ChainContext } from './chain-context';
import { checkCosign } from './check-cosign';
import { hashBlob, readManifest } from './crane';
import { failureProblem, interruptedProblem, mismatchProblem } from './explain-failure';
import { type ChainToolsFound } from './find-chain-tools';
import { concurrently } from '../tools';
import { lookForSignature } from './look-for-signature';
import { targetRepository } from './registries';
import { DEFAULT_CONCURRENCY, withSession, type Refusal, type SessionOptions } from './session';
import { resolveReferences, type Resolved } from './steps';
import { isTransient } from './tool-call';

/** What was found of one artifact in the registry. */
export interface VerificationResult {
  readonly artifact: Artifact;
  /** Manifests and blobs whose content was hashed. */
  readonly objects: number;
  /** Whose signature it carries: that of the key that signs now, or of one that is only still accepted. @default - none was found */
  readonly signedBy?: 'current key' | 'earlier key';
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
}

/** Reads everything that the lock names from the environment's registry, hashes every byte and verifies every signature. */
export function verifyImages(
  platform: Platform,
  environment: Environment,
  artifacts: readonly Artifact[],
  options: SessionOptions,
): Promise<{ readonly results: readonly VerificationResult[]; readonly tools: ChainToolsFound } | Refusal> {
  return withSession(platform, environment, options, 'verify', async (context, tools) => {
    const unfit = await checkCosign(context.caller);
    if (unfit !== undefined) return { problems: [unfit], tools };
    const results = await concurrently(options.concurrency ?? DEFAULT_CONCURRENCY, artifacts, (artifact) =>
      verify(context, artifact),
    );
    return { results, tools };
  });
}

async function verify(context: ChainContext, artifact: Artifact): Promise<VerificationResult> {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  if (context.caller.signal.aborted) return { artifact, objects: 0, problems: [interruptedProblem(context)], notes };
  const resolved = resolveReferences(context, artifact);
  if (resolved === undefined) {
    problems.push({
      location: context.locate(artifact, 'digest'),
      message: `${artifact.kind} ${artifact.name}: its digest is unresolved, so there is nothing to compare with`,
      remedy: 'Run `npx k8s-gitops upgrade` where its upstream registry can be reached.',
    });
    return { artifact, objects: 0, problems, notes };
  }
  context.tell(`${artifact.name}: reading everything`);
  const content = await verifyContent(context, resolved, problems);
  const signedBy = content.isThere ? await verifySignatures(context, resolved, problems, notes) : undefined;
  return { artifact, objects: content.objects, ...(signedBy === undefined ? {} : { signedBy }), problems, notes };
}

/** The parts of a manifest or index that name other content. */
const manifestContent = z.object({
  manifests: z.array(z.object({ digest: z.string() })).optional(),
  config: z.object({ digest: z.string() }).optional(),
  layers: z.array(z.object({ digest: z.string(), mediaType: z.string().default('') })).optional(),
});

/** A manifest names at most this many others, however it was made. */
const MAX_OBJECTS = 10_000;

/** Hashes the tag's manifest and all that it names. */
async function verifyContent(
  context: ChainContext,
  { artifact, digest, tagged }: Resolved,
  problems: Problem[],
): Promise<{ readonly isThere: boolean; readonly objects: number }> {
  const repository = targetRepository(artifact, context.environment);
  const seen = new Set<string>();
  const pending: { readonly reference: string; readonly digest: string; readonly kind: 'manifest' | 'blob' }[] = [
    { reference: tagged, digest, kind: 'manifest' },
  ];
  for (let object = pending.pop(); object !== undefined && seen.size < MAX_OBJECTS; object = pending.pop()) {
    if (seen.has(object.digest)) continue;
    seen.add(object.digest);
    if (object.kind === 'blob') {
      const { digest: found, result } = await hashBlob(context.caller, object.reference);
      if (result.failure !== undefined || isTransient(result)) {
        // What came is not all, so its digest says nothing.
        problems.push(failureProblem(context, artifact, `reading ${object.reference}`, 'crane', result));
      } else if (found !== undefined && found !== object.digest) {
        problems.push(mismatchProblem(context, artifact, `${object.reference} was changed`, { expected: object.digest, found }));
      } else if (result.code !== 0) {
        problems.push(failureProblem(context, artifact, `reading ${object.reference}`, 'crane', result));
      }
      continue;
    }
    const manifest = await readManifest(context.caller, object.reference);
    if (manifest.state === 'unknown') {
      problems.push(failureProblem(context, artifact, `reading ${object.reference}`, 'crane', manifest.result));
      continue;
    }
    if (manifest.state === 'absent') {
      problems.push(absentProblem(context, artifact, object.reference));
      if (object.reference === tagged) return { isThere: false, objects: 0 };
      continue;
    }
    if (manifest.digest !== object.digest) {
      const expectation = { expected: object.digest, found: manifest.digest };
      problems.push(mismatchProblem(context, artifact, `${object.reference} is something else`, expectation));
      if (object.reference === tagged) return { isThere: false, objects: seen.size };
      continue;
    }
    const parsed = parseManifest(manifest.content);
    if (parsed === undefined) {
      problems.push({
        location: context.locate(artifact, 'digest'),
        message: `${artifact.kind} ${artifact.name}: ${object.reference} is not a manifest that can be read, so what it names is not verified`,
        remedy: 'Find out what its publisher put there before you run it.',
      });
      continue;
    }
    const add = (kind: 'manifest' | 'blob', names: readonly { readonly digest: string }[]): void => {
      for (const { digest: name } of names) pending.push({ reference: `${repository}@${name}`, digest: name, kind });
    };
    add('manifest', parsed.manifests ?? []);
    add('blob', parsed.config === undefined ? [] : [parsed.config]);
    // Layers that may not be distributed are kept elsewhere by design.
    add(
      'blob',
      (parsed.layers ?? []).filter(({ mediaType }) => !/\.nondistributable\.|\.foreign\./.test(mediaType)),
    );
  }
  if (pending.length > 0) {
    problems.push({
      location: context.locate(artifact, 'digest'),
      message: `${artifact.kind} ${artifact.name}: it consists of more than ${MAX_OBJECTS} objects; the rest was not read`,
      remedy: 'Find out what its publisher put there before you run it.',
    });
  }
  return { isThere: true, objects: seen.size };
}

function parseManifest(content: Buffer): z.output<typeof manifestContent> | undefined {
  try {
    return manifestContent.parse(JSON.parse(content.toString('utf8')));
  } catch {
    return undefined;
  }
}

function absentProblem(context: ChainContext, artifact: Artifact, reference: string): Problem {
  return {
    location: context.locate(artifact, 'digest'),
    message: `${artifact.kind} ${artifact.name}: the registry does not have ${reference}`,
    remedy: `Run \`npx k8s-gitops images release --env ${context.environment.name}\`.`,
  };
}

/** Any accepted key will do; one that is about to be retired is worth a note. */
async function verifySignatures(
  context: ChainContext,
  resolved: Resolved,
  problems: Problem[],
  notes: Problem[],
): Promise<VerificationResult['signedBy']> {
  const { artifact, target } = resolved;
  const answers: string[] = [];
  for (const [index, publicKey] of (context.keys?.accepted ?? []).entries()) {
    const found = await lookForSignature(context, resolved, publicKey);
    if ('location' in found) {
      problems.push(found);
      return undefined;
    }
    if (found.said !== undefined) {
      answers.push(found.said);
      continue;
    }
    if (index === 0) return 'current key';
    notes.push({
      location: context.locate(artifact, 'digest'),
      message: `${artifact.kind} ${artifact.name}: only an earlier key has signed ${target}`,
      remedy: `Run \`npx k8s-gitops images release --env ${context.environment.name}\`, which signs it with the current key, before the earlier one is retired.`,
    });
    return 'earlier key';
  }
  problems.push({
    location: context.locate(artifact, 'digest'),
    message: `${artifact.kind} ${artifact.name}: no accepted key has signed ${target}: cosign: ${[...new Set(answers)].join('; ')}`,
    remedy: `Run \`npx k8s-gitops images release --env ${context.environment.name}\`; if it was released before, find out who put it there.`,
  });
  return undefined;
}
