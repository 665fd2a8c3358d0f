import { SECRET, type PlanValue } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { isKnownText, isObject, listAt, valueAt } from '../known-value';
import { azureType } from '../resource-type';
import { type CheckedResource, type ResourceRule } from '../rule';

/** How the names of properties and variables end that hold a password, without `-`, `_` and `.` and in lower case. */
const NAMES =
  /(password|passwd|passphrase|clientsecret|sharedsecret|secretvalue|personalaccesstoken|serviceprincipalkey|serviceprincipalcertificate|(shared|storage|primary|secondary)?accesskey|accountkey|apikey|connectionstring|privatekey|clientkeydata|clientkey|dockerconfigjson|saskey|sastoken|token|bearer)$/;

/** Names that are told by their parts, such as the variable `AZURE_DEVOPS_EXT_PAT`. */
const PARTED_NAMES = /((^|[_.-])(pat|pwd)|_SECRET)$/i;

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

/** What in a command line is one: an option with a value, or a variable that is set; `$NAME` takes it from elsewhere. */
const COMMAND =
  /(--?(password|passwd|client-secret|token|pat|account-key|connection-string)(=|\s+)["']?(?![-$"'\s])\S|\b\w*(PASSWORD|SECRET|TOKEN|_PAT|API_KEY)=["']?(?![$"'\s])\S)/;

/** A public key in PEM form, which a Key Vault secret may hold. */
const PUBLIC_KEY = /^\s*-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\s*$/;

/** No password goes through Pulumi: it would stand in the state, and in the checkpoint of every update. */
export const noPasswords: ResourceRule = {
  name: 'no-passwords',
  description:
    'No input is a password, token or private key (decisions 10 and 11: workload identity federation alone). A property that is called so is ' +
    'refused whatever it holds, known or not. Of a value with another name nothing is said before it is known; the engine looks again, and ' +
    'shows secrets to rules, where a plan does not.',
  about: () => true,
  check: (resource) => [
    ...passwordsIn(resource.props, []),
    ...vaultSecret(resource),
    ...kubernetesSecret(resource),
    ...commandLines(resource),
  ],
};

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
  if (isPasswordName(name)) return [finding(path, 'is called like a password')];
  if (!isKnownText(text)) return [];
  const kind = TEXTS.find(([, pattern]) => pattern.test(text))?.[0];
  if (kind !== undefined) return [finding(path, `holds ${kind}`)];
  return /kubeconfig$/i.test(name) && KUBECONFIG.test(text) ? [finding(path, 'is a kubeconfig that holds a credential')] : [];
}

/** Variables are often a list of `name` and `value`. */
function pairOf(value: PlanValue, path: readonly string[]): readonly Finding[] {
  const name = valueAt(value, 'name');
  const given = valueAt(value, 'value');
  if (typeof given !== 'string' || given === '') return [];
  const isPassword = (isKnownText(name) && isPasswordName(name)) || valueAt(value, 'isSecret') === true;
  return isPassword ? [finding([...path, 'value'], 'is the value of a secret variable')] : [];
}

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
      return texts.some((text) => isKnownText(text) && COMMAND.test(text));
    })
    .map((field) => finding([field], 'gives a password to a command'));
}

/** It says where, and never what. */
function finding(path: readonly string[], what: string): Finding {
  return {
    message: `${path.join('.')} ${what}, and no input may be one.`,
    remedy: 'Sign in by workload identity federation, or let whoever needs the value read it from Key Vault by itself.',
  };
}
