/** Environment variables whose values are secrets, by how they are called. */
const SECRET_NAME = /password|passwd|secret|token|credential|private_key|api_?key|access_?key|sas/i;

/** Shorter values would be found everywhere. */
const SHORTEST_SECRET = 4;

const MASK = '***';

/**
 * A text without the values of secret environment variables, without user and password in addresses, without bearer tokens and the
 * signatures of shared access addresses.
 */
export function redact(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  let redacted = text;
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value.length < SHORTEST_SECRET || !SECRET_NAME.test(name)) continue;
    redacted = redacted.replaceAll(value, MASK);
  }
  return redacted
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, `$1${MASK}@`)
    .replace(/\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}/gi, `$1 ${MASK}`)
    .replace(/([?&](?:sig|access_token|refresh_token)=)[^&\s"']+/gi, `$1${MASK}`);
}
