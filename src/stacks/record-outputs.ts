import { type z } from 'zod';
import { outputsPath, unknownEnvironment, unknownStack } from '../model';
import { environmentStack, type EnvironmentRecordProps } from './record-environment';
import { diffOf, readRecorded, writeRecorded } from './record-file';
import { type RecordedStack, type Refusal } from './record-kind';
import { withOutputsTrial, type OutputsTrial } from './record-model';
import { organizationStack } from './record-organization';
import { unrecordable } from './record-problem';
import { readStackOutputs, type StackOutputsRequest } from './record-source';

/** Whose outputs are recorded: an environment's, or those of any stack, which may be that of an environment too. */
export type RecordTarget = { readonly environmentName: string } | { readonly stack: string };

/** What is to be recorded, and how. */
export type RecordRequest = RecordTarget & RecordOptions;

interface RecordOptions extends Omit<StackOutputsRequest, 'stack'>, Omit<EnvironmentRecordProps, 'name'> {
  /** Compare alone, and write nothing. @default false */
  readonly check?: boolean;
}

/** What became of the file of a stack below `outputs/`. */
export interface Recorded {
  /** Path relative to the platform folder. */
  readonly file: string;
  /** Whether the file was written, is what it would become, or would be changed. */
  readonly state: 'written' | 'unchanged' | 'different';
  /** The change as a unified diff, empty when there is none. */
  readonly diff: string;
  /** What is left to do, as sentences. */
  readonly nextSteps: readonly string[];
}

/** The result, what is wrong with the input, or with the command line. */
export type RecordResult = Recorded | Refusal;

/** Records the outputs of a stack in `outputs/<stack>.yaml`; of an environment's stack, the public keys of its signing keys too. */
export function recordOutputs(request: RecordRequest): Promise<RecordResult> {
  return withOutputsTrial(request.directory, (trial) => record(request, trial));
}

async function record(request: RecordRequest, { platform, problemsOf }: OutputsTrial): Promise<RecordResult> {
  const name = 'stack' in request ? request.stack : request.environmentName;
  const usage = 'stack' in request ? unknownStack(platform, name) : unknownEnvironment(platform, name);
  if (usage !== undefined) return { usage };
  const environment = platform.environments.find((candidate) => candidate.name === name);
  if (environment !== undefined) return recordStack(request, environmentStack(environment, request), problemsOf);
  return recordStack(request, organizationStack(platform, request.rotation), problemsOf);
}

/** What is the same for every kind of stack. */
async function recordStack<Schema extends z.ZodObject>(
  request: RecordOptions,
  stack: RecordedStack<Schema> | { readonly usage: string },
  problemsOf: OutputsTrial['problemsOf'],
): Promise<RecordResult> {
  if ('usage' in stack) return stack;
  const { name, option, printed, takeUp } = stack;
  const { directory, check = false } = request;
  const file = outputsPath(name);
  const recorded = readRecorded(directory, file);
  if ('problems' in recorded) return recorded;
  const makeContent = takeUp(recorded.text);
  if (typeof makeContent !== 'function') return makeContent;
  const found = await readStackOutputs({ ...request, stack: name }, printed);
  if ('problems' in found) return found;
  const content = await makeContent(found);
  if (!('text' in content)) return content;
  const { text, whenWritten, open } = content;
  const problems = problemsOf(name, text);
  if (problems.length > 0) {
    const refused = { stack: name, file, origin: found.origin };
    return { problems: problems.map((problem) => unrecordable(problem, refused)) };
  }
  if (recorded.text === text) return { file, state: 'unchanged', diff: '', nextSteps: open };
  const diff = diffOf(file, recorded.text, text);
  if (check) return { file, state: 'different', diff, nextSteps: [recordAgain(option), ...open] };
  const unwritten = writeRecorded(directory, file, text);
  if (unwritten !== undefined) return { problems: [unwritten] };
  return { file, state: 'written', diff, nextSteps: [...whenWritten, ...open] };
}

const recordAgain = (option: string): string =>
  `Run \`npx k8s-gitops outputs record ${option}\`, then \`npm start\`, and open a pull request with the result.`;
