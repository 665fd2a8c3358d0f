import * as http from 'node:http';
import { type AddressInfo } from 'node:net';
import { onCleanup } from '../../support/cleanup';

/** What the proxy does with a request in place of passing it on. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Closes the connection without an answer. */
  | 'drop'
  /** Never answers. */
  | 'hang'
  /** Passes it on, and changes one byte of the answer. */
  | 'flip'
  /** Sends half of the answer and is silent from then on. */
  | 'half'
  /** Passes it on, and names another digest in the header. */
  | 'lie';

/** Decides for a request; `undefined` passes it on unchanged. */
export type FaultPlan = (request: { readonly method: string; readonly url: string; readonly count: number }) => Fault | undefined;

/** A proxy before a registry that misbehaves as told. */
export interface FaultyProxy {
  readonly host: string;
  /** Requests that have come so far. */
  readonly requests: readonly string[];
  plan: FaultPlan;
  /** Whether a request is passed on, but its answer is replaced by 504. */
  lose: (request: { readonly method: string; readonly url: string }) => boolean;
}

const servers: http.Server[] = [];

onCleanup(async () => {
  await Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
          server.closeAllConnections();
        }),
    ),
  );
});

/** Starts a proxy before a registry, on loopback. */
export async function startFaultyProxy(upstream: string): Promise<FaultyProxy> {
  const requests: string[] = [];
  const proxy = { host: '', requests, plan: (() => undefined) as FaultPlan, lose: (() => false) as FaultyProxy['lose'] };
  const server = http.createServer((request, response) => {
    const method = request.method ?? 'GET';
    const url = request.url ?? '/';
    requests.push(`${method} ${url}`);
    const fault = proxy.plan({ method, url, count: requests.length });
    if (fault === 'hang') return;
    if (fault === 'drop') {
      request.socket.destroy();
      return;
    }
    if (typeof fault === 'object') {
      response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
      return;
    }
    const isLost = proxy.lose({ method, url });
    const [hostname, port] = upstream.split(':');
    const forwarded = http.request(
      { hostname, port, method, path: url, headers: { ...request.headers, host: upstream } },
      (answer) => {
        if (isLost) {
          answer.resume();
          answer.on('end', () => response.writeHead(504).end());
          return;
        }
        const headers = { ...answer.headers };
        if (headers.location !== undefined) headers.location = headers.location.replace(upstream, proxy.host);
        if (fault === 'lie') headers['docker-content-digest'] = `sha256:${'0'.repeat(64)}`;
        response.writeHead(answer.statusCode ?? 502, headers);
        let first = true;
        if (fault === 'half') {
          answer.once('data', (chunk: Buffer) => response.write(chunk.subarray(0, Math.ceil(chunk.length / 2))));
          return;
        }
        answer.on('data', (chunk: Buffer) => {
          if (fault === 'flip' && first) chunk[Math.floor(chunk.length / 2)]! ^= 1;
          first = false;
          response.write(chunk);
        });
        answer.on('end', () => response.end());
      },
    );
    forwarded.on('error', () => request.socket.destroy());
    request.pipe(forwarded);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  proxy.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}
