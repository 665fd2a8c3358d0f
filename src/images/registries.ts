import { reachable, type Artifact, type Environment, type SupplyChain } from '../model';

const LOOPBACK_HOST = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]+)?$/;

/** Whether a registry is on this machine, where it may be reached without encryption. */
export function isLoopback(reference: string): boolean {
  return LOOPBACK_HOST.test(reference.split('/')[0]!);
}

/** The upstream reference by digest, as it is reached from here. */
export function upstreamReference({ upstream }: Artifact, digest: string, { registries }: SupplyChain): string {
  return `${reachable(upstream, registries)}@${digest}`;
}

/** The repository of an artifact in an environment's registry. */
export function targetRepository({ target }: Artifact, { registry }: Environment): string {
  return `${registry.loginServer}/${target}`;
}
