import * as fs from 'node:fs';
import { SCAN_EXCEPTIONS_FILE, type Artifact, type Problem } from '../model';
import { type ArtifactProgress } from './artifact-result';
import { scratchFile, type ChainContext } from './chain-context';
import { attestCall, signCall, verifyAttestationCall, verifyCall, verifyUpstreamCall } from './cosign';
import { copyCall, readManifest } from './crane';
import { failureProblem, isVerdict, lastWords, mismatchProblem } from './explain-failure';
import { missingTool } from './find-chain-tools';
import { describeVulnerability, judgeScan, type ScanVerdict } from './judge-scan';
import { targetRepository, upstreamReference } from './registries';
import { unusableSbom } from './sbom';
import { requiredAnnotations, signedAnnotations } from './signature-annotations';
import { MAX_REPORT_BYTES, parseScanReport } from './scan-report';
import { writePublicKey } from './signing-keys';
import { callTool, type ToolCall } from './tool-call';
import { sbomCall, scanCall } from './trivy';

/** An artifact whose digest is known, with its references by that digest. */
export interface Resolved {
  readonly artifact: Artifact;
  readonly digest: string;
  /** Upstream, as it is reached from here. */
  readonly upstream: string;
  /** In the environment's registry, by tag. */
  readonly tagged: string;
  /** In the environment's registry, by digest. */
  readonly target: string;
}

/** The references of an artifact; `undefined` when its digest is unresolved. */
export function resolveReferences({ platform, environment }: ChainContext, artifact: Artifact): Resolved | undefined {
  const { digest, tag } = artifact;
  if (digest === undefined) return undefined;
  const repository = targetRepository(artifact, environment);
  return {
    artifact,
    digest,
    upstream: upstreamReference(artifact, digest, platform.supplyChain),
    tagged: `${repository}:${tag}`,
    target: `${repository}@${digest}`,
  };
}

/** Each step says whether the chain goes on. */
type StepOutcome = Promise<boolean>;

/** The call that verifies the upstream signature; `undefined` where nobody signs. */
export function upstreamCall(context: ChainContext, { artifact, upstream }: Resolved): ToolCall | undefined {
  const { signer } = artifact;
  const publicKey =
    typeof signer === 'object' && 'publicKey' in signer ? scratchFile(context, artifact, 'upstream.pub') : undefined;
  if (publicKey !== undefined) writePublicKey((signer as { publicKey: string }).publicKey, publicKey);
  const { emptyTrustedRoot, trustedRoot } = context;
  return verifyUpstreamCall(
    signer,
    {
      emptyTrustedRoot,
      ...(trustedRoot === undefined ? {} : { trustedRoot }),
      ...(publicKey === undefined ? {} : { publicKey }),
    },
    upstream,
  );
}

/** Verifies the upstream signature. */
export async function verifyUpstream(context: ChainContext, resolved: Resolved, progress: ArtifactProgress): StepOutcome {
  const { artifact, upstream } = resolved;
  const call = upstreamCall(context, resolved);
  if (call === undefined) {
    progress.end('upstream', 'not applicable', 'unsigned');
    return true;
  }
  progress.begin('verifying the upstream signature');
  const result = await callTool(context.caller, call);
  if (result.code === 0) {
    progress.end('upstream', 'done', 'verified');
    return true;
  }
  progress.fail(
    'upstream',
    isVerdict(result.stderr)
      ? {
          location: context.locate(artifact, 'signer'),
          message: `${artifact.kind} ${artifact.name}: ${upstream} is not signed by whom the lock names: cosign: ${lastWords(result.stderr)}`,
          remedy: 'Do not release it. Compare with what its publisher says of its signatures; the lock names the signer.',
        }
      : failureProblem(context, artifact, 'verifying the upstream signature', call.tool, result),
  );
  return false;
}

