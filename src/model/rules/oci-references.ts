import { type TextRule } from './text-rule';

const SOURCE = 'OCI distribution specification';
const HOST = String.raw`(?:localhost|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+)(?::[0-9]{1,5})?`;
const REPOSITORY = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*`;
const TAG = String.raw`(?!latest$|latest@)[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`;
const DIGEST_PATTERN = 'sha256:[a-f0-9]{64}';

/** A host name with an optional port. */
export const REGISTRY_HOST: TextRule = {
  title: 'registry host',
  pattern: new RegExp(`^${HOST}$`),
  rule: "a host name with an optional port, such as 'myorgdev.azurecr.io'",
  source: SOURCE,
};

/** A repository's path in a registry. */
export const REPOSITORY_PATH: TextRule = {
  title: 'repository path',
  pattern: new RegExp(`^${REPOSITORY}$`),
  rule: "lower-case path components, such as 'charts/web-shop'",
  source: SOURCE,
};

/** An image or chart in a registry, spelled out: no default registry, no `latest`; the tag is what people recognize it by. */
export const IMAGE_REFERENCE: TextRule = {
  title: 'image or chart reference',
  pattern: new RegExp(`^(?:oci://)?${HOST}/${REPOSITORY}:${TAG}(?:@${DIGEST_PATTERN})?$`),
  rule: "'host/repository:tag' with the host written out and a tag other than 'latest', such as 'docker.io/library/redis:7.4.1'",
  source: SOURCE,
};

/** Host and repository without tag or digest. */
export const REPOSITORY_REFERENCE: TextRule = {
  title: 'repository reference',
  pattern: new RegExp(`^${HOST}/${REPOSITORY}$`),
  rule: "'host/repository' without tag or digest, such as 'ghcr.io/fluxcd/source-controller'",
  source: SOURCE,
};

/** Where a registry, or a part of one, is reached: a host with an optional path. */
export const REGISTRY_PREFIX: TextRule = {
  title: 'registry prefix',
  pattern: new RegExp(`^${HOST}(?:/${REPOSITORY})?$`),
  rule: "a host name with an optional port and path, such as 'artifactory.example.com/ghcr'",
  source: SOURCE,
};

export const IMAGE_TAG: TextRule = {
  title: 'tag',
  pattern: new RegExp(`^${TAG}$`),
  rule: "1 to 128 letters, digits, '_', '.' and '-', not starting with '.' or '-', other than 'latest'",
  source: SOURCE,
};

/** The digest of an index or manifest. */
export const DIGEST: TextRule = {
  title: 'digest',
  pattern: new RegExp(`^${DIGEST_PATTERN}$`),
  rule: "'sha256:' and 64 lower-case hexadecimal digits",
  source: SOURCE,
};
