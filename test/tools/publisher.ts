import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { type LockFile, type ToolName, type ToolPlatform } from '../../src/model';
import { toolsCommand } from '../../src/cli/commands/tools';
import { EXIT } from '../../src/cli/command';
import { Terminal } from '../../src/cli/terminal';
import { PUBLISHED_TOOLS, targetOf } from '../../src/tools/published-tools';
import { hostPlatform } from '../../src/tools/host-platform';
import { serve, type FileServer } from '../support/file-server';
import { edit, platformFolder } from '../support/platform-folder';
import { storedZip } from '../support/stored-zip';
import { type CliResult } from '../support/run-cli';
import { tarGz } from './archives';

/** The platform that the tests run on. */
export const HOST: ToolPlatform = hostPlatform()!;

/** Hosts of publishers, each of which is a folder of the server. */
const HOSTS = ['github.com', 'dl.k8s.io', 'get.helm.sh', 'raw.githubusercontent.com'];

/** `supplyChain.downloads` that lead every publisher to the server. */
export function mirrors(server: FileServer): Readonly<Record<string, string>> {
  return Object.fromEntries(HOSTS.map((host) => [`https://${host}/`, `${server.url}${host}/`]));
}

/** Where an address of a publisher is on the server. */
export const pathOf = (url: string): string => url.replace('https://', '');

/** What a publisher publishes of a version: members with a content that says what they are. */
export function archiveOf(name: ToolName, version: string, platform: ToolPlatform = HOST): Buffer {
  const { archive, members } = PUBLISHED_TOOLS[name];
  const paths = members(targetOf(platform)).flatMap((path) =>
    path.endsWith('/') ? [`${path}${name}`, `${path}${name}-language-nodejs`] : [path],
  );
  const content = (path: string): string => `#!/bin/sh\necho ${path} ${version} ${platform}\n`;
  if (archive === 'binary') return Buffer.from(content(name));
  if (archive === 'zip')
    return storedZip([...paths.map((path) => ({ path, content: content(path) })), { path: 'README', content: 'x' }]);
  return tarGz({ ...Object.fromEntries(paths.map((path) => [path, content(path)])), LICENSE: 'free' });
}

export const sum = (algorithm: string, content: Buffer | string): string => createHash(algorithm).update(content).digest('hex');

/** Address of the download on its publisher's server. */
export const urlOf = (name: ToolName, version: string, platform: ToolPlatform = HOST): string =>
  PUBLISHED_TOOLS[name].url(version, targetOf(platform));

/** Publishes a tool on the server, and says what the lock has to hold. */
export function publish(server: FileServer, name: ToolName, version: string): LockFile['tools'] {
  const content = archiveOf(name, version);
  const url = urlOf(name, version);
  const { algorithm } = PUBLISHED_TOOLS[name].checksums;
  server.on(pathOf(url), serve.file(content));
  return { [name]: { version, downloads: { [HOST]: { url, [algorithm]: sum(algorithm, content) } } } };
}

/** A platform folder whose downloads lead to the server and whose lock pins the tools. */
export function platformWithTools(server: FileServer, tools: LockFile['tools']): string {
  const folder = platformFolder();
  edit(folder, 'platform.yaml', 'git:\n', `${stringify({ supplyChain: { downloads: mirrors(server) } })}git:\n`);
  edit(folder, 'platform.lock.yaml', 'charts:\n', `${stringify({ tools })}charts:\n`);
  return folder;
}

export interface ToolsRun {
  /** @default - none */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** @default - nothing interrupts */
  readonly signal?: AbortSignal;
  /** Milliseconds by which the clock goes on at every look. @default 0 */
  readonly tick?: number;
}

/** Runs `k8s-gitops tools ...` in this process; throws what the command line rejects. */
export async function runTools(
  args: readonly string[],
  { environment = {}, signal = new AbortController().signal, tick = 0 }: ToolsRun = {},
): Promise<CliResult> {
  let [out, err] = ['', ''];
  let time = 0;
  let code: number = EXIT.ok;
  const terminal = new Terminal({
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    environment,
    now: () => (time += tick),
    date: () => new Date('2026-11-21T12:00:00Z'),
    interruption: () => signal,
  });
  const command = toolsCommand(terminal, (value) => (code = value));
  await command.parseAsync(args, { from: 'user' });
  return { code, out, err };
}
