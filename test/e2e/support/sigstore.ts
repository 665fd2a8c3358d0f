import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyPairKeyObjectResult } from 'node:crypto';
import * as http from 'node:http';
import { type AddressInfo } from 'node:net';
import * as path from 'node:path';
import { initializeCA, initializeTLog, rekorHandler } from '@sigstore/mock';
import { onCleanup } from '../../support/cleanup';
import { temporaryFolder, writeFile } from '../../support/platform-folder';
import { tool } from './tools';

/** A certificate authority with certificate transparency, and a transparency log, on loopback: what Sigstore is on the internet. */
export interface Sigstore {
  /** File with the roots that verifiers trust. */
  readonly trustedRoot: string;
  /** Signs a digest keyless as an identity that an issuer vouches for. */
  signAs(identity: string, issuer: string, reference: string): Promise<string>;
}

const newKeys = (): KeyPairKeyObjectResult => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (der: Buffer, label: string): string =>
  `-----BEGIN ${label}-----\n${der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END ${label}-----\n`;

/** Starts a Sigstore of our own. */
export async function startSigstore(): Promise<Sigstore> {
  const transparency = certificateTransparency();
  const ca = await initializeCA(newKeys(), transparency);
  const log = await initializeTLog('https://rekor.test', newKeys());
  const rekor = rekorHandler(log);

  const server = http.createServer((request, response) => {
    void readBody(request).then(async (body) => {
      if (request.url === '/api/v1/signingCert') {
        const token = request.headers.authorization!.split('.')[1]!;
        const { sub, iss } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { sub: string; iss: string };
        const { publicKey } = JSON.parse(body) as { publicKey: { content: string } };
        const leaf = await ca.issueCertificate({
          publicKey: createPublicKey(Buffer.from(publicKey.content, 'base64').toString()).export({ format: 'der', type: 'spki' }),
          subjectAltName: sub,
          // The issuer as older and as newer verifiers read it.
          extensions: [
            { oid: '1.3.6.1.4.1.57264.1.1', value: iss, legacy: true },
            { oid: '1.3.6.1.4.1.57264.1.8', value: iss },
          ],
        });
        response.writeHead(201).end(pem(leaf, 'CERTIFICATE') + pem(ca.rootCertificate, 'CERTIFICATE'));
      } else if (request.url === '/api/v1/log/entries') {
        const entry = await rekor.fn(body);
        response.writeHead(entry.statusCode, { 'content-type': 'application/json' }).end(entry.response);
      } else {
        response.writeHead(404).end();
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onCleanup(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const folder = temporaryFolder();
  const validFor = { start: '2020-01-01T00:00:00Z' };
  const trustLog = (publicKey: Buffer): object => ({
    baseUrl: url,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: publicKey.toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
    logId: { keyId: createHash('sha256').update(publicKey).digest('base64') },
  });
  const trustedRoot = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [trustLog(log.publicKey)],
    ctlogs: [trustLog(transparency.publicKey)],
    certificateAuthorities: [
      {
        subject: { organization: 'test', commonName: 'test' },
        uri: url,
        certChain: { certificates: [{ rawBytes: ca.rootCertificate.toString('base64') }] },
        validFor,
      },
    ],
  };
  writeFile(folder, 'trusted_root.json', JSON.stringify(trustedRoot));
  writeFile(folder, 'ct.pub', pem(transparency.publicKey, 'PUBLIC KEY'));
  writeFile(folder, 'rekor.pub', pem(log.publicKey, 'PUBLIC KEY'));
  writeFile(folder, 'root.pem', pem(ca.rootCertificate, 'CERTIFICATE'));

  return {
    trustedRoot: path.join(folder, 'trusted_root.json'),
    signAs: (identity, issuer, reference) => {
      const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
      const token = `${part({ alg: 'RS256' })}.${part({ iss: issuer, sub: identity, aud: 'sigstore', iat: 1, exp: 4_000_000_000 })}.c2ln`;
      return tool(
        'cosign',
        ['sign', '--yes', '--fulcio-url', url, '--rekor-url', url, '--identity-token', token, '--allow-http-registry', reference],
        {
          environment: {
            SIGSTORE_CT_LOG_PUBLIC_KEY_FILE: path.join(folder, 'ct.pub'),
            SIGSTORE_REKOR_PUBLIC_KEY: path.join(folder, 'rekor.pub'),
            SIGSTORE_ROOT_FILE: path.join(folder, 'root.pem'),
          },
        },
      );
    },
  };
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

type CertificateTransparency = NonNullable<Parameters<typeof initializeCA>[1]>;

/** A log that promises to keep certificates, as RFC 6962, section 3.2, lays the promise out. */
function certificateTransparency(): CertificateTransparency {
  const keys = newKeys();
  const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' });
  const logID = createHash('sha256').update(publicKey).digest();
  return {
    publicKey,
    logID,
    log: (certificate, issuerId) => {
      const signedPart = toBeSigned(Buffer.from(certificate));
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(Date.now()));
      const length = Buffer.alloc(3);
      length.writeUIntBE(signedPart.length, 0, 3);
      const signature = sign(
        'sha256',
        Buffer.concat([
          Buffer.from([0, 0]),
          time,
          Buffer.from([0, 1]),
          Buffer.from(issuerId),
          length,
          signedPart,
          Buffer.from([0, 0]),
        ]),
        keys.privateKey,
      );
      // No extensions, SHA-256, ECDSA.
      const promise = Buffer.concat([Buffer.from([0]), logID, time, Buffer.from([0, 0, 4, 3, 0, signature.length]), signature]);
      const entry = Buffer.concat([Buffer.from([0, promise.length]), promise]);
      return Promise.resolve(new Uint8Array(entry).buffer);
    },
  };
}

/** The first element of a certificate's sequence, as DER. */
function toBeSigned(certificate: Buffer): Buffer {
  const content = (offset: number): { readonly start: number; readonly end: number } => {
    const first = certificate[offset + 1]!;
    const lengthBytes = first & 0x80 ? first & 0x7f : 0;
    const length = lengthBytes === 0 ? first : certificate.readUIntBE(offset + 2, lengthBytes);
    const start = offset + 2 + lengthBytes;
    return { start, end: start + length };
  };
  const { start } = content(0);
  return certificate.subarray(start, content(start).end);
}
