import { reachable, type Environment, type Platform, type Problem } from '../model';
import { copyCall, readManifest } from './crane';
import { lastWords } from './explain-failure';
import { type ChainToolsFound } from './find-chain-tools';
import { withSession, type Refusal, type SessionOptions } from './session';
import { callTool, type ToolCaller } from './tool-call';
import { DATABASES } from './trivy';

/** How one of Trivy's databases fared. */
export interface DatabaseResult {
  readonly name: string;
  readonly target: string;
  readonly state: 'copied' | 'present' | 'failed';
  /** @default - upstream could not be read */
  readonly digest?: string;
  readonly problems: readonly Problem[];
}

/** Copies Trivy's databases into the environment's registry, where scans look for them. Their tags move, as upstream. */
export function copyDatabases(
  platform: Platform,
  environment: Environment,
  options: SessionOptions,
): Promise<{ readonly results: readonly DatabaseResult[]; readonly tools: ChainToolsFound } | Refusal> {
  return withSession(platform, environment, options, 'none', async ({ caller, tell }, tools) => {
    const results: DatabaseResult[] = [];
    for (const { name, upstream, target, tag } of DATABASES) {
      tell(`${name}: looking upstream`);
      const from = reachable(upstream, platform.supplyChain.registries);
      results.push(await copyDatabase(caller, name, from, tag, `${environment.registry.loginServer}/${target}:${tag}`));
    }
    return { results, tools };
  });
}

async function copyDatabase(
  caller: ToolCaller,
  name: string,
  from: string,
  tag: string,
  target: string,
): Promise<DatabaseResult> {
  const fail = (message: string, remedy: string, digest?: string): DatabaseResult => ({
    name,
    target,
    state: 'failed',
    ...(digest === undefined ? {} : { digest }),
    problems: [{ location: { file: target }, message, remedy }],
  });
  const upstream = await readManifest(caller, `${from}:${tag}`);
  if (upstream.state !== 'present') {
    const reference = `${from}:${tag}`;
    if (upstream.state === 'absent') {
      return fail(
        `${name} cannot be read: there is no ${reference}`,
        'Check what supplyChain.registries in platform.yaml says: the registry there does not have it.',
      );
    }
    return fail(
      `${name} cannot be read from ${reference}: ${upstream.result.failure ?? lastWords(upstream.result.stderr)}`,
      'Check the network and proxy; if this company reaches it elsewhere, say so under supplyChain.registries in platform.yaml.',
    );
  }
  const { digest } = upstream;
  const before = await readManifest(caller, target);
  if (before.state === 'present' && before.digest === digest) return { name, target, state: 'present', digest, problems: [] };
  const result = await callTool(caller, copyCall(`${from}@${digest}`, target, { moveTag: true }));
  if (result.code !== 0) {
    return fail(
      `${name} cannot be copied: crane: ${result.failure ?? lastWords(result.stderr)}`,
      'Run it again; sign in first if it was refused.',
      digest,
    );
  }
  const arrived = await readManifest(caller, target);
  return arrived.state === 'present' && arrived.digest === digest
    ? { name, target, state: 'copied', digest, problems: [] }
    : fail(
        `${name} arrived changed: expected ${digest}, found ${arrived.state === 'present' ? arrived.digest : 'nothing'}`,
        'Run it again; do not scan with it.',
        digest,
      );
}
