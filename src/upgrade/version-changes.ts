import { TOOL_NAMES, UNRESOLVED, type LockedArtifact, type LockFile, type Signer } from '../model';

/** One line of what an upgrade changes. */
export interface VersionChange {
  readonly what: string;
  /** @default - it was not there */
  readonly from?: string;
  /** @default - it is not there any more */
  readonly to?: string;
}

/**
 * What changes between two locks.
 *
 * @param before as the lock is. Default: there is none
 */
export function versionChanges(before: LockFile | undefined, after: LockFile): readonly VersionChange[] {
  return [
    change('Flux', before?.flux.version, after.flux.version),
    change('Flux Operator', before?.flux.operator, after.flux.operator),
    change('variant', before?.flux.variant, after.flux.variant),
    ...artifactChanges('image', before?.images ?? {}, after.images),
    ...artifactChanges('chart', before?.charts ?? {}, after.charts),
    ...TOOL_NAMES.map((name) => change(name, before?.tools[name]?.version, after.tools[name]?.version)),
  ].filter(({ from, to }) => from !== to);
}

type Artifacts = Readonly<Record<string, LockedArtifact>>;

function artifactChanges(kind: 'image' | 'chart', before: Artifacts, after: Artifacts): readonly VersionChange[] {
  const names = [...Object.keys(after), ...Object.keys(before).filter((name) => !Object.hasOwn(after, name))];
  return names.flatMap((name) => {
    const [from, to] = [before[name], after[name]];
    const changes = [change(`${kind} ${name}`, from?.tag, to?.tag)];
    if (from !== undefined && to !== undefined) {
      if (from.tag === to.tag) changes.push(change(`digest of ${kind} ${name}`, from.digest, to.digest));
      changes.push(change(`signer of ${kind} ${name}`, signerText(from.signer), signerText(to.signer)));
    }
    return changes;
  });
}

function change(what: string, from: string | undefined, to: string | undefined): VersionChange {
  return { what, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function signerText(signer: Signer): string {
  if (signer === 'none' || signer === UNRESOLVED) return signer;
  return 'issuer' in signer ? `${signer.identity} of ${signer.issuer}` : 'a public key';
}
