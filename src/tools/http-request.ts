import { setTimeout as sleep } from 'node:timers/promises';
import { request, type Dispatcher } from 'undici';
import { shownAddress } from './download-address';
import { newDispatcher } from './http-dispatcher';
import { connectionFailure, idleFailure, redirectFailure, statusFailure, totalFailure } from './http-failure';
import { interrupted, ToolFailure } from './tool-failure';

/** How patient requests are. */
export interface HttpLimits {
  /** Attempts in all. @default 4 */
  readonly attempts: number;
  /** Wait before the second attempt; it doubles with every further one. @default 1000 */
  readonly backOffMilliseconds: number;
  /** Longest wait between two attempts, whatever a server asks for. @default 30000 */
  readonly longestWaitMilliseconds: number;
  /** Longest time without a byte. @default 30000 */
  readonly idleMilliseconds: number;
  /** Longest time of all attempts together. @default 1800000 */
  readonly totalMilliseconds: number;
  /** Redirects that are followed. @default 10 */
  readonly redirects: number;
  /** Largest download, in bytes. @default 1 GiB */
  readonly maxBytes: number;
}

const DEFAULT_LIMITS: HttpLimits = {
  attempts: 4,
  backOffMilliseconds: 1000,
  longestWaitMilliseconds: 30_000,
  idleMilliseconds: 30_000,
  totalMilliseconds: 30 * 60 * 1000,
  redirects: 10,
  maxBytes: 1024 ** 3,
};

/** How publishers are reached. */
export interface DownloadContext {
  /** Environment variables: proxies, certificates, and what is kept out of messages. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `supplyChain.downloads` of platform.yaml: what the beginning of an address is replaced by. */
  readonly downloads: Readonly<Record<string, string>>;
  /** Stops the work early. @default - nothing does */
  readonly signal?: AbortSignal;
  /** @default - see {@link HttpLimits} */
  readonly limits?: Partial<HttpLimits>;
}

/** An answer: 200, or the redirect that was asked for. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Buffer>;
}

interface Exchange {
  readonly start: URL;
  readonly dispatcher: Dispatcher;
  readonly limits: HttpLimits;
  readonly followRedirects: boolean;
  readonly environment: DownloadContext['environment'];
}

/** All limits, those that are not given as they are by default. */
export function limitsOf({ limits }: DownloadContext): HttpLimits {
  return { ...DEFAULT_LIMITS, ...limits };
}

/**
 * Gets what is at an address, and tries again where that may help.
 *
 * @param consume works on one answer; it is called anew for every attempt
 * @throws ToolFailure
 */
export async function get<Result>(
  address: string,
  context: DownloadContext,
  consume: (response: HttpResponse) => Promise<Result>,
  { followRedirects = true } = {},
): Promise<Result> {
  const limits = limitsOf(context);
  const { environment } = context;
  const start = checkedAddress(address);
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort(interrupted());
  };
  if (context.signal?.aborted === true) throw interrupted();
  context.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => {
    stop.abort(totalFailure(limits.totalMilliseconds));
  }, limits.totalMilliseconds);
  let dispatcher: Dispatcher | undefined;
  try {
    dispatcher = newDispatcher(environment, limits.idleMilliseconds);
    return await tryAgain({ start, dispatcher, limits, followRedirects, environment }, stop.signal, consume);
  } finally {
    clearTimeout(timer);
    context.signal?.removeEventListener('abort', onAbort);
    await dispatcher?.destroy();
  }
}

/** Unencrypted only where nobody else listens, whatever led here. */
function checkedAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'https:' || (url !== undefined && isLoopback(url))) return url;
  throw redirectFailure("it is neither an 'https://' address nor on this machine");
}

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost');

