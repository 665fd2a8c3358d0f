import * as fs from 'node:fs';
import * as path from 'node:path';
import { UNRESOLVED, type Signer } from '../model';
import { type ToolCall } from './tool-call';
import { isLoopback } from './registries';

/** The predicate type under which an SBOM is attested. */
const SBOM_TYPE = 'cyclonedx';

/**
 * A trusted root that trusts nobody: with a key of our own and no transparency log nothing of it is used, but without one cosign fetches
 * Sigstore's from the internet before it looks at the key.
 */
const EMPTY_TRUSTED_ROOT = '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}\n';

/** Writes {@link EMPTY_TRUSTED_ROOT} and returns its path. */
export function writeEmptyTrustedRoot(folder: string): string {
  const file = path.join(folder, 'trusted-root-empty.json');
  fs.writeFileSync(file, EMPTY_TRUSTED_ROOT, { mode: 0o600 });
  return file;
}

const http = (reference: string): readonly string[] => (isLoopback(reference) ? ['--allow-http-registry'] : []);

/** What a signature says beside the digest. */
export type Annotations = Readonly<Record<string, string>>;

const annotated = (annotations: Annotations): readonly string[] =>
  Object.entries(annotations).flatMap(([name, value]) => ['--annotations', `${name}=${value}`]);

/** Signs a digest, without a transparency log: what a company runs is its own business. */
export const signCall = (key: string, reference: string, annotations: Annotations): ToolCall => ({
  tool: 'cosign',
  args: ['sign', '--key', key, '--tlog-upload=false', '--yes', ...annotated(annotations), ...http(reference), reference],
});

/** Signs a file, to find out whether a key can sign at all. */
export const signBlobCall = (key: string, file: string, output: string): ToolCall => ({
  tool: 'cosign',
  args: ['sign-blob', '--key', key, '--tlog-upload=false', '--yes', '--output-signature', output, file],
});

/** Asks for the public key that belongs to a key. */
export const publicKeyCall = (key: string): ToolCall => ({ tool: 'cosign', args: ['public-key', '--key', key] });

/** Attests an SBOM to a digest. */
export const attestCall = (key: string, sbom: string, reference: string): ToolCall => ({
  tool: 'cosign',
  args: [
    'attest',
    '--key',
    key,
    '--tlog-upload=false',
    '--yes',
    '--type',
    SBOM_TYPE,
    '--predicate',
    sbom,
    ...http(reference),
    reference,
  ],
});

const withOurKey = (publicKey: string, trustedRoot: string): readonly string[] => [
  '--key',
  publicKey,
  '--insecure-ignore-tlog=true',
  '--offline',
  '--trusted-root',
  trustedRoot,
];

/** Variables of the environment could switch it off; an option wins over them. */
const CHECK_CLAIMS = '--check-claims=true';

/**
 * Verifies a signature by a public key.
 *
 * @param required what the signature has to say
 */
export const verifyCall = (publicKey: string, trustedRoot: string, reference: string, required: Annotations = {}): ToolCall => ({
  tool: 'cosign',
  args: ['verify', CHECK_CLAIMS, ...withOurKey(publicKey, trustedRoot), ...annotated(required), ...http(reference), reference],
});

/** Verifies the attestation of an SBOM by a public key. */
export const verifyAttestationCall = (publicKey: string, trustedRoot: string, reference: string): ToolCall => ({
  tool: 'cosign',
  args: [
    'verify-attestation',
    CHECK_CLAIMS,
    '--type',
    SBOM_TYPE,
    ...withOurKey(publicKey, trustedRoot),
    ...http(reference),
    reference,
  ],
});

/** Files that verifying an upstream signature needs. */
export interface UpstreamTrust {
  /** Sigstore's trusted root. @default - cosign fetches it */
  readonly trustedRoot?: string;
  /** A trusted root that trusts nobody, for publishers that sign with a key. */
  readonly emptyTrustedRoot: string;
  /** The publisher's public key. @default - the publisher signs keyless */
  readonly publicKey?: string;
}

/**
 * Verifies the upstream signature: keyless by the identity in the certificate and Sigstore's transparency log, or by the publisher's key.
 *
 * @returns `undefined` where nobody signs, or nobody has said who does
 */
export function verifyUpstreamCall(signer: Signer, trust: UpstreamTrust, reference: string): ToolCall | undefined {
  if (signer === 'none' || signer === UNRESOLVED) return undefined;
  if ('publicKey' in signer) return verifyCall(trust.publicKey!, trust.emptyTrustedRoot, reference);
  return {
    tool: 'cosign',
    args: [
      'verify',
      CHECK_CLAIMS,
      '--certificate-oidc-issuer',
      signer.issuer,
      '--certificate-identity-regexp',
      signer.identity,
      ...(trust.trustedRoot === undefined ? [] : ['--trusted-root', trust.trustedRoot]),
      ...http(reference),
      reference,
    ],
  };
}
