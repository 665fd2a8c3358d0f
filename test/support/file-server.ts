import * as http from 'node:http';
import * as https from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** How a server treats one request. */
export type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** What servers do, well and badly. */
export const serve = {
  /** The content as it is. */
  file:
    (content: Buffer | string, headers: http.OutgoingHttpHeaders = {}): Behaviour =>
    (_request, response) => {
      response.writeHead(200, { 'content-length': Buffer.byteLength(content), ...headers }).end(content);
    },
  /** Announces everything and ends after half of it. */
  truncated:
    (content: Buffer): Behaviour =>
    (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, content.length / 2), () => response.destroy());
    },
  /** Sends half of it and then nothing more. */
  stalled:
    (content: Buffer): Behaviour =>
    (_request, response) => {
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, content.length / 2));
    },
  /** A byte now and then, for ever. */
  trickle:
    (milliseconds: number): Behaviour =>
    (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), milliseconds);
      response.on('close', () => {
        clearInterval(timer);
      });
    },
  /** Never says how much there is, and never ends. */
  endless: (): Behaviour => (_request, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      response.once('drain', more);
    };
    more();
  },
  /** Never answers. */
  silent: (): Behaviour => () => undefined,
  status:
    (status: number, headers: http.OutgoingHttpHeaders = {}): Behaviour =>
    (_request, response) => {
      response.writeHead(status, headers).end('no');
    },
  redirect:
    (location: string, status = 302): Behaviour =>
    (_request, response) => {
      response.writeHead(status, { location }).end('elsewhere');
    },
  /** Hangs up without a word. */
  dropped: (): Behaviour => (request) => {
    request.socket.destroy();
  },
} as const;

const started: { stop(): Promise<void> }[] = [];

afterAll(async () => {
  for (const server of started.splice(0)) await server.stop();
});

/** A server on this machine, which is stopped after the tests of the file. */
export class FileServer {
  /** Paths in the order in which they were asked for. */
  public readonly requests: string[] = [];
  private readonly behaviours = new Map<string, Behaviour[]>();
  private readonly server: http.Server | https.Server;

  private constructor(private readonly tls?: { readonly key: string; readonly cert: string }) {
    const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      this.answer(request, response);
    };
    this.server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  }

  public static async start(tls?: { readonly key: string; readonly cert: string }): Promise<FileServer> {
    const server = new FileServer(tls);
    started.push(server);
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Address with a slash at its end. */
  public get url(): string {
    return `${this.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}/`;
  }

  /** Treats requests for a path one after the other so; the last behaviour stays. */
  public on(path: string, ...behaviours: readonly Behaviour[]): this {
    this.behaviours.set(path, [...behaviours]);
    return this;
  }

  /** Stops the server, if it is running. */
  public async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    const path = (request.url ?? '').replace(/^\//, '').replace(/\?.*$/, '');
    this.requests.push(path);
    const behaviours = this.behaviours.get(path) ?? [serve.status(404)];
    (behaviours.length > 1 ? behaviours.shift()! : behaviours[0]!)(request, response);
  }
}

/** A proxy on this machine: what a company has between its people and the internet. */
export class ForwardProxy {
  /** What it was asked for: `CONNECT host:port` or `GET address`. */
  public readonly requests: string[] = [];
  private readonly server: http.Server;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly credentials?: string) {
    this.server = http.createServer((request, response) => {
      this.forward(request, response);
    });
    this.server.on('connect', (request: http.IncomingMessage, socket: Socket) => {
      this.tunnel(request, socket);
    });
  }

  /** @param credentials `user:password` that it wants. Default: none */
  public static async start(credentials?: string): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(credentials);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    started.push(proxy);
    return proxy;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private admits({ headers }: http.IncomingMessage): boolean {
    const wanted = this.credentials === undefined ? undefined : `Basic ${Buffer.from(this.credentials).toString('base64')}`;
    return headers['proxy-authorization'] === wanted;
  }

  private forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests.push(`GET ${request.url!}`);
    if (!this.admits(request)) {
      response.writeHead(407).end();
      return;
    }
    http.get(request.url!, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
  }

  private tunnel(request: http.IncomingMessage, socket: Socket): void {
    this.requests.push(`CONNECT ${request.url!}`);
    this.keep(socket);
    if (!this.admits(request)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const [host, port] = request.url!.split(':') as [string, string];
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    this.keep(upstream);
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
  }
}
