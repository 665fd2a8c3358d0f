import { z } from 'zod';
import { type Problem } from '../model';
import { callTool, type ToolCaller } from './tool-call';

/** The major version whose options are used here: the third refuses to leave the transparency log out by an option. */
const MAJOR = 2;

const version = z.object({ gitVersion: z.string() });

/** Tells a cosign whose options mean something else. */
export async function checkCosign(caller: ToolCaller): Promise<Problem | undefined> {
  const result = await callTool(caller, { tool: 'cosign', args: ['version', '--json'] });
  // Told for every image.
  if (caller.signal.aborted) return undefined;
  if (result.failure !== undefined) {
    return { location: { file: 'cosign' }, message: `did not tell its version: ${result.failure}`, remedy: 'Run it again.' };
  }
  const found = result.code === 0 ? parse(result.stdout) : undefined;
  if (found?.startsWith(`v${MAJOR}.`) === true) return undefined;
  return {
    location: { file: 'cosign' },
    message: `is ${found ?? 'of an unknown version'}; ${MAJOR}.x is needed`,
    remedy: 'Run `npx k8s-gitops tools install cosign` for the version that the lock pins.',
  };
}

function parse(text: string): string | undefined {
  try {
    return version.parse(JSON.parse(text)).gitVersion;
  } catch {
    return undefined;
  }
}
