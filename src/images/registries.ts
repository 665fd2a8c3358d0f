import { type Artifact, type Environment, type SupplyChain } from '../model';

const LOOPBACK_HOST = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]+)?$/;

/** Whether a registry is on this machine, where it may be reached without encryption. */
export function isLoopback(reference: string): boolean {
  return LOOPBACK_HOST.test(reference.split('/')[0]!);
}

/** A repository as it is reached from here: directly, or where `supplyChain.registries` says. */
export function reachable(repository: string, { registries }: SupplyChain): string {
  const slash = repository.indexOf('/');
  const host = repository.slice(0, slash);
  return `${registries[host] ?? host}${repository.slice(slash)}`;
}

/** The upstream reference by digest, as it is reached from here. */
export function upstreamReference({ upstream }: Artifact, digest: string, supplyChain: SupplyChain): string {
  return `${reachable(upstream, supplyChain)}@${digest}`;
}

/** The repository of an artifact in an environment's registry. */
export function targetRepository({ target }: Artifact, { registry }: Environment): string {
  return `${registry.loginServer}/${target}`;
}
