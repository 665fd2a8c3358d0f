/** Environment variables whose values are secrets, by how they are called. */
const SECRET_NAME =
  /password|passwd|secret|token|credential|private_?key|api_?key|access_?key|account_?key|(?:^|_)(?:pat|sas|pwd)(?:_|$)/i;

/** Shorter values would be found everywhere. */
const SHORTEST_SECRET = 4;

const MASK = '***';

/**
 * A text without the values of secret environment variables, in whichever form programs print them, without user and password in
 * addresses, without bearer tokens and the signatures of shared access addresses.
 */
export function redact(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  const secrets = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= SHORTEST_SECRET && SECRET_NAME.test(name) ? [value] : [],
  );
  let redacted = text;
  for (const form of [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length)) {
    redacted = redacted.replaceAll(form, MASK);
  }
  return redacted
    .replace(/[A-Za-z0-9+/_-]{6,}={0,2}/g, (run) => (hidesSecret(run, secrets) ? MASK : run))
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, `$1${MASK}@`)
    .replace(/\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}/gi, `$1 ${MASK}`)
    .replace(/([?&](?:sig|access_token|refresh_token)=)[^&\s"']+/gi, `$1${MASK}`);
}

/** As it is, as Go and JSON quote it, and as addresses have it. */
const formsOf = (secret: string): readonly string[] => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];

/** Whether a run of characters is base64 of a text with a secret in it, such as of user and password. */
function hidesSecret(run: string, secrets: readonly string[]): boolean {
  if (secrets.length === 0) return false;
  const decoded = Buffer.from(run, 'base64').toString('utf8');
  return secrets.some((secret) => decoded.includes(secret));
}
