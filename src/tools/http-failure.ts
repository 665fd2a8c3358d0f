import { STATUS_CODES } from 'node:http';
import { ToolFailure } from './tool-failure';

const MIRROR =
  'if the company needs a mirror, set `supplyChain.downloads` in platform.yaml, otherwise check that what is set there is right';

const CHECK_CONNECTION = `Check the network and the address; behind a proxy, set HTTPS_PROXY; ${MIRROR}.`;

const CHECK_ADDRESS = `Check that this version is published at this address; ${MIRROR}.`;

const NO_LOGIN = `Nothing here logs in: ask for access without a password, or ${MIRROR}.`;

const LATER = 'Run it again later.';

const ADMIT_PROXY = "Give the proxy's user and password in HTTPS_PROXY ('http://<user>:<password>@<host>:<port>').";

const ASK_PROXY = `Ask whoever runs the proxy to admit the host, or ${MIRROR}.`;

const TRUST =
  "If the company's proxy or mirror has a certificate of the company, name the file with its CA certificate (PEM) in NODE_EXTRA_CA_CERTS.";

/** Errors of TLS that say that the certificate is not trusted. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|UND_ERR_PRX_TLS/;

/** Errors that stay the same however often it is tried. */
const PERMANENT = /^(?:ENOTFOUND|EPROTO|ERR_SSL_|ERR_INVALID|UND_ERR_INVALID)/;

/** An answer other than what was asked for. */
export function statusFailure(status: number, retryAfterMilliseconds?: number): ToolFailure {
  const name = STATUS_CODES[status];
  const message = `HTTP ${status}${name === undefined ? '' : ` (${name})`}`;
  if (status === 408 || status === 429 || status >= 500) return new ToolFailure(message, LATER, retryAfterMilliseconds ?? true);
  if (status === 407) return new ToolFailure(message, ADMIT_PROXY);
  return new ToolFailure(message, status === 401 || status === 403 ? NO_LOGIN : CHECK_ADDRESS);
}

/** What an error of the connection means. */
export function connectionFailure(error: unknown): ToolFailure {
  if (error instanceof ToolFailure) return error;
  const { message, code = 'no code' } = error as NodeJS.ErrnoException;
  const proxyStatus = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (proxyStatus !== undefined) return proxyFailure(Number(proxyStatus));
  if (UNTRUSTED.test(code)) return new ToolFailure(`the certificate of the server is not trusted (${code})`, TRUST);
  return new ToolFailure(`the connection failed (${code})`, CHECK_CONNECTION, !PERMANENT.test(code));
}

function proxyFailure(status: number): ToolFailure {
  const message = `the proxy refuses to connect (HTTP ${status})`;
  if (status === 407) return new ToolFailure(message, ADMIT_PROXY);
  return new ToolFailure(message, ASK_PROXY, status >= 500);
}

/** Nothing came for too long. */
export function idleFailure(milliseconds: number): ToolFailure {
  return new ToolFailure(`nothing came for ${milliseconds / 1000} s`, CHECK_CONNECTION, true);
}

/** All attempts together took too long. */
export function totalFailure(milliseconds: number): ToolFailure {
  return new ToolFailure(`it did not end within ${milliseconds / 1000} s`, CHECK_CONNECTION);
}

/** A redirect that is not followed. */
export function redirectFailure(message: string): ToolFailure {
  return new ToolFailure(message, CHECK_ADDRESS);
}

/** More came, or was announced, than anything here can have. */
export function sizeFailure(found: string, most: number): ToolFailure {
  return new ToolFailure(`${found}, more than the ${most} bytes that are allowed`, CHECK_ADDRESS);
}
