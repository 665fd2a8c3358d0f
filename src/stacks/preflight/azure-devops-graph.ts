import { request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { connectionFailure, newDispatcher } from '../../tools';

/** How Azure DevOps Graph is asked. */
export interface GraphOptions {
  /** Where it answers, without a slash at its end. */
  readonly address: string;
  readonly organization: string;
  readonly token: string;
  /** Environment variables, which name proxies and certificates. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Longest time of one request, in milliseconds. */
  readonly requestMilliseconds: number;
  /** Stops a request early. @default - nothing does */
  readonly signal?: AbortSignal;
}

const servicePrincipal = z.object({ originId: z.string().optional(), descriptor: z.string() });
const servicePrincipals = z.object({ value: z.array(servicePrincipal) });
const memberships = z.object({ value: z.array(z.object({ containerDescriptor: z.string() })) });
const group = z.object({ principalName: z.string(), domain: z.string().optional() });

/** A service principal that an organization knows. */
export type GraphServicePrincipal = z.output<typeof servicePrincipal>;

/** A group of a project or of the organization, called such as `[my-project]\Readers`. */
export type GraphGroup = z.output<typeof group>;

/** Why Graph gave no answer; holds nothing of what was sent. */
export class GraphFailure extends Error {
  public constructor(
    message: string,
    /** What to look at. */
    public readonly remedy: string,
  ) {
    super(message);
  }
}

const API_VERSION = '7.1-preview.1';

/** More than this is no answer. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A page has some hundred entries; more pages than this is a server that goes in circles. */
const MAX_PAGES = 200;

/**
 * Does work with Azure DevOps Graph.
 *
 * @throws GraphFailure
 */
export async function withAzureDevOpsGraph<Result>(
  options: GraphOptions,
  work: (graph: AzureDevOpsGraph) => Promise<Result>,
): Promise<Result> {
  const dispatcher = dispatcherOf(options);
  try {
    return await work(new AzureDevOpsGraph(options, dispatcher));
  } finally {
    await dispatcher.destroy();
  }
}

/** The service principals, groups and memberships of an organization. */
export class AzureDevOpsGraph {
  public constructor(
    private readonly options: GraphOptions,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** Every service principal, page by page. */
  public async *servicePrincipals(): AsyncGenerator<GraphServicePrincipal> {
    let continuation: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const query: Record<string, string> = continuation === undefined ? {} : { continuationToken: continuation };
      const answer = await this.get('serviceprincipals', query, servicePrincipals);
      yield* answer.content.value;
      ({ continuation } = answer);
      if (continuation === undefined) return;
    }
    throw new GraphFailure(`the list of service principals has more than ${MAX_PAGES} pages`, LOOK);
  }

  /** Descriptors of the groups that a service principal or group is directly in. */
  public async containersOf(descriptor: string): Promise<readonly string[]> {
    const { content } = await this.get(`memberships/${encodeURIComponent(descriptor)}`, { direction: 'up' }, memberships);
    return content.value.map(({ containerDescriptor }) => containerDescriptor);
  }

  /** A group by its descriptor. */
  public async group(descriptor: string): Promise<GraphGroup> {
    return (await this.get(`groups/${encodeURIComponent(descriptor)}`, {}, group)).content;
  }

  private async get<Content>(
    resource: string,
    query: Readonly<Record<string, string>>,
    schema: z.ZodType<Content>,
  ): Promise<{ readonly content: Content; readonly continuation?: string }> {
    const { address, organization, token, requestMilliseconds, signal } = this.options;
    const parameters = new URLSearchParams({ ...query, 'api-version': API_VERSION });
    const timeout = AbortSignal.timeout(requestMilliseconds);
    const url = `${address}/${encodeURIComponent(organization)}/_apis/graph/${resource}?${parameters.toString()}`;
    try {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: this.dispatcher,
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
        headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'k8s-gitops' },
      });
      // Told by reading it; without a listener it would end the process.
      body.on('error', () => undefined);
      if (statusCode !== 200) {
        body.destroy();
        throw statusFailure(statusCode, organization);
      }
      const content = contentOf(await read(body), schema);
      const continuation = headers['x-ms-continuationtoken'];
      return typeof continuation === 'string' && continuation !== '' ? { content, continuation } : { content };
    } catch (error) {
      if (error instanceof GraphFailure) throw error;
      if (timeout.aborted)
        throw new GraphFailure(`Azure DevOps did not answer within ${requestMilliseconds / 1000} s`, CONNECTION);
      if (signal?.aborted === true) throw new GraphFailure('it was interrupted', 'Run it again.');
      throw new GraphFailure(`Azure DevOps cannot be reached: ${connectionFailure(error).message}`, CONNECTION);
    }
  }
}

const CONNECTION =
  'Check the network and the proxy (HTTPS_PROXY; NODE_EXTRA_CA_CERTS for a certificate of the company), then run it again.';

const LOOK = 'Look at the users of the organization in Azure DevOps.';

const SIGN_IN =
  'Sign in with `az login` as a user of the organization; in a pipeline, hand SYSTEM_ACCESSTOKEN of a job whose build service may read it.';

/** Who is not signed in gets a redirect or a page (203) to sign in, rather than a refusal. */
function statusFailure(status: number, organization: string): GraphFailure {
  if (status === 203 || (status >= 300 && status < 400) || status === 401 || status === 403) {
    return new GraphFailure(`the organization '${organization}' does not let this run read its users (HTTP ${status})`, SIGN_IN);
  }
  const message = `Azure DevOps answered HTTP ${status} for the organization '${organization}'`;
  if (status === 404)
    return new GraphFailure(message, "Check 'git.organization' in platform.yaml, and that you are a user of it.");
  return new GraphFailure(message, `Run it again later. ${LOOK}`);
}

async function read(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new GraphFailure(`Azure DevOps answered with more than ${MAX_BYTES} bytes`, LOOK);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function contentOf<Content>(text: string, schema: z.ZodType<Content>): Content {
  const parsed = schema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new GraphFailure(`Azure DevOps answered with what its API does not have (${Buffer.byteLength(text)} bytes)`, LOOK);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function dispatcherOf({ environment, requestMilliseconds }: GraphOptions): Dispatcher {
  try {
    return newDispatcher(environment, requestMilliseconds);
  } catch (error) {
    const { message, remedy } = connectionFailure(error);
    throw new GraphFailure(message, remedy);
  }
}
