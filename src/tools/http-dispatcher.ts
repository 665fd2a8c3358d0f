import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { trustedCertificates } from './http-trust';
import { ToolFailure } from './tool-failure';

/**
 * What carries requests: through the proxies and with the certificates that the given environment names.
 *
 * @throws ToolFailure when the environment names something unusable
 */
export function newDispatcher(
  environment: Readonly<Record<string, string | undefined>>,
  connectMilliseconds: number,
): Dispatcher {
  const secureContext = trustedCertificates(environment);
  const connect = { timeout: connectMilliseconds, ...(secureContext === undefined ? {} : { secureContext }) };
  return new EnvHttpProxyAgent({
    connect,
    requestTls: connect,
    proxyTls: connect,
    // Empty rather than absent: what is absent undici would take from this process.
    httpProxy: proxy(environment, 'HTTP_PROXY'),
    httpsProxy: proxy(environment, 'HTTPS_PROXY'),
    noProxy: variable(environment, 'NO_PROXY'),
  });
}

/** Environment variables of proxies are written both ways; the one in small letters goes first, as elsewhere. */
const variable = (environment: Readonly<Record<string, string | undefined>>, name: string): string =>
  environment[name.toLowerCase()] ?? environment[name] ?? '';

function proxy(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const given = variable(environment, name);
  if (given === '') return '';
  const address = given.includes('://') ? given : `http://${given}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  // Not the value itself: it may hold a password.
  throw new ToolFailure(`${name} is not the address of an HTTP proxy`, `Set ${name} to 'http://<host>:<port>', or unset it.`);
}
