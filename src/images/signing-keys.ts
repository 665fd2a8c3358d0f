import { createPublicKey } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { azureKmsAddress, OUTPUTS_FOLDER, PLATFORM_FILE, type Environment, type Platform, type Problem } from '../model';

/** Whose signature it is: that of the platform's pipeline, or that of applications' pipelines. */
export type SigningKeyName = 'platform' | 'applications';

/** Keys as files and addresses that cosign takes. */
export interface SigningKeys {
  readonly name: SigningKeyName;
  /** What signs, and the public key that belongs to it. @default - only verifying is possible */
  readonly signer?: { readonly key: string; readonly publicKey: string };
  /** Files of the public keys whose signatures are accepted, that of the signer first. */
  readonly accepted: readonly string[];
}

/** Keys that are given instead of those that the outputs record. */
export interface GivenKeys {
  /** A private key file of cosign, or `azurekms://<vault>/<key>/<version>`. */
  readonly key?: string;
  /** PEM files of public keys; the first belongs to `key`. */
  readonly publicKeys?: readonly string[];
}

const AZURE_KMS = /^azurekms:\/\/[a-zA-Z0-9.-]+\/[a-zA-Z0-9-]{1,127}\/[a-zA-Z0-9]+$/;

/**
 * The keys of an environment: those given, otherwise those that the outputs of the environment that owns the Key Vault record.
 *
 * @param scratch folder for the public keys
 * @param variables environment variables, of which COSIGN_PASSWORD opens a key file
 */
export function resolveSigningKeys(
  platform: Platform,
  environment: Environment,
  name: SigningKeyName,
  given: GivenKeys,
  scratch: string,
  variables: Readonly<Record<string, string | undefined>>,
): SigningKeys | Problem {
  return given.key === undefined && given.publicKeys === undefined
    ? recordedKeys(platform, environment, name, scratch)
    : (keyOfTheOther(platform, environment, name, given) ?? givenKeys(name, given, variables));
}

/** The two keys are apart so that no team can sign an image of the platform; where it can be seen, the wrong one is refused. */
function keyOfTheOther(
  platform: Platform,
  environment: Environment,
  name: SigningKeyName,
  { key, publicKeys = [] }: GivenKeys,
): Problem | undefined {
  const other = name === 'platform' ? 'applications' : 'platform';
  const { platformSigningKey, applicationsSigningKey } = environment.names;
  const keyName = other === 'platform' ? platformSigningKey : applicationsSigningKey;
  const owner = environment.vault.sharedWith ?? environment.name;
  const recorded = platform.environments.find((candidate) => candidate.name === owner)?.outputs?.signingKeys?.[other] ?? [];
  const isOther =
    (platformSigningKey !== applicationsSigningKey && key?.split('/')[3] === keyName && key.startsWith('azurekms://')) ||
    publicKeys.some((file) => {
      const text = readKey(file);
      return typeof text === 'string' && recorded.some(({ publicKey }) => sameKey(publicKey, text));
    });
  if (!isOther) return undefined;
  return problem(
    key ?? '--public-key',
    `is the key of ${other}, where that of ${name} is needed`,
    name === 'platform'
      ? "Give the platform's key: images of the platform are signed by it alone."
      : "Give the applications' key: with the platform's, an application could pass for an image of the platform.",
  );
}

const sameKey = (one: string, other: string): boolean => one.replace(/\s/g, '') === other.replace(/\s/g, '');

function givenKeys(
  name: SigningKeyName,
  { key, publicKeys = [] }: GivenKeys,
  variables: Readonly<Record<string, string | undefined>>,
): SigningKeys | Problem {
  const [own] = publicKeys;
  if (own === undefined) {
    return problem(
      '--public-key',
      'is missing, so no signature could be verified',
      'Give the public key that belongs to --key as a PEM file.',
    );
  }
  for (const file of publicKeys) {
    const wrong = notPublicKey(file);
    if (wrong !== undefined) return problem(file, wrong, 'Give the PEM file of a public key with --public-key.');
  }
  const accepted = publicKeys.map((file) => path.resolve(file));
  if (key === undefined) return { name, accepted };
  const usable = signingKeyOf(key, variables);
  return typeof usable === 'string' ? { name, accepted, signer: { key: usable, publicKey: accepted[0]! } } : usable;
}

