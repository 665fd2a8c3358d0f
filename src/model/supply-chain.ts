import { z } from 'zod';
import { DURATION } from './rules/kubernetes-names';
import { REGISTRY_HOST, REGISTRY_PREFIX } from './rules/oci-references';
import { RELATIVE_PATH } from './rules/paths';
import { text, type TextRule } from './rules/text-rule';

const DOWNLOAD_PREFIX: TextRule = {
  title: 'download prefix',
  pattern: /^https:\/\/[^\s/?#]+(?:\/[^\s?#]*)?\/$/,
  rule: "'https://...', ending in '/'",
  source: 'a prefix of a host alone would match other hosts too',
};
const DOWNLOAD_REPLACEMENT: TextRule = {
  title: 'download prefix',
  // Unencrypted only where nobody else listens.
  pattern: /^(?:https:\/\/[^\s/?#@]+|http:\/\/(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?)(?:\/[^\s?#]*)?\/$/,
  rule: "'https://...', ending in '/', without user or password",
  source: 'downloads are encrypted; credentials do not belong into Git',
};

/** The part of `platform.yaml` that says how images and tools get here. */
export const supplyChain = z
  .strictObject({
    registries: z
      .record(text(REGISTRY_HOST), text(REGISTRY_PREFIX))
      .describe(
        'Where upstream registries are reached, by their host, for companies that cannot reach them directly. Default: none',
      )
      .default({}),
    downloads: z
      .record(text(DOWNLOAD_PREFIX), text(DOWNLOAD_REPLACEMENT))
      .describe('Where downloads of tools are reached, by the beginning of their address. Default: none')
      .default({}),
    trustedRoot: text(RELATIVE_PATH)
      .describe("File with Sigstore's trusted root, for companies that cannot reach its repository. Default: cosign fetches it")
      .optional(),
    databaseMaxAge: text(DURATION)
      .describe('Age from which vulnerability databases count as too old to scan with. Default: 72h')
      .default('72h'),
    scanPlatform: z
      .enum(['linux/amd64', 'linux/arm64'])
      .describe('Platform of the nodes, whose image is scanned and described in the SBOM. Default: linux/amd64')
      .default('linux/amd64'),
  })
  .describe('How images, charts and tools get here.')
  .prefault({});

export type SupplyChain = z.output<typeof supplyChain>;
