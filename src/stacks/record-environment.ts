import { publicKeyOf, readPublicKey, type SigningKeyName } from '../images';
import {
  azureKmsAddress,
  hostOf,
  outputsFile,
  outputsPath,
  recordedSigningKeys,
  stackOutputs,
  YamlFile,
  type Environment,
  type OutputsFile,
  type Problem,
  type StackOutputs,
} from '../model';
import { KEY_NAMES, rotate, rotates, rotationSteps, withKey, type KeyLists, type KeyRotation } from './record-keys';
import { type RecordedStack, type Refusal } from './record-kind';
import { type StackOutputsFound } from './record-source';
import { outputsText } from './record-text';

/** What recording an environment needs besides the outputs of its stack. */
export interface EnvironmentRecordProps {
  /** Name of the environment. */
  readonly name: string;
  /** Platform folder. */
  readonly directory: string;
  /** What a person decides about signing keys. @default - nothing */
  readonly rotation?: KeyRotation;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Tells progress. */
  readonly tell: (line: string) => void;
}

type Found = StackOutputsFound<typeof stackOutputs>;

/** The stack of an environment: what it learned, and the public keys of its signing keys. */
export function environmentStack(
  environment: Environment,
  given: Omit<EnvironmentRecordProps, 'name'>,
): RecordedStack<typeof stackOutputs> | { readonly usage: string } {
  const { name } = environment;
  const usage = rotationElsewhere(environment, given.rotation);
  if (usage !== undefined) return { usage };
  const option = `--env ${name}`;
  const file = outputsPath(name);
  return {
    name,
    option,
    printed: { schema: stackOutputs, of: "an environment's stack" },
    takeUp: (recorded) => {
      const keys = keysIn(recorded, file);
      if ('problems' in keys) return keys;
      return async (found) => {
        const merged = await mergeKeys({ ...given, name }, found, keys.signingKeys);
        if (!('lists' in merged)) return merged;
        const { lists } = merged;
        // The schema gives the order of the keys, whatever order a stack has them in.
        const facts = outputsFile.parse(toOutputs(found.outputs, lists));
        return {
          text: outputsText({ option, schema: 'outputs' }, facts),
          whenWritten: [`Run \`npm start\`, commit ${file} with what it changes under clusters/, and open a pull request.`],
          open: lists === undefined ? [] : KEY_NAMES.flatMap((key) => rotationSteps(key, lists[key], name)),
        };
      };
    },
  };
}

/** Keys rotate where they are recorded. */
function rotationElsewhere({ name, vault }: Environment, rotation: KeyRotation = {}): string | undefined {
  const { sharedWith } = vault;
  if (sharedWith === undefined || !rotates(rotation)) return undefined;
  return `'${name}' shares the Key Vault of '${sharedWith}', so its keys are recorded there. Give '--env ${sharedWith}'`;
}

/** The keys that are recorded already. Of a file that cannot be read nothing is overwritten: it may hold keys that no stack knows. */
function keysIn(
  recorded: string | undefined,
  file: string,
): { readonly signingKeys?: OutputsFile['signingKeys'] } | { readonly problems: readonly Problem[] } {
  if (recorded === undefined) return {};
  const yaml = YamlFile.parse(recorded, file);
  return yaml instanceof YamlFile ? recordedSigningKeys(yaml) : { problems: yaml };
}

/** Keys of the stack, keys that are recorded, and what a person decided; `undefined` where the environment owns none. */
async function mergeKeys(
  props: EnvironmentRecordProps,
  { outputs, origin }: Found,
  recorded: OutputsFile['signingKeys'],
): Promise<{ readonly lists: KeyLists | undefined } | Refusal> {
  const { rotation = {}, name: environmentName } = props;
  if (outputs.signingKeys === undefined) return { lists: undefined };
  let lists: KeyLists = recorded ?? { platform: [], applications: [] };
  const added = (rotation.addKeys ?? []).map((key) => ({
    ...key,
    publicKey: undefined,
    location: '--add-key',
    field: 'the key',
  }));
  for (const { name, id } of added) {
    const usage = notOfTheVault(outputs, lists, name, id);
    if (usage !== undefined) return { usage };
  }
  const ofTheStackKeys = KEY_NAMES.map((name) => ({
    name,
    publicKey: undefined,
    ...outputs.signingKeys![name],
    location: origin,
    field: `'signingKeys.${name}'`,
  }));
  for (const { name, id, publicKey, location, field } of [...ofTheStackKeys, ...added]) {
    const known = await publicKeyOfId(props, id, publicKey, { location, field });
    if (typeof known !== 'string') return { problems: [known] };
    lists = { ...lists, [name]: withKey(lists[name], { id, publicKey: known }) };
  }
  const stackKeys = ofTheStackKeys.map(({ id }) => id);
  const rotated = rotate(lists, rotation, stackKeys, environmentName);
  if ('message' in rotated) {
    return { problems: [{ location: { file: outputsPath(environmentName) }, ...rotated }] };
  }
  return rotated;
}

/** A key of another vault, or of the other list, was mixed up. */
function notOfTheVault({ vault }: StackOutputs, lists: KeyLists, name: SigningKeyName, id: string): string | undefined {
  const given = `'--add-key ${name}=${id}'`;
  if (azureKmsAddress(id) === undefined) {
    return `${given} names no version of a key, which is 'https://<vault>/keys/<key>/<version>'`;
  }
  const host = vault === undefined ? undefined : hostOf(vault.uri);
  if (host !== undefined && hostOf(id) !== host) return `${given} is not in the Key Vault of the environment, ${host}`;
  const other = KEY_NAMES.find((candidate) => candidate !== name && lists[candidate].some((key) => key.id === id));
  return other === undefined ? undefined : `${given} is recorded as a key of ${other}`;
}

/** The public key that the stack gives, otherwise what cosign says. */
async function publicKeyOfId(
  { directory, environment, signal, tell }: EnvironmentRecordProps,
  id: string,
  given: string | undefined,
  { location: file, field }: { readonly location: string; readonly field: string },
): Promise<string | Problem> {
  const address = azureKmsAddress(id);
  if (address === undefined) {
    return {
      location: { file },
      message: `${field}: '${id}' names no version of a key`,
      remedy: 'Give the key identifier with its version: without one the newest signs, which the cluster may not know yet.',
    };
  }
  if (given === undefined) {
    tell(`asking cosign for the public key of ${id}`);
    return publicKeyOf(address, { directory, environment, signal, tell });
  }
  const read = readPublicKey(given);
  if ('text' in read) return read.text;
  return { location: { file }, message: `${field}: the public key ${read.wrong}`, remedy: 'Mend the output of the stack.' };
}

/** What is recorded of a stack's outputs; the keys of an environment that shares a vault are recorded with the vault. */
function toOutputs({ signingKeys, ...facts }: StackOutputs, lists: KeyLists | undefined): OutputsFile {
  if (signingKeys === undefined || lists === undefined) return facts;
  return { ...facts, signingKeys: { platform: [...lists.platform], applications: [...lists.applications] } };
}
