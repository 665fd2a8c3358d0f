import { CONTROLLERS_PATH, type Environment, type FluxComponent, type Platform } from '../../src/model';
import { AZURE_CONTROLLERS, deploymentPatch, serviceAccountPatch, type FluxPatch, type IdentityRole } from './workload-identity';

/** The operator accepts no other name (rule of the FluxInstance API). */
export const FLUX_INSTANCE_NAME = 'flux';

/** The folder below the repository's root that the FluxInstance syncs. */
export function syncPath(environment: Environment): string {
  return `clusters/${environment.name}/systems`;
}

/** Client ids of an environment's managed identities, as far as they are known. */
export type ClientIds = Readonly<Partial<Record<IdentityRole, string>>>;

/** The client ids that a stack recorded in `outputs/<environment>.yaml`. */
export function recordedClientIds({ outputs }: Environment): ClientIds {
  return { reader: outputs?.identities.reader.clientId, writer: outputs?.identities.writer?.clientId };
}

/** What a FluxInstance still waits for: the identities whose client id is not known. */
export function pendingIdentities(platform: Platform, environment: Environment, clientIds: ClientIds): readonly string[] {
  const roles = new Set(azureControllers(platform).map(([, role]) => role));
  const nameOf = { reader: environment.names.readerIdentity, writer: environment.names.writerIdentity };
  return (['reader', 'writer'] as const)
    .filter((role) => roles.has(role) && clientIds[role] === undefined)
    .map((role) => nameOf[role]);
}

/** The `spec` of a FluxInstance, as far as this platform sets it; without the generated types, because the Pulumi program uses it too. */
export interface FluxInstanceContent {
  readonly distribution: { readonly version: string; readonly registry: string; readonly variant: string };
  readonly components: readonly FluxComponent[];
  readonly cluster: Readonly<Record<'type' | 'size', string>> & Readonly<Record<'multitenant' | 'networkPolicy', boolean>>;
  readonly storage?: { readonly class: string; readonly size: string };
  readonly sync: Readonly<Record<'kind' | 'provider' | 'url' | 'ref' | 'path' | 'interval', string>> & {
    readonly pullSecret?: string;
  };
  readonly kustomize: { readonly patches: readonly FluxPatch[] };
}

/**
 * The `spec` of an environment's FluxInstance.
 *
 * Pure, so that the committed file and the Pulumi program build the same one. A controller whose identity is not known yet gets no
 * ServiceAccount patch: an invented client id would fail later and say less.
 */
export function fluxInstanceSpec(platform: Platform, environment: Environment, clientIds: ClientIds): FluxInstanceContent {
  const { flux, git } = platform;
  return {
    distribution: {
      // Exact, and without `artifact`: a newer artifact would pin digests that the registry does not hold.
      version: flux.version,
      registry: `${environment.registry.loginServer}/${CONTROLLERS_PATH}`,
      variant: flux.variant,
    },
    components: [...flux.components],
    cluster: { type: 'azure', size: flux.size, multitenant: false, networkPolicy: flux.networkPolicy },
    ...(flux.storage === undefined ? {} : { storage: flux.storage }),
    sync: {
      kind: 'GitRepository',
      provider: git.provider,
      url: git.url,
      ref: `refs/heads/${environment.branch}`,
      path: syncPath(environment),
      interval: flux.interval,
      ...(git.secretName === undefined ? {} : { pullSecret: git.secretName }),
    },
    kustomize: { patches: workloadIdentityPatches(platform, clientIds) },
  };
}

function azureControllers({ flux }: Platform): readonly (readonly [FluxComponent, IdentityRole])[] {
  return [...AZURE_CONTROLLERS].filter(([controller]) => flux.components.includes(controller));
}

function workloadIdentityPatches(platform: Platform, clientIds: ClientIds): FluxPatch[] {
  return azureControllers(platform).flatMap(([controller, role]) => {
    const clientId = clientIds[role];
    const identity = clientId === undefined ? [] : [serviceAccountPatch(controller, clientId, platform.tenantId)];
    return [...identity, deploymentPatch(controller)];
  });
}
