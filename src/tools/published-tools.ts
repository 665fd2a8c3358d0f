import { type ToolName, type ToolPlatform } from '../model';

/** The parts of a {@link ToolPlatform}. */
export interface Target {
  readonly os: 'linux' | 'darwin';
  readonly arch: 'amd64' | 'arm64';
}

/** What a download is: the executable itself, or an archive that holds it. */
export type ArchiveKind = 'binary' | 'tar.gz' | 'zip';

/** Where a publisher names the checksums of a release. */
export interface ChecksumSource {
  readonly algorithm: 'sha256' | 'sha512';
  readonly url: (version: string, target: Target) => string;
  /** `sums`: what sha256sum and sha512sum print, or the checksum alone; `envtest-releases`: the index of envtest. */
  readonly form: 'sums' | 'envtest-releases';
}

/** Where the newest version is to be learned. */
export interface NewestSource {
  readonly url: string;
  /** `text`: the version itself; `latest-release`: where GitHub redirects to; `envtest-releases`: the index of envtest. */
  readonly form: 'text' | 'latest-release' | 'envtest-releases';
}

/** How a tool is published. */
export interface PublishedTool {
  /** Address of the download. */
  readonly url: (version: string, target: Target) => string;
  readonly archive: ArchiveKind;
  /** Paths in the archive of what is installed; one that ends in '/' stands for every file below it. */
  readonly members: (target: Target) => readonly string[];
  /** Which of the installed files are commands: their names, or how these begin. */
  readonly commands: readonly string[] | { readonly prefix: string };
  readonly checksums: ChecksumSource;
  readonly newest: NewestSource;
  /** Address of the release notes. */
  readonly releaseNotes: (version: string) => string;
}

const github = (repository: string): string => `https://github.com/${repository}/releases`;

/** What a release on GitHub has, whichever tool it is. */
function release(repository: string, tag: (version: string) => string = (version) => `v${version}`) {
  return {
    asset: (version: string, file: string) => `${github(repository)}/download/${tag(version)}/${file}`,
    newest: { url: `${github(repository)}/latest`, form: 'latest-release' },
    releaseNotes: (version: string) => `${github(repository)}/tag/${tag(version)}`,
  } as const;
}

const KUBERNETES = release('kubernetes/kubernetes');
const KUBELOGIN = release('Azure/kubelogin');
const TRIVY = release('aquasecurity/trivy');
const COSIGN = release('sigstore/cosign');
const CRANE = release('google/go-containerregistry');
const HELM = release('helm/helm');
const FLUX_OPERATOR = release('controlplaneio-fluxcd/flux-operator');
const PULUMI = release('pulumi/pulumi');
const ENVTEST = release('kubernetes-sigs/controller-tools', (version) => `envtest-v${version}`);

const ENVTEST_RELEASES = 'https://raw.githubusercontent.com/kubernetes-sigs/controller-tools/HEAD/envtest-releases.yaml';

const TRIVY_OS = { linux: 'Linux', darwin: 'macOS' } as const;
const TRIVY_ARCH = { amd64: '64bit', arm64: 'ARM64' } as const;
const CRANE_OS = { linux: 'Linux', darwin: 'Darwin' } as const;
const CRANE_ARCH = { amd64: 'x86_64', arm64: 'arm64' } as const;
const PULUMI_ARCH = { amd64: 'x64', arm64: 'arm64' } as const;

const kubectlUrl = (version: string, { os, arch }: Target): string =>
  `https://dl.k8s.io/v${version}/kubernetes-client-${os}-${arch}.tar.gz`;
const kubeloginUrl = (version: string, { os, arch }: Target): string => KUBELOGIN.asset(version, `kubelogin-${os}-${arch}.zip`);
const helmUrl = (version: string, { os, arch }: Target): string => `https://get.helm.sh/helm-v${version}-${os}-${arch}.tar.gz`;

