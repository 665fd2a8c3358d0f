import * as fs from 'node:fs';
import { type Readable } from 'node:stream';
import { lastWords } from '../images';
import { parseStackOutputs, type Problem, type StackOutputs } from '../model';
import { locateTool, runTool } from '../tools';

/** Where the outputs of a stack are had. */
export interface StackOutputsRequest {
  /** Platform folder, in which Pulumi finds its project. */
  readonly directory: string;
  /** Name of the stack, which is that of the environment. */
  readonly stack: string;
  /** File with what `pulumi stack output --json` printed, `-` for standard input. @default - Pulumi is asked */
  readonly from?: string;
  /** Standard input, asked for by `-` alone. */
  readonly standardInput: () => Readable;
  /** Environment variables, by which Pulumi signs in. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** The outputs of a stack, checked, and where they are from. */
export interface StackOutputsFound {
  readonly outputs: StackOutputs;
  /** The file, `<stdin>`, or `pulumi stack output`. */
  readonly origin: string;
}

interface Refused {
  readonly problems: readonly Problem[];
}

const STANDARD_INPUT = '<stdin>';
const PULUMI = 'pulumi stack output';

/** Larger answers are not the outputs of an environment's stack, which are a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

const TIMEOUT_MILLISECONDS = 5 * 60 * 1000;

/** Reads the outputs of a stack from a file, from standard input, or by asking Pulumi. */
export async function readStackOutputs(request: StackOutputsRequest): Promise<StackOutputsFound | Refused> {
  const { from, standardInput } = request;
  const origin = from === undefined ? PULUMI : from === '-' ? STANDARD_INPUT : from;
  const text =
    from === undefined
      ? await askPulumi(request)
      : await readText(from === '-' ? standardInput() : fs.createReadStream(from), origin, request.signal);
  if (typeof text !== 'string') return { problems: [text] };
  const result = parseStackOutputs(text, origin);
  return 'problems' in result ? result : { outputs: result.outputs, origin };
}

async function askPulumi({ directory, stack, environment, signal }: StackOutputsRequest): Promise<string | Problem> {
  const elsewhere = `give what \`pulumi stack output --json --stack ${stack}\` prints with --from`;
  const pulumi = locateTool('pulumi', directory, environment);
  if (pulumi === undefined) {
    return {
      location: { file: 'pulumi' },
      message: 'is neither installed nor on PATH',
      remedy: `Run \`npx k8s-gitops tools install pulumi\`, or ${elsewhere}.`,
    };
  }
  const result = await runTool(pulumi.executable, ['stack', 'output', '--json', '--stack', stack, '--non-interactive'], {
    environment: { ...environment, PULUMI_SKIP_UPDATE_CHECK: 'true' },
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    directory,
    signal,
  });
  if (result.code !== 0) {
    return {
      location: { file: PULUMI },
      message: `failed for stack '${stack}': ${result.failure ?? lastWords(result.stderr)}`,
      remedy: `Sign in to the state (\`pulumi login\`) and check that \`pulumi up --stack ${stack}\` ran, or ${elsewhere}.`,
    };
  }
  return result.bytes.length > MAX_BYTES ? tooLarge(PULUMI) : decode(result.bytes, PULUMI);
}

async function readText(stream: Readable, file: string, signal: AbortSignal): Promise<string | Problem> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const stop = (): void => {
    stream.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream) {
      const part = Buffer.from(chunk as Buffer | string);
      bytes += part.length;
      if (bytes > MAX_BYTES) return tooLarge(file);
      chunks.push(part);
    }
  } catch (error) {
    if (signal.aborted) return interrupted(file);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { location: { file }, message: `cannot be read (${code})`, remedy: 'Name a file that can be read with --from.' };
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return signal.aborted ? interrupted(file) : decode(Buffer.concat(chunks), file);
}

const tooLarge = (file: string): Problem => ({
  location: { file },
  message: `has more than ${MAX_BYTES} bytes`,
  remedy: "Give the outputs of an environment's stack alone, as `pulumi stack output --json` prints them.",
});

const interrupted = (file: string): Problem => ({
  location: { file },
  message: 'was not read to its end: the work was interrupted',
  remedy: 'Run it again; nothing was written.',
});

function decode(bytes: Buffer, file: string): string | Problem {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return {
      location: { file },
      message: 'is not valid UTF-8',
      remedy: 'Save it as UTF-8: some shells write UTF-16 when output is sent to a file.',
    };
  }
}
