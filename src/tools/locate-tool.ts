import * as fs from 'node:fs';
import * as path from 'node:path';
import { type ToolName } from '../model';

/** Folder of the platform into which `k8s-gitops tools install` installs; Git ignores it. */
export const TOOLS_FOLDER = '.tools';

/** A tool on this machine. */
export interface LocatedTool {
  /** Absolute path. */
  readonly executable: string;
  /** Whether it is the one that the lock pins, or whichever PATH has. */
  readonly origin: 'installed' | 'PATH';
}

/**
 * Finds a tool: the one that `k8s-gitops tools install` installed, otherwise the one on PATH.
 *
 * @param directory platform folder
 * @returns `undefined` when it is nowhere
 */
export function locateTool(
  name: Exclude<ToolName, 'envtest'>,
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): LocatedTool | undefined {
  const installed = path.join(directory, TOOLS_FOLDER, 'bin', name);
  if (isExecutable(installed)) return { executable: installed, origin: 'installed' };
  const executable = locateOnPath(name, environment);
  return executable === undefined ? undefined : { executable, origin: 'PATH' };
}

/** The first program of a name on PATH; relative folders there would mean whatever lies in the folder that this runs in. */
export function locateOnPath(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  return (environment['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
