import { spawn, type ChildProcess } from 'node:child_process';
import { redact } from './redact';

/** How a tool is run. */
export interface RunOptions {
  /** Environment variables of the tool; also what is kept out of what it prints. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** After this time it is stopped. */
  readonly timeoutMilliseconds: number;
  /** Stops it early. @default - nothing does */
  readonly signal?: AbortSignal;
  /** Folder to run in. @default - that of this process */
  readonly directory?: string;
  /** Receives what the tool prints on its standard output, instead of keeping it. @default - it is kept */
  readonly sink?: (chunk: Buffer) => void;
}

/** How a run of a tool ended. */
export interface ToolResult {
  /** Exit code. @default - it was stopped by a signal, or could not be started */
  readonly code?: number;
  readonly stdout: string;
  /** The same, byte for byte. */
  readonly bytes: Buffer;
  /** With the values of secret environment variables removed. */
  readonly stderr: string;
  /** Why there is no exit code. @default - there is one */
  readonly failure?: string;
}

/** More than this is no answer of a tool but a flood. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Time between asking a tool to stop and stopping it. */
const GRACE_MILLISECONDS = 5000;

/** Time for what a tool wrote last to arrive after it ended; a process that it left behind may hold its output open for ever. */
const DRAIN_MILLISECONDS = 500;

/** Runs a tool to its end, without a shell. Never throws: what went wrong is in the result. */
export function runTool(executable: string, args: readonly string[], options: RunOptions): Promise<ToolResult> {
  return new Promise((resolve) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let bytes = 0;
    let failure: string | undefined;
    const child = spawn(executable, [...args], {
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what it starts is stopped with it.
      detached: true,
      ...(options.directory === undefined ? {} : { cwd: options.directory }),
    });
    let killer: NodeJS.Timeout | undefined;
    const stop = (reason: string): void => {
      if (failure !== undefined) return;
      failure = reason;
      signalGroup(child, 'SIGTERM');
      killer = setTimeout(() => {
        signalGroup(child, 'SIGKILL');
      }, GRACE_MILLISECONDS);
    };
    const timer = setTimeout(() => {
      stop(`it did not end within ${options.timeoutMilliseconds / 1000} s`);
    }, options.timeoutMilliseconds);
    const onAbort = (): void => {
      stop('it was interrupted');
    };
    if (options.signal?.aborted === true) onAbort();
    options.signal?.addEventListener('abort', onAbort, { once: true });

    const collect = (chunks: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) stop('it printed without end');
      else chunks.push(chunk);
    };
    child.stdout.on('data', options.sink ?? collect(out));
    child.stderr.on('data', collect(err));

    let ended = false;
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      clearTimeout(killer);
      options.signal?.removeEventListener('abort', onAbort);
      child.stdout.destroy();
      child.stderr.destroy();
      failure ??= signal === null ? undefined : `it was stopped by ${signal}`;
      const printed = Buffer.concat(out);
      resolve({
        ...(failure === undefined && code !== null ? { code } : {}),
        stdout: printed.toString('utf8'),
        bytes: printed,
        stderr: redact(Buffer.concat(err).toString('utf8'), options.environment),
        ...(failure === undefined ? {} : { failure }),
      });
    };
    child.on('error', (error) => {
      failure ??= `it cannot be started (${(error as NodeJS.ErrnoException).code ?? error.message})`;
      end(null, null);
    });
    child.on('close', end);
    child.on('exit', (code, signal) => {
      setTimeout(() => {
        end(code, signal);
      }, DRAIN_MILLISECONDS).unref();
    });
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
