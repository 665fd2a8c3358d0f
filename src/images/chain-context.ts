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
  readonly today: Date;
  /** Where the lock has a field of an artifact. */
  readonly locate: (artifact: Artifact, field: 'digest' | 'signer') => Location;
  /** Tells progress. */
  readonly tell: (line: string) => void;
}

/** A file of this run for one artifact. */
export function scratchFile({ scratch }: ChainContext, { kind, name }: Artifact, suffix: string): string {
  return `${scratch}/${kind}-${name.replace(/[^a-zA-Z0-9.-]/g, '_')}.${suffix}`;
}
