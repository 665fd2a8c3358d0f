/** The command-line tools that the lock pins. `envtest` is the archive of etcd and kube-apiserver that controller-runtime publishes for tests. */
export const TOOL_NAMES = [
  'kubectl',
  'kubelogin',
  'trivy',
  'cosign',
  'crane',
  'helm',
  'flux-operator',
  'pulumi',
  'envtest',
] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** Operating system and architecture in the terms of Go and of image indexes. */
export const TOOL_PLATFORMS = ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64'] as const;
export type ToolPlatform = (typeof TOOL_PLATFORMS)[number];
