import { type ToolName } from '../model';
import { pause, runTool, type ToolResult } from '../tools';
import { type AccessWait } from './access-wait';

/** The tools that the chain calls. */
export const CHAIN_TOOLS = ['crane', 'cosign', 'trivy'] as const satisfies readonly ToolName[];
export type ChainTool = (typeof CHAIN_TOOLS)[number];

/** One call of a tool. */
export interface ToolCall {
  readonly tool: ChainTool;
  readonly args: readonly string[];
}

/** What calls of tools have in common. */
export interface ToolCaller {
  /** Absolute path of each tool; absent where it is not on this machine. */
  readonly executables: Readonly<Partial<Record<ChainTool, string>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An empty folder to run in: tools read settings from the folder they run in, which would escape review. */
  readonly directory: string;
  readonly timeoutMilliseconds: number;
  /** Wait before the first repetition; it doubles each time. */
  readonly backoffMilliseconds: number;
  readonly signal: AbortSignal;
  /** Waits for access that is denied at first. @default - a refusal is final */
  readonly access?: AccessWait;
}

/** Asked anew each time: it changes while tools run. */
export const isInterrupted = ({ signal }: ToolCaller): boolean => signal.aborted;

/** A call is repeated this often when a registry is overloaded or a connection breaks. */
const REPETITIONS = 4;

/** What registries and networks answer when the same call may succeed later. */
const TRANSIENT =
  /(?:^|\s)(?:429|502|503|504)(?:\s|$)|TOOMANYREQUESTS|too many requests|connection reset|connection refused|broken pipe|unexpected EOF|: EOF\b|i\/o timeout|TLS handshake timeout|server sent GOAWAY|http2: /i;

/** Throttling is answered with the wish to wait; what is said of it is no error of the content. */
export const isTransient = ({ code, stderr }: ToolResult): boolean => code !== 0 && code !== undefined && TRANSIENT.test(stderr);

/** Calls a tool, again after a while when what went wrong may pass by itself. */
export async function callTool(caller: ToolCaller, call: ToolCall, sink?: () => (chunk: Buffer) => void): Promise<ToolResult> {
  const { tool, args } = call;
  const executable = caller.executables[tool];
  if (executable === undefined) throw new Error(`${tool} was not looked for`);
  for (let repetition = 0; ;) {
    const result = await runTool(executable, args, {
      environment: environmentOf(tool, caller.environment),
      timeoutMilliseconds: caller.timeoutMilliseconds,
      signal: caller.signal,
      directory: caller.directory,
      ...(sink === undefined ? {} : { sink: sink() }),
    });
    if ((await caller.access?.repeats(call, result)) === true) continue;
    if (!isTransient(result) || repetition === REPETITIONS || caller.signal.aborted) return result;
    await pause(caller.backoffMilliseconds * 2 ** repetition++, caller.signal);
  }
}

/** A call as people would type it. */
export function commandLine({ tool, args }: ToolCall): string {
  return [tool, ...args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`))].join(' ');
}

/** Variables by which these tools could be told to look elsewhere, to trust somebody else, or to scan less: the model alone decides that. */
const SETTINGS = /^(?:COSIGN|SIGSTORE|TUF|TRIVY)_/;

/** Those of them that are about signing in. */
const CREDENTIALS: Readonly<Record<ChainTool, ReadonlySet<string>>> = {
  crane: new Set(),
  cosign: new Set(['COSIGN_PASSWORD']),
  trivy: new Set(['TRIVY_USERNAME', 'TRIVY_PASSWORD', 'TRIVY_REGISTRY_TOKEN']),
};

/** The variables that a tool gets: the password of a key is for cosign alone, and nothing loosens a check from outside. */
function environmentOf(tool: ChainTool, environment: ToolCaller['environment']): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(([name]) => !SETTINGS.test(name) || CREDENTIALS[tool].has(name));
  return {
    ...Object.fromEntries(kept),
    ...(tool === 'trivy' ? { TRIVY_SKIP_VERSION_CHECK: 'true', TRIVY_DISABLE_TELEMETRY: 'true' } : {}),
  };
}
