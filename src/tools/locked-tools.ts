import { LOCK_FILE, YamlFile, type Location, type LockFile, type Problem, type ToolName, type ToolPlatform } from '../model';
import { checksumOf, type Checksum } from './checksum';
import { hostPlatform } from './host-platform';

/** A tool as the lock pins it for one platform. */
export interface PinnedTool {
  readonly name: ToolName;
  readonly version: string;
  readonly platform: ToolPlatform;
  readonly url: string;
  readonly checksum: Checksum;
  /** Where the download stands in the lock. */
  readonly location: Location;
}

/** Finds places in `platform.lock.yaml`. */
export type LockLocator = (path: readonly string[]) => Location;

const RESOLVE = 'Run `npx k8s-gitops tools lock`, which fills in what the publisher says.';

/** Finds places in the lock of a platform folder. */
export function lockLocator(directory: string): LockLocator {
  const yaml = YamlFile.read(directory, LOCK_FILE);
  return (path) => (yaml instanceof YamlFile ? yaml.locate(path) : { file: LOCK_FILE });
}

/** The platform of this machine, or that there are no tools for it. */
export function supportedPlatform(): ToolPlatform | Problem {
  return (
    hostPlatform() ?? {
      location: { file: LOCK_FILE },
      message: `no tools are pinned for ${process.platform}/${process.arch}`,
      remedy: 'Run it on Linux or macOS; on Windows, in the Windows Subsystem for Linux.',
    }
  );
}

/** What the lock says of a tool, or why it must not be installed: it is absent, or nobody knows its checksum. */
export function pinnedTool(
  tools: LockFile['tools'],
  name: ToolName,
  platform: ToolPlatform,
  locate: LockLocator,
): PinnedTool | Problem {
  const tool = tools[name];
  if (tool === undefined) {
    return { location: locate(['tools']), message: `'tools' has no entry '${name}'`, remedy: RESOLVE };
  }
  const path = ['tools', name, 'downloads', platform];
  const download = tool.downloads[platform];
  if (download === undefined) {
    const message = `'tools.${name}.downloads' has no entry '${platform}'`;
    return { location: locate(path), message, remedy: RESOLVE };
  }
  const checksum = checksumOf(download);
  const field = download.sha256 === undefined ? 'sha512' : 'sha256';
  if (checksum === undefined) {
    return {
      location: locate([...path, field]),
      message: `the ${field} of ${name} ${tool.version} for ${platform} is 'unresolved', so it is not downloaded`,
      remedy: RESOLVE,
    };
  }
  return { name, version: tool.version, platform, url: download.url, checksum, location: locate([...path, field]) };
}

/** A pinned tool as problems call it. */
export function describePinned({ name, version, platform }: PinnedTool): string {
  return `${name} ${version} for ${platform}`;
}
