import { reachable } from '../model';
import { contentDigest, findMismatch, locateTool, runTool, type ToolResult } from '../tools';
import { stopIfInterrupted } from './interruption';

const MANIFEST_TIMEOUT_MILLISECONDS = 60_000;
const BLOB_TIMEOUT_MILLISECONDS = 300_000;

/** A manifest or a list of tags is far smaller. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** The manifests of all versions of Flux have a few megabytes, and so has a chart. */
const MAX_BLOB_BYTES = 64 * 1024 * 1024;

/** Why something could not be learned from a registry. */
export interface RegistryFailure {
  /** `absent`: the registry answered that there is no such thing. `unusable`: it answered, but with something else. */
  readonly kind: 'no-crane' | 'absent' | 'unreachable' | 'unusable';
  /** As part of a sentence. */
  readonly reason: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What a registry answered, or why it did not. */
export type Answer<Value> = { readonly value: Value } | { readonly failure: RegistryFailure };

/** A manifest as the registry has it. */
export interface Manifest {
  /** Computed from the bytes. */
  readonly digest: string;
  /** Media types and digests of what it consists of; empty for an index. */
  readonly layers: readonly { readonly mediaType: string; readonly digest: string; readonly size: number }[];
}

export interface RegistryOptions {
  /** Platform folder, in which `crane` may be installed. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Where upstream registries are reached, by their host. */
  readonly registries: Readonly<Record<string, string>>;
}

/** Registries say in different ways that there is nothing. */
const ABSENT = /MANIFEST_UNKNOWN|NAME_UNKNOWN|BLOB_UNKNOWN|NOT_FOUND|unexpected status code 404|404 Not Found/i;

/** A registry that was reached, but does not give this. */
const DENIED = /UNAUTHORIZED|DENIED|unexpected status code 40[13]|40[13] (?:Unauthorized|Forbidden)/i;

/** Upstream registries, as `crane` reads them. */
export class Registry {
  private readonly crane: string | undefined;
  private readonly manifests = new Map<string, Promise<Answer<Manifest>>>();
  /** A host that cannot be reached is not asked for every image anew. */
  private readonly unreachable = new Map<string, RegistryFailure>();

  public constructor(private readonly options: RegistryOptions) {
    this.crane = locateTool('crane', options.directory, options.environment)?.executable;
  }

  /**
   * The manifest or index of a reference, asked for once.
   *
   * @param reference upstream, `host/repository:tag`
   */
  public manifest(reference: string): Promise<Answer<Manifest>> {
    const earlier = this.manifests.get(reference);
    if (earlier !== undefined) return earlier;
    const answer = this.readManifest(reference);
    this.manifests.set(reference, answer);
    return answer;
  }

  /** A blob, whose digest is that which was asked for. */
  public async blob(repository: string, digest: string): Promise<Answer<Buffer>> {
    const reference = `${repository}@${digest}`;
    const answer = await this.run(['blob'], reference, BLOB_TIMEOUT_MILLISECONDS, MAX_BLOB_BYTES);
    if ('failure' in answer) return answer;
    const found = contentDigest(answer.value);
    if (found === digest) return answer;
    return unusable(reference, `expected ${digest}, found ${found}`);
  }

  /** The tags of a repository. */
  public async tags(repository: string): Promise<Answer<readonly string[]>> {
    const answer = await this.run(['ls'], repository, MANIFEST_TIMEOUT_MILLISECONDS, MAX_ANSWER_BYTES);
    if ('failure' in answer) return answer;
    return {
      value: answer.value
        .toString('utf8')
        .split(/\s+/)
        .filter((tag) => tag !== ''),
    };
  }

  private async readManifest(reference: string): Promise<Answer<Manifest>> {
    const answer = await this.run(['manifest'], reference, MANIFEST_TIMEOUT_MILLISECONDS, MAX_ANSWER_BYTES);
    if ('failure' in answer) return answer;
    const layers = layersIn(answer.value);
    if (layers === undefined) return unusable(reference, 'the answer is no manifest');
    return { value: { digest: contentDigest(answer.value), layers } };
  }

