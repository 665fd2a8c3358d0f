import { type TextRule } from './text-rule';

/*
 * Rules of chart values. Helm checks values.schema.json with Go's regular expressions, which know no look-ahead: lengths are apart.
 */

/** The repository of an image, host and path. */
export const IMAGE_REPOSITORY: TextRule = {
  title: 'image repository',
  pattern: /^[a-zA-Z0-9.-]+(:[0-9]{1,5})?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+$/,
  rule: "host and path without tag or digest, such as 'myorgdev.azurecr.io/shop/web-shop'",
  source: 'OCI distribution specification',
};

/** The tag of an image; `latest` is refused beside this pattern. */
export const TAG: TextRule = {
  title: 'tag',
  pattern: /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/,
  rule: "1 to 128 letters, digits, '_', '.' and '-', not starting with '.' or '-'",
  source: 'OCI distribution specification',
};

/** An image with its tag or digest. */
export const PINNED_IMAGE: TextRule = {
  title: 'image reference',
  pattern:
    /^[a-zA-Z0-9.-]+(:[0-9]{1,5})?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)+(:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}|(:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})?@sha256:[a-f0-9]{64})$/,
  rule: "'host/repository' with a tag or a digest, such as 'myorgdev.azurecr.io/shop/proxy:1.2.0'",
  source: 'OCI distribution specification',
};

/** A label of a name in DNS; its length is limited beside this pattern. */
export const NAME: TextRule = {
  title: 'name',
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  rule: 'lower-case letters, digits and hyphens, starting and ending with a letter or digit',
  source: 'Kubernetes object names, RFC 1123 label',
};

/** A name of several labels in DNS. */
export const SUBDOMAIN: TextRule = {
  title: 'name',
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  rule: "lower-case letters, digits, '-' and '.', starting and ending with a letter or digit",
  source: 'Kubernetes object names, RFC 1123 subdomain',
};

/** A host that a route answers for. */
export const HOST_NAME: TextRule = {
  title: 'host name',
  pattern: /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
  rule: "a host name with a domain, such as 'shop.example.com'",
  source: 'Kubernetes Ingress and Gateway API host names',
};

/** The name of an environment variable. */
export const VARIABLE: TextRule = {
  title: 'environment variable',
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  rule: "letters, digits and '_', not starting with a digit",
  source: 'POSIX environment variables',
};

/** A key of a ConfigMap or Secret, and the name of a file in a volume made of it. */
export const DATA_KEY: TextRule = {
  title: 'key',
  pattern: /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/,
  rule: "letters, digits, '-', '_' and '.', not starting with '.'",
  source: 'Kubernetes ConfigMap and Secret keys',
};

/** The name of a secret in Key Vault. */
export const VAULT_SECRET: TextRule = {
  title: 'secret of a Key Vault',
  pattern: /^[A-Za-z0-9-]{1,127}$/,
  rule: "1 to 127 letters, digits and '-'",
  source: 'Azure naming rules, Microsoft.KeyVault/vaults/secrets',
};

