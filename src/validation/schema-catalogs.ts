import { type Platform } from '../model';
import { type Findings } from './finding';
import { SchemaCatalog } from './schema-catalog';
import { kubernetesVersions } from './schema-files';
import { selectKubernetesSchemas } from './select-kubernetes-schemas';

/** The catalog of each environment: one for all that have the same version of Kubernetes, because making one is costly. */
export class SchemaCatalogs {
  private readonly catalogs = new Map<string, SchemaCatalog>();
  private readonly minors: ReadonlyMap<string, string>;

  /**
   * @param fluxVersion version of Flux whose committed schemas to use
   * @param operatorVersion version of the Flux Operator whose committed schemas to use
   * @param prepare makes the platform's own definitions known to each catalog before its first use. Default: there are none
   */
  public constructor(
    private readonly fluxVersion: string,
    private readonly operatorVersion: string,
    { environments }: Platform,
    private readonly prepare: (catalog: SchemaCatalog) => void = () => undefined,
  ) {
    this.minors = new Map(
      environments.map(({ name, cluster }) => [name, selectKubernetesSchemas(cluster.kubernetesVersion).minor]),
    );
  }

  /** The catalog of an environment; of a folder that is none, the one of the newest version that an environment has. */
  public of(environment: string): SchemaCatalog {
    const minor = this.minors.get(environment) ?? this.newest();
    const known = this.catalogs.get(minor);
    if (known !== undefined) return known;
    const catalog = new SchemaCatalog(this.fluxVersion, this.operatorVersion, minor);
    this.catalogs.set(minor, catalog);
    this.prepare(catalog);
    return catalog;
  }

  /** The catalogs that were used so far. */
  public used(): readonly SchemaCatalog[] {
    return [...this.catalogs.values()];
  }

  /** What `helm template --api-versions` has to hear of kinds that are not Kubernetes' own: every API version, and every kind in it. */
  public customKinds(): readonly string[] {
    const catalogs = this.used();
    const kinds = (catalogs.length === 0 ? [this.of('')] : catalogs).flatMap((catalog) => catalog.customKinds());
    return [...new Set(kinds.flatMap((kind) => [kind.slice(0, kind.lastIndexOf('/')), kind]))].sort();
  }

  private newest(): string {
    const used = new Set(this.minors.values());
    const known = kubernetesVersions();
    return known.findLast((minor) => used.has(minor)) ?? known.at(-1)!;
  }
}

/** What there is to say about the versions of Kubernetes of environments. */
export function kubernetesFindings({ environments }: Platform, only?: ReadonlySet<string>): readonly Findings[] {
  return environments
    .filter(({ name }) => only === undefined || only.has(name))
    .map(({ cluster }) => selectKubernetesSchemas(cluster.kubernetesVersion));
}
