import { startProcess, stopProcess } from './processes';
import { toolPath } from './tools';

/** A real registry on loopback. */
export interface Registry {
  /** Host and port. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts crane's registry on a free port. */
export function startRegistry(): Promise<Registry> {
  const child = startProcess(toolPath('crane'), ['registry', 'serve', '--address', '127.0.0.1:0']);
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => {
      reject(new Error(`the registry ended: ${said}`));
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = /serving on port (\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve({ host: `127.0.0.1:${port}`, stop: () => stopProcess(child) });
    });
  });
}