/** The name of a Key Vault. */
export const VAULT: TextRule = {
  title: 'Key Vault',
  pattern: /^[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
  rule: "3 to 24 letters, digits and '-', starting with a letter",
  source: 'Azure naming rules, Microsoft.KeyVault/vaults',
};

/** A CPU quantity in the usual notation. */
export const CPU_QUANTITY: TextRule = {
  title: 'CPU quantity',
  pattern: /^([1-9][0-9]{0,5}m|[1-9][0-9]{0,3}|[0-9]{1,4}\.[0-9]{0,2}[1-9])$/,
  rule: "cores or thousandths of one, such as '2', '0.5' or '250m'",
  source: 'Kubernetes resource quantities',
};

/** A memory quantity in the usual notation. */
export const MEMORY_QUANTITY: TextRule = {
  title: 'memory quantity',
  pattern: /^[1-9][0-9]{0,5}(Ki|Mi|Gi|Ti|k|M|G|T)$/,
  rule: "a whole number with a suffix such as 'Mi' or 'Gi'",
  source: 'Kubernetes resource quantities',
};

/** A path of HTTP. */
export const ABSOLUTE_PATH: TextRule = {
  title: 'path',
  pattern: /^\/[A-Za-z0-9._~!$&'()*+,;=@%/-]*$/,
  rule: "begins with '/'",
  source: 'RFC 3986',
};

/** A part of a path that is neither empty nor '.' nor '..', of characters besides the dot, such as `[a-z]|%20`. */
const pathPart = (characters: string): string => `(\\.\\.(${characters}|\\.)|\\.?(${characters}))(${characters}|\\.)*`;

/** Everything but the dot and what stands for a slash. */
const ROUTE_PART = pathPart("[A-Za-z0-9_~!$&'()*+,;=@-]|%([013-9A-Fa-f][0-9A-Fa-f]|2[0-9A-Ea-e])");

/** The beginning of the paths that a route leads on. */
export const ROUTE_PATH: TextRule = {
  title: 'path',
  pattern: new RegExp(`^(\\/|(\\/${ROUTE_PART})+\\/?)$`),
  rule: "begins with '/' and has no '//', '/./', '/../' and '%2F'",
  source: 'Kubernetes Ingress and Gateway API paths',
};

const PROBE_PART = "([A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})";

/** The path that a probe asks, with its query. */
export const PROBE_PATH: TextRule = {
  title: 'path',
  pattern: new RegExp(`^(\\/|(\\/${PROBE_PART}+)+\\/?)(\\?(${PROBE_PART}|[:/?])*)?$`),
  rule: "begins with '/', has no '//', and perhaps a query such as '?full=no'",
  source: 'Kubernetes probes, RFC 3986',
};

/** A folder of a container into which something is mounted. */
export const MOUNT_PATH: TextRule = {
  title: 'mount path',
  pattern: new RegExp(`^(\\/${pathPart('[A-Za-z0-9_-]')})+$`),
  rule: "an absolute path other than '/', without ':', '//', '/./', '/../' and a '/' at its end",
  source: 'Kubernetes volume mounts',
};

/** A number or a share of pods. */
export const PERCENTAGE: TextRule = {
  title: 'percentage',
  pattern: /^([1-9]?[0-9]|100)%$/,
  rule: "0% to 100%, such as '25%'",
  source: 'Kubernetes PodDisruptionBudget and Deployment strategies',
};

/** A name of a month or of a day of the week, in capitals or not. */
const cronNames = (...names: readonly string[]): string =>
  names.map((name) => name.replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`)).join('|');

/** A field of cron: a list of all, values and ranges, each perhaps with a step. */
function cronField(value: string): string {
  const item = `(\\*|\\?|(${value})(-(${value}))?)(\\/[1-9][0-9]?)?`;
  return `${item}(,${item})*`;
}

const CRON_FIELDS = [
  '[0-5]?[0-9]',
  '[01]?[0-9]|2[0-3]',
  '0?[1-9]|[12][0-9]|3[01]',
  `0?[1-9]|1[0-2]|${cronNames('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec')}`,
  // Kubernetes knows Sunday as 0 only.
  `[0-6]|${cronNames('sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat')}`,
];

/** A cron schedule of five fields, or one of its names; the chart looks whether ranges begin before they end. */
export const SCHEDULE: TextRule = {
  title: 'schedule',
  pattern: new RegExp(`^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|${CRON_FIELDS.map(cronField).join(' ')})$`),
  rule: "minute (0-59), hour (0-23), day (1-31), month (1-12) and day of the week (0-6, Sunday is 0), such as '30 2 * * *', or one of @hourly, @daily, @weekly, @monthly, @yearly",
  source: 'Kubernetes CronJob schedules',
};

/** A time zone of the tz database, by its own name: Linux tells capitals apart. */
export const TIME_ZONE: TextRule = {
  title: 'time zone',
  pattern:
    /^((Etc\/)?UTC|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)(\/[A-Z][A-Za-z]*([_-][A-Za-z]+)*){1,2})$/,
  rule: "'UTC', 'Etc/UTC', or area and city as the tz database writes them, such as 'Europe/Berlin'",
  source: 'Kubernetes CronJob time zones',
};

/** A duration of the Prometheus Operator and of External Secrets. */
export const SHORT_DURATION: TextRule = {
  title: 'duration',
  pattern: /^[1-9][0-9]{0,4}(s|m|h)$/,
  rule: "a whole number with a unit of s, m or h, such as '30s'",
  source: 'Prometheus Operator and External Secrets, Duration',
};

/** A block of IPv4 addresses. */
export const IPV4_BLOCK: TextRule = {
  title: 'block of IPv4 addresses',
  pattern: /^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\/(3[0-2]|[12]?[0-9])$/,
  rule: "in CIDR notation, such as '10.1.0.0/16'",
  source: 'Kubernetes NetworkPolicy',
};

/** The key of a label or annotation. */
export const METADATA_KEY: TextRule = {
  title: 'key of a label or annotation',
  pattern: /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
  rule: "an optional DNS name with '/', then 1 to 63 letters, digits, '-', '_' and '.'",
  source: 'Kubernetes labels and annotations',
};

/** The value of a label, which may be empty. */
export const LABEL_TEXT: TextRule = {
  title: 'value of a label',
  pattern: /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/,
  rule: "up to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
  source: 'Kubernetes labels',
};

/** What a secret is called in an external store, and a field in it. */
export const STORE_KEY: TextRule = {
  title: 'key of a secret store',
  pattern: /^[!-~]{1,253}$/,
  rule: '1 to 253 printable characters without spaces',
  source: 'External Secrets Operator, remoteRef',
};

/** An id of Microsoft Entra; the one of zeros is refused beside this pattern. */
export const ENTRA_ID: TextRule = {
  title: 'id of Microsoft Entra',
  pattern: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  rule: '32 hexadecimal digits in groups of 8, 4, 4, 4 and 12',
  source: 'Microsoft Entra object and client ids',
};