async function tryAgain<Result>(
  exchange: Exchange,
  stop: AbortSignal,
  consume: (response: HttpResponse) => Promise<Result>,
): Promise<Result> {
  const { limits } = exchange;
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(exchange, stop, consume);
    } catch (error) {
      const failure = stop.aborted ? (stop.reason as ToolFailure) : error;
      if (!(failure instanceof ToolFailure) || failure.transient === false) throw failure;
      if (attempt >= limits.attempts)
        throw new ToolFailure(`${failure.message}, at the last of ${attempt} attempts`, failure.remedy);
      const asked = failure.transient === true ? limits.backOffMilliseconds * 2 ** (attempt - 1) : failure.transient;
      await sleep(Math.min(asked, limits.longestWaitMilliseconds), undefined, { signal: stop }).catch(() => {
        throw stop.reason;
      });
    }
  }
}

async function once<Result>(
  exchange: Exchange,
  stop: AbortSignal,
  consume: (response: HttpResponse) => Promise<Result>,
): Promise<Result> {
  if (stop.aborted) throw stop.reason;
  const attempt = new AbortController();
  const onStop = (): void => {
    attempt.abort(stop.reason);
  };
  stop.addEventListener('abort', onStop, { once: true });
  try {
    return await followRedirects(exchange, attempt, consume);
  } finally {
    stop.removeEventListener('abort', onStop);
    // Ends what an early failure left open.
    attempt.abort();
  }
}

async function followRedirects<Result>(
  exchange: Exchange,
  attempt: AbortController,
  consume: (response: HttpResponse) => Promise<Result>,
): Promise<Result> {
  const { start, dispatcher, limits, environment } = exchange;
  let url = start;
  try {
    for (let redirects = 0; ; redirects++) {
      const { statusCode, headers, body } = await patient(attempt, limits, () =>
        request(url, {
          dispatcher,
          signal: attempt.signal,
          headers: { 'user-agent': 'k8s-gitops', accept: '*/*', 'accept-encoding': 'identity' },
          // The patience is measured here, for the whole of the way.
          headersTimeout: 0,
          bodyTimeout: 0,
        }),
      );
      // Told by reading it; without a listener it would end the process.
      body.on('error', () => undefined);
      const location = isRedirect(statusCode) ? headers['location'] : undefined;
      if (location !== undefined && exchange.followRedirects) {
        if (redirects >= limits.redirects) throw redirectFailure(`there are more than ${limits.redirects} redirects`);
        body.destroy();
        url = redirectTarget(start, url, String(location), environment);
      } else if (statusCode === 200 || location !== undefined) {
        return await consume({ status: statusCode, headers, body: patiently(body, attempt, limits) });
      } else {
        throw statusFailure(statusCode, retryAfter(headers['retry-after']));
      }
    }
  } catch (error) {
    if (!(error instanceof ToolFailure) || url === start) throw error;
    const message = `${error.message}, redirected to ${shownAddress(url.href, environment)}`;
    throw new ToolFailure(message, error.remedy, error.transient);
  }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

function redirectTarget(start: URL, from: URL, location: string, environment: DownloadContext['environment']): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target?.protocol === 'https:') return target;
  // Who starts unencrypted on this machine stays on it.
  if (target !== undefined && isLoopback(target) && isLoopback(start) && isLoopback(from)) return target;
  throw redirectFailure(`it redirects to '${shownAddress(location, environment)}', which is not an 'https://' address`);
}

/** Waits for one step of the server, not longer than it may be silent. */
async function patient<Result>(attempt: AbortController, limits: HttpLimits, step: () => Promise<Result>): Promise<Result> {
  const timer = setTimeout(() => {
    attempt.abort(idleFailure(limits.idleMilliseconds));
  }, limits.idleMilliseconds);
  try {
    return await step();
  } catch (error) {
    throw connectionFailure(attempt.signal.aborted ? attempt.signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

async function* patiently(body: AsyncIterable<Buffer>, attempt: AbortController, limits: HttpLimits): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    const next = await patient(attempt, limits, () => chunks.next());
    if (next.done === true) return;
    yield next.value;
  }
}

/** Seconds or a date, as milliseconds from now. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
