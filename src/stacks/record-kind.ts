import { type z } from 'zod';
import { type Problem } from '../model';
import { type PrintedOutputs } from './record-parse';
import { type StackOutputsFound } from './record-source';

/** What is wrong with the input, or with the command line. */
export type Refusal = { readonly problems: readonly Problem[] } | { readonly usage: string };

/** What a file below `outputs/` becomes. */
export interface RecordContent {
  readonly text: string;
  /** What is next once it is written, as sentences. */
  readonly whenWritten: readonly string[];
  /** What is still to be done, whatever becomes of the file. */
  readonly open: readonly string[];
}

/** A stack that is recorded: all that differs between that of an environment and that of the Azure DevOps side. */
export interface RecordedStack<Schema extends z.ZodObject> {
  readonly name: string;
  /** The option that names it, such as `--env dev`. */
  readonly option: string;
  readonly printed: PrintedOutputs<Schema>;
  /**
   * Takes up what is recorded already, of which some may be in no stack.
   *
   * @param recorded text of the file, `undefined` where there is none yet
   * @returns what makes the new content
   */
  readonly takeUp: (recorded: string | undefined) => MakeContent<Schema> | Refusal;
}

export type MakeContent<Schema extends z.ZodObject> = (found: StackOutputsFound<Schema>) => Promise<RecordContent | Refusal>;