/** A key as cosign takes it from any folder: in Key Vault at a version, or a file whose password is known. */
export function signingKeyOf(key: string, variables: Readonly<Record<string, string | undefined>>): string | Problem {
  if (key.startsWith('azurekms://')) {
    return AZURE_KMS.test(key)
      ? key
      : problem(
          '--key',
          `'${key}' names no version of a key`,
          "Give 'azurekms://<vault>.vault.azure.net/<key>/<version>': without a version the newest signs, which the cluster may not know yet.",
        );
  }
  if (key.includes('://')) return problem('--key', `'${key}' is neither a file nor azurekms://...`, 'Give one of the two.');
  const wrong = notPrivateKey(key);
  if (wrong !== undefined) {
    return problem(key, wrong, 'Give the private key file that `cosign generate-key-pair` made with --key.');
  }
  if (variables['COSIGN_PASSWORD'] === undefined) {
    return problem(
      key,
      'needs a password, and COSIGN_PASSWORD is not set',
      "Set it to the key's password; set it to nothing for a key without one.",
    );
  }
  return path.resolve(key);
}

/** Larger files are no keys. */
const MAX_KEY_BYTES = 64 * 1024;

function readKey(file: string): string | { readonly wrong: string } {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return { wrong: 'does not exist' };
  if (!stat.isFile() || stat.size > MAX_KEY_BYTES) return { wrong: 'is not a key file' };
  return fs.readFileSync(file, 'utf8');
}

function notPublicKey(file: string): string | undefined {
  const text = readKey(file);
  return typeof text === 'string' ? unusablePublicKey(text) : text.wrong;
}

/** What keeps a text from being a public key that verifies signatures of Key Vault. */
export function unusablePublicKey(text: string): string | undefined {
  try {
    // A private key would be accepted too.
    if (!text.includes('-----BEGIN PUBLIC KEY-----')) return 'is not a public key in PEM form';
    const { asymmetricKeyType: type = 'unknown' } = createPublicKey(text);
    return ['ec', 'rsa'].includes(type) ? undefined : `is a public key of type ${type}; EC P-256 is what Key Vault signs with`;
  } catch {
    return 'is not a public key in PEM form';
  }
}

function notPrivateKey(file: string): string | undefined {
  const text = readKey(file);
  if (typeof text !== 'string') return text.wrong;
  return /^-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----$/m.test(text) ? undefined : 'is not a private key of cosign';
}

function recordedKeys(
  platform: Platform,
  environment: Environment,
  name: SigningKeyName,
  scratch: string,
): SigningKeys | Problem {
  const owner = environment.vault.sharedWith ?? environment.name;
  const file = `${OUTPUTS_FOLDER}/${owner}.yaml`;
  const outputs = platform.environments.find((candidate) => candidate.name === owner)?.outputs;
  if (outputs?.signingKeys === undefined) {
    return problem(
      outputs === undefined ? PLATFORM_FILE : file,
      outputs === undefined
        ? `no outputs are recorded for '${owner}', so its signing keys are not known`
        : 'records no signing keys',
      `Run \`pulumi up --stack ${owner}\` and record what it learned in ${file}, or give --key and --public-key.`,
    );
  }
  const keys = outputs.signingKeys[name];
  const signing = keys.find(({ use }) => use === 'sign');
  const ordered = signing === undefined ? keys : [signing, ...keys.filter((key) => key !== signing)];
  const accepted = ordered.map((key, index) =>
    writePublicKey(key.publicKey, path.join(scratch, `${owner}-${name}-${index}.pub`)),
  );
  if (signing === undefined) return { name, accepted };
  const key = azureKmsAddress(signing.id);
  return key === undefined
    ? problem(file, `'${signing.id}' names no version of a key`, 'Record the key identifier with its version.')
    : { name, accepted, signer: { key, publicKey: accepted[0]! } };
}

/** Writes a public key for cosign and returns its path. */
export function writePublicKey(pem: string, file: string): string {
  fs.writeFileSync(file, pem, { mode: 0o600 });
  return file;
}

const problem = (file: string, message: string, remedy: string): Problem => ({ location: { file }, message, remedy });