/** Scans an image by its upstream digest. */
export async function scanImage(
  context: ChainContext,
  { artifact, upstream }: Resolved,
  progress: ArtifactProgress,
): StepOutcome {
  if (artifact.kind === 'chart') {
    progress.end('scan', 'not applicable', 'chart');
    return true;
  }
  const unprepared = await context.prepareScan();
  if (unprepared.length > 0) {
    progress.fail('scan', ...unprepared);
    return false;
  }
  progress.begin('scanning');
  const output = scratchFile(context, artifact, 'scan.json');
  const call = scanCall(context.scan, output, upstream);
  const result = await callTool(context.caller, call);
  if (result.code !== 0) {
    progress.fail('scan', failureProblem(context, artifact, 'scanning', call.tool, result));
    return false;
  }
  const report = readReport(output, upstream);
  if ('unusable' in report) {
    progress.fail('scan', unusableReport(context, artifact, 'the report', report.unusable));
    return false;
  }
  const verdict = judgeScan(report, artifact.name, context.platform.scanExceptions, context.today);
  progress.scanned(verdict);
  return judge(context, artifact, verdict, progress);
}

function readReport(file: string, reference: string): ReturnType<typeof parseScanReport> {
  const text = readText(file);
  return typeof text === 'string' ? parseScanReport(text, reference) : text;
}

function readText(file: string): string | { readonly unusable: string } {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return { unusable: 'it was not written' };
  if (size > MAX_REPORT_BYTES) return { unusable: `it has ${size} bytes, more than ${MAX_REPORT_BYTES}` };
  return fs.readFileSync(file, 'utf8');
}

const unusableReport = (context: ChainContext, artifact: Artifact, what: string, why: string): Problem => ({
  location: context.locate(artifact, 'digest'),
  message: `${artifact.kind} ${artifact.name}: ${what} of Trivy cannot be used: ${why}`,
  remedy: 'Check that Trivy is the version that the lock pins: `npx k8s-gitops tools install trivy`.',
});

function judge(context: ChainContext, artifact: Artifact, { open, accepted }: ScanVerdict, progress: ArtifactProgress): boolean {
  const enforced = context.environment.scan === 'enforce';
  for (const { id, expired } of open) {
    if (expired === undefined) continue;
    progress.note({
      location: { file: SCAN_EXCEPTIONS_FILE },
      message: `the exception of ${id} in '${artifact.name}' expired on ${expired.expires}`,
      remedy: `Ask ${expired.owner} to review it: upgrade to a version without the finding, or set a new date.`,
    });
  }
  const count = `${open.length} finding${open.length === 1 ? '' : 's'}${accepted.length === 0 ? '' : `, ${accepted.length} accepted`}`;
  const detail = open.length + accepted.length === 0 ? 'clean' : count;
  if (!enforced || open.length === 0) {
    progress.end('scan', 'done', detail);
    return true;
  }
  progress.fail(
    'scan',
    ...open.map(({ id, severity, package: name, installed, fixed, target }) => ({
      location: context.locate(artifact, 'digest'),
      message: `${artifact.kind} ${artifact.name}: ${describeVulnerability({ id, severity, package: name, installed, fixed, target })}`,
      remedy: `Upgrade to a version without it, or have the platform team accept it for '${artifact.name}' for a time in ${SCAN_EXCEPTIONS_FILE}.`,
    })),
  );
  progress.end('scan', 'failed', detail);
  return false;
}

/** Copies the whole index by digest, and looks at what arrived. */
export async function mirror(context: ChainContext, resolved: Resolved, progress: ArtifactProgress): StepOutcome {
  const { artifact, digest, upstream, tagged } = resolved;
  progress.begin('mirroring');
  const call = copyCall(upstream, tagged);
  const result = await callTool(context.caller, call);
  const arrived = await readManifest(context.caller, tagged);
  // A copy whose answer was lost, or that another run was faster with, is refused the second time, and there all the same.
  if (result.code !== 0 && !(arrived.state === 'present' && arrived.digest === digest)) {
    progress.fail('mirror', failureProblem(context, artifact, 'mirroring', call.tool, result));
    return false;
  }
  if (arrived.state !== 'present') {
    const answer = arrived.state === 'unknown' ? lastWords(arrived.result.stderr) : 'it says that there is nothing';
    progress.fail('mirror', {
      location: context.locate(artifact, 'digest'),
      message: `${artifact.kind} ${artifact.name}: ${tagged} was copied, but the registry does not have it: ${answer}`,
      remedy: 'Run it again; if it stays so, the registry is not keeping what it accepts.',
    });
    return false;
  }
  if (arrived.digest !== digest) {
    progress.fail(
      'mirror',
      mismatchProblem(context, artifact, `${tagged} arrived changed`, { expected: digest, found: arrived.digest }),
    );
    return false;
  }
  progress.end('mirror', 'done', 'copied');
  return true;
}

