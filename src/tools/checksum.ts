import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { UNRESOLVED, type LockedTool } from '../model';

export type ChecksumAlgorithm = 'sha256' | 'sha512';

/** How the algorithms are called. */
export const ALGORITHM_NAMES: Readonly<Record<ChecksumAlgorithm, string>> = { sha256: 'SHA-256', sha512: 'SHA-512' };

/** A checksum in small hexadecimal digits. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

/** A download in the lock. */
export type LockedDownload = NonNullable<LockedTool['downloads'][keyof LockedTool['downloads']]>;

/** The checksum of a download, `undefined` when it is unresolved. */
export function checksumOf({ sha256, sha512 }: LockedDownload): Checksum | undefined {
  if (sha256 !== undefined && sha256 !== UNRESOLVED) return { algorithm: 'sha256', value: sha256 };
  if (sha512 !== undefined && sha512 !== UNRESOLVED) return { algorithm: 'sha512', value: sha512 };
  return undefined;
}

/** The checksum of what is read to its end. */
export async function hashStream(
  content: NodeJS.ReadableStream,
  algorithm: ChecksumAlgorithm,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(algorithm);
  const update = async (chunks: AsyncIterable<string | Buffer>): Promise<void> => {
    for await (const chunk of chunks) hash.update(chunk);
  };
  await pipeline(content, update, { ...(signal === undefined ? {} : { signal }) });
  return hash.digest('hex');
}

/** The checksum of a file. */
export function hashFile(file: string, algorithm: ChecksumAlgorithm, signal?: AbortSignal): Promise<string> {
  return hashStream(createReadStream(file), algorithm, signal);
}
