import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { KNOWN_TOOLS, type KnownTool } from './known-tools';
import { TOOLS_FOLDER } from './locate-tool';

/** A tool that takes longer than this to say its version counts as broken. */
const TIMEOUT_MILLISECONDS = 15_000;

/** A tool as it is on this machine. */
export interface FoundTool {
  readonly name: string;
  readonly neededFor: string;
  readonly required: boolean;
  readonly state: 'found' | 'missing' | 'broken';
  /** Version as the tool prints it. @default - not found */
  readonly version?: string;
  /** What to do. @default - nothing */
  readonly remedy?: string;
}

/** The versions of Node on which this runs, as `engines` in package.json says. */
const NODE_RANGE = '20.19 or later of 20, 22.12 or later of 22, or 24 and later';

/**
 * Looks for every known tool, all at once.
 *
 * @param environment environment variables, of which PATH says where to look
 * @param directory platform folder, in which tools may be installed; those come before the ones on PATH
 */
export async function findTools(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<readonly FoundTool[]> {
  const installed = path.join(path.resolve(directory), TOOLS_FOLDER, 'bin');
  const searched = { ...environment, PATH: [installed, environment['PATH'] ?? ''].join(path.delimiter) };
  return [nodeItself(process.versions.node), ...(await Promise.all(KNOWN_TOOLS.map((tool) => findTool(tool, searched))))];
}

/** Whether a version of Node is one that this runs on. */
export function nodeItself(version: string): FoundTool {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  return {
    name: 'node',
    neededFor: 'everything',
    required: true,
    state: supported ? 'found' : 'broken',
    version,
    ...(supported ? {} : { remedy: `Install Node ${NODE_RANGE}.` }),
  };
}

function findTool(tool: KnownTool, environment: Readonly<Record<string, string | undefined>>): Promise<FoundTool> {
  const { name, versionArguments, neededFor, required, source } = tool;
  return new Promise((resolve) => {
    execFile(
      name,
      versionArguments,
      { timeout: TIMEOUT_MILLISECONDS, windowsHide: true, env: environment },
      (error, stdout, stderr) => {
        const facts = { name, neededFor, required };
        if (error === null) {
          resolve({ ...facts, state: 'found', version: versionIn(`${stdout}\n${stderr}`) });
        } else if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
          resolve({ ...facts, state: 'missing', remedy: `Install it (${source}).` });
        } else {
          const reason =
            error.killed === true
              ? `it did not answer within ${TIMEOUT_MILLISECONDS / 1000} s`
              : `\`${name} ${versionArguments.join(' ')}\` failed`;
          resolve({ ...facts, state: 'broken', remedy: `Install it again (${source}): ${reason}.` });
        }
      },
    );
  });
}

const versionIn = (output: string): string => /\d+\.\d+(?:\.\d+)?[\w.+-]*/.exec(output)?.[0] ?? 'unknown';
