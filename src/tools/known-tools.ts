import { type ToolName } from '../model';

/** How a tool that the lock pins is had. */
const pinned = (name: ToolName): string => `\`npx k8s-gitops tools install ${name}\``;

/** A command-line tool that some part of the work needs. */
export interface KnownTool {
  /** Command on PATH. */
  readonly name: string;
  /** Arguments that make it print its version. */
  readonly versionArguments: readonly string[];
  /** What needs it. */
  readonly neededFor: string;
  /** Whether checking, synthesizing and validating need it. */
  readonly required: boolean;
  /** Where it is to be had. */
  readonly source: string;
}

/** In the order of need. Node itself is checked apart: it is what runs this. */
export const KNOWN_TOOLS: readonly KnownTool[] = [
  { name: 'git', versionArguments: ['--version'], neededFor: 'reviewing and committing clusters/', required: true, source: 'git-scm.com' },
  { name: 'pulumi', versionArguments: ['version'], neededFor: 'provisioning an environment', required: false, source: pinned('pulumi') },
  { name: 'az', versionArguments: ['version', '--output', 'tsv'], neededFor: 'signing in to Azure', required: false, source: 'learn.microsoft.com/cli/azure' },
  { name: 'kubectl', versionArguments: ['version', '--client'], neededFor: 'looking into a cluster', required: false, source: pinned('kubectl') },
  { name: 'kubelogin', versionArguments: ['--version'], neededFor: 'signing in to an AKS cluster', required: false, source: pinned('kubelogin') },
  { name: 'flux-operator', versionArguments: ['version', '--client'], neededFor: 'waiting for a FluxInstance', required: false, source: pinned('flux-operator') },
  { name: 'helm', versionArguments: ['version', '--short'], neededFor: 'rendering charts', required: false, source: pinned('helm') },
  { name: 'crane', versionArguments: ['version'], neededFor: 'mirroring images', required: false, source: pinned('crane') },
  { name: 'cosign', versionArguments: ['version'], neededFor: 'signing and verifying images', required: false, source: pinned('cosign') },
  { name: 'trivy', versionArguments: ['--version'], neededFor: 'scanning images', required: false, source: pinned('trivy') },
]; // prettier-ignore
