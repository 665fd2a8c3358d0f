import * as fs from 'node:fs';
import * as path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { publicKeyOf, readPublicKey, type SigningKeyName } from '../images';
import {
  azureKmsAddress,
  fileSystemProblem,
  hostOf,
  makeFolder,
  OUTPUTS_FOLDER,
  recordedSigningKeys,
  suggestion,
  YamlFile,
  type Environment,
  type OutputsFile,
  type Platform,
  type Problem,
  type StackOutputs,
} from '../model';
import { writeWhole } from '../tools';
import { KEY_NAMES, rotate, rotationSteps, withKey, type KeyLists, type KeyRotation } from './record-keys';
import { withOutputsTrial, type OutputsTrial } from './record-model';
import { readStackOutputs, type StackOutputsFound, type StackOutputsRequest } from './record-source';
import { outputsText } from './record-text';

/** What is to be recorded, and how. */
export interface RecordRequest extends Omit<StackOutputsRequest, 'stack'> {
  /** Name of the environment. */
  readonly environmentName: string;
  /** What a person decides about signing keys. @default - nothing */
  readonly rotation?: KeyRotation;
  /** Compare alone, and write nothing. @default false */
  readonly check?: boolean;
  /** Tells progress. */
  readonly tell: (line: string) => void;
}

/** What became of `outputs/<environment>.yaml`. */
export interface Recorded {
  /** Path relative to the platform folder. */
  readonly file: string;
  /** Whether the file was written, is what it would become, or would be changed. */
  readonly state: 'written' | 'unchanged' | 'different';
  /** The change as a unified diff, empty when there is none. */
  readonly diff: string;
  /** What is left to do, as sentences. */
  readonly nextSteps: readonly string[];
}

/** The result, what is wrong with the input, or with the command line. */
export type RecordResult = Recorded | { readonly problems: readonly Problem[] } | { readonly usage: string };

/** Records the outputs of a stack and the public keys of its signing keys in `outputs/<environment>.yaml`. */
export function recordOutputs(request: RecordRequest): Promise<RecordResult> {
  return withOutputsTrial(request.directory, (trial) => record(request, trial));
}

async function record(request: RecordRequest, { platform, problemsOf }: OutputsTrial): Promise<RecordResult> {
  const { environmentName: name, rotation = {} } = request;
  const environment = platform.environments.find((candidate) => candidate.name === name);
  const usage = environment === undefined ? unknownEnvironment(platform, name) : rotationElsewhere(environment, rotation);
  if (usage !== undefined) return { usage };
  const file = `${OUTPUTS_FOLDER}/${name}.yaml`;
  const recorded = readRecorded(request.directory, file);
  if ('problems' in recorded) return recorded;
  const found = await readStackOutputs({ ...request, stack: name });
  if ('problems' in found) return found;
  const merged = await mergeKeys(request, found, recorded.signingKeys);
  if ('usage' in merged || 'problems' in merged) return merged;
  const { lists } = merged;
  const text = outputsText(name, toOutputs(found.outputs, lists));
  const problems = problemsOf(name, text);
  if (problems.length > 0) return { problems: problems.map((problem) => ofTheStack(problem, file, found.origin)) };
  const isSame = recorded.text === text;
  const unwritten = isSame || request.check === true ? undefined : write(request.directory, file, text);
  if (unwritten !== undefined) return { problems: [unwritten] };
  const state = isSame ? 'unchanged' : request.check === true ? 'different' : 'written';
  const rotating = lists === undefined ? [] : KEY_NAMES.flatMap((key) => rotationSteps(key, lists[key], name));
  return {
    file,
    state,
    diff: isSame ? '' : diffOf(file, recorded.text, text),
    nextSteps: [...stepsOf(state, file, name), ...rotating],
  };
}

function unknownEnvironment({ environments }: Platform, name: string): string {
  const names = environments.map((environment) => environment.name);
  return `unknown environment '${name}'. ${suggestion(name, names, 'environments')}`;
}

