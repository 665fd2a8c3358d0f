import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { type Artifact, type Environment, type Location, type Platform, type Problem } from '../model';
import { type SigningKeys } from './signing-keys';
import { type ToolCaller } from './tool-call';
import { type ScanSettings } from './trivy';

/** What the chain knows of one environment. */
export interface ChainContext {
  readonly platform: Platform;
  readonly environment: Environment;
  readonly caller: ToolCaller;
  /** Private folder for keys, reports and SBOMs; gone after the run. */
  readonly scratch: string;
  /** A trusted root that trusts nobody. */
  readonly emptyTrustedRoot: string;
  /** Sigstore's trusted root. @default - cosign fetches it */
  readonly trustedRoot?: string;
  /** @default - this run neither signs nor verifies our own signatures */
  readonly keys?: SigningKeys;
  readonly scan: ScanSettings;
  /** Gets the vulnerability databases once, when the first image is to be scanned, and tells what keeps a scan from being trusted. */
  readonly prepareScan: () => Promise<readonly Problem[]>;
  /** Finds out once, before anything is written, whether the key signs and the public key belongs to it. */
  readonly prepareKey: () => Promise<readonly Problem[]>;
  readonly today: Date;
  /** Where the lock has a field of an artifact. */
  readonly locate: (artifact: Artifact, field: 'digest' | 'signer') => Location;
  /** Tells progress. */
  readonly tell: (line: string) => void;
}

/** A file of this run for one artifact. */
export function scratchFile({ scratch }: ChainContext, { kind, name }: Artifact, suffix: string): string {
  // A hash: names differ in characters that files cannot have, and may be longer than names of files.
  const hash = createHash('sha256').update(`${kind} ${name}`).digest('hex');
  return path.join(scratch, `${hash.slice(0, 32)}.${suffix}`);
}
