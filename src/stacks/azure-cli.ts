import { type JsonValue, type Problem } from '../model';
import { locateOnPath, runTool, type ToolResult } from '../tools';

/** How the Azure CLI is called. */
export interface AzureCliOptions {
  /** Environment variables, of which PATH says where `az` is. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Subscription of the call. @default - the one that `az account set` chose */
  readonly subscription?: string;
  /** Stops a call early. @default - nothing does */
  readonly signal?: AbortSignal;
  /** After this time a call is stopped. @default 300000 */
  readonly timeoutMilliseconds?: number;
}

/** Why a call gave nothing. */
export type AzureCliReason =
  'missing' | 'not-signed-in' | 'not-found' | 'denied' | 'interrupted' | 'timed-out' | 'unreadable' | 'failed';

/** A call that gave nothing. */
export interface AzureCliFailure {
  readonly problem: Problem;
  readonly reason: AzureCliReason;
}

/** What a call gave: the JSON that `az` printed, `null` where it printed nothing. */
export type AzureCliAnswer = { readonly value: JsonValue } | AzureCliFailure;

const TIMEOUT_MILLISECONDS = 300_000;

/** Exit code of `az` for what does not exist. */
const NOT_FOUND_CODE = 3;

const NOT_FOUND =
  /\((?:ResourceNotFound|ResourceGroupNotFound|ParentResourceNotFound|ContainerNotFound|KeyNotFound|NotFound|SubscriptionNotFound)\)/;
/** Comes before the next one: `az` advises to sign in again whenever access is denied. */
const DENIED =
  /AuthorizationFailed|AuthorizationPermissionMismatch|LinkedAuthorizationFailed|Forbidden|required permissions|was denied|have access to/i;
const NOT_SIGNED_IN = /az login|AADSTS\d+|refresh token (?:has )?expired|interaction required|InvalidAuthenticationToken/i;

/** A token that the Azure CLI could have printed: a JSON Web Token. */
const TOKEN = /\beyJ[\w-]+(?:\.[\w-]+)+/g;

/** Runs `az` and reads the JSON that it prints. Never throws: what went wrong is a problem, in which nothing that `az` gave appears. */
export async function azureCli(args: readonly string[], options: AzureCliOptions): Promise<AzureCliAnswer> {
  const executable = locateOnPath('az', options.environment);
  if (executable === undefined) return MISSING;
  const result = await runTool(executable, fullArguments(args, options), {
    environment: { ...withoutStorageSettings(options.environment), ...QUIET },
    timeoutMilliseconds: options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (result.code !== 0) return failureOf(args, result, options.signal);
  return parse(args, result.stdout);
}

/** A call as people would type it. */
export function azureCommandLine(args: readonly string[], { subscription }: Pick<AzureCliOptions, 'subscription'> = {}): string {
  return ['az', ...args, ...subscriptionArguments(subscription)].map(quoted).join(' ');
}

const MISSING: AzureCliFailure = {
  problem: {
    location: { file: 'az' },
    message: 'the Azure CLI is not on PATH',
    remedy: 'Install it (learn.microsoft.com/cli/azure), sign in with `az login`, and run it again.',
  },
  reason: 'missing',
};

/** Nothing that colours, asks, or installs by itself. */
const QUIET = { AZURE_CORE_NO_COLOR: 'true', AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'no', AZURE_CORE_DISABLE_PROGRESS_BAR: 'true' };

/** Keys and signatures of storage accounts, which `az` would take instead of who is signed in. */
const withoutStorageSettings = (environment: AzureCliOptions['environment']): AzureCliOptions['environment'] =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AZURE_STORAGE_')));

const fullArguments = (args: readonly string[], { subscription }: AzureCliOptions): readonly string[] => [
  ...args,
  ...subscriptionArguments(subscription),
  '--only-show-errors',
  '--output',
  'json',
];

const subscriptionArguments = (subscription: string | undefined): readonly string[] =>
  subscription === undefined ? [] : ['--subscription', subscription];

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

function parse(args: readonly string[], printed: string): AzureCliAnswer {
  if (printed.trim() === '') return { value: null };
  try {
    return { value: JSON.parse(printed) as JsonValue };
  } catch {
    // What it printed is not repeated: it may be a token.
    return failure(
      'unreadable',
      `\`${nameOf(args)}\` printed what is not JSON (${Buffer.byteLength(printed)} bytes)`,
      `Run \`${nameOf(args)}\` yourself to see it, and bring the Azure CLI up to date with \`az upgrade\`.`,
    );
  }
}

function failureOf(args: readonly string[], result: ToolResult, signal: AbortSignal | undefined): AzureCliFailure {
  const name = nameOf(args);
  if (signal?.aborted === true) {
    return failure('interrupted', `\`${name}\` was interrupted`, 'Run it again; what is there already is found and left alone.');
  }
  if (result.failure !== undefined) {
    return failure(
      'timed-out',
      `\`${name}\`: ${result.failure}`,
      'Check the network and proxy (HTTPS_PROXY), then run it again.',
    );
  }
  const { stderr } = result;
  const said = `\`${name}\` failed: ${lastWords(stderr)}`;
  if (result.code === NOT_FOUND_CODE || NOT_FOUND.test(stderr)) {
    return failure('not-found', said, 'Check the names and the subscription.');
  }
  if (DENIED.test(stderr)) {
    return failure('denied', said, 'Ask for the permission that is missing, then run it again; a new role takes some minutes.');
  }
  if (NOT_SIGNED_IN.test(stderr)) return failure('not-signed-in', said, 'Sign in with `az login`, then run it again.');
  return failure('failed', said, 'Mend the cause and run it again; what is there already is found and left alone.');
}

const failure = (reason: AzureCliReason, message: string, remedy: string): AzureCliFailure => ({
  problem: { location: { file: 'az' }, message, remedy },
  reason,
});

/** The command without its options: their values say nothing about what went wrong that `az` does not say. */
function nameOf(args: readonly string[]): string {
  const options = args.findIndex((arg) => arg.startsWith('-'));
  return ['az', ...(options === -1 ? args : args.slice(0, options))].join(' ');
}

/** What `az` says went wrong, on one line: from its line of error on when there is one, what it said last otherwise. */
function lastWords(stderr: string): string {
  const lines = stderr
    .replace(TOKEN, '***')
    .split('\n')
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, ' ').trim())
    .filter((line) => line !== '' && !line.startsWith('WARNING:'));
  const error = lines.findIndex((line) => line.startsWith('ERROR:'));
  const said = (error === -1 ? lines.slice(-1) : lines.slice(error)).join(' ').replace(/^ERROR:\s*/, '');
  if (said === '') return 'it did not say why';
  return said.length <= 400 ? said : `${said.slice(0, 400)}…`;
}
