import { Agent, request } from 'undici';
import { onCleanup } from '../../support/cleanup';
import { temporaryFolder } from '../../support/platform-folder';
import { type ControlPlane } from './control-plane';
import { tool, toolResult, type ToolResult } from './tools';

/** What every object has, as the API server returns it. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedFields[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** Which fields of an object a manager set, and how. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly fieldsV1: FieldSet;
}

/** Fields as a tree. */
export interface FieldSet {
  readonly [field: string]: FieldSet;
}

/** A cluster as its administrator uses it. */
export interface Cluster {
  /** Runs the real kubectl. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** Runs the real kubectl, whatever becomes of it. */
  tryKubectl(...args: readonly string[]): Promise<ToolResult>;
  /** Runs the real helm. */
  helm(...args: readonly string[]): Promise<string>;
  /** Runs the real helm with environment variables. */
  helmWith(environment: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string>;
  /** An object by what kubectl calls it (`deployment/web`). */
  get(namespace: string, name: string): Promise<KubernetesObject>;
  /** Changes an object by a patch of a content type; fails with the API server's message. */
  patch(url: string, contentType: string, patch: object): Promise<void>;
}

/** The cluster behind a control plane. */
export function clusterOf({ server, certificates, token, kubeconfig }: ControlPlane): Cluster {
  // Neither the plugins nor the caches of whoever runs the tests.
  const environment = { KUBECONFIG: kubeconfig, HOME: temporaryFolder() };
  const dispatcher = new Agent({ connect: { ca: certificates } });
  onCleanup(() => dispatcher.close());
  const kubectl: Cluster['kubectl'] = (...args) => tool('kubectl', args, { environment });
  const helmWith: Cluster['helmWith'] = (more, ...args) => tool('helm', args, { environment: { ...environment, ...more } });
  return {
    kubectl,
    tryKubectl: (...args) => toolResult('kubectl', args, { environment }),
    helmWith,
    helm: (...args) => helmWith({}, ...args),
    get: async (namespace, name) =>
      JSON.parse(await kubectl('-n', namespace, 'get', name, '--show-managed-fields', '-o', 'json')) as KubernetesObject,
    patch: async (url, contentType, patch) => {
      const { statusCode, body } = await request(`${server}${url}`, {
        method: 'PATCH',
        dispatcher,
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
        body: JSON.stringify(patch),
      });
      const { message } = (await body.json()) as { readonly message?: string };
      if (statusCode >= 300) throw new Error(message ?? `HTTP ${statusCode}`);
    },
  };
}
