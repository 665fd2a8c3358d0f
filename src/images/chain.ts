import { LOCK_FILE, UNRESOLVED, type Artifact } from '../model';
import { ArtifactProgress, type ArtifactResult } from './artifact-result';
import { scratchFile, type ChainContext } from './chain-context';
import { checkChart, isHelmChart, notAChart } from './check-chart';
import { attestCall, signCall } from './cosign';
import { copyCall, readManifest } from './crane';
import { failureProblem, interruptedProblem, mismatchProblem } from './explain-failure';
import { lookForSignature } from './look-for-signature';
import { signedAnnotations } from './signature-annotations';
import {
  attestSbom,
  mirror,
  ownVerificationCalls,
  resolveReferences,
  sbomFile,
  scanImage,
  sign,
  upstreamCall,
  verifyOwn,
  verifyUpstream,
  type Resolved,
} from './steps';
import { commandLine, type ToolCall } from './tool-call';
import { sbomCall, scanCall } from './trivy';

/** How far the chain goes. */
export type ChainMode =
  /** All the way. */
  | 'release'
  /** Verifies the upstream signature and scans; writes nothing. */
  | 'scan-only'
  /** Looks, and says what it would do; writes nothing. */
  | 'dry-run';

/** Takes one image or chart through the chain by its digest. */
export async function runChain(context: ChainContext, artifact: Artifact, mode: ChainMode): Promise<ArtifactResult> {
  const progress = new ArtifactProgress(artifact, context.tell);
  if (context.caller.signal.aborted) {
    progress.stop(interruptedProblem(context));
    return progress.result();
  }
  const resolved = resolveReferences(context, artifact);
  if (resolved === undefined) {
    progress.fail(mode === 'scan-only' ? 'scan' : 'mirror', {
      location: context.locate(artifact, 'digest'),
      message: `${artifact.kind} ${artifact.name}: its digest is unresolved, and nothing unresolved is released`,
      remedy: `Run \`npx k8s-gitops upgrade\` where ${artifact.upstream} can be reached, and review the digest in ${LOCK_FILE}.`,
    });
    return progress.result();
  }
  if (artifact.signer === UNRESOLVED) {
    progress.fail('upstream', {
      location: context.locate(artifact, 'signer'),
      message: `${artifact.kind} ${artifact.name}: nobody has said who signs it upstream`,
      remedy: `Look at what its publisher says, and run \`npx k8s-gitops upgrade --signer ${artifact.upstream}=none\` or \`--signer ${artifact.upstream}=ISSUER,IDENTITY\`.`,
    });
    return progress.result();
  }
  if (mode === 'scan-only') {
    const goesOn = (await verifyUpstream(context, resolved, progress)) && (await checkChart(context, resolved, progress));
    if (goesOn) await scanImage(context, resolved, progress);
    return progress.result({ state: goesOn ? 'not applicable' : 'not reached', detail: 'scan only' });
  }
  await release(context, resolved, mode === 'dry-run', progress);
  return progress.result();
}

/** What of an artifact the registry has already. */
interface Inventory {
  readonly isMirrored: boolean;
  /** Whether the current key has attested the SBOM. */
  readonly isAttested: boolean;
  /** Whether the current key has signed. */
  readonly isSigned: boolean;
  /** Whether an earlier key that is still accepted has signed: what the chain stands for was done then. */
  readonly wasReleased: boolean;
}

const NOTHING: Inventory = { isMirrored: false, isAttested: false, isSigned: false, wasReleased: false };

async function release(context: ChainContext, resolved: Resolved, dryRun: boolean, progress: ArtifactProgress): Promise<void> {
  const signer = context.keys?.signer;
  if (signer === undefined) throw new Error('a release needs a key');
  const inventory = await takeInventory(context, resolved, progress);
  if (inventory === undefined) return;
  if (inventory.isMirrored && inventory.isAttested && inventory.isSigned) {
    const isChart = resolved.artifact.kind === 'chart';
    for (const step of ['upstream', 'mirror', 'sign', 'verify'] as const) progress.end(step, 'present');
    for (const step of ['scan', 'sbom'] as const)
      progress.end(step, isChart ? 'not applicable' : 'present', ...(isChart ? ['chart'] : []));
    return;
  }
  if (dryRun) plan(context, resolved, inventory, signer, progress);
  else await carryOut(context, resolved, inventory, signer, progress);
}

type Signer = NonNullable<NonNullable<ChainContext['keys']>['signer']>;

