import { lt, parse } from 'semver';

/** Addresses of the release notes of Flux to read before going from one version to another: of each minor version and the last. */
export function fluxReleaseNotes(from: string | undefined, to: string): readonly string[] {
  const versions = from === undefined || !lt(from, to) ? [] : minorsBetween(from, to);
  return [...new Set([...versions, to])].map((version) => `https://github.com/fluxcd/flux2/releases/tag/v${version}`);
}

/** Address of the release notes of the Flux Operator. */
export function operatorReleaseNotes(version: string): string {
  return `https://github.com/controlplaneio-fluxcd/flux-operator/releases/tag/v${version}`;
}

/** The first release of each minor version after one version up to another. */
function minorsBetween(from: string, to: string): readonly string[] {
  const [before, after] = [parse(from)!, parse(to)!];
  const first = after.major === before.major ? before.minor + 1 : 0;
  return Array.from({ length: Math.max(0, after.minor - first + 1) }, (_, index) => `${after.major}.${first + index}.0`);
}
