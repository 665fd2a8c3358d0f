import { lt, parse } from 'semver';
import { type Location, type Problem } from '../model';

/** From which version to which. */
export interface VersionStep {
  /** As messages call it: `Flux`. */
  readonly product: string;
  /** @default - there was none */
  readonly from?: string;
  readonly to: string;
  /** Where the version stands. */
  readonly location: Location;
}

export interface StepRules {
  /** Whether going back is meant. */
  readonly allowDowngrade: boolean;
  /** Whether leaving out a minor version is meant, or harmless. */
  readonly allowSkippedMinor: boolean;
}

/** What speaks against a step. */
export function checkStep(
  { product, from, to, location }: VersionStep,
  { allowDowngrade, allowSkippedMinor }: StepRules,
): readonly Problem[] {
  if (from === undefined || from === to) return [];
  if (lt(to, from)) {
    if (allowDowngrade) return [];
    return [
      {
        location,
        message: `${product} would go back from ${from} to ${to}`,
        remedy:
          'Objects in the cluster may be stored in a form that the older version cannot read. If it is meant, add --allow-downgrade.',
      },
    ];
  }
  const skipped = allowSkippedMinor ? [] : skippedMinors(from, to);
  if (skipped.length === 0) return [];
  return [
    {
      location,
      message: `${product} would go from ${from} to ${to} and leave out ${skipped.join(', ')}`,
      remedy: `Upgrade to ${skipped[0]!} first, which converts what the next one no longer reads. If you know that nothing needs it, add --allow-skipped-minor.`,
    },
  ];
}

/** The minor versions between two versions, as `2.8`; the last minor version before a new major one is not known here. */
function skippedMinors(from: string, to: string): readonly string[] {
  const [before, after] = [parse(from)!, parse(to)!];
  const first = after.major === before.major ? before.minor + 1 : 0;
  return Array.from({ length: Math.max(0, after.minor - first) }, (_, index) => `${after.major}.${first + index}`);
}

/** What there is to choose from instead of a version of Flux that is not in the manifests. */
export function unknownVersion(version: string, versions: readonly string[], manifests: string, location: Location): Problem {
  const minor = minorOf(version);
  const neighbours = versions.filter((candidate) => minorOf(candidate) === minor);
  const newest = versions.at(-1);
  const isNewer = newest !== undefined && lt(newest, version);
  const choice =
    neighbours.length > 0
      ? `Of ${minor} there are ${neighbours.join(', ')}.`
      : `There is no ${minor}; the newest is ${newest ?? 'none'}.`;
  return {
    location,
    message: `Flux ${version} is not in ${manifests}`,
    remedy: isNewer
      ? `${choice} A newer one needs the manifests of a newer operator: add --operator with its version, or --manifests with its folder.`
      : choice,
  };
}

/** `2.9` of `2.9.5`. */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