  private async run(
    command: readonly string[],
    reference: string,
    timeoutMilliseconds: number,
    maxBytes: number,
  ): Promise<Answer<Buffer>> {
    const { environment, signal } = this.options;
    stopIfInterrupted(signal);
    if (this.crane === undefined) return { failure: NO_CRANE };
    const reached = reachable(reference, this.options.registries);
    const host = reached.slice(0, reached.indexOf('/'));
    const known = this.unreachable.get(host);
    if (known !== undefined) return { failure: known };
    const chunks: Buffer[] = [];
    const tooMuch = new AbortController();
    let bytes = 0;
    const result = await runTool(this.crane, [...command, reached], {
      environment,
      timeoutMilliseconds,
      signal: AbortSignal.any([signal, tooMuch.signal]),
      sink: (chunk) => {
        bytes += chunk.length;
        if (bytes > maxBytes) tooMuch.abort();
        else chunks.push(chunk);
      },
    });
    stopIfInterrupted(signal);
    if (tooMuch.signal.aborted) return unusable(reference, `it has more than ${maxBytes} bytes`);
    if (result.code === 0) return { value: Buffer.concat(chunks) };
    const mismatch = findMismatch(result.stderr);
    if (mismatch !== undefined) return unusable(reference, `expected ${mismatch.expected}, found ${mismatch.found}`);
    const failure = explain(reference, reached, host, result);
    if (failure.kind === 'unreachable' && !DENIED.test(result.stderr)) this.unreachable.set(host, failure);
    return { failure };
  }
}

const NO_CRANE: RegistryFailure = {
  kind: 'no-crane',
  reason: 'crane is not installed',
  remedy: 'Install it with `npx k8s-gitops tools install`, then run `npx k8s-gitops upgrade` again.',
};

function unusable(reference: string, what: string): { readonly failure: RegistryFailure } {
  return {
    failure: {
      kind: 'unusable',
      reason: `what was read of ${reference} cannot be used: ${what}`,
      remedy: 'Something between here and the registry changes what it sends. Find out what, and run it again.',
    },
  };
}

function explain(reference: string, reached: string, host: string, { stderr, failure }: ToolResult): RegistryFailure {
  const asked = reached === reference ? '' : ` (asked for ${reached})`;
  if (failure === undefined && ABSENT.test(stderr)) {
    return {
      kind: 'absent',
      reason: `there is no ${reference}${asked}`,
      remedy: 'Correct the version or the reference, or wait until it is published.',
    };
  }
  const said = failure ?? lastLine(stderr);
  const upstream = reference.slice(0, reference.indexOf('/'));
  return {
    kind: 'unreachable',
    reason: `${host} did not answer for ${reference}${said === '' ? '' : `: ${said}`}`,
    remedy: `Run \`npx k8s-gitops upgrade\` again where ${host} can be reached, or say under 'supplyChain.registries' of platform.yaml where ${upstream} is reached from here.`,
  };
}

/** Longer is no reason any more but a log. */
const MAX_REASON = 200;

function lastLine(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1)!.replace(/^Error: /, '').replace(/\p{C}/gu, ' '); // prettier-ignore
  return line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}...` : line;
}

/** The layers of a manifest, none for an index, `undefined` when it is neither. */
function layersIn(content: Buffer): Manifest['layers'] | undefined {
  try {
    const manifest = JSON.parse(content.toString('utf8')) as { schemaVersion?: unknown; layers?: unknown } | null;
    if (manifest?.schemaVersion !== 2) return undefined;
    const layers = Array.isArray(manifest.layers) ? (manifest.layers as Record<string, unknown>[]) : [];
    return layers.map(({ mediaType, digest, size }) => ({
      mediaType: String(mediaType),
      digest: String(digest),
      size: Number(size),
    }));
  } catch {
    return undefined;
  }
}
