import * as fs from 'node:fs';
import { type Readable } from 'node:stream';
import { type z } from 'zod';
import { lastWords } from '../images';
import { ORGANIZATION_STACK, type Problem } from '../model';
import { locateTool, runTool } from '../tools';
import { parsePrinted, type PrintedOutputs } from './record-parse';

/** Where the outputs of a stack are had. */
export interface StackOutputsRequest {
  /** Platform folder, in which Pulumi finds its project. */
  readonly directory: string;
  /** Name of the stack. */
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
export interface StackOutputsFound<Schema extends z.ZodObject> {
  readonly outputs: z.output<Schema>;
  /** The file, `<stdin>`, or `pulumi stack output`. */
  readonly origin: string;
}

interface Refused {
  readonly problems: readonly Problem[];
}

const STANDARD_INPUT = '<stdin>';
const PULUMI = 'pulumi stack output';

/** Larger texts are not the outputs of a stack, which are a few kilobytes. */
export const MAX_BYTES = 1024 * 1024;

const TIMEOUT_MILLISECONDS = 5 * 60 * 1000;

/** Reads the outputs of a stack from a file, from standard input, or by asking Pulumi. */
export async function readStackOutputs<Schema extends z.ZodObject>(
  request: StackOutputsRequest,
  printed: PrintedOutputs<Schema>,
): Promise<StackOutputsFound<Schema> | Refused> {
  const { from, standardInput } = request;
  const origin = from === undefined ? PULUMI : from === '-' ? STANDARD_INPUT : from;
  const bytes =
    from === undefined
      ? await askPulumi(request)
      : await readBytes(from === '-' ? standardInput() : fs.createReadStream(from), origin, request.signal);
  const text = Buffer.isBuffer(bytes) ? decode(bytes, origin, printed.of) : bytes;
  if (typeof text !== 'string') return { problems: [text] };
  const result = parsePrinted(text, origin, printed);
  return 'problems' in result ? result : { outputs: result.outputs, origin };
}

async function askPulumi({ directory, stack, environment, signal }: StackOutputsRequest): Promise<Buffer | Problem> {
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
    const of = stack === ORGANIZATION_STACK ? `; the stack ${stack} has a container of its own` : '';
    return {
      location: { file: PULUMI },
      message: `failed for stack '${stack}': ${result.failure ?? lastWords(result.stderr)}`,
      remedy: `Sign in to the state of that stack (\`pulumi login\`, or PULUMI_BACKEND_URL${of}) and check that \`pulumi up --stack ${stack}\` ran, or ${elsewhere}.`,
    };
  }
  return result.bytes;
}

/** Reads on until there is more than anything that is decoded. */
async function readBytes(stream: Readable, file: string, signal: AbortSignal): Promise<Buffer | Problem> {
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
      chunks.push(part);
      if (bytes > MAX_BYTES) break;
    }
  } catch (error) {
    if (signal.aborted) return interrupted(file);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { location: { file }, message: `cannot be read (${code})`, remedy: 'Name a file that can be read with --from.' };
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return signal.aborted ? interrupted(file) : Buffer.concat(chunks);
}

const interrupted = (file: string): Problem => ({
  location: { file },
  message: 'was not read to its end: the work was interrupted',
  remedy: 'Run it again; nothing was written.',
});

function decode(bytes: Buffer, file: string, of: string): string | Problem {
  if (bytes.length > MAX_BYTES) {
    return {
      location: { file },
      message: `has more than ${MAX_BYTES} bytes`,
      remedy: `Give the outputs of ${of} alone, as \`pulumi stack output --json\` prints them.`,
    };
  }
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
