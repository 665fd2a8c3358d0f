import { type Problem } from '../model';
import { type ChainContext } from './chain-context';
import { failureProblem, isVerdict, lastWords } from './explain-failure';
import { ownVerificationCalls, type Resolved } from './steps';
import { callTool } from './tool-call';

/** What a key has done for a digest. */
export interface SignatureFound {
  readonly isSigned: boolean;
  /** Whether the SBOM is attested; true for a chart, which has none. */
  readonly isAttested: boolean;
  /** What cosign says of what is not there. @default - all is there */
  readonly said?: string;
}

/** Looks for the signature and attestation of one key; a problem when that could not be found out. */
export async function lookForSignature(
  context: ChainContext,
  resolved: Resolved,
  publicKey: string,
): Promise<SignatureFound | Problem> {
  const calls = ownVerificationCalls(context, resolved, publicKey);
  const results = await Promise.all(calls.map((call) => callTool(context.caller, call)));
  const missing = results.filter(({ code }) => code !== 0);
  const unclear = missing.find(({ stderr }) => !isVerdict(stderr));
  if (unclear !== undefined) return failureProblem(context, resolved.artifact, 'looking for our signature', 'cosign', unclear);
  const [isSigned = false, isAttested = true] = results.map(({ code }) => code === 0);
  return { isSigned, isAttested, ...(missing[0] === undefined ? {} : { said: lastWords(missing[0].stderr) }) };
}
