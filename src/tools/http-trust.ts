import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { ToolFailure } from './tool-failure';

/** Environment variables that name a file with the certificates of a company. */
const VARIABLES = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const;

const CERTIFICATE = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;

/**
 * Whom to trust: Node's own roots and those that the environment names.
 *
 * @returns `undefined` when the environment names none, so that Node's own rules hold
 * @throws ToolFailure when a file cannot be used: going on without it would end in a riddle about certificates
 */
export function trustedCertificates(environment: Readonly<Record<string, string | undefined>>): SecureContext | undefined {
  const extra = VARIABLES.flatMap((variable) => {
    const file = environment[variable];
    return file === undefined || file === '' ? [] : certificatesIn(variable, file);
  });
  return extra.length === 0 ? undefined : createSecureContext({ ca: [...rootCertificates, ...extra] });
}

function certificatesIn(variable: string, file: string): readonly string[] {
  const certificates = (read(variable, file).match(CERTIFICATE) ?? []).filter(isCertificate);
  if (certificates.length > 0) return certificates;
  throw new ToolFailure(`${variable} names '${file}', in which there is no certificate in PEM form`, REMEDY(variable));
}

function read(variable: string, file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new ToolFailure(`${variable} names '${file}', which cannot be read (${reason})`, REMEDY(variable));
  }
}

const REMEDY = (variable: string): string => `Let ${variable} name a file of certificates in PEM form, or unset it.`;

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}
