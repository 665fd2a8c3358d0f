import * as fs from 'node:fs';
import * as path from 'node:path';
import { temporaryFolder } from '../../support/platform-folder';
import { startProcess, stopProcess } from './processes';
import { toolPath } from './tools';

/** A real registry on loopback. */
export interface Registry {
  /** Host and port. */
  readonly host: string;
  /** Folder in which it keeps its blobs; manifests are in memory. */
  readonly blobs: string;
  stop(): Promise<void>;
}

/** Starts crane's registry on a free port. */
export function startRegistry(): Promise<Registry> {
  const blobs = temporaryFolder();
  const child = startProcess(toolPath('crane'), ['registry', 'serve', '--address', '127.0.0.1:0', '--disk', blobs]);
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => {
      reject(new Error(`the registry ended: ${said}`));
    });
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = /serving on port (\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve({ host: `127.0.0.1:${port}`, blobs, stop: () => stopProcess(child) });
    });
  });
}

/** Changes one byte of a blob where the registry keeps it. */
export function flipByte({ blobs }: Registry, digest: string): void {
  const file = path.join(blobs, ...digest.split(':'));
  const content = fs.readFileSync(file);
  content[Math.floor(content.length / 2)]! ^= 1;
  fs.writeFileSync(file, content);
}
