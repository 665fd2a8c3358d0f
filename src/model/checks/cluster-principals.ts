import { type Location } from '../problem';
import { type Sources } from '../sources';

/** Somebody that a cluster is in Azure: Flux that reads or writes, or whatever pulls images. */
export interface ClusterPrincipal {
  readonly environment: string;
  readonly role: 'reader' | 'writer' | 'kubelet';
  /** Where the object id stands; looked up for problems alone. */
  readonly location: () => Location;
}

/** Who the clusters are, as the environments have recorded it: by object id in small letters, the first that has it. */
export function clusterPrincipals({ outputs }: Pick<Sources, 'outputs'>): Map<string, ClusterPrincipal> {
  const principals = new Map<string, ClusterPrincipal>();
  for (const [environment, { yaml, content }] of outputs) {
    const { identities, cluster } = content;
    for (const [role, id, path] of [
      ['reader', identities.reader.principalId, ['identities', 'reader', 'principalId']],
      ['writer', identities.writer?.principalId, ['identities', 'writer', 'principalId']],
      ['kubelet', cluster?.kubeletPrincipalId, ['cluster', 'kubeletPrincipalId']],
    ] as const) {
      if (id === undefined || principals.has(id.toLowerCase())) continue;
      principals.set(id.toLowerCase(), { environment, role, location: () => yaml.locate(path) });
    }
  }
  return principals;
}