/** Keys rotate where they are recorded. */
function rotationElsewhere({ name, vault }: Environment, rotation: KeyRotation): string | undefined {
  const { sharedWith } = vault;
  if (sharedWith === undefined || Object.values(rotation).flat().length === 0) return undefined;
  return `'${name}' shares the Key Vault of '${sharedWith}', so its keys are recorded there. Give '--env ${sharedWith}'`;
}

interface RecordedFile {
  /** @default - there is no such file yet */
  readonly text?: string;
  readonly signingKeys?: OutputsFile['signingKeys'];
}

/** What is recorded already. Of a file that cannot be read nothing is overwritten: it may hold keys that no stack knows. */
function readRecorded(directory: string, file: string): RecordedFile | { readonly problems: readonly Problem[] } {
  if (fs.lstatSync(path.join(directory, file), { throwIfNoEntry: false }) === undefined) return {};
  const yaml = YamlFile.read(directory, file);
  if (!(yaml instanceof YamlFile)) return { problems: yaml };
  const keys = recordedSigningKeys(yaml);
  return 'problems' in keys ? keys : { ...keys, text: fs.readFileSync(path.join(directory, file), 'utf8') };
}

/** Keys of the stack, keys that are recorded, and what a person decided; `undefined` where the environment owns none. */
async function mergeKeys(
  request: RecordRequest,
  { outputs, origin }: StackOutputsFound,
  recorded: OutputsFile['signingKeys'],
): Promise<{ readonly lists: KeyLists | undefined } | { readonly problems: readonly Problem[] } | { readonly usage: string }> {
  const { rotation = {}, environmentName } = request;
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
    const known = await publicKeyOfId(request, id, publicKey, { location, field });
    if (typeof known !== 'string') return { problems: [known] };
    lists = { ...lists, [name]: withKey(lists[name], { id, publicKey: known }) };
  }
  const stackKeys = ofTheStackKeys.map(({ id }) => id);
  const rotated = rotate(lists, rotation, stackKeys, environmentName);
  if ('message' in rotated) {
    return { problems: [{ location: { file: `${OUTPUTS_FOLDER}/${environmentName}.yaml` }, ...rotated }] };
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
  { directory, environment, signal, tell }: RecordRequest,
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

/** A problem of a file that was not written: its lines are nobody's, and recording again is what was just tried. */
function ofTheStack({ location, message, remedy }: Problem, file: string, origin: string): Problem {
  if (location.file !== file) return { location, message, remedy };
  const places = new RegExp(` ?\\(?(?:(?:reader|writer) at )?${file.replaceAll('.', '\\.')}:\\d+:\\d+\\)?`, 'g');
  return {
    location: { file },
    message: `cannot be recorded from ${origin}: ${message.replace(places, '')}`,
    remedy: `${remedy} Nothing was written.`,
  };
}

function write(directory: string, file: string, text: string): Problem | undefined {
  const root = path.resolve(directory);
  try {
    makeFolder(path.join(root, OUTPUTS_FOLDER));
    writeWhole(path.join(root, file), text);
    return undefined;
  } catch (error) {
    const problem = fileSystemProblem(error, root);
    if (problem === undefined) throw error;
    // The temporary file or the folder that could not be made is not what anybody asked for.
    return { ...problem, location: { file }, message: problem.message.replace('cannot be read or written', 'cannot be written') };
  }
}

const diffOf = (file: string, before: string | undefined, after: string): string =>
  createTwoFilesPatch(before === undefined ? '/dev/null' : `a/${file}`, `b/${file}`, before ?? '', after, undefined, undefined, {
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  });

function stepsOf(state: Recorded['state'], file: string, environment: string): readonly string[] {
  if (state === 'written') {
    return [`Run \`npm start\`, commit ${file} with what it changes under clusters/, and open a pull request.`];
  }
  return state === 'different'
    ? [`Run \`npx k8s-gitops outputs record --env ${environment}\`, then \`npm start\`, and open a pull request with the result.`]
    : [];
}
