import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type Problem } from '../model';
import { AccessWait } from './access-wait';
import { type ChainToolsFound } from './find-chain-tools';
import { CHAIN_TOOLS, type ToolCaller } from './tool-call';

/** How tools are called. */
export interface CallerOptions {
  /** Environment variables, by which the tools sign in. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Longest time that one call of a tool may take, in milliseconds. @default 15 minutes */
  readonly timeoutMilliseconds?: number;
  /** Wait before the first repetition of a call that a registry throttled, in milliseconds. @default 1000 */
  readonly backoffMilliseconds?: number;
  /** Folder whose `config.json` holds the credentials of registries. @default - where the tools look themselves */
  readonly dockerConfig?: string;
  /** Time to wait for access that is denied at first, in milliseconds. @default 0 */
  readonly waitForAccessMilliseconds?: number;
  /** Time between two attempts while access is denied, in milliseconds. @default 15000 */
  readonly accessIntervalMilliseconds?: number;
  readonly signal: AbortSignal;
  /** Tells progress. */
  readonly tell: (line: string) => void;
}

const DEFAULT_TIMEOUT_MILLISECONDS = 15 * 60 * 1000;
const DEFAULT_BACKOFF_MILLISECONDS = 1000;

/**
 * What calls of tools in a scratch folder have in common.
 *
 * @param registry host of the registry whose refusals are waited for
 */
export function newCaller(tools: ChainToolsFound, options: CallerOptions, scratch: string, registry?: string): ToolCaller {
  const { signal, tell, accessIntervalMilliseconds: intervalMilliseconds, waitForAccessMilliseconds: milliseconds = 0 } = options;
  const access = new AccessWait({
    milliseconds,
    signal,
    tell,
    ...(intervalMilliseconds === undefined ? {} : { intervalMilliseconds }),
    ...(registry === undefined ? {} : { registry }),
  });
  return {
    executables: Object.fromEntries(
      CHAIN_TOOLS.flatMap((name) => (tools[name] === undefined ? [] : [[name, tools[name].executable]])),
    ),
    environment: {
      ...options.environment,
      // The tools run in another folder.
      ...(options.dockerConfig === undefined ? {} : { DOCKER_CONFIG: path.resolve(options.dockerConfig) }),
    },
    directory: scratch,
    timeoutMilliseconds: options.timeoutMilliseconds ?? DEFAULT_TIMEOUT_MILLISECONDS,
    backoffMilliseconds: options.backoffMilliseconds ?? DEFAULT_BACKOFF_MILLISECONDS,
    signal,
    ...(milliseconds === 0 ? {} : { access }),
  };
}

/** Without its file the tools would go on without credentials, and the registry would say less. */
export function missingDockerConfig({ dockerConfig }: CallerOptions): Problem | undefined {
  if (dockerConfig === undefined) return undefined;
  const file = path.join(dockerConfig, 'config.json');
  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true) return undefined;
  return {
    location: { file },
    message: 'does not exist, but --docker-config names its folder',
    remedy: `Sign in so that it is written there, such as with \`DOCKER_CONFIG=${dockerConfig} crane auth login\`.`,
  };
}

/** Does work in a private scratch folder, which is gone afterwards whatever happens. */
export async function withScratch<Result>(work: (scratch: string) => Promise<Result>): Promise<Result> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'k8s-gitops-images-'));
  try {
    return await work(scratch);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}
