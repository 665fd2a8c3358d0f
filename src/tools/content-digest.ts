import { createHash } from 'node:crypto';

/** The digest of content, as registries name it. */
export const contentDigest = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** How tools say that content is not what its digest says, with both digests. */
const MISMATCHES: readonly RegExp[] = [
  /manifest digest: "(?<found>sha256:[a-f0-9]{64})" does not match requested digest: "(?<expected>sha256:[a-f0-9]{64})"/,
  /got "?(?:sha256:)?(?<found>[a-f0-9]{64})"?, want "?(?:sha256:)?(?<expected>[a-f0-9]{64})/,
];

/** A digest that is not the one that was asked for. */
export interface Mismatch {
  readonly expected: string;
  readonly found: string;
}

/** The two digests that a tool complains about. */
export function findMismatch(stderr: string): Mismatch | undefined {
  for (const pattern of MISMATCHES) {
    const { expected, found } = pattern.exec(stderr)?.groups ?? {};
    if (expected !== undefined && found !== undefined) return { expected: withPrefix(expected), found: withPrefix(found) };
  }
  return undefined;
}

const withPrefix = (digest: string): string => (digest.startsWith('sha256:') ? digest : `sha256:${digest}`);
