import { type SigningKeyName } from '../images';
import { suggestion, type OutputsFile } from '../model';

/** The recorded versions of one signing key, newest first. */
export type RecordedKeys = NonNullable<OutputsFile['signingKeys']>[SigningKeyName];
export type RecordedKey = RecordedKeys[number];

/** A version of a key and its public key. */
export type KnownKey = Pick<RecordedKey, 'id' | 'publicKey'>;

/** What a person decides when keys rotate. */
export interface KeyRotation {
  /** Ids of keys that sign from now on; the others of their lists only verify. */
  readonly signWith?: readonly string[];
  /** Ids of keys that are accepted too from now on. */
  readonly addKeys?: readonly { readonly name: SigningKeyName; readonly id: string }[];
  /** Ids of keys whose signatures are accepted no longer. */
  readonly retireKeys?: readonly string[];
}

/** Whether anything is decided. */
export const rotates = (rotation: KeyRotation): boolean => Object.values(rotation).flat().length > 0;

export const KEY_NAMES = ['platform', 'applications'] as const satisfies readonly SigningKeyName[];

/** The recorded keys by whose they are. */
export type KeyLists = Readonly<Record<SigningKeyName, readonly RecordedKey[]>>;

/** A rotation that cannot be: the command line is wrong, or the time has not come. */
export type RotationRefusal = { readonly usage: string } | { readonly message: string; readonly remedy: string };

/**
 * A list with a version of the key that may be new to it. Which one signs is decided by a person, except for the first: the cluster has to
 * accept a new key before anything is signed with it.
 */
export function withKey(keys: readonly RecordedKey[], known: KnownKey): readonly RecordedKey[] {
  if (keys.some(({ id }) => id === known.id)) {
    return keys.map((key) => (key.id === known.id ? { ...key, publicKey: known.publicKey } : key));
  }
  return [{ ...known, use: keys.length === 0 ? 'sign' : 'verify' }, ...keys];
}

/**
 * Carries out what a person decided.
 *
 * @param stackKeys ids that the stack names, which would come back with the next record
 */
export function rotate(
  lists: KeyLists,
  { signWith = [], retireKeys = [] }: KeyRotation,
  stackKeys: readonly string[],
  environment: string,
): { readonly lists: KeyLists } | RotationRefusal {
  let current = lists;
  const signing = new Map<SigningKeyName, string>();
  for (const id of signWith) {
    const name = ownerOf(current, id);
    if (name === undefined) return unknownKey(current, id, '--sign-with');
    const earlier = signing.get(name);
    if (earlier !== undefined && earlier !== id) {
      return { usage: `'--sign-with' names two keys of ${name}, '${earlier}' and '${id}': one of them signs` };
    }
    signing.set(name, id);
    current = { ...current, [name]: current[name].map((key) => ({ ...key, use: key.id === id ? 'sign' : 'verify' })) };
  }
  for (const id of retireKeys) {
    const name = ownerOf(current, id);
    if (name === undefined) return unknownKey(current, id, '--retire-key');
    const refusal = keptBecause(current[name], id, stackKeys, environment);
    if (refusal !== undefined) return { ...refusal, message: `the key '${id}' of ${name} cannot be retired: ${refusal.message}` };
    current = { ...current, [name]: current[name].filter((key) => key.id !== id) };
  }
  return { lists: current };
}

const ownerOf = (lists: KeyLists, id: string): SigningKeyName | undefined =>
  KEY_NAMES.find((name) => lists[name].some((key) => key.id === id));

function unknownKey(lists: KeyLists, id: string, option: string): RotationRefusal {
  const known = KEY_NAMES.flatMap((name) => lists[name].map((key) => key.id));
  const meant = suggestion(id, known, 'known keys');
  const all = `The known keys are ${known.join(', ')}.`;
  return { usage: `'${option} ${id}' is not a key that is recorded. ${meant === all ? all : `${meant} ${all}`}` };
}

function keptBecause(
  keys: readonly RecordedKey[],
  id: string,
  stackKeys: readonly string[],
  environment: string,
): { readonly message: string; readonly remedy: string } | undefined {
  if (keys.length === 1) {
    return { message: 'it is the last one', remedy: 'Record its successor first: nothing could be verified without a key.' };
  }
  if (keys.find((key) => key.id === id)?.use === 'sign') {
    return { message: 'it signs', remedy: 'Let another one sign first, with --sign-with.' };
  }
  if (stackKeys.includes(id)) {
    return {
      message: 'it is the version that the stack names, so the next record would bring it back',
      remedy: `Run \`pulumi up --refresh --stack ${environment}\`, after which the stack names the newest version, then retire this one.`,
    };
  }
  return undefined;
}

/** What is next while a key rotates; nothing where the newest signs and is alone. */
export function rotationSteps(name: SigningKeyName, keys: readonly RecordedKey[], environment: string): readonly string[] {
  const record = `npx k8s-gitops outputs record --env ${environment}`;
  const signing = keys.findIndex(({ use }) => use === 'sign');
  const newest = keys[0];
  if (newest === undefined || keys.length === 1) return [];
  if (signing !== 0) {
    return [
      `${name}: ${newest.id} is accepted and does not sign yet. Once this is merged and every cluster that verifies accepts it, run \`${record} --sign-with ${newest.id}\`.`,
    ];
  }
  const earlier = keys.slice(1).map(({ id }) => `--retire-key ${id}`);
  const sign =
    name === 'platform'
      ? `Run \`npx k8s-gitops images release --env ${environment}\`, which signs again; once \`images verify\` tells of no earlier key`
      : 'Once every application that runs was signed with it';
  return [`${name}: ${newest.id} signs. ${sign}, run \`${record} ${earlier.join(' ')}\`.`];
}
