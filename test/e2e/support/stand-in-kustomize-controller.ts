import { type Cluster, type FieldSet, type ManagedFields } from './cluster';

const MANAGER = 'kustomize-controller';

/** An object as Git has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** How the stand-in applies. */
export interface ApplyOptions {
  /** Whether it first makes what kubectl set its own, as the controller does. @default true */
  readonly takesOverKubectl?: boolean;
  /** Whether it overrides fields of others, as the controller does. @default true */
  readonly force?: boolean;
}

/**
 * Applies an object by the requests that kustomize-controller sends: it renames whatever kubectl is recorded as manager of to itself, and then applies
 * on the server, by force. What is then its own and not in Git goes.
 */
export async function applyAsKustomizeController(
  cluster: Cluster,
  manifest: Manifest,
  { takesOverKubectl = true, force = true }: ApplyOptions = {},
): Promise<void> {
  const url = urlOf(manifest);
  if (takesOverKubectl) {
    const { metadata } = await cluster.get(manifest.metadata.namespace, `${manifest.kind}/${manifest.metadata.name}`);
    const managers = takeOver(metadata.managedFields ?? []);
    await cluster.patch(url, 'application/json-patch+json', [
      { op: 'replace', path: '/metadata/managedFields', value: managers },
    ]);
  }
  await cluster.patch(`${url}?fieldManager=${MANAGER}&force=${force}`, 'application/apply-patch+yaml', manifest);
}

function takeOver(managers: readonly ManagedFields[]): readonly ManagedFields[] {
  const isTaken = ({ manager, subresource }: ManagedFields): boolean =>
    subresource === undefined && (manager.startsWith('kubectl') || manager === MANAGER);
  const taken = managers.filter(isTaken);
  if (taken.length === 0) return managers;
  const fieldsV1 = taken.map((entry) => entry.fieldsV1).reduce(union);
  return [...managers.filter((entry) => !isTaken(entry)), { ...taken[0]!, manager: MANAGER, operation: 'Apply', fieldsV1 }];
}

function union(one: FieldSet, other: FieldSet): FieldSet {
  const all = { ...one };
  for (const [field, below] of Object.entries(other)) {
    const known = all[field];
    all[field] = known === undefined ? below : union(known, below);
  }
  return all;
}

function urlOf({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/namespaces/${metadata.namespace}/${kind.toLowerCase()}s/${metadata.name}`;
}
