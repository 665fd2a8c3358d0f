import { LOCK_FILE, TOOL_PLATFORMS, UNRESOLVED, type LockedTool, type Problem, type ToolName, type ToolPlatform } from '../model';
import { ALGORITHM_NAMES } from './checksum';
import { checksumInSums, parseEnvtestReleases } from './checksum-lists';
import { concurrently } from './concurrently';
import { fetchText } from './download';
import { type DownloadContext } from './http-request';
import { PUBLISHED_TOOLS, targetOf, type ChecksumSource } from './published-tools';

/** Some tools have one list of checksums for every platform. */
const CONCURRENCY = 4;

/** A tool with what its publisher says of a version. */
export interface ResolvedTool {
  readonly tool: LockedTool;
  /** Why checksums are unresolved. */
  readonly notes: readonly Problem[];
}

/**
 * Learns the downloads of a version and their checksums from the publisher, for every platform.
 *
 * @returns a checksum that cannot be learned is unresolved, and a note says why
 */
export async function resolveTool(name: ToolName, version: string, context: DownloadContext): Promise<ResolvedTool> {
  const { checksums } = PUBLISHED_TOOLS[name];
  const addresses = [...new Set(TOOL_PLATFORMS.map((platform) => checksums.url(version, targetOf(platform))))];
  const texts = await concurrently(CONCURRENCY, addresses, (address) =>
    fetchText(address, `the checksums of ${name} ${version}`, { file: LOCK_FILE }, context),
  );
  const byAddress = new Map(addresses.map((address, index) => [address, texts[index]!]));
  const notes: Problem[] = texts.filter((text) => typeof text !== 'string');
  const downloads: LockedTool['downloads'] = {};
  for (const platform of TOOL_PLATFORMS) {
    const address = checksums.url(version, targetOf(platform));
    const url = PUBLISHED_TOOLS[name].url(version, targetOf(platform));
    const text = byAddress.get(address)!;
    const checksum = typeof text === 'string' ? checksumIn(text, fileOf(url), version, checksums) : undefined;
    if (typeof text === 'string' && checksum === undefined) notes.push(notListed(name, version, platform, address, fileOf(url)));
    downloads[platform] = { url, [checksums.algorithm]: checksum ?? UNRESOLVED };
  }
  return { tool: { version, downloads }, notes };
}

const fileOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

function checksumIn(text: string, file: string, version: string, { algorithm, form }: ChecksumSource): string | undefined {
  if (form === 'sums') return checksumInSums(text, file, algorithm);
  const listed = parseEnvtestReleases(text)?.get(version)?.get(file);
  return listed === undefined ? undefined : checksumInSums(listed, file, algorithm);
}

function notListed(name: ToolName, version: string, platform: ToolPlatform, address: string, file: string): Problem {
  const { algorithm } = PUBLISHED_TOOLS[name].checksums;
  return {
    location: { file: LOCK_FILE },
    message: `${address} names no ${ALGORITHM_NAMES[algorithm]} of '${file}', so ${name} ${version} for ${platform} is unresolved`,
    remedy: 'Check that the publisher has this version for this platform; nobody needs it who does not work on such a machine.',
  };
}
