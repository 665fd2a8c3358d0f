import { SECRET, type PlanValue } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { isKnownText, isObject, listAt, valueAt } from '../known-value';
import { azureType, isAzureNative } from '../resource-type';
import { type CheckedResource, type ResourceRule } from '../rule';

/** How the names of properties and variables end that hold a password, without `-`, `_` and `.` and in lower case. */
const NAMES =
  /(password|passwd|passphrase|clientsecret|sharedsecret|secretvalue|personalaccesstoken|serviceprincipalkey|serviceprincipalcertificate|(shared|storage|primary|secondary)?accesskey|accountkey|apikey|connectionstring|privatekey|clientkeydata|clientkey|dockerconfigjson|saskey|sastoken|token|bearer)$/;

/** Names that are told by their parts, such as the variable `AZURE_DEVOPS_EXT_PAT`. */
const PARTED_NAMES = /((^|[_.-])(pat|pwd)|_SECRET)$/i;

/** Names that say where a password stands, not what it is, such as `secretKeyForPassword`. */
const REFERENCES = /[kK]ey[_-]?[fF]or(?=[A-Z_-])/;

/** What is no password whatever it is called: a setting, such as `serviceAccountToken: projected`. */
const SETTINGS = /^(true|false|none|auto|enabled|disabled|required|optional|projected)$/i;

/** Of tokens, a number says how many. */
const TOKENS = { name: /tokens?$/i, value: /^\d{1,9}$/ };

/** Names of a command's environment variables, wherever they say it; a file or its path says where. */
const VARIABLES = /(password|passwd|_pass$|^pass$|token)(?!.*_(file|path|url|endpoint)$)/i;

