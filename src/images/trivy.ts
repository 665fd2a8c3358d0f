import { type ToolCall } from './tool-call';

/** Trivy's databases, where it looks for them in a registry and where its publisher keeps them. */
export const DATABASES = [
  { name: 'trivy-db', upstream: 'ghcr.io/aquasecurity/trivy-db', target: 'trivy/trivy-db', tag: '2' },
  { name: 'trivy-java-db', upstream: 'ghcr.io/aquasecurity/trivy-java-db', target: 'trivy/trivy-java-db', tag: '1' },
] as const;

/** What all scans of a run share. */
export interface ScanSettings {
  /** Host of the registry that has the databases. */
  readonly loginServer: string;
  /** Folder in which Trivy keeps the databases. */
  readonly cache: string;
  /** Platform of an index that is scanned, such as linux/amd64. */
  readonly platform: string;
  /** Go duration after which Trivy gives up. */
  readonly timeout: string;
}

/** Downloads the databases from the registry into the cache. */
export function downloadDatabaseCalls({ loginServer, cache }: ScanSettings): readonly ToolCall[] {
  const [vulnerabilities, java] = DATABASES.map(({ target, tag }) => `${loginServer}/${target}:${tag}`);
  return [
    { tool: 'trivy', args: ['image', '--cache-dir', cache, '--download-db-only', '--db-repository', vulnerabilities!] },
    { tool: 'trivy', args: ['image', '--cache-dir', cache, '--download-java-db-only', '--java-db-repository', java!] },
  ];
}

/** Tells the version of Trivy and the age of its databases. */
export const versionCall = ({ cache }: Pick<ScanSettings, 'cache'>): ToolCall => ({
  tool: 'trivy',
  args: ['version', '--format', 'json', '--cache-dir', cache],
});

/** The cache of scans is kept in memory, because processes that scan at the same time cannot share it on disk. */
const common = ({ cache, platform, timeout }: ScanSettings, output: string): readonly string[] => [
  '--cache-dir',
  cache,
  '--cache-backend',
  'memory',
  '--image-src',
  'remote',
  '--platform',
  platform,
  '--timeout',
  timeout,
  '--quiet',
  '--output',
  output,
];

/** Scans operating system packages and the libraries in binaries; a Flux image is nearly all Go. */
export const scanCall = (settings: ScanSettings, output: string, reference: string): ToolCall => ({
  tool: 'trivy',
  args: [
    'image',
    '--format',
    'json',
    '--scanners',
    'vuln',
    '--pkg-types',
    'os,library',
    '--severity',
    'HIGH,CRITICAL',
    '--ignore-unfixed',
    '--skip-db-update',
    '--skip-java-db-update',
    '--exit-code',
    '0',
    ...common(settings, output),
    reference,
  ],
});

/** Lists what an image consists of, as CycloneDX. */
export const sbomCall = (settings: ScanSettings, output: string, reference: string): ToolCall => ({
  tool: 'trivy',
  args: ['image', '--format', 'cyclonedx', '--skip-db-update', '--skip-java-db-update', ...common(settings, output), reference],
});
