import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { fileSystemProblem, makeFolder, type Problem } from '../model';
import { writeWhole } from '../tools';
import { azureCli, type AzureCliAnswer, type AzureCliOptions } from './azure-cli';
import { describePatience, retry, type Patience } from './patience';

/** Which registry to sign in to, and where to keep it. */
export interface RegistryLoginProps {
  /** Name of the registry, such as `myorgdev`. */
  readonly registry: string;
  /** Host of the registry, such as `myorgdev.azurecr.io`. */
  readonly loginServer: string;
  /** File in Docker's format that crane, cosign and helm read; it holds a token for some hours and belongs in a folder of its own. */
  readonly configFile: string;
  /** Environment variables, of which PATH says where `az` is. */
  readonly environment: AzureCliOptions['environment'];
  /** Subscription of the registry. @default - the one that `az account set` chose */
  readonly subscription?: string;
  /** Stops it early. @default - nothing does */
  readonly signal?: AbortSignal;
  /** How long to wait for a registry or role that was just made. @default - 5 min, every 10 s */
  readonly patience?: Patience;
}

/** User of registries to whom a token of Microsoft Entra ID is the password. */
const TOKEN_USER = '00000000-0000-0000-0000-000000000000';

/** What a registry answers, or that it cannot be reached by its name yet, while it and the roles on it are new. */
const NOT_YET =
  /\b40[134]\b|denied|have access to|could not be found|not found|Could not connect to the registry|DNS|required permissions|Forbidden/i;

const TOKEN_ANSWER = z.object({ accessToken: z.string().regex(/^\S+$/), loginServer: z.string().min(1) });

/**
 * Signs in to a registry with a short-lived token of whoever is signed in to Azure, for crane, cosign and helm.
 *
 * @returns what went wrong, `undefined` when the file is written; a problem never holds the token
 */
export async function registryLogin(props: RegistryLoginProps): Promise<Problem | undefined> {
  const { registry, loginServer, configFile, environment, subscription, signal, patience = {} } = props;
  const answer = await retry(
    patience,
    signal,
    () =>
      azureCli(['acr', 'login', '--name', registry, '--expose-token'], {
        environment,
        ...(subscription === undefined ? {} : { subscription }),
        ...(signal === undefined ? {} : { signal }),
      }),
    isTooEarly,
  );
  if ('problem' in answer) return isTooEarly(answer) ? stillRefused(props, answer.problem) : answer.problem;
  const token = TOKEN_ANSWER.safeParse(answer.value);
  if (!token.success) {
    return problemOf(
      loginServer,
      '`az acr login --expose-token` gave no token',
      'Bring the Azure CLI up to date with `az upgrade`, then run it again.',
    );
  }
  if (token.data.loginServer.toLowerCase() !== loginServer.toLowerCase()) {
    return problemOf(
      loginServer,
      `the registry '${registry}' is '${token.data.loginServer}', not '${loginServer}'`,
      'Check the name of the registry, and the cloud that `az cloud show` tells.',
    );
  }
  return write(configFile, loginServer, token.data.accessToken);
}

/** Removes the file that {@link registryLogin} wrote. Never throws: it runs when the process ends, whatever happened before. */
export function removeRegistryLogin(configFile: string): void {
  try {
    fs.rmSync(configFile, { force: true });
  } catch {
    // The token in it expires by itself.
  }
}

/** Somebody who is not signed in at all does not become so by waiting. */
const isTooEarly = (answer: AzureCliAnswer): boolean =>
  'problem' in answer &&
  (['denied', 'not-found'].includes(answer.reason) || (answer.reason === 'failed' && NOT_YET.test(answer.problem.message)));

const stillRefused = ({ registry, loginServer, patience = {} }: RegistryLoginProps, { message }: Problem): Problem =>
  problemOf(
    loginServer,
    `no token for the registry '${registry}' within ${describePatience(patience)}: ${message}`,
    'Check that the registry exists, that this machine reaches it, and that you have AcrPush or AcrPull on it; then run it again.',
  );

const problemOf = (file: string, message: string, remedy: string): Problem => ({ location: { file }, message, remedy });

function write(configFile: string, loginServer: string, token: string): Problem | undefined {
  const auth = Buffer.from(`${TOKEN_USER}:${token}`).toString('base64');
  const folder = path.dirname(path.resolve(configFile));
  const mask = process.umask(0o077);
  try {
    makeFolder(folder);
    const mode = fs.statSync(folder).mode & 0o777;
    // Somebody else's folder is not closed to them: it may be that for everybody's temporary files.
    if ((mode & 0o077) !== 0) {
      return problemOf(
        configFile,
        `would hold a token in a folder that others can read (mode ${mode.toString(8)}, not 700)`,
        'Name a file in a folder of its own that is not there yet.',
      );
    }
    writeWhole(configFile, `${JSON.stringify({ auths: { [loginServer]: { auth } } })}\n`);
    return undefined;
  } catch (error) {
    const problem = fileSystemProblem(error, process.cwd());
    if (problem === undefined) throw error;
    return problem;
  } finally {
    process.umask(mask);
  }
}
