import * as net from 'node:net';
import { type AddressInfo } from 'node:net';

/** A port of loopback that nobody listens on, for programs that do not choose one by themselves. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
