import { parse } from 'yaml';
import { z } from 'zod';
import { type ChecksumAlgorithm } from './checksum';

const DIGITS: Readonly<Record<ChecksumAlgorithm, number>> = { sha256: 64, sha512: 128 };

/**
 * The checksum of a file in what sha256sum and sha512sum print, or in a file that holds nothing but the checksum.
 *
 * @returns `undefined` when there is none, or two that differ
 */
export function checksumInSums(text: string, file: string, algorithm: ChecksumAlgorithm): string | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const isChecksum = (word: string): boolean => word.length === DIGITS[algorithm] && /^[a-f0-9]+$/i.test(word);
  const found = lines.flatMap((line) => {
    const [checksum, name, ...more] = line.trim().split(/\s+/) as [string, ...string[]];
    if (!isChecksum(checksum) || more.length > 0) return [];
    const isIt = name === undefined ? lines.length === 1 : name.replace(/^\*/, '').split('/').at(-1) === file;
    return isIt ? [checksum.toLowerCase()] : [];
  });
  return new Set(found).size === 1 ? found[0] : undefined;
}

const envtestReleases = z.object({
  releases: z.record(z.string(), z.record(z.string(), z.object({ hash: z.string() }))),
});

/** The releases of envtest by their version without the leading `v`: checksums by file. */
export type EnvtestReleases = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The index of envtest, `undefined` when the text is not one. */
export function parseEnvtestReleases(text: string): EnvtestReleases | undefined {
  const content = envtestReleases.safeParse(parsedYaml(text)).data;
  if (content === undefined) return undefined;
  return new Map(
    Object.entries(content.releases).map(([version, files]) => [
      version.replace(/^v/, ''),
      new Map(Object.entries(files).map(([file, { hash }]) => [file, hash])),
    ]),
  );
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}
