/** An image or chart as a system declares it under `mirror:`. */
export interface MirrorReference {
  readonly kind: 'image' | 'chart';
  /** Its name in the lock: host, repository and tag. */
  readonly name: string;
  /** Host and repository. */
  readonly repository: string;
  readonly tag: string;
  /** @default - the lock resolves the tag */
  readonly digest?: string;
}

/** Marks a chart in an OCI registry, as Helm and Flux write it. */
const CHART_PREFIX = 'oci://';

/**
 * The parts of a reference.
 *
 * @param reference follows the rule IMAGE_REFERENCE
 */
export function parseMirrorReference(reference: string): MirrorReference {
  const isChart = reference.startsWith(CHART_PREFIX);
  const [name, digest] = (isChart ? reference.slice(CHART_PREFIX.length) : reference).split('@') as [string, string?];
  const colon = name.lastIndexOf(':');
  return {
    kind: isChart ? 'chart' : 'image',
    name,
    repository: name.slice(0, colon),
    tag: name.slice(colon + 1),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Where a mirrored artifact goes unless the lock says otherwise: its repository's path without the host. */
export function mirrorTarget(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}