/** Texts that are a password wherever they stand, by what they are. */
const TEXTS: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----/],
  ['a key of a storage account or Service Bus', /\b(AccountKey|SharedAccessKey)=[^;\s]/i],
  ['a shared access signature', /[?&]sig=[A-Za-z0-9%/+=_-]{20,}/],
  ['a password in a connection string', /(^|;)\s*(password|pwd)\s*=[^;]/i],
  ['a token of GitHub', /\b(gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/],
  ['a token of GitLab', /\bglpat-[A-Za-z0-9_-]{20,}/],
  ['a token of Azure DevOps', /\b([A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[a-z2-7]{52})\b/],
  ['a client secret of Microsoft Entra ID', /[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}/],
  ['a JSON Web Token', /\beyJ[A-Za-z0-9_-]{5,}\.eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+/],
  ['a password in a URL', /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i],
];

/** What in a kubeconfig signs in by itself; kubelogin asks for a token instead. */
const KUBECONFIG = /["']?(client-key-data|client-key|token|tokenFile|password)["']?\s*:\s*["']?[^\s"',}]/;

/** What in a command line is one, with a value that is there; `$NAME` takes it from elsewhere. */
const COMMANDS = [
  /--?(password|passwd|client-secret|token|pat|account-key|connection-string)(=|\s+)["']?(?![-$"'\s])\S/,
  /\b\w*(PASSWORD|SECRET|TOKEN|_PAT|_PASS|API_KEY)=["']?(?![$"'\s])\S/,
  // docker login, az login
  /\blogin\b[^|;&\n]*\s-p[=\s]*["']?(?![-$"'\s])\S/,
  // user:password
  /\bcurl\b[^|;&\n]*\s(-[A-Za-z]*u|--user)[=\s]*["']?[^\s"':]+:(?![$"'\s])\S/,
];

/** A public key in PEM form, which a Key Vault secret may hold. */
const PUBLIC_KEY = /^\s*-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\s*$/;

/** No password goes through Pulumi: it would stand in the state, and in the checkpoint of every update. */
export const noPasswords: ResourceRule = {
  name: 'no-passwords',
  description:
    'No input is a password, token or private key (decisions 10 and 11: workload identity federation alone). A property that is called so ' +
    'is refused whatever it holds, known or not, but for a setting (true, none, projected), a number of tokens, or a name that says where ' +
    'it stands (secretKeyForPassword), or a tag of Azure; so is one in the command line or the environment of a command. Of a value with another name nothing ' +
    'is said before it is known; the engine looks again, and shows secrets to rules, where a plan does not.',
  about: () => true,
  check: (resource) => [
    ...passwordsOf(resource),
    ...vaultSecret(resource),
    ...kubernetesSecret(resource),
    ...commandLines(resource),
    ...commandVariables(resource),
  ],
};

/** How tags of Azure are called means nothing; what they hold is looked at all the same. */
function passwordsOf({ type, props }: CheckedResource): readonly Finding[] {
  const { tags, ...others } = props;
  if (!isAzureNative(type) || !isObject(tags)) return passwordsIn(props, []);
  const ofTags = Object.entries(tags).flatMap(([name, value]) =>
    isKnownText(value) ? heldBy(value, ['tags', name]) : isObject(value) ? passwordsIn(value, ['tags', name]) : [],
  );
  return [...passwordsIn(others, []), ...ofTags];
}

function passwordsIn(value: PlanValue, path: readonly string[]): readonly Finding[] {
  if (typeof value === 'string') return value === '' ? [] : passwordText(value, path);
  if (Array.isArray(value)) {
    const list = value as readonly PlanValue[];
    return list.flatMap((one, index) => [
      ...pairOf(one, [...path, String(index)]),
      ...passwordsIn(one, [...path, String(index)]),
    ]);
  }
  if (!isObject(value)) return [];
  return (
    Object.entries(value)
      // Names of defaults that a provider filled in.
      .filter(([key]) => !key.startsWith('__'))
      .flatMap(([key, one]) => passwordsIn(one, [...path, key]))
  );
}

function passwordText(text: string, path: readonly string[]): readonly Finding[] {
  const name = [...path].reverse().find((key) => !/^\d+$/.test(key)) ?? '';
  if (isPassword(name, text)) return [finding(path, 'is called like a password')];
  if (!isKnownText(text)) return [];
  const held = heldBy(text, path);
  if (held.length > 0) return held;
  return /kubeconfig$/i.test(name) && KUBECONFIG.test(text) ? [finding(path, 'is a kubeconfig that holds a credential')] : [];
}

/** What a text is by itself. */
function heldBy(text: string, path: readonly string[]): readonly Finding[] {
  const kind = TEXTS.find(([, pattern]) => pattern.test(text))?.[0];
  return kind === undefined ? [] : [finding(path, `holds ${kind}`)];
}

/** Variables are often a list of `name` and `value`. */
function pairOf(value: PlanValue, path: readonly string[]): readonly Finding[] {
  const name = valueAt(value, 'name');
  const given = valueAt(value, 'value');
  if (typeof given !== 'string' || given === '') return [];
  const isSecret = (isKnownText(name) && isPassword(name, given)) || valueAt(value, 'isSecret') === true;
  return isSecret ? [finding([...path, 'value'], 'is the value of a secret variable')] : [];
}

/** Whether a value is one by its name. What is only known later may be anything. */
function isPassword(name: string, value: string): boolean {
  return isPasswordName(name) && !saysWhere(name, value) && !isSetting(name, value);
}

const saysWhere = (name: string, value: string): boolean => REFERENCES.test(name) && value !== SECRET;

const isSetting = (name: string, value: string): boolean =>
  isKnownText(value) && (SETTINGS.test(value) || (TOKENS.name.test(name) && TOKENS.value.test(value)));

function isPasswordName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return NAMES.test(plain) || PARTED_NAMES.test(name);
}

/** Its value is a secret by what it is; the public keys are what stacks publish. */
function vaultSecret({ type, props }: CheckedResource): readonly Finding[] {
  const value = valueAt(props, 'properties', 'value');
  if (azureType(type) !== 'keyvault:Secret' || value === undefined) return [];
  if (value !== SECRET && (!isKnownText(value) || PUBLIC_KEY.test(value))) return [];
  return [finding(['properties', 'value'], 'is the content of a Key Vault secret that is no public key')];
}

function kubernetesSecret({ type, props }: CheckedResource): readonly Finding[] {
  if (type !== 'kubernetes:core/v1:Secret') return [];
  return ['data', 'stringData']
    .filter((field) => {
      const value = valueAt(props, field);
      return typeof value === 'string' || (isObject(value) && Object.keys(value).length > 0);
    })
    .map((field) => finding([field], 'is the content of a Secret'));
}

function commandLines({ type, props }: CheckedResource): readonly Finding[] {
  if (!type.startsWith('command:')) return [];
  return ['create', 'update', 'delete', 'stdin', 'interpreter']
    .filter((field) => {
      const value = valueAt(props, field);
      const texts = Array.isArray(value) ? listAt(value) : [value];
      // Words of one command line, where it is a list.
      const line = texts.filter(isKnownText).join(' ');
      return COMMANDS.some((pattern) => pattern.test(line));
    })
    .map((field) => finding([field], 'gives a password to a command'));
}

/** Whoever starts a command would find one in its environment, and Pulumi in its state. */
function commandVariables({ type, props }: CheckedResource): readonly Finding[] {
  const environment = valueAt(props, 'environment');
  if (!type.startsWith('command:') || !isObject(environment)) return [];
  return (
    Object.entries(environment)
      .filter(([name, value]) => typeof value === 'string' && value !== '' && VARIABLES.test(name) && !isSetting(name, value))
      // The others are told by their names already.
      .filter(([name, value]) => !isPassword(name, value as string))
      .map(([name]) => finding(['environment', name], 'gives a password to a command'))
  );
}

/** It says where, and never what. */
function finding(path: readonly string[], what: string): Finding {
  return {
    message: `${path.join('.')} ${what}, and no input may be one.`,
    remedy: 'Sign in by workload identity federation, or let whoever needs the value read it from Key Vault by itself.',
  };
}
