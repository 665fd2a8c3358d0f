import { type FileChange, type Repair } from '../../manifests';
import { type Platform, type Problem } from '../model';
import { type KnownChangeVerdict } from './known-changes';
import { type VersionChange } from './version-changes';

/** What was done, or what forbade it; with a problem nothing was written. */
export interface Upgrade {
  /** What an earlier, killed run had left half written. @default - nothing */
  readonly repair?: Repair;
  readonly interrupted: boolean;
  readonly problems: readonly Problem[];
  /** What could not be learned. */
  readonly notes: readonly Problem[];
  readonly versions: readonly VersionChange[];
  /** Addresses of the release notes to read. */
  readonly releaseNotes: readonly string[];
  readonly knownChanges: readonly KnownChangeVerdict[];
  /** Files, by their path relative to the platform folder. */
  readonly changes: readonly FileChange[];
  /** Whether `npm run imports` has something to do. */
  readonly importsChange: boolean;
  /** The model as it is now. @default - it has problems */
  readonly platform?: Platform;
}

/** An upgrade that changes nothing. */
export const NOTHING: Upgrade = {
  interrupted: false,
  problems: [],
  notes: [],
  versions: [],
  releaseNotes: [],
  knownChanges: [],
  changes: [],
  importsChange: false,
};
