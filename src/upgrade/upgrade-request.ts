import { type Signer, type ToolName } from '../model';

/** What is asked for. */
export interface UpgradeRequest {
  /** Platform folder. */
  readonly directory: string;
  /** Version of Flux. @default - that of the model */
  readonly flux?: string;
  /** Version of the Flux Operator. @default - that of the model */
  readonly operator?: string;
  /** Versions of tools. @default - those of the lock */
  readonly tools?: Readonly<Partial<Record<ToolName, string>>>;
  /** Who signs a repository. @default - as the lock says */
  readonly signers?: ReadonlyMap<string, Signer>;
  /** Folder with what the operator publishes. @default - it is fetched when it is needed */
  readonly manifests?: string;
  /** Whether going back is meant. @default false */
  readonly allowDowngrade?: boolean;
  /** Whether leaving out a minor version of Flux is meant. @default false */
  readonly allowSkippedMinor?: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Stops the work; nothing is written then. */
  readonly signal: AbortSignal;
  /** Folder of the program, which holds the schemas. @default - that of this program */
  readonly program?: string;
  /** Told what is being done. @default - nobody is told */
  readonly onStep?: (what: string) => void;
}
