import { type ToolPlatform } from '../model';

const OPERATING_SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The platform of this machine, `undefined` when tools are not published for it in the way that the lock pins. */
export function hostPlatform(os: string = process.platform, arch: string = process.arch): ToolPlatform | undefined {
  const [system, architecture] = [OPERATING_SYSTEMS[os], ARCHITECTURES[arch]];
  return system === undefined || architecture === undefined ? undefined : (`${system}/${architecture}` as ToolPlatform);
}
