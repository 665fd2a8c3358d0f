import { z } from 'zod';
import { FLUX_VARIANTS } from './platform-file';
import { PUBLIC_KEY } from './rules/public-key';
import { TOOL_NAMES, TOOL_PLATFORMS } from './tool-names';
import { DIGEST, IMAGE_TAG, REPOSITORY_PATH, REPOSITORY_REFERENCE } from './rules/oci-references';
import { text, type TextRule } from './rules/text-rule';
import { RELEASE_VERSION } from './rules/versions';

/** Stands where a digest or checksum could not be learned from a published source; it has to be resolved before it is deployed. */
export const UNRESOLVED = 'unresolved';

/** Path in the registry below which a FluxInstance finds every controller. */
export const CONTROLLERS_PATH = 'fluxcd';

/** Name of the Flux Operator's image and chart. */
export const OPERATOR = 'flux-operator';

const SHA256: TextRule = {
  title: 'SHA-256',
  pattern: /^[a-f0-9]{64}$/,
  rule: '64 lower-case hexadecimal digits',
  source: 'FIPS 180-4',
};
const SHA512: TextRule = {
  title: 'SHA-512',
  pattern: /^[a-f0-9]{128}$/,
  rule: '128 lower-case hexadecimal digits',
  source: 'FIPS 180-4',
};
const HTTPS_URL: TextRule = {
  title: 'URL',
  pattern: /^https:\/\/\S+$/,
  rule: "'https://...'",
  source: 'downloads are encrypted',
};
const ISSUER_URL: TextRule = {
  title: 'OIDC issuer',
  pattern: /^https:\/\/\S+$/,
  rule: "'https://...'",
  source: 'OpenID Connect Discovery 1.0',
};
const unresolved = z.literal(UNRESOLVED);

/** An expression that is not anchored accepts every identity that contains it, such as one of another organization. */
function anchoredRegularExpression(identity: string, context: z.RefinementCtx): void {
  const issue = (message: string, remedy: string): void => {
    context.addIssue({ code: 'custom', message, params: { remedy } });
  };
  try {
    new RegExp(identity);
  } catch (error) {
    issue(`the identity '${identity}' is not a regular expression (${(error as Error).message})`, 'Correct it.');
    return;
  }
  if (!identity.startsWith('^') || !identity.endsWith('$') || hasAlternatives(identity)) {
    issue(
      `the identity '${identity}' is not anchored, so it would accept every identity that contains it`,
      "Begin it with '^' and end it with '$'; put alternatives in parentheses.",
    );
  }
}

/** Whether a `|` stands outside of every group, where it would split the anchors. */
function hasAlternatives(expression: string): boolean {
  let rest = expression.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/\([^()]*\)/g, '');
  }
  return rest.includes('|');
}

const artifact = z
  .strictObject({
    upstream: text(REPOSITORY_REFERENCE).describe('Repository where it is published.'),
    tag: text(IMAGE_TAG).describe('Tag upstream and in the registry.'),
    digest: z
      .union([unresolved, text(DIGEST)], { error: `is neither a digest (${DIGEST.rule}) nor '${UNRESOLVED}'` })
      .describe('Digest of the index, equal upstream and in the registry; or unresolved.'),
    target: text(REPOSITORY_PATH).describe('Repository in the private registry.'),
    signer: z
      .union(
        [
          z.literal('none'),
          unresolved,
          z.strictObject({
            issuer: text(ISSUER_URL).describe('OIDC issuer of the signing certificate.'),
            identity: z
              .string()
              .min(1)
              .superRefine(anchoredRegularExpression)
              .describe('Regular expression for the identity of the signing certificate, from ^ to $.'),
          }),
          z.strictObject({ publicKey: text(PUBLIC_KEY).describe('Public key in PEM form that the publisher signs with.') }),
        ],
        { error: `is neither 'none', a mapping with 'issuer' and 'identity', one with 'publicKey', nor '${UNRESOLVED}'` },
      )
      .describe('Who signs it upstream: keyless, or with a key; none where nobody does; unresolved until somebody has said.'),
  })
  .describe('An image or chart.');

const download = z
  .strictObject({
    url: text(HTTPS_URL).describe('Where it is downloaded.'),
    sha256: z
      .union([unresolved, text(SHA256)])
      .describe('SHA-256 of the download, or unresolved.')
      .optional(),
    sha512: z
      .union([unresolved, text(SHA512)])
      .describe('SHA-512 of the download, where that is what the publisher gives, or unresolved.')
      .optional(),
  })
  .superRefine((value, context) => {
    if ((value.sha256 === undefined) === (value.sha512 === undefined)) {
      context.addIssue({
        code: 'custom',
        message: `the download '${value.url}' needs exactly one of 'sha256' and 'sha512'`,
        params: { remedy: `Give the one that the publisher names, or 'sha256: ${UNRESOLVED}'.` },
      });
    }
  })
  .describe('A download for one platform.');

/** The schema of `platform.lock.yaml`: what the versions of `platform.yaml` resolved to. */
export const lockFile = z
  .strictObject({
    flux: z
      .strictObject({
        version: text(RELEASE_VERSION).describe('Version of Flux that the images belong to.'),
        variant: z.enum(FLUX_VARIANTS).describe('Flavour that the images belong to.'),
        operator: text(RELEASE_VERSION).describe('Version of the Flux Operator that the operator image and chart belong to.'),
        resolvedFrom: z.string().min(1).describe('Published source that the digests were read from.'),
      })
      .describe('What was resolved.'),
    images: z
      .record(z.string().min(1), artifact)
      .describe('Images by name: the operator, the controllers, and by reference what systems mirror.'),
    charts: z
      .record(z.string().min(1), artifact)
      .describe("Charts by name: the operator's, and by reference what systems mirror."),
    tools: z
      .partialRecord(
        z.enum(TOOL_NAMES),
        z
          .strictObject({
            version: text(RELEASE_VERSION).describe('Version of the tool.'),
            downloads: z.partialRecord(z.enum(TOOL_PLATFORMS), download).describe('Downloads by platform.'),
          })
          .describe('A command-line tool.'),
      )
      .describe('Command-line tools that `k8s-gitops tools install` installs.')
      .default({}),
  })
  .describe('What the versions of platform.yaml resolved to: digests and checksums.');

export type LockFile = z.output<typeof lockFile>;
export type LockedArtifact = LockFile['images'][string];
export type LockedTool = NonNullable<LockFile['tools'][(typeof TOOL_NAMES)[number]]>;
export type Signer = LockedArtifact['signer'];