/** Every tool that the lock may pin. */
export const PUBLISHED_TOOLS: Readonly<Record<ToolName, PublishedTool>> = {
  kubectl: {
    url: kubectlUrl,
    commands: ['kubectl'],
    archive: 'tar.gz',
    members: () => ['kubernetes/client/bin/kubectl'],
    checksums: { algorithm: 'sha512', url: (version, target) => `${kubectlUrl(version, target)}.sha512`, form: 'sums' },
    newest: { url: 'https://dl.k8s.io/release/stable.txt', form: 'text' },
    releaseNotes: KUBERNETES.releaseNotes,
  },
  kubelogin: {
    url: kubeloginUrl,
    commands: ['kubelogin'],
    archive: 'zip',
    members: ({ os, arch }) => [`bin/${os}_${arch}/kubelogin`],
    checksums: { algorithm: 'sha256', url: (version, target) => `${kubeloginUrl(version, target)}.sha256`, form: 'sums' },
    newest: KUBELOGIN.newest,
    releaseNotes: KUBELOGIN.releaseNotes,
  },
  trivy: {
    url: (version, { os, arch }) => TRIVY.asset(version, `trivy_${version}_${TRIVY_OS[os]}-${TRIVY_ARCH[arch]}.tar.gz`),
    commands: ['trivy'],
    archive: 'tar.gz',
    members: () => ['trivy'],
    checksums: { algorithm: 'sha256', url: (version) => TRIVY.asset(version, `trivy_${version}_checksums.txt`), form: 'sums' },
    newest: TRIVY.newest,
    releaseNotes: TRIVY.releaseNotes,
  },
  cosign: {
    url: (version, { os, arch }) => COSIGN.asset(version, `cosign-${os}-${arch}`),
    commands: ['cosign'],
    archive: 'binary',
    members: () => ['cosign'],
    checksums: { algorithm: 'sha256', url: (version) => COSIGN.asset(version, 'cosign_checksums.txt'), form: 'sums' },
    newest: COSIGN.newest,
    releaseNotes: COSIGN.releaseNotes,
  },
  crane: {
    url: (version, { os, arch }) => CRANE.asset(version, `go-containerregistry_${CRANE_OS[os]}_${CRANE_ARCH[arch]}.tar.gz`),
    commands: ['crane'],
    archive: 'tar.gz',
    members: () => ['crane'],
    checksums: { algorithm: 'sha256', url: (version) => CRANE.asset(version, 'checksums.txt'), form: 'sums' },
    newest: CRANE.newest,
    releaseNotes: CRANE.releaseNotes,
  },
  helm: {
    url: helmUrl,
    commands: ['helm'],
    archive: 'tar.gz',
    members: ({ os, arch }) => [`${os}-${arch}/helm`],
    checksums: { algorithm: 'sha256', url: (version, target) => `${helmUrl(version, target)}.sha256sum`, form: 'sums' },
    newest: HELM.newest,
    releaseNotes: HELM.releaseNotes,
  },
  'flux-operator': {
    url: (version, { os, arch }) => FLUX_OPERATOR.asset(version, `flux-operator_${version}_${os}_${arch}.tar.gz`),
    commands: ['flux-operator'],
    archive: 'tar.gz',
    members: () => ['flux-operator'],
    checksums: {
      algorithm: 'sha256',
      url: (version) => FLUX_OPERATOR.asset(version, `flux-operator_${version}_checksums.txt`),
      form: 'sums',
    },
    newest: FLUX_OPERATOR.newest,
    releaseNotes: FLUX_OPERATOR.releaseNotes,
  },
  pulumi: {
    url: (version, { os, arch }) => PULUMI.asset(version, `pulumi-v${version}-${os}-${PULUMI_ARCH[arch]}.tar.gz`),
    commands: { prefix: 'pulumi' },
    archive: 'tar.gz',
    // The language hosts, which Pulumi looks for on PATH, stand beside it.
    members: () => ['pulumi/'],
    checksums: { algorithm: 'sha256', url: (version) => PULUMI.asset(version, `pulumi-${version}-checksums.txt`), form: 'sums' },
    newest: PULUMI.newest,
    releaseNotes: PULUMI.releaseNotes,
  },
  envtest: {
    url: (version, { os, arch }) => ENVTEST.asset(version, `envtest-v${version}-${os}-${arch}.tar.gz`),
    archive: 'tar.gz',
    members: () => ['etcd', 'kube-apiserver', 'kubectl'].map((file) => `controller-tools/envtest/${file}`),
    // Its kubectl would shadow the pinned one.
    commands: ['etcd', 'kube-apiserver'],
    checksums: { algorithm: 'sha512', url: () => ENVTEST_RELEASES, form: 'envtest-releases' },
    newest: { url: ENVTEST_RELEASES, form: 'envtest-releases' },
    releaseNotes: ENVTEST.releaseNotes,
  },
};

/** The parts of a platform. */
export function targetOf(platform: ToolPlatform): Target {
  const [os, arch] = platform.split('/') as [Target['os'], Target['arch']];
  return { os, arch };
}

/** Address of the release notes of a version. */
export function releaseNotes(name: ToolName, version: string): string {
  return PUBLISHED_TOOLS[name].releaseNotes(version);
}
