import { type TextRule } from './text-rule';

/** A public key in PEM form. */
export const PUBLIC_KEY: TextRule = {
  title: 'public key',
  pattern: /^-----BEGIN PUBLIC KEY-----\r?\n[A-Za-z0-9+/=\r\n]+-----END PUBLIC KEY-----\s*$/,
  rule: "PEM, '-----BEGIN PUBLIC KEY-----' to '-----END PUBLIC KEY-----'",
  source: 'what cosign prints',
};
