import { createHash } from 'node:crypto';

/** Namespace of the names below; any fixed GUID serves. */
const NAMESPACE = Buffer.from('6b7b7a3c2f0e5d4a9c1b8e7f6a5d4c3b', 'hex');

/**
 * A GUID made from a text, always the same (RFC 9562, version 5).
 *
 * Azure wants a GUID as the name of a role assignment; one that can be derived again is found again when the state is lost.
 */
export function stableGuid(text: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update(text).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