/** What is missing is done in the order of the chain; the signature comes last, so that it stands for all of it. */
async function carryOut(
  context: ChainContext,
  resolved: Resolved,
  { isMirrored, isAttested, isSigned, wasReleased }: Inventory,
  { key, publicKey }: Signer,
  progress: ArtifactProgress,
): Promise<void> {
  const unfit = await context.prepareKey();
  if (unfit.length > 0) {
    progress.fail('sign', ...unfit);
    return;
  }
  if (wasReleased) {
    endEarlierSteps(resolved, progress);
  } else {
    if (!(await verifyUpstream(context, resolved, progress))) return;
    if (!(await checkChart(context, resolved, progress))) return;
    if (!(await scanImage(context, resolved, progress))) return;
  }
  if (isMirrored) progress.end('mirror', 'present');
  else if (!(await mirror(context, resolved, progress))) return;
  if (resolved.artifact.kind === 'chart') progress.end('sbom', 'not applicable', 'chart');
  else if (isAttested) progress.end('sbom', 'present');
  else if (!(await attestSbom(context, resolved, key, progress))) return;
  if (isSigned) progress.end('sign', 'present');
  else if (!(await sign(context, resolved, key, progress))) return;
  await verifyOwn(context, resolved, publicKey, progress);
}

/** A new key signs what an earlier one vouches for, even when it is gone upstream or has a finding since: rotating a key cannot wait. */
function endEarlierSteps({ artifact }: Resolved, progress: ArtifactProgress): void {
  progress.end('upstream', 'present');
  if (artifact.kind === 'chart') progress.end('scan', 'not applicable', 'chart');
  else progress.end('scan', 'present');
}

/** Looks at what is there; a tag with another digest stops everything. */
async function takeInventory(
  context: ChainContext,
  resolved: Resolved,
  progress: ArtifactProgress,
): Promise<Inventory | undefined> {
  const { artifact, digest, tagged } = resolved;
  const found = await readManifest(context.caller, tagged);
  if (found.state === 'unknown') {
    progress.fail('mirror', failureProblem(context, artifact, `looking at ${tagged}`, 'crane', found.result));
    return undefined;
  }
  if (found.state === 'absent') return NOTHING;
  if (found.digest !== digest) {
    progress.fail(
      'mirror',
      mismatchProblem(context, artifact, `${tagged} is ${whatElse(found.content)}`, { expected: digest, found: found.digest }),
    );
    return undefined;
  }
  if (artifact.kind === 'chart' && !isHelmChart(found.content)) {
    progress.fail('mirror', notAChart(context, artifact, tagged));
    return undefined;
  }
  const [current, ...earlier] = context.keys!.accepted;
  const byCurrent = await lookForSignature(context, resolved, current!);
  if ('location' in byCurrent) {
    progress.fail('verify', byCurrent);
    return undefined;
  }
  const { isSigned, isAttested } = byCurrent;
  let wasReleased = false;
  for (const publicKey of isSigned ? [] : earlier) {
    const byEarlier = await lookForSignature(context, resolved, publicKey);
    if ('location' in byEarlier) {
      progress.fail('verify', byEarlier);
      return undefined;
    }
    wasReleased ||= byEarlier.isSigned && byEarlier.isAttested;
  }
  return { isMirrored: true, isSigned, isAttested, wasReleased };
}

/** A sign-in page has a digest too. */
function whatElse(content: Buffer): string {
  return content.toString('utf8').trimStart().startsWith('{')
    ? 'something else'
    : 'no manifest at all, but something like a web page';
}

/** Says what {@link carryOut} would do, command by command. */
function plan(
  context: ChainContext,
  resolved: Resolved,
  { isMirrored, isAttested, isSigned, wasReleased }: Inventory,
  { key, publicKey }: Signer,
  progress: ArtifactProgress,
): void {
  const { artifact, upstream, tagged, target } = resolved;
  const isChart = artifact.kind === 'chart';
  const planned = (step: 'upstream' | 'scan' | 'mirror' | 'sbom' | 'sign' | 'verify', ...calls: readonly ToolCall[]): void => {
    progress.end(step, 'planned');
    for (const call of calls) progress.plan(commandLine(call));
  };
  if (wasReleased) {
    endEarlierSteps(resolved, progress);
  } else {
    const verification = upstreamCall(context, resolved);
    if (verification === undefined) progress.end('upstream', 'not applicable', 'unsigned');
    else planned('upstream', verification);
    if (isChart) progress.end('scan', 'not applicable', 'chart');
    else planned('scan', scanCall(context.scan, scratchFile(context, artifact, 'scan.json'), upstream));
  }
  if (isMirrored) progress.end('mirror', 'present');
  else planned('mirror', copyCall(upstream, tagged));
  if (isChart) progress.end('sbom', 'not applicable', 'chart');
  else if (isAttested) progress.end('sbom', 'present');
  else {
    const sbom = sbomFile(context, artifact);
    planned('sbom', sbomCall(context.scan, sbom, target), attestCall(key, sbom, target));
  }
  if (isSigned) progress.end('sign', 'present');
  else planned('sign', signCall(key, target, signedAnnotations(context, artifact)));
  planned('verify', ...ownVerificationCalls(context, resolved, publicKey));
}