/** Makes the list of what is in an image and attests it to the digest. */
export async function attestSbom(
  context: ChainContext,
  resolved: Resolved,
  key: string,
  progress: ArtifactProgress,
): StepOutcome {
  const { artifact, target } = resolved;
  const output = sbomFile(context, artifact);
  // What an earlier key vouches for is not scanned, so nobody has asked for Trivy yet.
  if (context.caller.executables.trivy === undefined) {
    progress.fail('sbom', missingTool('trivy'));
    return false;
  }
  progress.begin('attesting the SBOM');
  const making = sbomCall(context.scan, output, target);
  const made = await callTool(context.caller, making);
  if (made.code !== 0) {
    progress.fail('sbom', failureProblem(context, artifact, 'making the SBOM', making.tool, made));
    return false;
  }
  const unusable = unusableSbom(readText(output), target);
  if (unusable !== undefined) {
    progress.fail('sbom', unusableReport(context, artifact, 'the SBOM', unusable));
    return false;
  }
  const attesting = attestCall(key, output, target);
  const attested = await callTool(context.caller, attesting);
  if (attested.code !== 0) {
    progress.fail('sbom', failureProblem(context, artifact, 'attesting the SBOM', attesting.tool, attested));
    return false;
  }
  progress.end('sbom', 'done', 'attested');
  return true;
}

export const sbomFile = (context: ChainContext, artifact: Artifact): string => scratchFile(context, artifact, 'sbom.cdx.json');

/** Signs the digest. */
export async function sign(
  context: ChainContext,
  { artifact, target }: Resolved,
  key: string,
  progress: ArtifactProgress,
): StepOutcome {
  progress.begin('signing');
  const call = signCall(key, target, signedAnnotations(context, artifact));
  const result = await callTool(context.caller, call);
  if (result.code !== 0) {
    progress.fail('sign', failureProblem(context, artifact, 'signing', call.tool, result));
    return false;
  }
  progress.end('sign', 'done', 'signed');
  return true;
}

/** Verifies what was signed and attested with the public key that belongs to the signing key. */
export async function verifyOwn(
  context: ChainContext,
  resolved: Resolved,
  publicKey: string,
  progress: ArtifactProgress,
): StepOutcome {
  const { artifact, target } = resolved;
  progress.begin('verifying our signature');
  for (const call of ownVerificationCalls(context, resolved, publicKey)) {
    const result = await callTool(context.caller, call);
    if (result.code === 0) continue;
    progress.fail(
      'verify',
      isVerdict(result.stderr)
        ? {
            location: context.locate(artifact, 'digest'),
            message: `${artifact.kind} ${artifact.name}: ${target} was signed, but the signature does not verify with the public key: cosign: ${lastWords(result.stderr)}`,
            remedy:
              'The public key does not belong to the key that signs: record the outputs of the stack again, or give the right --public-key.',
          }
        : failureProblem(context, artifact, 'verifying our signature', call.tool, result),
    );
    return false;
  }
  progress.end('verify', 'done', 'verified');
  return true;
}

/** The signature, and for an image the attestation of its SBOM. */
export function ownVerificationCalls(
  context: ChainContext,
  { artifact, target }: Resolved,
  publicKey: string,
): readonly ToolCall[] {
  const { emptyTrustedRoot } = context;
  return [
    verifyCall(publicKey, emptyTrustedRoot, target, requiredAnnotations(context, artifact)),
    ...(artifact.kind === 'chart' ? [] : [verifyAttestationCall(publicKey, emptyTrustedRoot, target)]),
  ];
}
