import { createHash } from 'node:crypto';
import { contentDigest, type ToolResult } from '../tools';
import { callTool, type ToolCall, type ToolCaller } from './tool-call';

/** Copies an index with everything it names, so that the digest stays; an existing tag is not moved. */
export const copyCall = (from: string, to: string, options: { readonly moveTag?: boolean } = {}): ToolCall => ({
  tool: 'crane',
  args: ['copy', ...(options.moveTag === true ? [] : ['--no-clobber']), from, to],
});

export const manifestCall = (reference: string): ToolCall => ({ tool: 'crane', args: ['manifest', reference] });
export const blobCall = (reference: string): ToolCall => ({ tool: 'crane', args: ['blob', reference] });

/** What stands in a registry under a reference. */
export type Manifest =
  | { readonly state: 'present'; readonly digest: string; readonly content: Buffer }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly result: ToolResult };

/** Registries differ in how they say that there is nothing. */
const ABSENT = /MANIFEST_UNKNOWN|NAME_UNKNOWN|NOT_FOUND|unexpected status code 404|: 404 Not Found/i;

/** Reads a manifest and computes its digest: what a registry says about the digest may be wrong. */
export async function readManifest(caller: ToolCaller, reference: string): Promise<Manifest> {
  const result = await callTool(caller, manifestCall(reference));
  if (result.code === 0) return { state: 'present', digest: contentDigest(result.bytes), content: result.bytes };
  return result.code !== undefined && ABSENT.test(result.stderr) ? { state: 'absent' } : { state: 'unknown', result };
}

/** Reads a blob and computes its digest; `undefined` for the digest when nothing could be read. */
export async function hashBlob(
  caller: ToolCaller,
  reference: string,
): Promise<{ readonly digest?: string; readonly result: ToolResult }> {
  let hash = createHash('sha256');
  let bytes = 0;
  const result = await callTool(caller, blobCall(reference), () => {
    hash = createHash('sha256');
    bytes = 0;
    return (chunk) => {
      bytes += chunk.length;
      hash.update(chunk);
    };
  });
  return bytes === 0 && result.code !== 0 ? { result } : { digest: `sha256:${hash.digest('hex')}`, result };
}
