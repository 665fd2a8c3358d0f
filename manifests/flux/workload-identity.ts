import { stringify } from 'yaml';
import { type FluxComponent } from '../../src/model';

/** A patch of a FluxInstance: `spec.kustomize.patches[]`. */
export interface FluxPatch {
  readonly target: { readonly kind: string; readonly name: string };
  /** A strategic merge patch as YAML. */
  readonly patch: string;
}

/** The two identities of an environment: what only reads must not be able to write. */
export type IdentityRole = 'reader' | 'writer';

/**
 * The controllers that call Azure, and as whom: source-controller and image-reflector-controller read Git and the registry,
 * image-automation-controller pushes to Git, notification-controller writes commit status. The others never call Azure.
 */
export const AZURE_CONTROLLERS: ReadonlyMap<FluxComponent, IdentityRole> = new Map([
  ['source-controller', 'reader'],
  ['image-reflector-controller', 'reader'],
  ['image-automation-controller', 'writer'],
  ['notification-controller', 'writer'],
]);

/** The identities that an environment needs for the controllers that it runs. */
export function identityRoles(components: readonly FluxComponent[]): readonly IdentityRole[] {
  return (['reader', 'writer'] as const).filter((role) =>
    components.some((component) => AZURE_CONTROLLERS.get(component) === role),
  );
}

/** The ServiceAccount of a controller names the managed identity it may become (Azure Workload Identity). */
export function serviceAccountPatch(controller: FluxComponent, clientId: string, tenantId: string): FluxPatch {
  return patch('v1', 'ServiceAccount', controller, {
    metadata: {
      name: controller,
      annotations: { 'azure.workload.identity/client-id': clientId, 'azure.workload.identity/tenant-id': tenantId },
    },
  });
}

/** The pods of a controller ask for the token that the ServiceAccount is exchanged for (Azure Workload Identity). */
export function deploymentPatch(controller: FluxComponent): FluxPatch {
  return patch('apps/v1', 'Deployment', controller, {
    metadata: { name: controller },
    spec: { template: { metadata: { labels: { 'azure.workload.identity/use': 'true' } } } },
  });
}

function patch(apiVersion: string, kind: string, name: string, content: object): FluxPatch {
  return { target: { kind, name }, patch: stringify({ apiVersion, kind, ...content }, { lineWidth: 0 }) };
}
