import { kindName, textAt, type Problem, type System } from '../model';
import { type ManifestDocument, type SchemaCatalog } from '../validation';

/** What pattern B never writes itself: the tenant chart brings it. */
const TENANTS_OWN = new Set(['LimitRange', 'NetworkPolicy', 'ResourceQuota', 'Role', 'RoleBinding', 'ServiceAccount']);

/** API groups of Flux. */
const FLUX_GROUP = /\.(?:toolkit|extensions)\.fluxcd\.io$|\.fluxcd\.controlplane\.io$/;

/**
 * What stands beside the HelmReleases of patterns A and B: objects in the system's namespace. Everything else is pattern C, which needs an
 * approval; Flux would apply it just the same.
 */
export function checkBeside({ content, locator }: ManifestDocument, system: System, catalog: SchemaCatalog): readonly Problem[] {
  const apiVersion = textAt(content, 'apiVersion');
  const kind = textAt(content, 'kind');
  if (apiVersion === undefined || kind === undefined) return [];
  const name = kindName(apiVersion, kind);
  const refuse = (path: readonly string[], message: string, remedy: string): readonly Problem[] => [
    { location: locator.locate(path), message: `${system.name} is of pattern ${system.pattern}, and ${message}`, remedy },
  ];
  if (name === 'Secret') {
    return refuse(
      ['kind'],
      'a Secret is never part of it: Git holds no secrets',
      'Use External Secrets or the Secrets Store CSI driver.',
    );
  }
  // The own chart of pattern A may come from another source.
  if (name.endsWith('.source.toolkit.fluxcd.io') && system.pattern === 'A') return [];
  if (FLUX_GROUP.test(name)) {
    return refuse(
      ['kind'],
      `a ${name} would let its repository decide what else Flux does`,
      'Leave it out: the registration is all that Flux is told of a system.',
    );
  }
  if (catalog.find(apiVersion, kind)?.scope === 'Cluster') {
    return refuse(
      ['kind'],
      `a ${name} concerns the whole cluster`,
      'Put it into the chart (pattern A), or register a system of pattern C for it, with an approval.',
    );
  }
  if (system.pattern === 'B' && TENANTS_OWN.has(name)) {
    return refuse(
      ['kind'],
      `a ${name} is the tenant's, which the central chart brings`,
      "Use the values under 'tenant', or register a system of pattern C for it, with an approval.",
    );
  }
  const namespace = textAt(content, 'metadata', 'namespace');
  if (namespace === undefined || namespace === system.names.namespace) return [];
  return refuse(
    ['metadata', 'namespace'],
    `the ${name} stands in namespace '${namespace}', and its own is '${system.names.namespace}'`,
    'Put it into the own namespace, or register a system of pattern C for it, with an approval.',
  );
}
